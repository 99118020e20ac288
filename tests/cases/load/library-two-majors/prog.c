int one(void);
int two(void);

void _start(void)
{
	int status = one() + two();

	__asm__ volatile("syscall" : : "a"(60), "D"(status));
}
