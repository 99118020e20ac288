/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The facts about one system's dynamic loader and the environment that it is
 * assumed to run in. Filled by lib/ from what read/ finds; read by the engines.
 */
#ifndef MODEL_LOADER_H
#define MODEL_LOADER_H

#include "base/array.h"
#include "model/image.h"

enum libc_kind { LIBC_GLIBC, LIBC_MUSL, LIBC_OTHER };

/* 2036 means 2.36; musl's 1.2.3 is 1002003. */
#define GLIBC(major, minor) ((major)*1000u + (minor))
#define MUSL(major, minor, patch) ((major)*1000000u + (minor)*1000u + (patch))

struct library_cache;

/* One entry of an ld.so.cache, or of one that was worked out from ld.so.conf. */
struct cache_entry {
	const char *name;
	const char *path;
	int32_t flags;	    /* machine id */
	uint32_t os_version; /* kernel version, 0: any; honoured up to glibc 2.35 */
	const char *hwcap;  /* glibc-hwcaps folder name, or NULL */
	bool legacy_hwcap;  /* a hardware bit mask of the old kind */
	uint8_t isa_level;  /* with hwcap on x86: bit of the ISA level that the library is marked with */
};

struct library_cache {
	struct arena arena;
	/* In the order of the file: of several with one name, the first that fits is taken. */
	struct array_of(struct cache_entry) entries;
	bool emulated; /* worked out from ld.so.conf, not read */
	char *content; /* the file that the strings lie in, when it is the cache's to free; or NULL */
};

/*
 * The run of entries with this name, by the loader's own binary search; in a
 * wrongly sorted cache it misses what the loader misses. NULL and 0: none.
 */
const struct cache_entry *library_cache_find(const struct library_cache *cache, const char *name,
					     size_t *ret_count);
/* Orders names as a cache does, ascending: digits compare as numbers ("x.01" equals "x.1"). */
int library_name_compare(const char *a, const char *b);
void library_cache_free(struct library_cache *cache);

struct loader {
	struct arena arena;
	enum libc_kind kind;
	uint32_t version;	   /* 0: not known */
	const char *version_from;  /* path of the file that told it */
	const char *interpreter;   /* path inside the root */
	struct image *image;	   /* the loader's own file; NULL when it is missing */
	const struct machine *machine; /* NULL: no row */
	struct array_of(const char *) system_folders; /* no trailing slash; a NULL follows */
	const char *lib_token;	   /* $LIB */
	const char *platform;	   /* $PLATFORM, or NULL */
	const struct library_cache *cache; /* NULL: none */
	struct array_of(const char *) preload_file; /* names in /etc/ld.so.preload */
	const char *musl_path;	   /* content of ld-musl-*.path, or NULL */
	bool folders_guessed;	   /* the folders were not found in the loader's file */
};

/* What the user assumes; all strings borrowed. */
struct environment {
	const char *library_path;	/* LD_LIBRARY_PATH, or NULL */
	const char *const *preload;	/* LD_PRELOAD names, NULL-terminated, or NULL */
	const char *cwd;		/* absolute */
	const char *hwcap_level;	/* highest glibc-hwcaps folder usable, NULL: baseline */
	unsigned isa_level;		/* x86-64: 1 = baseline, 2 = v2, … */
	uint32_t page_sizes[3];		/* bytes; zero-terminated */
	uint32_t kernel[3];
	bool kernel_known;
	bool secure;
	bool bind_now;			/* LD_BIND_NOW */
	uint32_t libc_version;		/* overrides the loader's; 0: as found */
	bool no_cache;
};

#endif
