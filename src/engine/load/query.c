/* SPDX-License-Identifier: Apache-2.0 */
/* Trying places during a search; contract in engine/load/query.h. */
#include "engine/load/query.h"
#include "engine/load/verify.h"

#include <string.h>

static const char yes[] = "yes";
static const char no[] = "no";

int query_note(struct query *q, const char *path, enum found_by found_by, uint32_t object,
	       const char *outcome)
{
	struct trial trial = { path, found_by, object, outcome };

	return q->trail ? array_push(&q->trail->items, trial) : 0;
}

/* Files are opened relative to the assumed current folder. */
static const char *absolute(struct search *search, const char *path)
{
	const char *cwd = search->environment->cwd;

	if (*path == '/')
		return path;
	if (!strcmp(cwd, "/"))
		cwd = "";
	return arena_printf(&search->arena, "%s/%s", cwd, path);
}

/*
 * The loader has words for few errors; the numbers are Linux's on most
 * machines. `arena` keeps the text; NULL: out of memory.
 */
static const char *open_error(struct arena *arena, int error)
{
	const char *what = error == -EISDIR || error == -EINVAL ? "cannot read file data"
								: "cannot open shared object file";

	if (error == -EIO)
		return arena_printf(arena, "%s: Input/output error", what);
	return error == -EINVAL ? what : arena_printf(arena, "%s: Error %d", what, -error);
}

static const char *open_reason(int error)
{
	switch (error) {
	case -EISDIR:
		return "Is a directory";
	case -ELOOP:
		return "Too many levels of symbolic links";
	case -ENAMETOOLONG:
		return "File name too long";
	default:
		return NULL;
	}
}

/* What an ABI tag asks for, beside what is assumed. NULL when out of memory. */
static const char *tag_reason(struct search *search, const struct image *image)
{
	static const char *const systems[] = { "Linux",	 "the Hurd", "Solaris", "FreeBSD",
					       "NetBSD", "Syllable", "NaCl" };
	const uint32_t *wanted = image->abi_tag.kernel;
	const uint32_t *kernel = search->environment->kernel;

	if (image->abi_tag.system)
		return arena_printf(&search->arena, "marked for another system, %s",
				    image->abi_tag.system < ARRAY_SIZE(systems)
					    ? systems[image->abi_tag.system]
					    : "one that is not known");
	return arena_printf(&search->arena, "marked for kernel %u.%u.%u; assumed is %u.%u.%u",
			    wanted[0], wanted[1], wanted[2], kernel[0], kernel[1], kernel[2]);
}

/* Musl takes the first file that opens, whatever it is; glibc goes on past some. */
int query_try_file(struct query *q, const char *path, enum found_by found_by, uint32_t object)
{
	struct image *image = NULL;
	const char *real = absolute(q->search, path);
	struct refusal refusal = { 0 };
	int r;

	if (!real)
		return -ENOMEM;
	r = source_open(q->search->source, real, &image);
	if (r == -ENOMEM)
		return r;
	if (r == -ENOENT || r == -EACCES || r == -ENOTDIR)
		return query_note(q, path, found_by, object, "not there");
	if (r) {
		refusal.rule = "load/library-unreadable";
		refusal.text = open_error(&q->search->arena, r);
		refusal.reason = open_reason(r);
		if (!refusal.text)
			return -ENOMEM;
		/* What could not even be opened ends its list, not the search. */
		refusal.skip = q->in_list && r != -EISDIR && r != -EINVAL;
		q->list_ended = refusal.skip;
	} else {
		refusal = verify_library(image, q->search->loader, q->search->environment,
					 q->search->version);
		if (refusal.rule && !strcmp(refusal.rule, "load/kernel-too-old")) {
			refusal.reason = tag_reason(q->search, image);
			if (!refusal.reason)
				return -ENOMEM;
		}
	}
	if (query_note(q, path, found_by, object,
		       !refusal.rule	? "taken"
		       : refusal.reason ? refusal.reason
					: refusal.text))
		return -ENOMEM;
	if (refusal.skip) {
		q->wrong_class |= !strncmp(refusal.text, "wrong ELF class", 15);
		if (!q->found.refusal.rule)
			q->found.refusal = refusal;
		return 0;
	}
	q->ended = true;
	q->found = (struct found){
		.image = refusal.rule ? NULL : image,
		.path = path,
		.found_by = found_by,
		.found_object = object,
		.refusal = refusal,
	};
	return 0;
}

