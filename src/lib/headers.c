/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/headers.h. */
#include "lib/headers.h"
#include "lib/compiler.h"
#include "lib/header-auto.h"
#include "lib/header-folder.h"
#include "lib/header-included.h"
#include "lib/packages.h"
#include "lib/headers-declared.h"
#include "lib/types.h"

#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_HEADERS 20000

struct headers {
	struct abifit_report *report;
	struct arena *arena; /* of the corpus */
	struct array_of(const char *) files;
	struct header_arguments arguments; /* for the compiler */
	struct array_of(const char *) folders; /* where the library's own headers are */
	struct compiler compiler;
	struct header_folder folder; /* of headers that come in packages */
	const struct abifit_system *system;
	bool has_cxx; /* one of them can only be C++ */
};

static bool is_header(const char *path, bool *ret_cxx)
{
	static const char *const ends[] = { ".h", ".hh", ".hpp", ".hxx", ".H" };
	const char *dot = strrchr(path_name(path), '.');
	size_t i;

	for (i = 0; dot && i < ARRAY_SIZE(ends); i++) {
		if (strcmp(dot, ends[i]))
			continue;
		*ret_cxx |= i > 0;
		return true;
	}
	return false;
}

static int add_file(struct headers *h, const char *path, bool is_named)
{
	char *absolute;
	const char *copy;
	bool is_cxx = false;

	if (!is_header(path, &is_cxx) && !is_named)
		return 0;
	absolute = realpath(path, NULL);
	copy = absolute ? arena_strdup(h->arena, absolute) : NULL;
	free(absolute);
	if (!copy || h->files.count >= MOST_HEADERS)
		return -ENOMEM;
	h->has_cxx |= is_cxx;
	return array_push(&h->files, copy);
}

/* nftw() hands nothing on. */
static __thread struct headers *walking;

static int visit(const char *path, const struct stat *st, int type, struct FTW *place)
{
	(void)st;
	(void)place;
	return type == FTW_F || type == FTW_SL ? add_file(walking, path, false) : 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int add_include(struct headers *h, const char *folder)
{
	const char *text = arena_printf(h->arena, "-I%s", folder);

	if (!text || array_push(&h->folders, text + 2))
		return -ENOMEM;
	return array_push(&h->arguments, text);
}

/* How a path, or what a compiler says, is told: nobody knows the folder that packages are put into.
 */
static const char *told(struct headers *h, const char *text)
{
	return header_folder_tell(&h->folder, text, h->arena);
}

/* A header, a folder of them, or a package. */
static int add_path(struct headers *h, const char *path)
{
	AUTO_FREE char *folder = NULL;
	struct stat st;
	size_t first = h->files.count;
	size_t number;
	int r;

	if (package_is(path)) {
		r = header_folder_take(&h->folder, h->report, h->system->source, path, h->arena,
				       &h->arguments, &path);
		if (r || !path)
			return r;
	}
	if (stat(path, &st)) {
		r = report_add_input(h->report, path, &number);
		return r ? r : report_open_error(h->report, number, -errno);
	}
	if (!S_ISDIR(st.st_mode)) {
		folder = strdup(path);
		if (!folder)
			return -ENOMEM;
		folder[(size_t)(path_name(path) - path)] = '\0';
		r = add_file(h, path, true);
		return r ? r : add_include(h, *folder ? folder : ".");
	}
	walking = h;
	r = nftw(path, visit, 16, FTW_PHYS);
	if (r)
		return -ENOMEM;
	qsort(h->files.items + first, h->files.count - first, sizeof(*h->files.items), by_text);
	return add_include(h, path);
}

/* The unit that includes `count` headers from `first` on, and uses `names` (NULL: none). */
static char *make_source(const struct headers *h, size_t first, size_t count, const char *names)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);
	size_t i;

	if (!file)
		return NULL;
	for (i = first; i < first + count; i++)
		fprintf(file, "#include \"%s\"\n", h->files.items[i]);
	if (names && *names)
		fprintf(file, "void (*const abifit_used[])(void) = {\n%s};\n", names);
	if (fclose(file)) {
		free(text);
		return NULL;
	}
	return text;
}

