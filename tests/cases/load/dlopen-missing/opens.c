#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	if (dlopen(argc > 1 ? argv[1] : "libabsent.so.1", RTLD_NOW))
		return 0;
	puts(dlerror());
	return 1;
}