/* Does a folder exist? Remembered, because most hardware sub-folders do not. */
static int folder_exists(struct search *search, const char *folder, bool *ret)
{
	const char *known = map_get(&search->folders, folder);
	struct source_stat st;
	const char *real;

	if (!known) {
		real = *folder ? absolute(search, folder) : search->environment->cwd;
		if (!real)
			return -ENOMEM;
		known = source_stat(search->source, real, &st) == 0 && st.kind == SOURCE_FOLDER
				? yes
				: no;
		folder = arena_strdup(&search->arena, folder);
		if (!folder || map_set(&search->folders, folder, (void *)known))
			return -ENOMEM;
	}
	*ret = known == yes;
	return 0;
}

/* "folder/name"; the current folder is not spelt out, as in the loader. */
static const char *join(struct search *search, const char *folder, const char *name)
{
	if (!*folder)
		return arena_strdup(&search->arena, name);
	return arena_printf(&search->arena, "%s%s%s", folder, strcmp(folder, "/") ? "/" : "", name);
}

static int try_in(struct query *q, const char *folder, const char *sub, enum found_by found_by,
		  uint32_t object)
{
	const char *path;
	bool exists;
	int r;

	if (sub) {
		const char *full = join(q->search, folder, sub);

		r = full ? folder_exists(q->search, full, &exists) : -ENOMEM;
		if (r || !exists)
			return r;
		path = join(q->search, full, q->name);
	} else {
		path = join(q->search, folder, q->name);
	}
	return path ? query_try_file(q, path, found_by, object) : -ENOMEM;
}

/* Is `level` usable when `best` is the best level of the assumed processor? */
bool query_level_usable(const struct machine *machine, const char *best, const char *level)
{
	size_t i;
	bool reached = false;

	for (i = 0; best && machine->hwcaps && machine->hwcaps[i]; i++) {
		reached |= !strcmp(machine->hwcaps[i], best);
		if (!strcmp(machine->hwcaps[i], level))
			return reached;
	}
	return false;
}

static int try_hwcaps(struct query *q, const char *folder, enum found_by found_by, uint32_t object)
{
	const struct machine *machine = q->search->loader->machine;
	const char *best = q->search->environment->hwcap_level;
	size_t i;

	if (!machine || !machine->hwcaps || !best ||
	    (q->search->version && q->search->version < GLIBC(2, 33)))
		return 0;
	for (i = 0; machine->hwcaps[i] && !q->ended && !q->list_ended; i++) {
		char sub[64];
		int r;

		if (!query_level_usable(machine, best, machine->hwcaps[i]))
			continue;
		__builtin_snprintf(sub, sizeof(sub), "glibc-hwcaps/%s", machine->hwcaps[i]);
		r = try_in(q, folder, sub, found_by, object);
		if (r)
			return r;
		if (q->ended && q->found.image)
			q->found.hwcap = machine->hwcaps[i];
	}
	return 0;
}

/* The sub-folders that glibc looked into up to 2.36, for a baseline processor. */
static int try_legacy(struct query *q, const char *folder, enum found_by found_by, uint32_t object)
{
	const char *platform = q->search->loader->platform;
	char subs[3][64];
	size_t i;

	if (!q->search->version || q->search->version > GLIBC(2, 36) || !platform)
		return 0;
	__builtin_snprintf(subs[0], sizeof(subs[0]), "tls/%s", platform);
	__builtin_snprintf(subs[1], sizeof(subs[1]), "tls");
	__builtin_snprintf(subs[2], sizeof(subs[2]), "%s", platform);
	for (i = 0; i < ARRAY_SIZE(subs) && !q->ended && !q->list_ended; i++) {
		int r = try_in(q, folder, subs[i], found_by, object);

		if (r)
			return r;
	}
	return 0;
}

int query_try_folders(struct query *q, const struct folder_list *list, enum found_by found_by,
		      uint32_t object)
{
	size_t i;

	q->in_list = true;
	q->list_ended = false;
	for (i = 0; i < list->count && !q->ended && !q->list_ended; i++) {
		const char *folder = list->items[i];
		bool exists;
		int r = folder_exists(q->search, folder, &exists);

		if (!r && !exists) {
			if (!q->trail)
				continue;
			r = query_note(q, folder, found_by, object, "no such folder");
			if (r)
				return r;
			continue;
		}
		if (!r && q->search->loader->kind == LIBC_GLIBC)
			r = try_hwcaps(q, folder, found_by, object);
		if (!r && !q->ended && !q->list_ended && q->search->loader->kind == LIBC_GLIBC)
			r = try_legacy(q, folder, found_by, object);
		if (!r && !q->ended && !q->list_ended)
			r = try_in(q, folder, NULL, found_by, object);
		if (r)
			return r;
	}
	return 0;
}