/* `more`: further arguments, NULL-terminated. As compiler_run(). */
static int compile(struct headers *h, size_t first, size_t count, const char *names,
		   const char *const *more, char **ret, size_t *ret_size, const char **ret_problem)
{
	AUTO_FREE char *source = make_source(h, first, count, names);
	struct array_of(const char *) arguments = { 0 };
	size_t i;
	int r = source ? 0 : -ENOMEM;

	for (i = 0; !r && i < h->arguments.count; i++)
		r = array_push(&arguments, h->arguments.items[i]);
	for (; !r && *more; more++)
		r = array_push(&arguments, *more);
	if (!r)
		r = array_push(&arguments, NULL);
	if (!r)
		r = compiler_run(&h->compiler, source, arguments.items, h->arena, ret, ret_size,
				 ret_problem);
	array_done(&arguments);
	return r;
}

/* A header that does not compile by itself. */
struct broken {
	const char *path;
	const char *problem;
};

struct broken_headers array_of(struct broken);

static int tell_broken(struct headers *h, const struct broken *broken)
{
	const char *path = told(h, broken->path);
	const char *problem = told(h, broken->problem);
	size_t number;
	int r = path && problem ? report_add_input(h->report, path, &number) : -ENOMEM;

	return r ? r
		 : report_input_error(h->report, number, "input/header-not-compiled", NULL,
				      problem);
}

/*
 * Those that the headers that do compile include are read with them: what only refuses to be
 * included by itself is not broken.
 */
static int tell_not_included(struct headers *h, const struct broken_headers *broken)
{
	static const char *const list[] = { "-w", "-M", "-MF", "OUT", NULL };
	struct map included = { 0 };
	AUTO_FREE char *text = NULL;
	const char *problem;
	size_t size, i;
	int r = h->files.count ? compile(h, 0, h->files.count, NULL, list, &text, &size, &problem)
			       : 0;

	if (r == -EBADMSG)
		r = 0;
	if (!r && text)
		r = headers_included(text, h->arena, &included);
	for (i = 0; !r && i < broken->count; i++) {
		if (!map_get(&included, broken->items[i].path))
			r = tell_broken(h, &broken->items[i]);
	}
	map_done(&included);
	return r;
}

/* Leaves out the headers that do not compile by themselves, and tells those that are missed. */
static int drop_broken(struct headers *h)
{
	static const char *const check[] = { "-w", "-fsyntax-only", NULL };
	struct broken_headers broken = { 0 };
	size_t kept = 0;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < h->files.count; i++) {
		const char *path = h->files.items[i];
		const char *problem;
		char *bytes;
		size_t size;

		r = compile(h, i, 1, NULL, check, &bytes, &size, &problem);
		free(bytes);
		if (!r)
			h->files.items[kept++] = path;
		else if (r == -EBADMSG)
			r = array_push(&broken, (struct broken){ path, problem });
	}
	h->files.count = kept;
	if (!r && broken.count)
		r = tell_not_included(h, &broken);
	array_done(&broken);
	return r;
}

