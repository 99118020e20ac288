/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How engine/compare/passing.h says that values are passed: a line for each member of
 * the struct `probe` that FILE's debug information has, as argument and as result.
 * usage: dump-passing [--flags E_FLAGS] FILE
 */
#include "base/file.h"
#include "engine/compare/passing.h"
#include "read/dwarf-types.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void print_passing(const struct passing *p)
{
	static const char *const hows[] = { "unknown", "nothing", "registers", "memory",
					    "reference" };
	static const char *const classes[] = { "-",	"int", "sse", "up", "x87",
					       "x87up", "f2",  "f4",  "f8", "f16" };
	static const char *const extensions[] = { "", "sign", "zero" };
	unsigned i;

	printf("\t%s ", hows[p->how]);
	for (i = 0; i < p->count; i++)
		printf("%s%s", i ? "," : "", classes[p->classes[i]]);
	printf(" %" PRIu64 " %" PRIu64 " %s", p->size, p->align, extensions[p->extension]);
}

static int print_probe(const struct types *types, const struct passing_machine *machine)
{
	size_t i;
	uint32_t k;

	for (i = 0; i < types->items.count; i++) {
		const struct type *t = &types->items.items[i];

		if (t->kind != TYPE_STRUCT || t->is_declared || !t->name ||
		    strcmp(t->name, "probe"))
			continue;
		for (k = 0; k < t->part_count; k++) {
			const struct type_part *part = &type_parts(types, t)[k];
			struct passing argument, result;

			passing_of(types, part->type, machine, false, &argument);
			passing_of(types, part->type, machine, true, &result);
			printf("%s", part->name ? part->name : "-");
			print_passing(&argument);
			print_passing(&result);
			putchar('\n');
		}
		return 0;
	}
	fprintf(stderr, "no struct probe\n");
	return 1;
}

int main(int argc, char **argv)
{
	bool has_flags = argc == 4 && !strcmp(argv[1], "--flags");
	struct debug_search search = { 0 };
	struct debug_files *files = NULL;
	const struct object_file *object;
	struct passing_machine machine;
	struct types *types = NULL;
	struct fault fault = { 0 };
	struct file file;
	int r;

	if ((argc != 2 && !has_flags) || file_map(argv[argc - 1], &file))
		return 2;
	r = debug_files_open(NULL, file.bytes, file.size, &search, &files);
	if (r)
		return 1;
	object = &files->library.sections.object;
	machine = (struct passing_machine){
		.elf_machine = object->elf_machine,
		.is_64 = object->is_64,
		.is_big = object->is_big,
		.flags = has_flags ? (uint32_t)strtoul(argv[2], NULL, 0) : object->elf_flags,
	};
	if (!r)
		r = types_from_dwarf(files, NULL, 0, true, &types, &fault);
	if (!r)
		r = print_probe(types, &machine);
	types_free(types);
	debug_files_free(files);
	return r ? 1 : 0;
}
