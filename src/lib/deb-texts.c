/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/deb-texts.h. */
#include "lib/deb-texts.h"
#include "base/file.h"
#include "lib/packages.h"
#include "read/deb-shlibs.h"
#include "read/deb-symbols.h"
#include "read/package.h"
#include "read/root.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#define LARGEST_FILE ((size_t)64 << 20)
#define MOST_PACKAGES 100000u

/* A file of a package; its text lives as long as the texts. */
struct text {
	const char *path;  /* for messages */
	const char *bytes; /* NULL: there is none */
	size_t size;
	struct symbols_file *symbols; /* read when it was first asked for */
	bool is_bad;		      /* told already */
};

/* A package that is built together with the files, or given beside them. */
struct built {
	const char *root; /* a folder, or a .deb that is mounted */
	struct text symbols, shlibs;
};

struct deb_texts {
	struct deps_run *run;
	struct arena arena;
	struct dpkg_info *info;
	const char *arch;
	struct array_of(struct built *) built;
	struct array_of(struct text *) texts; /* all that may have something to free */
	struct map by_name;		      /* "KIND OWNER" → struct text */
	struct text local;
};

static int keep(struct deb_texts *t, struct text *text, const char *path, const char *bytes,
		size_t size)
{
	text->path = arena_strdup(&t->arena, path);
	text->bytes = arena_strndup(&t->arena, bytes ? bytes : "", size);
	text->size = size;
	return text->path && text->bytes ? array_push(&t->texts, text) : -ENOMEM;
}

/* A file of the running system; that there is none is no error. */
static int load_host(struct deb_texts *t, const char *path, struct text *ret)
{
	struct file file;
	int r = file_map(path, &file);

	if (r == -ENOMEM)
		return r;
	if (r)
		return 0;
	r = keep(t, ret, path, (const char *)file.bytes, file.size);
	file_unmap(&file);
	return r;
}

static int load_control(struct deb_texts *t, const char *root, const char *kind, struct text *ret)
{
	const char *path = arena_printf(&t->arena, "%s/DEBIAN/%s", root, kind);

	return path ? load_host(t, path, ret) : -ENOMEM;
}

static int add_folder(struct deb_texts *t, const char *path, struct built **ret)
{
	struct built *built = arena_alloc(&t->arena, sizeof(*built));
	int r;

	if (!built)
		return -ENOMEM;
	built->root = arena_strdup(&t->arena, path);
	r = built->root ? load_control(t, path, "symbols", &built->symbols) : -ENOMEM;
	if (!r)
		r = load_control(t, path, "shlibs", &built->shlibs);
	*ret = built;
	return r ? r : array_push(&t->built, built);
}

static int take_member(struct deb_texts *t, const struct package *package, const char *deb,
		       const char *name, struct text *ret)
{
	const struct package_node *node;
	const char *path = arena_printf(&t->arena, "%s, %s", deb, name);

	if (!path)
		return -ENOMEM;
	if (package_tree_find(&package->control, name, false, &node) || node->kind != SOURCE_FILE ||
	    !node->file->is_kept || node->file->size > LARGEST_FILE)
		return 0;
	return keep(t, ret, path, (const char *)node->file->bytes, (size_t)node->file->size);
}

/* The control files of a package. */
static int read_control(struct deb_texts *t, const char *path, struct built *built)
{
	struct fault fault = { 0 };
	struct package *package = NULL;
	struct spool spool;
	int r;

	spool_init(&spool, PACKAGE_MEMORY);
	r = package_open(path, &package_default_limits, PACKAGE_CONTROL, &spool,
			 &t->run->deps->arena, &fault, &package);
	if (!r)
		r = take_member(t, package, path, "symbols", &built->symbols);
	if (!r)
		r = take_member(t, package, path, "shlibs", &built->shlibs);
	package_free(package);
	spool_done(&spool);
	if (!r || r == -ENOMEM)
		return r;
	return fault.rule ? deps_fail(t->run, path, fault.rule, &fault, NULL)
			  : deps_fail_open(t->run, path, r);
}

