/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What has to be written so that programs of an older release run with a newer
 * one: for each symbol its versions and how the code makes them, and the lines
 * of the version script. Made by engine/compare/fix.c, spelt out by render.
 */
#ifndef MODEL_FIX_H
#define MODEL_FIX_H

#include "model/comparison.h"

enum fix_way {
	FIX_ALIAS,    /* the present definition gets the old version too */
	FIX_OLD_BODY, /* the present definition is for new programs; the old one is to be written */
	FIX_DROPPED,  /* the symbol is gone: to be written, for old programs only */
	FIX_PLAIN,    /* the same where old programs ask for no version */
	FIX_MAP,      /* the version script alone does it */
	FIX_BESIDE,   /* an alias of code whose name the symbol table does not tell */
	FIX_DEFAULT,  /* the mark that the source gives it is to be another one */
	FIX_NOTHING,  /* there is nothing to do */
	FIX_IMPOSSIBLE, /* no code does it */
};

/* One version of a symbol that the code makes. */
struct fix_version {
	const char *version;
	const char *helper; /* the name that the source gives it */
	bool is_default;    /* "@@" */
	bool is_body;	    /* to be written; else an alias */
};

/* One line of the version script. */
struct fix_line {
	size_t node; /* its place in the nodes of the fix */
	const char *name;
	bool is_local;
};

struct fix_item {
	const char *name;
	enum fix_way way;
	enum symbol_kind kind;
	uint64_t size;	    /* of data in OLD; 0: not known */
	bool by_string;	    /* no C identifier, or mangled: the code names it in strings only */
	const char *body;   /* the name that the present definition gets, or NULL */
	const char *helper; /* FIX_PLAIN by string: the name in the source */
	const char *before; /* what old programs ask for */
	const char *after;  /* what NEW has; NULL: nothing */
	const char *why;
	const char *note; /* what is to be known besides; or NULL */
	struct array_of(struct fix_version) versions;
	struct array_of(struct fix_line) lines; /* that NEW does not have */
};

struct fix_node {
	const char *name;
	const char *const *parents; /* NULL-terminated */
	bool is_there;		    /* NEW has it */
	bool is_invented;
	bool takes_all; /* "global: *", for all that is listed nowhere */
	bool is_wanted; /* it is to be brought back, even without symbols */
};

/* A break that no code undoes. */
struct fix_rest {
	const char *rule;
	const char *message;
	const char *instead;
};

struct fix {
	struct arena arena;
	const char *name; /* soname, or the file's name */
	const char *old_path;
	const char *new_path; /* NULL: a question about one library */
	struct array_of(struct fix_item) items;
	struct array_of(struct fix_node) nodes;
	size_t *order; /* of the nodes: parents first */
	struct array_of(
		struct fix_line) lines; /* of all items, by node; with the whole map also NEW's */
	struct array_of(struct fix_rest) rest;
	bool is_whole_map;
	bool has_base;	 /* NEW exports symbols without version, which "local: *" would hide */
	bool wants_code; /* what the text shows */
	bool wants_map;
	struct comparison *comparison; /* what it was made from; NULL: none */
};

const char *fix_way_text(enum fix_way way);
/* Has the code of this way a place where a person must write something? */
bool fix_way_is_skeleton(enum fix_way way);

#endif
