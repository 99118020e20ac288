char table[SIZE] = { 3 };

int first(void)
{
	return table[0];
}
