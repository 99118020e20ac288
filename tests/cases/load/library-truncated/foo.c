char data[20000] = { 3 };

int foo(void)
{
	const volatile char *bytes = data;

	return bytes[0] + bytes[sizeof(data) - 1];
}
