/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/packages.h. */
#include "lib/packages.h"
#include "base/file.h"
#include "read/package.h"
#include "read/root.h"

#include <dirent.h>
#include <string.h>

/* Letters that the shorter of two names has at least to tell anything: "lib" and one more do not.
 */
#define LEAST_STEM 5

bool package_is(const char *path)
{
	struct file file;
	bool is;

	if (file_map(path, &file))
		return false;
	is = package_kind(file.bytes, size_min(file.size, PACKAGE_HEAD)) != PACKAGE_NONE;
	file_unmap(&file);
	return is;
}

const char *package_refusal(const struct image *image)
{
	enum package_kind kind = package_kind(image->bytes, size_min(image->size, PACKAGE_HEAD));

	return kind == PACKAGE_NONE || kind == PACKAGE_COMPRESSED
		       ? NULL
		       : "is a package: unpack it, and ask about the files of that folder";
}

/* Both sides may name one package: what is wrong with it is told once. */
static bool is_told(const struct abifit_report *report, const char *path)
{
	size_t i;

	for (i = 0; i < report->report.inputs.count; i++) {
		const struct report_input *input = &report->report.inputs.items[i];

		if (input->error && !strcmp(input->path, path))
			return true;
	}
	return false;
}

int package_mount(struct abifit_report *report, struct source *source, const char *path,
		  bool *ret_mounted)
{
	const struct fault *fault;
	size_t number;
	int r = root_mount(source, path, &fault);

	*ret_mounted = !r;
	if (!r || r == -ENOMEM)
		return r;
	if (is_told(report, path))
		return 0;
	if (report_add_input(report, path, &number))
		return -ENOMEM;
	return fault ? report_input_error(report, number, fault->rule, fault, NULL)
		     : report_open_error(report, number, r);
}

/*
 * Where the version starts: after the first "_" of Debian's NAME_VERSION_ARCH.deb, else after
 * the last but one "-" of NAME-VERSION-RELEASE.ARCH.rpm.
 */
static const char *version_of(const char *name)
{
	const char *at = strchr(name, '_');
	const char *end = name + strlen(name);
	unsigned dashes = 0;

	if (at && strstr(at, "deb"))
		return at + 1;
	while (end > name && dashes < 2)
		dashes += *--end == '-';
	return dashes == 2 ? end + 1 : name;
}

/* Up to the kind of file, as Ubuntu's debug packages are .ddeb. */
static bool is_same_version(const char *a, const char *b)
{
	const char *x = version_of(a);
	const char *y = version_of(b);
	const char *x_end = strrchr(x, '.');
	const char *y_end = strrchr(y, '.');

	return x_end && y_end && x_end - x == y_end - y && !memcmp(x, y, (size_t)(x_end - x));
}

static size_t common(const char *a, const char *b)
{
	size_t i = 0;

	while (a[i] && a[i] == b[i])
		i++;
	return i;
}

/* Where the mark starts; NULL: the name has none. */
static const char *find_mark(const char *name, const char *const *marks)
{
	const char *at = NULL;

	for (; !at && *marks; marks++)
		at = strstr(name, *marks);
	return at;
}

/* The kin of "libgsl27_1.0_amd64.deb" is called "libgsl-dbg" or "libgsl27-dbgsym". */
static bool is_kin(const char *name, const char *mark, const char *package)
{
	size_t own = strcspn(package, "_");
	size_t length = size_min((size_t)(mark - name), own);

	return length >= LEAST_STEM && common(name, package) >= length;
}

struct candidate {
	const char *name;
	bool is_same_version;
	size_t common;
};

static int by_likeliness(const void *a, const void *b)
{
	const struct candidate *x = a;
	const struct candidate *y = b;

	if (x->is_same_version != y->is_same_version)
		return x->is_same_version ? -1 : 1;
	if (x->common != y->common)
		return x->common > y->common ? -1 : 1;
	return strcmp(x->name, y->name);
}

struct candidates array_of(struct candidate);

static int list(struct arena *arena, const char *folder, const char *package,
		const char *const *marks, struct candidates *ret)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	int r = 0;

	if (!dir)
		return 0;
	while (!r && (entry = readdir(dir)) != NULL) {
		struct candidate c = {
			.is_same_version = is_same_version(entry->d_name, package),
			.common = common(entry->d_name, package),
		};
		const char *mark = find_mark(entry->d_name, marks);

		if (!mark || !strcmp(entry->d_name, package) ||
		    (!c.is_same_version && !is_kin(entry->d_name, mark, package)))
			continue;
		c.name = arena_strdup(arena, entry->d_name);
		r = c.name ? array_push(ret, c) : -ENOMEM;
	}
	closedir(dir);
	return r;
}

int package_names_beside(struct arena *arena, const char *path, const char *const *marks,
			 struct package_names *ret)
{
	const char *package = path_name(path);
	const char *folder = arena_strndup(arena, path, (size_t)(package - path));
	struct candidates all = { 0 };
	size_t i;
	int r = folder ? list(arena, *folder ? folder : ".", package, marks, &all) : -ENOMEM;

	if (!r && all.count)
		qsort(all.items, all.count, sizeof(*all.items), by_likeliness);
	for (i = 0; !r && i < all.count; i++) {
		const char *text = arena_printf(arena, "%s%s", folder, all.items[i].name);

		r = text ? array_push(ret, text) : -ENOMEM;
	}
	array_done(&all);
	return r;
}
