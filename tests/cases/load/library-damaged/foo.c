int bar(void);
int data = 3;
int *pointer = &data;

int foo(void)
{
	return bar();
}

int bar(void)
{
	return *pointer;
}