static int add_package(struct deb_texts *t, const char *path)
{
	struct built *built = arena_alloc(&t->arena, sizeof(*built));
	bool mounted;
	int r;

	if (!built)
		return -ENOMEM;
	built->root = arena_strdup(&t->arena, path);
	r = built->root ? package_mount(t->run->report, t->run->system->source, path, &mounted)
			: -ENOMEM;
	if (r || !mounted)
		return r;
	r = read_control(t, path, built);
	return r ? r : array_push(&t->built, built);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* A folder that is no package has packages in it. */
static int add_all_of(struct deb_texts *t, const char *folder)
{
	struct array_of(const char *) names = { 0 };
	DIR *dir = opendir(folder);
	struct dirent *entry;
	size_t i;
	int r = 0;

	if (!dir)
		return deps_fail_open(t->run, folder, -errno);
	while (!r && names.count < MOST_PACKAGES && (entry = readdir(dir)) != NULL) {
		const char *path = entry->d_name[0] == '.' ? NULL
							   : arena_printf(&t->arena, "%s/%s",
									  folder, entry->d_name);

		if (entry->d_name[0] != '.')
			r = path ? array_push(&names, path) : -ENOMEM;
	}
	closedir(dir);
	if (!r && names.count)
		qsort(names.items, names.count, sizeof(*names.items), by_text);
	for (i = 0; !r && i < names.count; i++) {
		if (package_is(names.items[i]))
			r = add_package(t, names.items[i]);
	}
	array_done(&names);
	return r;
}

static bool has_control(const char *folder)
{
	char path[4096];
	struct stat st;
	int length = __builtin_snprintf(path, sizeof(path), "%s/DEBIAN", folder);

	return length > 0 && (size_t)length < sizeof(path) && !stat(path, &st) &&
	       S_ISDIR(st.st_mode);
}

static int add_given(struct deb_texts *t, const char *path)
{
	struct built *built;
	struct stat st;

	if (stat(path, &st))
		return deps_fail_open(t->run, path, -errno);
	if (!S_ISDIR(st.st_mode))
		return package_is(path) ? add_package(t, path)
					: deps_fail(t->run, path, "input/unsupported", NULL,
						    "is neither a package nor a folder");
	return has_control(path) ? add_folder(t, path, &built) : add_all_of(t, path);
}

static struct built *find_built(const struct deb_texts *t, const char *root)
{
	size_t i;

	for (i = 0; root && i < t->built.count; i++) {
		if (!strcmp(t->built.items[i]->root, root))
			return t->built.items[i];
	}
	return NULL;
}

/* A .deb whose files are asked about has libraries of its own. */
static int add_asked(struct deb_texts *t, const char *path)
{
	struct file file;
	bool is_deb;

	if (file_map(path, &file))
		return 0; /* told where it is opened */
	is_deb = package_kind(file.bytes, size_min(file.size, PACKAGE_HEAD)) == PACKAGE_DEB;
	file_unmap(&file);
	return is_deb && !find_built(t, path) ? add_package(t, path) : 0;
}

int deb_texts_open(struct deps_run *run, struct dpkg_info *info, const char *arch,
		   struct deb_texts **ret)
{
	struct deb_texts *t = calloc(1, sizeof(*t));
	const char *const *path = run->options->packages;
	size_t i;
	int r = 0;

	if (!t)
		return -ENOMEM;
	*ret = t;
	t->run = run;
	t->info = info;
	t->arch = arch;
	for (; !r && path && *path; path++)
		r = add_given(t, *path);
	for (i = 0; !r && i < run->count; i++)
		r = add_asked(t, run->files[i]);
	if (!r && run->options->shlibs_local) {
		r = load_host(t, run->options->shlibs_local, &t->local);
		if (!r && !t->local.bytes)
			r = deps_fail_open(run, run->options->shlibs_local, -ENOENT);
	}
	return r;
}

void deb_texts_free(struct deb_texts *t)
{
	size_t i;

	if (!t)
		return;
	for (i = 0; i < t->texts.count; i++)
		symbols_file_free(t->texts.items[i]->symbols);
	array_done(&t->texts);
	array_done(&t->built);
	map_done(&t->by_name);
	arena_done(&t->arena);
	free(t);
}

const char *deb_texts_root(const struct deb_texts *t, size_t index)
{
	return index < t->built.count ? t->built.items[index]->root : NULL;
}

const char *deb_texts_root_of(struct deb_texts *t, const char *path)
{
	AUTO_FREE char *folder = strdup(path);
	struct built *built;
	char *slash;
	size_t i;

	for (i = 0; i < t->built.count; i++) {
		size_t length = strlen(t->built.items[i]->root);

		if (!strncmp(path, t->built.items[i]->root, length) && path[length] == '/')
			return t->built.items[i]->root;
	}
	while (folder && (slash = strrchr(folder, '/')) != NULL && slash > folder) {
		*slash = '\0';
		if (has_control(folder))
			return add_folder(t, folder, &built) ? NULL : built->root;
	}
	return NULL;
}

/* Told once, with its place. */
static int tell_bad(struct deb_texts *t, struct text *text, unsigned line, const char *what)
{
	const char *message;

	if (text->is_bad)
		return 0;
	text->is_bad = true;
	message = arena_printf(&t->run->deps->arena, "line %u: %s", line, what);
	return message ? deps_fail(t->run, text->path, "input/malformed", NULL, message) : -ENOMEM;
}

static int symbols_of(struct deb_texts *t, struct text *text, const char *soname,
		      const struct symbols_object **ret)
{
	int r;

	if (!text->bytes || text->is_bad || *ret)
		return 0;
	if (!text->symbols) {
		text->symbols = symbols_file_new(text->path, t->arch);
		r = text->symbols ? symbols_read(text->symbols, text->bytes, text->size, NULL, NULL)
				  : -ENOMEM;
		if (r)
			return r;
		if (text->symbols->fault)
			return tell_bad(t, text, text->symbols->fault_line, text->symbols->fault);
	}
	*ret = symbols_object_find(text->symbols, soname);
	return 0;
}

static int shlibs_of(struct deb_texts *t, struct text *text, const char *soname, const char **ret)
{
	unsigned line;
	int r;

	if (!text->bytes || *ret)
		return 0;
	r = shlibs_find(&t->arena, text->bytes, text->size, soname, ret, &line);
	return r || !line ? r
			  : tell_bad(t, text, line,
				     "it is not a library with its version and a dependency");
}

/* A file of the system, by the whole of its path or by an installed package's kind of file. */
static int load_system(struct deb_texts *t, const char *owner, const char *what, struct text **ret)
{
	struct source *source = t->run->system->source;
	const char *key = arena_printf(&t->arena, "%s %s", what, owner ? owner : "");
	const char *path = what;
	char *bytes = NULL;
	size_t size = 0;
	struct text *text = key ? map_get(&t->by_name, key) : NULL;
	int r;

	*ret = text;
	if (!key || text)
		return key ? 0 : -ENOMEM;
	*ret = text = arena_alloc(&t->arena, sizeof(*text));
	if (!text || map_set(&t->by_name, key, text))
		return -ENOMEM;
	if (what[0] == '/')
		r = source_load(source, what, LARGEST_FILE, &bytes, &size);
	else
		r = t->info ? dpkg_info_load(t->info, owner, what, &bytes, &size, &path) : -ENOENT;
	if (!r)
		r = keep(t, text, path, bytes, size);
	free(bytes);
	return r == -ENOMEM ? r : 0;
}

static int installed_symbols(struct deb_texts *t, const char *owner, const char *soname,
			     const struct symbols_object **ret)
{
	const char *paths[] = {
		arena_printf(&t->arena, "/etc/dpkg/symbols/%s.symbols.%s", owner, t->arch),
		arena_printf(&t->arena, "/etc/dpkg/symbols/%s.symbols", owner),
		"symbols",
	};
	size_t i;
	int r = 0;

	for (i = 0; !r && !*ret && i < ARRAY_SIZE(paths); i++) {
		struct text *text;

		r = paths[i] ? load_system(t, owner, paths[i], &text) : -ENOMEM;
		if (!r)
			r = symbols_of(t, text, soname, ret);
	}
	return r;
}

int deb_texts_symbols(struct deb_texts *t, const char *owner, const char *root, const char *soname,
		      const struct symbols_object **ret)
{
	struct built *built = find_built(t, root);
	size_t i;
	int r = 0;

	*ret = NULL;
	if (!root && owner)
		return installed_symbols(t, owner, soname, ret);
	if (built)
		r = symbols_of(t, &built->symbols, soname, ret);
	for (i = 0; !r && !*ret && i < t->built.count; i++)
		r = symbols_of(t, &t->built.items[i]->symbols, soname, ret);
	return r;
}

int deb_texts_local(struct deb_texts *t, const char *soname, const char **ret)
{
	*ret = NULL;
	return shlibs_of(t, &t->local, soname, ret);
}

int deb_texts_shlibs(struct deb_texts *t, const char *owner, const char *root, const char *soname,
		     const char **ret)
{
	struct built *built = find_built(t, root);
	struct text *text;
	size_t i;
	int r = deb_texts_local(t, soname, ret);

	if (!r && !*ret)
		r = load_system(t, NULL, "/etc/dpkg/shlibs.override", &text);
	if (!r && !*ret)
		r = shlibs_of(t, text, soname, ret);
	if (!r && !root && owner) {
		r = load_system(t, owner, "shlibs", &text);
		if (!r)
			r = shlibs_of(t, text, soname, ret);
	} else if (!r) {
		if (built)
			r = shlibs_of(t, &built->shlibs, soname, ret);
		for (i = 0; !r && i < t->built.count; i++)
			r = shlibs_of(t, &t->built.items[i]->shlibs, soname, ret);
	}
	if (!r && !*ret)
		r = load_system(t, NULL, "/etc/dpkg/shlibs.default", &text);
	return r || *ret ? r : shlibs_of(t, text, soname, ret);
}
