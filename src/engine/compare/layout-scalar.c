/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kinds of values by name. The names are those of ISO C, POSIX and the types that
 * glibc and musl make wide or narrow by _FILE_OFFSET_BITS and _TIME_BITS. Contract in
 * engine/compare/layout-scalar.h.
 */
#include "engine/compare/layout-scalar.h"
#include "model/dwarf-codes.h"

#include <string.h>

#define MOST_HOPS 64 /* of typedefs and arrays, which in damage go in circles */
#define MOST_DEPTH 4
#define MOST_PARTS 64

static bool is_time(const char *name)
{
	static const char *const names[] = {
		"time_t",    "time64_t",   "off_t",	  "off64_t",  "ino_t",	    "ino64_t",
		"dev_t",     "blkcnt_t",   "blkcnt64_t",  "fpos_t",   "fpos64_t",   "rlim_t",
		"rlim64_t",  "fsblkcnt_t", "fsfilcnt_t",  "timespec", "timespec64", "timeval",
		"timeval64", "itimerspec", "itimerval",	  "stat",     "stat64",	    "statfs",
		"statvfs",   "dirent",	   "flock",	  "utimbuf",  "rlimit",	    "rusage",
		"timeb",     "timex",	   "suseconds_t",
	};
	size_t i;

	while (*name == '_')
		name++;
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(name, names[i]))
			return true;
	}
	return false;
}

static bool is_long_double(const struct type *t)
{
	return t->kind == TYPE_BASE &&
	       (t->encoding == DW_ATE_float || t->encoding == DW_ATE_complex_float) && t->name &&
	       strstr(t->name, "long double");
}

static const struct type *next_of(const struct types *types, const struct type *t)
{
	switch (t->kind) {
	case TYPE_TYPEDEF:
	case TYPE_CONST:
	case TYPE_VOLATILE:
	case TYPE_RESTRICT:
	case TYPE_ATOMIC:
	case TYPE_ARRAY:
		return type_at(types, t->target);
	default:
		return NULL;
	}
}

const struct type *scalar_element(const struct types *types, type_id id)
{
	const struct type *t = type_at(types, id);
	const struct type *next;
	unsigned hops;

	for (hops = 0; hops < MOST_HOPS && (next = next_of(types, t)); hops++)
		t = next;
	return t;
}

enum scalar_cause scalar_cause_of(const struct types *types, type_id id)
{
	const struct type *t = type_at(types, id);
	unsigned hops;

	/* A name for a pointer to it is none for itself. */
	for (hops = 0; t && hops < MOST_HOPS; hops++) {
		if (t->name && t->kind != TYPE_ENUM && is_time(t->name))
			return SCALAR_TIME;
		if (t->name && (t->kind == TYPE_TYPEDEF || t->kind == TYPE_BASE)) {
			if (!strcmp(t->name, "wchar_t"))
				return SCALAR_WCHAR;
			if (t->kind == TYPE_BASE && !strcmp(t->name, "char"))
				return SCALAR_CHAR;
		}
		if (is_long_double(t))
			return SCALAR_LONG_DOUBLE;
		t = next_of(types, t);
	}
	return SCALAR_WORD;
}

bool scalar_is_foreign(const struct types *types, type_id id)
{
	const struct type *t = type_at(types, id);
	const struct type *end = scalar_element(types, id);
	unsigned hops;

	if (!type_is_record(end))
		return false;
	for (hops = 0; t && hops < MOST_HOPS; hops++) {
		const char *name = t->name ? t->name : "";

		/* Names that C keeps for itself. */
		if ((name[0] == '_' && (name[1] == '_' || (name[1] >= 'A' && name[1] <= 'Z'))) ||
		    !strncmp(name, "pthread_", 8) || is_time(name))
			return true;
		t = next_of(types, t);
	}
	return false;
}

/* clang tells no size of a pointer. */
static bool pointer_size(const struct corpus *corpus, const struct type *t, uint64_t *ret)
{
	*ret = corpus->is_64 ? 8 : 4;
	switch (t->kind) {
	case TYPE_POINTER:
	case TYPE_REFERENCE:
	case TYPE_RVALUE_REFERENCE:
		return true;
	case TYPE_MEMBER_POINTER:
		if (scalar_element(corpus->types, t->target)->kind == TYPE_FUNCTION)
			*ret *= 2;
		return true;
	default:
		return false;
	}
}

bool scalar_size(const struct corpus *corpus, type_id id, uint64_t *ret)
{
	const struct type *t = type_at(corpus->types, id);
	uint64_t count = 1;
	unsigned hops;
	uint32_t i;

	if (types_size(corpus->types, id, ret))
		return true;
	for (hops = 0; t && hops < MOST_HOPS; hops++) {
		for (i = 0; t->kind == TYPE_ARRAY && i < t->part_count; i++) {
			uint64_t n = type_parts(corpus->types, t)[i].place;

			if (__builtin_mul_overflow(count, n == TYPE_FLEXIBLE ? 0 : n, &count))
				return false;
		}
		if (pointer_size(corpus, t, ret))
			return !__builtin_mul_overflow(*ret, count, ret);
		t = next_of(corpus->types, t);
	}
	return false;
}

static bool holds_wide(const struct types *types, type_id id, unsigned depth)
{
	const struct type *t = scalar_element(types, id);
	uint32_t i;

	if (t->kind == TYPE_BASE || t->kind == TYPE_ENUM)
		return t->size == 8 || (t->encoding == DW_ATE_complex_float && t->size == 16);
	for (i = 0; depth && type_is_record(t) && i < t->part_count && i < MOST_PARTS; i++) {
		const struct type_part *p = &type_parts(types, t)[i];

		if ((p->kind == PART_MEMBER || p->kind == PART_BASE) &&
		    holds_wide(types, p->type, depth - 1))
			return true;
	}
	return false;
}

bool scalar_holds_wide(const struct types *types, type_id id)
{
	return holds_wide(types, id, MOST_DEPTH);
}

const char *scalar_long_double(const struct corpus *corpus, uint64_t size)
{
	switch (corpus->elf_machine) {
	case EM_386:
	case EM_X86_64:
	case EM_68K:
		return size == 8 ? "double" : "extended, of 80 bits";
	case EM_PPC:
	case EM_PPC64:
		/* A file tells which of the two by its flags at most. */
		return size == 8 ? "double" : "double-double or IEEE quad";
	default:
		return size == 8 ? "double" : "IEEE quad";
	}
}
