int foo(void);

void _start(void)
{
	int status = foo();

	__asm__ volatile("syscall" : : "a"(60), "D"(status));
}
