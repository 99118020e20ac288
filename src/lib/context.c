/* SPDX-License-Identifier: Apache-2.0 */
/* Contexts of the public API, and what all its functions share. */
#include "lib/context.h"

#include <stdarg.h>
#include <stdio.h>

const char *abifit_version(void)
{
	return ABIFIT_VERSION;
}

struct abifit_context *abifit_context_new(void)
{
	struct abifit_context *context = calloc(1, sizeof(*context));

	if (context)
		context->references = 1;
	return context;
}

void context_ref(struct abifit_context *context)
{
	context->references++;
}

void abifit_context_unref(struct abifit_context *context)
{
	if (!context || --context->references)
		return;
	free(context->error);
	free(context);
}

const char *abifit_context_error(const struct abifit_context *context)
{
	return context->error ? context->error : "out of memory";
}

int context_fail(struct abifit_context *context, int error, const char *format, ...)
{
	va_list args;

	free(context->error);
	va_start(args, format);
	if (vasprintf(&context->error, format, args) < 0)
		context->error = NULL;
	va_end(args);
	return error;
}

int options_check(const void *options, size_t size, size_t known)
{
	const unsigned char *bytes = options;
	size_t i;

	if (!options)
		return 0;
	if (size < sizeof(size_t))
		return -EINVAL;
	for (i = known; i < size; i++) {
		if (bytes[i])
			return -EINVAL;
	}
	return 0;
}