/* Functions that the headers declare: gcc lists them for C. */
static char *declared_names(struct headers *h)
{
	static const char *const list[] = { "-w", "-fsyntax-only", "-aux-info", "OUT", NULL };
	const char *problem;
	char *text = NULL;
	char *names = NULL;
	size_t size;
	char *line, *rest;
	FILE *file;

	if (h->compiler.is_clang || h->compiler.is_cxx ||
	    compile(h, 0, h->files.count, NULL, list, &text, &size, &problem) || !text)
		return NULL;
	file = open_memstream(&names, &size);
	for (rest = text; file && (line = strsep(&rest, "\n"));) {
		char *declaration = strstr(line, "*/ extern ");
		char *open = declaration ? strstr(declaration, " (") : NULL;
		char *name = open;

		/* "int f (struct open_ *)"; "void (*signal (int, …", which is left out, is none. */
		while (name && name > declaration && name[-1] != ' ' && name[-1] != '*')
			name--;
		if (!open || name == open || name[-1] == '(' || open[2] == '*')
			continue;
		*open = '\0';
		fprintf(file, "(void (*)(void))%s,\n", name);
	}
	if (file && fclose(file)) {
		free(names);
		names = NULL;
	}
	free(text);
	return names;
}

static int make_object(struct headers *h, char **ret, size_t *ret_size, const char **ret_problem)
{
	static const char *const gcc[] = { "-w",
					   "-g",
					   "-O0",
					   "-fno-eliminate-unused-debug-types",
					   "-fno-eliminate-unused-debug-symbols",
					   "-c",
					   "-o",
					   "OUT",
					   NULL };
	static const char *const gxx[] = { "-w",
					   "-g",
					   "-O0",
					   "-fno-eliminate-unused-debug-types",
					   "-femit-class-debug-always",
					   "-c",
					   "-o",
					   "OUT",
					   NULL };
	static const char *const clang[] = {
		"-w", "-g",  "-O0", "-fno-eliminate-unused-debug-types", "-fstandalone-debug", "-c",
		"-o", "OUT", NULL
	};
	const char *const *arguments = h->compiler.is_clang ? clang
				       : h->compiler.is_cxx ? gxx
							    : gcc;
	AUTO_FREE char *names = declared_names(h);
	int r = compile(h, 0, h->files.count, names, arguments, ret, ret_size, ret_problem);

	/* Without the list the types are there all the same. */
	if (r == -EBADMSG && names)
		r = compile(h, 0, h->files.count, NULL, arguments, ret, ret_size, ret_problem);
	return r;
}

static bool is_cxx(const struct corpus *corpus)
{
	size_t i;

	for (i = 0; i < corpus->symbols.count; i++) {
		if (!strncmp(corpus->symbols.items[i].name, "_Z", 2))
			return true;
	}
	return false;
}

static int no_compiler(struct headers *h, const char *problem)
{
	const char *path = told(h, h->files.items[0]);
	size_t number;
	int r = path ? report_add_input(h->report, path, &number) : -ENOMEM;

	problem = told(h, problem);
	if (!problem)
		return -ENOMEM;
	return r ? r
		 : report_input_error(h->report, number, "input/header-not-compiled", NULL,
				      problem);
}

/* Where declarations stand: those of one file follow each other. */
static int tell_places(struct headers *h, struct declared *declared)
{
	const char *from = NULL;
	const char *to = NULL;
	size_t i;

	if (declared->unread_file) {
		declared->unread_file = told(h, declared->unread_file);
		if (!declared->unread_file)
			return -ENOMEM;
	}
	for (i = 0; i < declared->items.count; i++) {
		struct declared_item *item = &declared->items.items[i];

		if (!from || strcmp(from, item->file) != 0) {
			from = item->file;
			to = told(h, from);
			if (!to)
				return -ENOMEM;
		}
		item->file = to;
	}
	return 0;
}

/* Without it, what is no type is not compared, which is told. */
static int read_declared(struct headers *h, struct corpus *corpus)
{
	struct own_headers own = {
		.files = h->files.items,
		.count = h->files.count,
		.folders = h->folders.items,
		.folder_count = h->folders.count,
		.is_cxx = h->compiler.is_cxx,
	};
	const char *problem;
	char *text;
	size_t size;
	int r = compile(h, 0, h->files.count, NULL, headers_declared_arguments, &text, &size,
			&problem);

	if (r || !text)
		return r == -EBADMSG ? 0 : r;
	r = headers_declared(text, size, &own, corpus);
	free(text);
	return r ? r : tell_places(h, corpus->declared);
}

