#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* Opens each argument; ",global" and ",deepbind" behind one as abifit takes them. */
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		char *mode = strchr(argv[i], ',');
		int flags = RTLD_NOW;

		if (mode) {
			*mode++ = 0;
			flags |= strcmp(mode, "global") ? RTLD_DEEPBIND : RTLD_GLOBAL;
		}
		if (!dlopen(argv[i], flags)) {
			puts(dlerror());
			return 1;
		}
	}
	puts("all opened");
	return 0;
}
