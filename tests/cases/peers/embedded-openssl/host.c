#include <dlfcn.h>
#include <openssl/ssl.h>
#include <stdio.h>

/* A program that has its own OpenSSL inside, and opens plug-ins. */
int main(int argc, char **argv)
{
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	int flags = RTLD_NOW | (argc > 2 ? RTLD_DEEPBIND : 0);

	if (argc < 2)
		return !context;
	if (!dlopen(argv[1], flags)) {
		puts(dlerror());
		return 1;
	}
	return 0;
}
