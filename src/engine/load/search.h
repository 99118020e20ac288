/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where the loader finds a library: RPATH of the requester and of its
 * requesters, LD_LIBRARY_PATH, RUNPATH, ld.so.cache, system folders, with the
 * hardware sub-folders of each (glibc dl-load.c, dl-hwcaps.c, dl-cache.c), or
 * musl's shorter list (ldso/dynlink.c). One `struct search` serves one thread.
 */
#ifndef ENGINE_LOAD_SEARCH_H
#define ENGINE_LOAD_SEARCH_H

#include "base/map.h"
#include "engine/load/token.h"
#include "model/closure.h"
#include "model/source.h"

/* One place that was looked at. */
struct trial {
	const char *path;
	enum found_by found_by;
	uint32_t object;     /* whose RPATH or RUNPATH, else NO_OBJECT */
	const char *outcome; /* "not there", or the loader's words */
};

struct trail {
	struct array_of(struct trial) items;
};

/* What a search came to. image NULL: nothing, and `refusal` says why. */
struct found {
	struct image *image;
	const char *path;
	const char *hwcap;
	enum found_by found_by;
	uint32_t found_object;
	struct refusal refusal;
};

/* A library that is to be taken in place of the one with its soname; image NULL: there is none any
 * more. */
struct stand_in {
	const char *name;
	struct image *image;
	const char *path;
};

struct search {
	struct source *source;
	const struct loader *loader;
	const struct environment *environment;
	uint32_t version; /* of the libc, 0: not known */
	const struct stand_in *stand_ins;
	size_t stand_in_count;
	struct arena arena; /* results live here */
	struct map plain;   /* name → struct found, for searches that no object bends */
	struct map folders; /* path → whether it is a folder */
	struct folder_list library_path;
	struct folder_list system;
	bool library_path_split;
};

int search_init(struct search *search, struct source *source, const struct loader *loader,
		const struct environment *environment) MUST_CHECK;
void search_done(struct search *search);

/*
 * Searches for `name` as requested by object `requester` of `closure`
 * (NO_OBJECT: LD_PRELOAD). `name` has its tokens expanded. With `trail`, each
 * place is noted. 0 or -ENOMEM; not found is no error.
 */
int search_library(struct search *search, const struct closure *closure, uint32_t requester,
		   const char *name, struct trail *trail, struct found *ret) MUST_CHECK;
/* Takes the file at `path`, as for a name with a slash. */
int search_path(struct search *search, const char *path, enum found_by found_by,
		struct trail *trail, struct found *ret) MUST_CHECK;
/* True if `folder` is one of the loader's built-in folders. */
bool search_is_system_folder(const struct loader *loader, const char *folder, size_t length);
void trail_done(struct trail *trail);

#endif
