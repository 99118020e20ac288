/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What read/dwarf-types.h sees in a file: named types with their members, one line
 * each, or how many of the symbols of another file it finds.
 * usage: dump-types [--symbols FILE | --time] [--debug-dir DIR]… [--servers] FILE
 */
#include "base/file.h"
#include "engine/inspect/symbols.h"
#include "read/dwarf-types.h"
#include "read/elf.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void print_type(const struct types *types, type_id id)
{
	const struct type *t = &types->items.items[id];

	if (t->name)
		printf("%s", t->name);
	else
		printf("<%s ", type_kind_text(t->kind));
	if (!t->name && t->target)
		print_type(types, t->target);
	if (!t->name)
		printf(">");
}

static void print_parts(const struct types *types, const struct type *t)
{
	const struct type_part *parts = type_parts(types, t);
	uint32_t i;

	for (i = 0; i < t->part_count; i++) {
		const struct type_part *p = &parts[i];

		switch (p->kind) {
		case PART_ENUMERATOR:
			printf("\t= %s %" PRId64 "\n", p->name ? p->name : "", (int64_t)p->place);
			break;
		case PART_METHOD:
			printf("\tv %s %" PRIu64 "\n", p->name ? p->name : "", p->place);
			break;
		default:
			printf("\t%c %s %" PRIu64 " %" PRIu64 " ", p->kind == PART_BASE ? 'b' : 'm',
			       p->name ? p->name : "-", p->place, p->bits);
			print_type(types, p->type);
			putchar('\n');
		}
	}
}

static void print_types(const struct types *types)
{
	size_t i;

	for (i = 0; i < types->items.count; i++) {
		const struct type *t = &types->items.items[i];

		if (!t->name || t->is_declared ||
		    (t->kind != TYPE_STRUCT && t->kind != TYPE_CLASS && t->kind != TYPE_UNION &&
		     t->kind != TYPE_ENUM))
			continue;
		printf("%s %s\t%" PRIu64 "\n", type_kind_text(t->kind), t->name, t->size);
		print_parts(types, t);
	}
}

static void print_root(const struct types *types, const struct type_root *root)
{
	const struct type *t;
	uint32_t i;

	if (!root->is_found) {
		printf("%s not found\n", root->name);
		return;
	}
	t = &types->items.items[root->type];
	if (t->kind != TYPE_FUNCTION) {
		printf("%s variable %s %s\n", root->name, type_kind_text(t->kind),
		       t->name ? t->name : "");
		return;
	}
	printf("%s ", root->name);
	print_type(types, t->target);
	printf(" (");
	for (i = 0; i < t->part_count; i++) {
		printf("%s", i ? ", " : "");
		print_type(types, type_parts(types, t)[i].type);
	}
	printf("%s)\n", t->is_variadic ? ", ..." : "");
}

/* Exported functions and variables of the file at `path`. */
static int read_roots(const char *path, struct image **ret_image, struct type_root **ret,
		      size_t *ret_count)
{
	static struct file file;
	struct show_exports exports = { 0 };
	struct fault fault = { 0 };
	struct name_budget budget;
	size_t i;

	if (file_map(path, &file))
		return -EIO;
	*ret_image = image_new(path);
	if (!*ret_image)
		return -ENOMEM;
	(*ret_image)->bytes = file.bytes;
	(*ret_image)->size = file.size;
	if (elf_read(*ret_image))
		return -ENOMEM;
	budget = name_budget(*ret_image);
	if (symbols_exports(*ret_image, &budget, &exports, &fault)) {
		array_done(&exports);
		return -ENOMEM;
	}
	*ret = calloc(exports.count + 1, sizeof(**ret));
	for (i = 0; *ret && i < exports.count; i++) {
		struct symbol s;

		if (!image_symbol(*ret_image, exports.items[i].index, &s) || s.section == SHN_ABS ||
		    s.type == STT_TLS)
			continue;
		(*ret)[(*ret_count)++] = (struct type_root){ .name = s.name, .address = s.value };
	}
	array_done(&exports);
	return *ret ? 0 : -ENOMEM;
}

static void print_problems(const struct debug_files *files)
{
	if (files->problem)
		printf("problem: %s\n", files->problem);
	if (files->alternate_problem)
		printf("problem: %s\n", files->alternate_problem);
	if (files->missing_splits)
		printf("problem: no file for %zu split units, the first %s\n",
		       files->missing_splits, files->missing_split ? files->missing_split : "");
}

struct options {
	const char *path;
	const char *symbols;
	const char *dirs[8];
	size_t dir_count;
	bool is_timed;
	bool use_servers;
};

static int dump(const struct file *file, const struct options *options)
{
	struct debug_search search = { .dirs = options->dirs,
				       .dir_count = options->dir_count,
				       .use_servers = options->use_servers };
	struct debug_files *files = NULL;
	struct type_root *roots = NULL;
	struct types *types = NULL;
	struct image *image = NULL;
	struct fault fault = { 0 };
	size_t count = 0;
	size_t i;
	int r = options->symbols ? read_roots(options->symbols, &image, &roots, &count) : 0;

	if (!r)
		r = debug_files_open(options->path, file->bytes, file->size, &search, &files);
	if (!r)
		r = types_from_dwarf(files, roots, count, !options->symbols, &types, &fault);
	if (!r && options->is_timed)
		printf("%.1f ms\n", (double)clock() * 1000 / CLOCKS_PER_SEC);
	else if (!r && !options->symbols)
		print_types(types);
	for (i = 0; !r && i < count; i++)
		print_root(types, &roots[i]);
	if (files && r != -ENOMEM)
		print_problems(files);
	if (!r)
		printf("units %zu damaged %zu unknown %zu alt %zu types %zu parts %zu\n",
		       types->unit_count, types->damaged_units, types->unknown_count,
		       types->alt_references, types->items.count, types->parts.count);
	else
		fprintf(stderr, "%s\n",
			r == -ENOMEM ? "out of memory"
			: fault.text ? fault.text
				     : "");
	types_free(types);
	free(roots);
	image_free(image);
	debug_files_free(files);
	return r == -ENOMEM ? 4 : r ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct options options = { .path = argv[argc - 1] };
	struct file file;
	int i;

	for (i = 1; i < argc - 1; i++) {
		if (!strcmp(argv[i], "--time"))
			options.is_timed = true;
		else if (!strcmp(argv[i], "--servers"))
			options.use_servers = true;
		else if (!strcmp(argv[i], "--symbols"))
			options.symbols = argv[++i];
		else if (!strcmp(argv[i], "--debug-dir") && options.dir_count < 8)
			options.dirs[options.dir_count++] = argv[++i];
		else
			return 2;
	}
	if (argc < 2 || file_map(argv[argc - 1], &file))
		return 2;
	return dump(&file, &options);
}
