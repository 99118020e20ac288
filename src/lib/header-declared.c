/* SPDX-License-Identifier: Apache-2.0 */
/* Headers through the preprocessor; contract in lib/header-words.h. */
#include "lib/compiler.h"
#include "lib/folder.h"
#include "lib/header-words.h"
#include "read/declared.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define DEEPEST_FOLDER 16
#define MOST_HEADERS 20000

struct probe {
	struct abifit_report *report;
	struct arena *arena;
	struct array_of(const char *) files;	 /* absolute paths */
	struct array_of(const char *) arguments; /* for the compiler */
	struct map known;			 /* the same files */
};

static int add_file(struct probe *p, const char *path)
{
	char *absolute = realpath(path, NULL);
	const char *copy = absolute ? arena_strdup(p->arena, absolute) : NULL;
	int r;

	free(absolute);
	if (!copy || p->files.count >= MOST_HEADERS)
		return -ENOMEM;
	if (map_get(&p->known, copy))
		return 0;
	r = map_set(&p->known, copy, p);
	return r ? r : array_push(&p->files, copy);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int add_folder(struct probe *p, const char *path, unsigned depth)
{
	DIR *folder = folder_open(path, depth, DEEPEST_FOLDER);
	struct dirent *entry;
	int r = !folder && errno == ENOMEM ? -ENOMEM : 0;

	while (!r && folder && (entry = readdir(folder)) != NULL) {
		const char *inside = arena_printf(p->arena, "%s/%s", path, entry->d_name);
		size_t length = strlen(entry->d_name);
		struct stat st;

		if (!inside)
			r = -ENOMEM;
		else if (entry->d_name[0] == '.' || lstat(inside, &st))
			continue;
		else if (S_ISDIR(st.st_mode))
			r = add_folder(p, inside, depth + 1);
		else if (S_ISREG(st.st_mode) && length > 2 &&
			 !strcmp(entry->d_name + length - 2, ".h"))
			r = add_file(p, inside);
	}
	if (folder)
		closedir(folder);
	return r;
}

static int add_path(struct probe *p, const char *path)
{
	size_t first = p->files.count;
	const char *folder;
	struct stat st;
	int r;

	if (stat(path, &st))
		return 0; /* said by who reads its words */
	folder = S_ISDIR(st.st_mode)
			 ? path
			 : arena_strndup(p->arena, path, (size_t)(path_name(path) - path));
	folder = folder ? arena_printf(p->arena, "-I%s", *folder ? folder : ".") : NULL;
	if (!folder || array_push(&p->arguments, folder))
		return -ENOMEM;
	r = S_ISDIR(st.st_mode) ? add_folder(p, path, 0) : add_file(p, path);
	if (p->files.count > first)
		qsort(p->files.items + first, p->files.count - first, sizeof(*p->files.items),
		      by_text);
	return r;
}

static char *make_source(const struct probe *p)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	size_t i;

	if (!file)
		return NULL;
	for (i = 0; i < p->files.count; i++)
		fprintf(file, "#include \"%s\"\n", p->files.items[i]);
	if (fclose(file)) {
		free(text);
		return NULL;
	}
	return text;
}

static bool is_own(void *data, const char *file, bool is_system)
{
	const struct probe *p = data;

	return map_get(&p->known, file) != NULL;
}

/* Is it there for others? Static functions, inline ones and definitions are not. */
static bool is_for_others(const struct declared_item *item)
{
	if (item->flags & DECLARED_STATIC || item->attributes & ATTRIBUTE_HIDDEN)
		return false;
	if (item->kind == DECLARED_VARIABLE)
		return item->flags & DECLARED_EXTERN;
	return item->kind == DECLARED_FUNCTION &&
	       !(item->flags & (DECLARED_INLINE | DECLARED_BODY));
}

static int take_names(struct probe *p, const struct declared *declared, struct map *names)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < declared->items.count; i++) {
		const struct declared_item *item = &declared->items.items[i];
		char *name;

		if (!is_for_others(item))
			continue;
		name = arena_strdup(p->arena, item->label ? item->label : item->name);
		r = name ? map_set(names, name, name) : -ENOMEM;
	}
	return r;
}

/* As compiler_run(), with `more` behind what names the folders. */
static int compile(struct probe *p, const struct compiler *compiler, const char *source,
		   const char *const *more, char **ret, size_t *ret_size, const char **ret_problem)
{
	struct array_of(const char *) arguments = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; !r && i < p->arguments.count; i++)
		r = array_push(&arguments, p->arguments.items[i]);
	for (; !r && *more; more++)
		r = array_push(&arguments, *more);
	if (!r)
		r = array_push(&arguments, NULL);
	if (!r)
		r = compiler_run(compiler, source, arguments.items, p->arena, ret, ret_size,
				 ret_problem);
	array_done(&arguments);
	return r;
}

static int preprocess(struct probe *p, const struct compiler *compiler, char **ret,
		      size_t *ret_size, const char **ret_problem)
{
	static const char *const check[] = { "-w", "-fsyntax-only", NULL };
	static const char *const expand[] = { "-w", "-E", "-o", "OUT", NULL };
	AUTO_FREE char *source = make_source(p);
	int r = source ? compile(p, compiler, source, check, ret, ret_size, ret_problem) : -ENOMEM;

	/* The preprocessor alone would pass over what is no C. */
	free(*ret);
	*ret = NULL;
	return r ? r : compile(p, compiler, source, expand, ret, ret_size, ret_problem);
}

static int fail(struct probe *p, const char *problem)
{
	size_t number;
	int r = report_add_input(p->report, p->files.items[0], &number);

	return r ? r
		 : report_input_error(p->report, number, "input/header-not-compiled", NULL,
				      problem);
}

static int read_all(struct probe *p, struct compiler *compiler, struct map *names)
{
	struct declared_source own = { .owns = is_own, .data = p };
	struct declared *declared = NULL;
	const char *problem = NULL;
	AUTO_FREE char *text = NULL;
	size_t size = 0;
	int r = compiler_open(compiler, p->arena, &problem);

	if (!r)
		r = preprocess(p, compiler, &text, &size, &problem);
	if (r && r != -ENOMEM && problem)
		return fail(p, problem);
	if (!r)
		r = declared_read(text, size, &own, &declared);
	if (!r)
		r = take_names(p, declared, names);
	declared_free(declared);
	return r;
}

int header_declared_read(struct abifit_report *report, const char *const *headers,
			 const char *command, const char *const *flags, struct map *names)
{
	struct compiler compiler = { .command = command ? command : "cc", .flags = flags };
	struct probe probe = { .report = report, .arena = &report->report.arena };
	size_t i;
	int r = 0;

	for (i = 0; !r && headers && headers[i]; i++)
		r = add_path(&probe, headers[i]);
	if (!r && probe.files.count)
		r = read_all(&probe, &compiler, names);
	compiler_done(&compiler);
	array_done(&probe.files);
	array_done(&probe.arguments);
	map_done(&probe.known);
	return r;
}
