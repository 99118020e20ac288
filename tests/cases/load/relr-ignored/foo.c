static int value = 3;
static int *volatile pointers[] = { &value, &value, &value, &value };

int foo(void)
{
	return *pointers[2];
}
