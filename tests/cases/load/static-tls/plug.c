static __thread volatile char block[SIZE];

char *plug(void)
{
	block[0] = 1;
	return (char *)block;
}
