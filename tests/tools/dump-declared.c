/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints what a preprocessed text (-E -dD, on standard input) declares, one item a line:
 *   dump-declared c|c++
 * "KIND<tab>NAME<tab>FORM or VALUE"; "unread<tab>COUNT" last. All files count as own.
 */
#include "read/declared.h"

#include <stdio.h>
#include <string.h>

static bool owns(void *data, const char *file, bool is_system)
{
	(void)data;
	(void)is_system;
	return *file && *file != '<';
}

static char *read_all(size_t *ret_size)
{
	char *text = NULL;
	FILE *memory = open_memstream(&text, ret_size);
	int c;

	if (!memory)
		return NULL;
	while ((c = getchar()) != EOF)
		putc(c, memory);
	return fclose(memory) ? NULL : text;
}

int main(int argc, char **argv)
{
	static const char *const kinds[] = { "macro",	"function", "variable", "enumerator",
					     "typedef", "record",   "using",	"friend" };
	struct declared_source source = {
		.is_cxx = argc > 1 && !strcmp(argv[1], "c++"),
		.owns = owns,
	};
	struct declared *declared;
	size_t size, i;
	char *text = read_all(&size);

	if (!text || declared_read(text, size, &source, &declared))
		return 1;
	free(text);
	for (i = 0; i < declared->items.count; i++) {
		const struct declared_item *item = &declared->items.items[i];

		printf("%s\t%s\t%s%s\n", kinds[item->kind], item->name,
		       item->kind == DECLARED_MACRO && item->label ? item->label : item->form,
		       item->kind == DECLARED_MACRO ? item->value : "");
	}
	printf("unread\t%zu\n", declared->unread);
	declared_free(declared);
	return 0;
}
