/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program with all that the loader would map for it. Objects are numbered by
 * the order in which they are first met; object 0 is the program. `scope` is
 * the global symbol scope: object numbers in look-up order.
 */
#ifndef MODEL_CLOSURE_H
#define MODEL_CLOSURE_H

#include "model/loader.h"

#define NO_OBJECT UINT32_MAX
#define MOST_OBJECTS 8192u

enum found_by {
	FOUND_MAIN,
	FOUND_INTERPRETER,
	FOUND_RPATH,
	FOUND_LIBRARY_PATH,
	FOUND_RUNPATH,
	FOUND_CACHE,
	FOUND_DEFAULT,	/* a system folder */
	FOUND_DIRECT,	/* the name has a slash */
	FOUND_PRELOAD,
	FOUND_MUSL_PATH, /* musl's own list */
	FOUND_GIVEN,	/* --with */
	FOUND_MISSING,
};

/* What becomes of the process: the loader's words and 127, a signal, or nothing that is sure. */
enum refusal_end { END_WORDS, END_SIGBUS, END_SIGSEGV, END_UNSURE };

/* Why a candidate or a whole request was refused. */
struct refusal {
	const char *rule;  /* NULL: none */
	const char *text;  /* the loader's words, without the file's name */
	const char *reason; /* ours, where the loader's hide what is wrong; else NULL */
	enum refusal_end end;
	bool by_name;	   /* the loader names what was asked for, not the file's path */
	bool skip;	   /* the search goes on to the next place */
};

struct object_names {
	const char *name;
	struct object_names *next;
};

struct object {
	struct image *image;	/* NULL when missing */
	const char *path;	/* as found (l_name); for a missing one the requested name */
	const char *origin;	/* $ORIGIN */
	struct object_names *names; /* every name it was requested by, path included */
	uint32_t requester;	/* object whose request loaded it; NO_OBJECT for the program */
	enum found_by found_by;
	uint32_t found_object;	/* whose RPATH; else NO_OBJECT */
	const char *hwcap;	/* glibc-hwcaps folder it lies in, or NULL */
	const char *requested;	/* name of the first request */
	struct refusal refusal; /* of a missing object: why */
	uint32_t *needed;	/* objects of its DT_NEEDED and filters in order; NO_OBJECT: skipped */
	uint32_t needed_count;
	bool rpath_reaches;	/* it or one of its requesters has a DT_RPATH */
	bool is_loader;
	bool is_preload;
	uint16_t group;		/* 0: mapped at start; n: by the n-th dlopen */
};

enum group_reason { GROUP_ASKED, GROUP_HOST, GROUP_NOTE, GROUP_GUESS };

/* One dlopen() that is followed. */
struct dlopen_group {
	const char *name;	/* the first name tried */
	uint32_t root;		/* the object, NO_OBJECT: it did not load */
	uint32_t opener;
	struct refusal refusal; /* why not */
	enum group_reason reason;
	enum dlopen_priority priority;
	const char *feature;
	bool global;
	bool deep_bind;
};

struct closure {
	struct arena arena;
	const struct loader *loader;
	struct array_of(struct object) objects;
	struct array_of(uint32_t) scope;
	struct array_of(uint32_t) order; /* in which objects are relocated */
	struct array_of(struct dlopen_group) groups; /* an object's `group` is its number plus 1 */
};

const char *found_by_text(enum found_by found_by);
void closure_done(struct closure *closure);

#endif
