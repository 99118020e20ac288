extern int bar;
int foo(void);

void _start(void)
{
	int status = foo() + bar;

	__asm__ volatile("syscall" : : "a"(60), "D"(status));
}
