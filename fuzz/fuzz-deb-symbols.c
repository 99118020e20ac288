/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a symbols file: read, matched, written, and read again to the same. */
#include "read/deb-symbols.h"
#include "render/deb-symbols.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

/* The file includes itself under one other name, so that it ends. */
struct text {
	const uint8_t *bytes;
	size_t size;
	unsigned left;
};

static int include(void *data, const char *path, char **ret, size_t *ret_size)
{
	struct text *text = data;

	if (!text->left--)
		return -ENOENT;
	*ret = malloc(text->size + 1);
	check(*ret);
	if (text->size)
		memcpy(*ret, text->bytes, text->size);
	*ret_size = text->size;
	return 0;
}

static void match_all(const struct symbols_object *object)
{
	static const char *const names[] = { "a@Base", "_ZN1a1bEv@V_1", "", "@", "x@" };
	struct symbols_entry *entry;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		check(!symbols_pattern_match(object, names[i], true, "amd64", &entry));
	symbols_smallest_version(object, 0);
}

static struct out write_template(const struct symbols_file *file)
{
	struct symbols_style style = { .package = "p", .template = true, .verbose = true };
	struct out out;

	out_init(&out, NULL, NULL);
	check(!symbols_write(&out, file, &style) && !out.error);
	return out;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct symbols_file *file = symbols_file_new("fuzz", "amd64");
	struct text text = { bytes, size, 3 };
	struct out out;
	size_t i;

	check(file && !symbols_read(file, (const char *)bytes, size, include, &text));
	check(!file->fault || (file->fault_path && file->fault_line <= size + 1));
	for (i = 0; !file->fault && i < file->objects.count; i++)
		match_all(file->objects.items[i]);
	if (!file->fault) {
		out = write_template(file);
		out_done(&out);
	}
	symbols_file_free(file);
	return 0;
}
