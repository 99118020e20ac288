#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int foo(void)
{
	char *text = strdup("abc");
	int length = text ? (int)strlen(text) : 0;

#ifdef FORTIFIED
	fprintf(stderr, "%d\n", length);
#endif
	free(text);
	return length;
}
