int bar(void);
int foo(void);
int data_of_foo(void);

void _start(void)
{
	int status = bar() + foo();

	__asm__ volatile("syscall" : : "a"(60), "D"(status));
}
