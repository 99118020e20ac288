/* foo@V_1 gives 1, the default foo@@V_2 gives 2. */
int foo_old(void)
{
	return 1;
}
__asm__(".symver foo_old, foo@V_1");

int foo_new(void)
{
	return 2;
}
__asm__(".symver foo_new, foo@@V_2");
