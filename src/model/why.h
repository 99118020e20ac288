/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why one file needs something: a version, a library or a symbol. Strings
 * belong to the images or to the arena.
 */
#ifndef MODEL_WHY_H
#define MODEL_WHY_H

#include "model/show.h"
#include "model/source-line.h"

/* What the thing asked for was found to be; several at once are possible. */
enum why_kind {
	WHY_VERSION = 1 << 0,
	WHY_LIBRARY = 1 << 1,
	WHY_SYMBOL = 1 << 2,
};

/* Why the linker took an object in: some other one refers to a symbol of it. */
struct why_pull {
	const char *referrer; /* as the linker names it */
	const char *symbol;
};

/* A place in a file that refers to a symbol, before its source line is known. */
struct why_use {
	uint32_t cause;	  /* number of the first cause of that symbol */
	uint32_t section; /* of an object; WHY_NO_SECTION: `offset` is an address */
	uint64_t offset;
};

#define WHY_NO_SECTION UINT32_MAX

struct why_uses array_of(struct why_use);
struct why_lines array_of(struct source_line);

/* An object that refers to the symbol of a cause. */
struct why_object {
	const char *file;   /* an object, or an archive */
	const char *member; /* of an archive, else NULL */
	bool weak;
	struct why_pull *pulls; /* from the object upwards */
	size_t pull_count;
	struct why_lines lines; /* that refer to it, each once; by file and line */
};

struct why_objects array_of(struct why_object);

/* One import of the file that causes the need. */
struct why_cause {
	struct show_import import;
	const char *provider; /* the file that it gets bound to; NULL: none, or not known */
	bool is_missing;      /* no file of the closure has it */
	struct why_objects objects;
	struct why_lines lines; /* of the file itself */
};

/* Another file of the closure that needs the same. */
struct why_user {
	const char *path;
	const char **chain; /* names from the file asked about down to this one; NULL-terminated */
	const char **symbols; /* its imports that cause it, some; NULL-terminated */
	size_t strong_count;
	size_t weak_count;
};

struct why {
	struct arena arena;
	const char *file;
	const char *what;
	const char *resolved; /* of a library: the path that it is found at, or NULL */
	unsigned kinds; /* of enum why_kind; 0: nothing in the file or its closure is called that */
	struct array_of(struct why_cause) causes;
	size_t strong_count;
	size_t weak_count;
	struct array_of(struct why_user) users;
	bool knows_closure; /* users and providers could be told */

	/* Of a version. */
	const char *entry_library; /* whose need entry the file has; NULL: it has none */
	bool entry_weak;	   /* the loader only warns when it is not there */
	bool is_highest;	   /* of its family, in this file */
	const char *without;	   /* the highest one that remains without the causes, or NULL */
	const char *without_weak;  /* the same without weak causes only */
	bool is_defined;	   /* the file itself defines the version, or exports the symbol */

	/* Of a library. */
	bool is_needed;		       /* the file has a DT_NEEDED for it */
	struct why_pull *library_pull; /* why it was linked as needed; NULL: not told */

	/* What the blame on objects rests on. */
	size_t object_count; /* objects that were searched */
	size_t lto_count;    /* of them, not compiled to the end: their references are not known */
	bool has_linker_map;
	bool has_cross_reference;
};

#endif
