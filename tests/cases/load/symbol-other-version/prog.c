int foo(void);
__asm__(".symver foo, foo@V_1");

int main(void)
{
	return foo();
}
