#include <openssl/ssl.h>

void *plug(void)
{
	return SSL_CTX_new(TLS_client_method());
}
