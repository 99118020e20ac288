extern void private_of_libc(void);

void _start(void)
{
	private_of_libc();
}