static int read_all(struct headers *h, struct corpus *corpus, const struct side_types *types)
{
	char *bytes = NULL;
	const char *problem;
	size_t all = h->files.count;
	size_t size;
	int r;

	h->compiler = (struct compiler){
		.command = types->compiler ? types->compiler : "cc",
		.flags = types->cflags,
		.is_cxx = h->has_cxx || is_cxx(corpus),
	};
	r = compiler_open(&h->compiler, h->arena, &problem);
	if (r)
		return r == -EBADMSG ? no_compiler(h, problem) : r;
	r = make_object(h, &bytes, &size, &problem);
	if (r == -EBADMSG) {
		r = drop_broken(h);
		if (!r && h->files.count)
			r = make_object(h, &bytes, &size, &problem);
		/* Each compiles, but not together. */
		if (r == -EBADMSG)
			return no_compiler(h, problem);
	}
	if (r || !bytes)
		return r;
	r = corpus->types ? corpus_adopt_headers(corpus, bytes, size) : 0;
	free(bytes);
	corpus->declared_partly = h->files.count < all;
	return r ? r : read_declared(h, corpus);
}

/* Headers that nobody named. */
static int add_found(struct headers *h, struct corpus *corpus)
{
	struct header_found found;
	size_t number, i;
	int r = header_auto_find(h->system, corpus, h->arena, &found);

	for (i = 0; !r && i < found.paths.count; i++) {
		const char *path = found.paths.items[i];
		struct stat st;

		/* Single headers lie in folders that are looked in anyway. */
		r = !stat(path, &st) && S_ISREG(st.st_mode) && !package_is(path)
			    ? add_file(h, path, false)
			    : add_path(h, path);
	}
	for (i = 0; !r && i < found.arguments.count; i++)
		r = array_push(&h->arguments, found.arguments.items[i]);
	header_found_done(&found);
	corpus->headers_from = found.from;
	if (r || found.from)
		return r;
	if (h->report->report.has_source)
		return unchecked_add(
			&h->report->report.findings, corpus->path, "what programs see of its types",
			"no package of dpkg and no .pc file tells which headers are its own",
			"its headers themselves, a folder of them or its -dev package, in place of \"auto\"",
			1, true);
	r = report_add_input(h->report, corpus->path, &number);
	return r ? r
		 : report_input_error(
			   h->report, number, "input/unsupported", NULL,
			   "no package of dpkg and no .pc file tells which headers are its own: name them");
}

static int read_named(struct headers *h, struct corpus *corpus, const struct side_types *types)
{
	size_t i;
	int r = 0;

	if (!h->system->is_running) {
		const char *text = arena_printf(h->arena, "--sysroot=%s", h->system->root);

		r = text ? array_push(&h->arguments, text) : -ENOMEM;
	}
	for (i = 0; !r && types->headers[i]; i++)
		r = strcmp(types->headers[i], HEADERS_AUTO) ? add_path(h, types->headers[i])
							    : add_found(h, corpus);
	return !r && h->files.count ? read_all(h, corpus, types) : r;
}

/* What would end the process waits until its temporary files are gone. */
static void hold_signals(sigset_t *ret_old)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, ret_old);
}

int corpus_read_headers(const struct abifit_system *system, struct abifit_report *report,
			struct corpus *corpus, const struct side_types *types)
{
	struct headers h = { .report = report, .arena = &corpus->arena, .system = system };
	sigset_t old;
	int r;

	if (!types->headers || !types->headers[0])
		return 0;
	hold_signals(&old);
	r = read_named(&h, corpus, types);
	compiler_done(&h.compiler);
	header_folder_done(&h.folder);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	array_done(&h.files);
	array_done(&h.arguments);
	array_done(&h.folders);
	return r;
}
