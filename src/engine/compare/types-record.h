/* SPDX-License-Identifier: Apache-2.0 */
/* Two structs, classes or unions; only engine/compare/types-*.c know of them. */
#ifndef ENGINE_COMPARE_TYPES_RECORD_H
#define ENGINE_COMPARE_TYPES_RECORD_H

#include "engine/compare/types.h"

/* What became of a member. */
enum leaf_fate {
	LEAF_KEPT,
	LEAF_GONE,
	LEAF_RENAMED,
	LEAF_RESERVED_USED,
	LEAF_WRAPPED, /* in an anonymous struct or union now, at the same place */
	LEAF_MOVED,
	LEAF_APPENDED,
	LEAF_INSERTED,
	LEAF_IN_PADDING,
	LEAF_OVERLAID, /* in a union with what was there */
};

/* A member with a name; those of anonymous structs and unions are members of what holds them. */
struct leaf {
	const struct type_part *part;
	uint64_t place;	   /* bits from the start of the outermost */
	uint64_t bits;	   /* that it takes */
	struct leaf *like; /* on the other side, or NULL */
	unsigned depth;	   /* of anonymous ones around it */
	enum leaf_fate fate;
	bool is_renamed;
	bool is_last;
	bool is_function_pointer;
};

struct leaves {
	struct array_of(struct leaf) list;
	size_t left; /* parts that may still be looked at */
};

struct records {
	struct type_diff *d;
	uint32_t pair;
	const struct type *old, *new;
	const char *subject;
	struct leaves old_leaves, new_leaves;
	struct leaf **reserved; /* of OLD: places kept free */
	size_t reserved_count;
	bool is_explained; /* why members moved, or the size is another, has been told */
};

/* Fills the leaves of both, with their likes, and the reserved ones of OLD. 0 or -ENOMEM. */
int leaves_match(struct records *r) MUST_CHECK;
/* A member that keeps a place free, by its name. */
bool leaf_is_reserved(const char *name);
bool leaf_is_within(const struct leaf *inner, const struct leaf *outer);
/* Is it new, in what OLD kept free? */
bool leaf_was_reserved(const struct records *r, const struct leaf *new);
/* Does a new member share the place of one that is where it was, a little before or behind it? */
bool leaves_is_overlaid(const struct leaves *leaves, size_t at);
/* Of pointers to leaves, for qsort. */
int leaf_by_place(const void *a, const void *b);
/* Base classes. 0 or -ENOMEM. */
int types_compare_bases(struct records *r) MUST_CHECK;
/* Virtual functions. 0 or -ENOMEM. */
int types_compare_methods(struct records *r) MUST_CHECK;

/* A type of the C++ library or of Boost in the interface of another library. */
bool types_is_foreign(const struct records *r);
/* Does it take the place of the old one? 0 or -ENOMEM. */
int types_compare_foreign(struct records *r) MUST_CHECK;
/* Members, once they are matched; sets is_explained. 0 or -ENOMEM. */
int types_compare_members(struct records *r) MUST_CHECK;
/* A finding about the pair, which hurts who sees what it holds. 0 or -ENOMEM. */
int types_record_note(struct records *r, const char *rule, const char *message) MUST_CHECK;
/* "8 → 12 bytes"; NULL: no memory, which is noted. */
const char *types_sizes_text(struct records *r);

#endif
