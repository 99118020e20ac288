/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A symbols file of Debian (deb-symbols(5), and deb-src-symbols(5) for templates): which
 * version of a package first had each symbol of its libraries. Read by read/deb-symbols.c;
 * all strings and entries live in the file's arena.
 */
#ifndef MODEL_DEB_SYMBOLS_H
#define MODEL_DEB_SYMBOLS_H

#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"
#include "base/regexp.h"

struct symbols_tag {
	const char *name;
	const char *value; /* NULL: none */
};

/* How symbols are matched by an entry. */
enum symbols_kind {
	SYMBOLS_PLAIN,	/* its name is the symbol's, with its version: "sym@VERSION" */
	SYMBOLS_CXX,	/* the demangled name */
	SYMBOLS_SYMVER, /* any symbol with that version */
	SYMBOLS_GENERIC, /* a regular expression, or tags one after the other */
};

struct symbols_entry {
	const char *name;
	const char *template; /* as written; NULL: `name` */
	char quote;	      /* around it in a template, or 0 */
	enum symbols_kind kind;
	const char *minver;
	uint64_t dep;		 /* number of the dependency template, from 0 */
	const char *deprecated; /* the version that was without it; NULL: it is there */
	struct symbols_tag *tags;
	size_t tag_count;
	struct regexp *regexp;	       /* or NULL */
	struct symbols_entry *pattern; /* whose match it is, or NULL */
	size_t matches;		       /* of a pattern: how many there are */
	unsigned line;		       /* 0: it was not read */
};

struct symbols_field {
	const char *name;
	const char *value;
};

/* One library. */
struct symbols_object {
	const char *soname;
	struct array_of(const char *) deps; /* templates with #MINVER# */
	struct array_of(struct symbols_field) fields; /* by name */
	struct array_of(struct symbols_entry *) entries; /* all, in the order read */
	struct map plain, cxx, symver; /* of these kinds, by name: the last of each */
	unsigned line;
};

struct symbols_file {
	struct arena arena;
	const char *path; /* for messages */
	const char *arch;
	struct array_of(struct symbols_object *) objects; /* in the order read */
	/* What is wrong with it; then nothing of it counts. */
	const char *fault; /* NULL: nothing */
	const char *fault_path;
	unsigned fault_line;
};

struct symbols_file *symbols_file_new(const char *path, const char *arch);
void symbols_file_free(struct symbols_file *file);

struct symbols_object *symbols_object_find(const struct symbols_file *file, const char *soname);
/* NULL when out of memory. */
struct symbols_object *symbols_object_add(struct symbols_file *file, const char *soname);
void symbols_object_remove(struct symbols_file *file, size_t index);
const char *symbols_field_value(const struct symbols_object *object, const char *name);
/* Sets or replaces; both strings are kept as they are. 0 or -ENOMEM. */
int symbols_field_set(struct symbols_object *object, const char *name, const char *value)
	MUST_CHECK;
/* An entry of the same kind and name is replaced. 0 or -ENOMEM. */
int symbols_entry_add(struct symbols_object *object, struct symbols_entry *entry) MUST_CHECK;
/* False for one that a later entry of the same name replaced. */
bool symbols_entry_counts(const struct symbols_object *object, const struct symbols_entry *entry);

const struct symbols_tag *symbols_tag_find(const struct symbols_entry *entry, const char *name);
/* Sets the tag, added at the end if it is new. 0 or -ENOMEM. */
int symbols_tag_set(struct arena *arena, struct symbols_entry *entry, const char *name,
		    const char *value) MUST_CHECK;
void symbols_tag_remove(struct symbols_entry *entry, const char *name);
/* False when its tags are about other architectures. */
bool symbols_entry_concerns(const struct symbols_entry *entry, const char *arch);
/* It is there, and on this architecture. */
bool symbols_entry_is_legitimate(const struct symbols_entry *entry, const char *arch);
/* Both are written alike: name and tags; versions may differ. */
bool symbols_entry_equals(const struct symbols_entry *a, const struct symbols_entry *b);

/*
 * The pattern of `object` that the symbol `name` ("sym@VERSION") matches, or NULL, in *ret.
 * Deprecated ones only where asked. 0 or -ENOMEM.
 */
int symbols_pattern_match(const struct symbols_object *object, const char *name,
			  bool deprecated_too, const char *arch, struct symbols_entry **ret)
	MUST_CHECK;

/* The lowest of the versions of its plain entries with that dependency, or NULL. */
const char *symbols_smallest_version(const struct symbols_object *object, uint64_t dep);

#endif
