/* SPDX-License-Identifier: Apache-2.0 */
/* The questions of `abifit map` about a version script. */
#ifndef ENGINE_SCRIPT_SCRIPT_H
#define ENGINE_SCRIPT_SCRIPT_H

#include "model/corpus.h"
#include "model/map.h"
#include "model/object.h"

/* A symbol that an object has as "name@version" or, is_default, as "name@@version"; version NULL:
 * as "name". */
struct script_symver {
	const char *name;
	const char *version;
	const char *file;
	bool is_default;
};

struct script_question {
	struct version_script *script;
	enum script_linker linker; /* whose rules count */
	bool is_only_linker;	   /* the other one does not matter */
	const struct corpus *library;
	const struct object_file *library_file; /* its sections; NULL: not known */
	const struct corpus *released;		/* the last release, or NULL */
	uint64_t released_open; /* names of its script that stand for several symbols */
	const struct map *headers;		/* identifiers of the public headers, or NULL */
	const struct map *declared; /* those that look like functions; NULL without headers */
	bool has_objects; /* those below are of the objects that are to be linked */
	const struct script_symver *symvers;
	size_t symver_count;
	const char *lto_object;	/* one that is compiled at link time, or NULL */
	const char *release;	    /* update: the version to come */
};

/*
 * Each adds to `result`, whose script is the question's. 0, -ENOMEM, or -E2BIG: the
 * wildcards take more work than is allowed.
 */
int script_check(const struct script_question *question, struct map_result *result) MUST_CHECK;
/*
 * Gives the library's new symbols a place. Besides, -EINVAL: the release is older than
 * the newest node, which is then in *ret_newest.
 */
int script_update(const struct script_question *question, struct map_result *result,
		  const char **ret_newest) MUST_CHECK;
/* The names of the script's nodes, one by one, as a script; wildcards as the library has them. */
int script_freeze(const struct script_question *question, struct map_result *result) MUST_CHECK;
struct script_source {
	const struct corpus *const *releases; /* oldest first */
	size_t count;
	const char *const *names;  /* or names, NULL-terminated */
	const struct map *headers; /* only what they have; or NULL */
	const char *family;	   /* of invented nodes, "LIBFOO"; NULL: after the library */
	const char *release;	   /* of the newest; NULL: by the file's name */
};

/*
 * A script for one or more releases of a library, or for a list of names. 0, -ENOMEM,
 * or -EBADMSG: a node has a name that no script can hold.
 */
int script_new(const struct script_source *source, struct map_result *result) MUST_CHECK;
/*
 * The exact names of a script as the interface of a library, to be freed with
 * corpus_free(); *ret_open counts global wildcards and C++ names, which are not in it.
 */
int script_corpus(const struct version_script *script, struct corpus **ret,
		  uint64_t *ret_open) MUST_CHECK;

#endif
