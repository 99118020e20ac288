#ifdef PAINT
int foo(void);
#else
static int foo(void)
{
	return 3;
}
#endif

void _start(void)
{
	int status = foo();

	__asm__ volatile("syscall" : : "a"(60), "D"(status));
}
