extern char table[];
int first(void);

void _start(void)
{
	int status = table[0] == first() ? first() : 0;

	__asm__ volatile("syscall" : : "a"(60), "D"(status));
}
