/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What public headers say besides types: macros, functions, constants, names of
 * types and classes, as they stand in the text. Debug information has none of it.
 */
#ifndef MODEL_DECLARED_H
#define MODEL_DECLARED_H

#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"

enum declared_kind {
	DECLARED_MACRO,
	DECLARED_FUNCTION,
	DECLARED_VARIABLE, /* members of classes, too */
	DECLARED_ENUMERATOR,
	DECLARED_TYPEDEF,
	DECLARED_RECORD, /* a struct, class or union that is defined */
	DECLARED_USING,	 /* using a::b; */
	DECLARED_FRIEND,
};

enum declared_flag {
	DECLARED_INLINE = 1 << 0,
	DECLARED_STATIC = 1 << 1,
	DECLARED_CONSTEXPR = 1 << 2,
	DECLARED_CONSTEVAL = 1 << 3,
	DECLARED_EXPLICIT = 1 << 4,
	DECLARED_VIRTUAL = 1 << 5,
	DECLARED_FINAL = 1 << 6,
	DECLARED_OVERRIDE = 1 << 7,
	DECLARED_MUTABLE = 1 << 8,
	DECLARED_NOEXCEPT = 1 << 9,
	DECLARED_NOEXCEPT_ASKS = 1 << 10, /* noexcept(…): a condition decides */
	DECLARED_TEMPLATE = 1 << 11,	  /* it is one, or in one */
	DECLARED_DELETED = 1 << 12,
	DECLARED_DEFAULTED = 1 << 13,
	DECLARED_PURE = 1 << 14,     /* = 0 */
	DECLARED_MEMBER = 1 << 15,   /* of a class */
	DECLARED_CONST = 1 << 16,    /* a variable that is not changed */
	DECLARED_CALLED = 1 << 17,   /* a macro with parameters */
	DECLARED_BODY = 1 << 18,     /* a function with its code */
	DECLARED_EXTERN = 1 << 19,   /* the word stands there */
	DECLARED_CLASS = 1 << 20,    /* by that key, not "struct" */
	DECLARED_C = 1 << 21,	     /* its symbol has its own name */
	DECLARED_UNNAMED = 1 << 22,  /* in a namespace without a name */
	DECLARED_GUARD = 1 << 23,    /* a macro that keeps a header from being read twice */
	DECLARED_UNION = 1 << 24,
	DECLARED_VARIADIC = 1 << 25,
};

/* Attributes that say something to callers. */
enum declared_attribute {
	ATTRIBUTE_NONNULL = 1 << 0,
	ATTRIBUTE_NODISCARD = 1 << 1,
	ATTRIBUTE_DEPRECATED = 1 << 2,
	ATTRIBUTE_FORMAT = 1 << 3,
	ATTRIBUTE_PURE = 1 << 4,
	ATTRIBUTE_CONST = 1 << 5,
	ATTRIBUTE_MALLOC = 1 << 6,
	ATTRIBUTE_RETURNS_NONNULL = 1 << 7,
	ATTRIBUTE_NORETURN = 1 << 8,
	ATTRIBUTE_NO_UNIQUE_ADDRESS = 1 << 9,
	ATTRIBUTE_HIDDEN = 1 << 10, /* visibility("hidden") */
	ATTRIBUTE_NOTHROW = 1 << 11,
	ATTRIBUTE_GNU_INLINE = 1 << 12,
};

struct declared_parameter {
	const char *type;  /* without its name and bound */
	const char *value; /* the default; NULL: none */
	const char *bound; /* of an array; NULL: it is none */
};

struct declared_item {
	const char *name;  /* with its scopes, "ns::Class::f" */
	const char *form;  /* tells functions of one name apart; else "" */
	const char *value; /* body of a macro, initialiser, what a typedef stands for, or NULL */
	const char *label; /* the symbol that asm() leads to; parameters of a macro; or NULL */
	const char *file;
	uint64_t body; /* hash of the code; 0: none */
	uint32_t line;
	uint32_t flags;	     /* enum declared_flag */
	uint32_t attributes; /* enum declared_attribute */
	uint32_t first_parameter; /* of a macro: its place among them */
	uint32_t parameter_count;
	uint8_t kind;	/* enum declared_kind */
	uint8_t access; /* DW_ACCESS_, of members; 0: it is none */
};

struct declared {
	struct arena arena;
	struct array_of(struct declared_item) items; /* by kind, name, form; each once */
	struct array_of(struct declared_parameter) parameters;
	struct map words; /* identifiers that the headers use → how often, a size_t */
	/* The same of all their bytes, with comments and what conditions leave out. */
	struct map mentions;
	size_t unread;	  /* pieces of text that were not understood */
	const char *unread_file;
	uint32_t unread_line;
	bool is_cxx;
};

/* Items of this kind and name: the first of them, and how many. NULL and 0: none. */
const struct declared_item *declared_find(const struct declared *declared, enum declared_kind kind,
					  const char *name, size_t *ret_count);
/* The same for one form; NULL: there is none. */
const struct declared_item *declared_match(const struct declared *declared,
					   const struct declared_item *like);
/* Is the name declared as anything at all? */
bool declared_has(const struct declared *declared, const char *name);
/* How often the identifier stands in what the compiler sees of the headers. */
size_t declared_uses(const struct declared *declared, const char *word);
/* How often it stands anywhere in them. */
size_t declared_mentions(const struct declared *declared, const char *word);
/* Counts one more in `words` or `mentions`. 0 or -ENOMEM. */
int declared_use(struct declared *declared, struct map *map, const char *word,
		 size_t length) MUST_CHECK;
/* The last component of a name. */
const char *declared_last(const char *name);
/* Sorts the items, and makes one of those that are the same. */
void declared_finish(struct declared *declared);
/* NULL is fine. */
void declared_free(struct declared *declared);

#endif
