#include <stdio.h>
#ifdef NAMES
#include <pwd.h>
#endif

int main(int count, char **words)
{
#ifdef NAMES
	return getpwnam(words[0]) == NULL;
#else
	return printf("hello\n") < 0;
#endif
}
