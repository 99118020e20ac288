/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The types that an interface is made of, whatever form of debug information
 * told them. A type is known by its number; equal types of a file have one
 * number, so that a graph is small and two of them compare by walking.
 */
#ifndef MODEL_TYPES_H
#define MODEL_TYPES_H

#include "base/arena.h"
#include "base/array.h"

enum type_kind {
	TYPE_VOID,    /* number 0 only */
	TYPE_UNKNOWN, /* it is there, but could not be read: nothing is known of it */
	TYPE_BASE,
	TYPE_POINTER,
	TYPE_REFERENCE,
	TYPE_RVALUE_REFERENCE,
	TYPE_MEMBER_POINTER,
	TYPE_CONST,
	TYPE_VOLATILE,
	TYPE_RESTRICT,
	TYPE_ATOMIC,
	TYPE_TYPEDEF,
	TYPE_STRUCT,
	TYPE_CLASS,
	TYPE_UNION,
	TYPE_ENUM,
	TYPE_ARRAY,
	TYPE_FUNCTION,
	TYPE_UNSPECIFIED, /* decltype(nullptr) */
};

typedef uint32_t type_id;
#define TYPE_ID_VOID 0u

#define TYPE_FLEXIBLE UINT64_MAX /* count of an array without one */

enum part_kind {
	PART_MEMBER,
	PART_BASE,
	PART_ENUMERATOR,
	PART_PARAMETER,
	PART_DIMENSION,
	PART_METHOD, /* virtual */
	PART_COPY,   /* constructor with one parameter, perhaps a copy or move; in readers only */
};

/* How a value of a class is handed over in a call, where the compiler tells. */
enum type_call { TYPE_CALL_UNKNOWN, TYPE_CALL_BY_VALUE, TYPE_CALL_BY_REFERENCE };

/* Do public headers define a type? */
enum type_seen {
	TYPE_SEEN_UNKNOWN, /* there were no headers */
	TYPE_PUBLIC,	   /* they do: this is their definition */
	TYPE_OPAQUE,	   /* they do not */
};

struct type_part {
	const char *name;   /* NULL: none; of a method its linkage name where it has one */
	type_id type;	    /* of a member, base, parameter */
	uint8_t kind;	    /* enum part_kind */
	uint8_t access;	    /* DW_ACCESS_: 1 public, 2 protected, 3 private, 0 not told */
	bool is_virtual;    /* base */
	bool is_artificial; /* parameter: this; member: pointer to the virtual table */
	bool is_pure;	    /* method */
	bool is_mutable;    /* member */
	uint32_t align;	    /* of a member: asked for by the source, bytes; 0: not told */
	/* Member, base: bits from the start. Enumerator: its value. Dimension: its count. Method:
	 * its slot. */
	uint64_t place;
	uint64_t bits; /* of a bit-field, else 0 */
};

struct type {
	uint8_t kind;	  /* enum type_kind */
	uint8_t encoding; /* of a base type, DW_ATE_ */
	bool is_declared; /* no definition of it is in the file */
	bool is_variadic; /* function */
	bool is_scoped;	  /* enum class */
	bool has_size;
	bool is_vector;	      /* array: a SIMD vector */
	bool is_noreturn;     /* function */
	bool is_implicit;     /* function: the compiler declared it, in each program alike */
	bool is_unprototyped; /* C function without a list of parameters */
	uint8_t call;	      /* enum type_call, of a class */
	bool has_constructor; /* class: the source declares one */
	bool is_closed;	      /* class: no constructor can be reached from outside */
	uint8_t seen;	      /* enum type_seen, of what has a name */
	uint8_t convention;   /* of a function, DW_CC_; 0: the machine's own */
	bool is_typedef_name; /* it has no tag: `name` is that of a typedef */
	const char *name;     /* with its scopes; NULL: none */
	uint64_t size;	      /* bytes */
	uint64_t align;	      /* asked for by the source, bytes; 0: not told */
	type_id target;	      /* pointed to, underlying, of elements, returned */
	type_id owner;	      /* class of a member pointer */
	uint32_t first_part;
	uint32_t part_count;
};

/* What an exported symbol is, by its debug information. */
struct type_root {
	const char *name; /* of the symbol */
	uint64_t address; /* of the symbol */
	type_id type;	  /* function: TYPE_FUNCTION; variable: its type */
	bool is_found;
	bool is_function;
};

/* A compiler and language that units were made with. */
struct type_origin {
	const char *producer; /* as the compiler calls itself, with options; NULL: not told */
	uint16_t language;    /* DW_LANG_, 0: not told */
};

struct types {
	struct arena arena; /* of names */
	struct array_of(struct type) items;
	struct array_of(struct type_part) parts;
	struct array_of(struct type_origin) origins; /* each once, in the order of the file */
	size_t unit_count;
	size_t damaged_units;  /* that could not be read to their end */
	size_t unknown_count;  /* types that could not be read */
	size_t alt_references; /* references to an alternate file that was not given */
	size_t missing_splits; /* units whose split file was not found */
	struct types *adopted; /* those of headers, whose names are used; or NULL */
	uint8_t lowest_version; /* of DWARF, of units that a compiler made; 0: there are none */
};

const char *type_kind_text(enum type_kind kind);
/* The parts of a type. */
static inline const struct type_part *type_parts(const struct types *types, const struct type *type)
{
	return type->part_count ? &types->parts.items[type->first_part] : NULL;
}
static inline const struct type *type_at(const struct types *types, type_id id)
{
	return &types->items.items[id];
}

/* Is it a struct, class or union? */
bool type_is_record(const struct type *type);
/* Without typedefs, const, volatile, restrict. */
type_id types_strip(const struct types *types, type_id id);
/* Bytes that a value takes; false: not known. A flexible array takes none. */
bool types_size(const struct types *types, type_id id, uint64_t *ret);
/*
 * Bytes that a value is aligned to in memory, where each scalar is aligned to its own
 * size; what the source asks for counts. 0: not known.
 */
uint64_t types_align(const struct types *types, type_id id);
/* As C and C++ write it: "const char *", "int (*)(void)"; NULL when out of memory. */
const char *types_text(struct arena *arena, const struct types *types, type_id id);
/*
 * Takes over the types that public headers define; `headers` itself, too, when that
 * works: they stand for those of the same kind and name, and all others with a name
 * are opaque. *ret_base: what is added to the numbers of `headers`.
 * `roots`, ids of `types`, are brought up to date; UINT32_MAX is left. 0 or -ENOMEM.
 */
int types_adopt(struct types *types, struct types *headers, uint32_t *roots,
		size_t root_count, type_id *ret_base) MUST_CHECK;
void types_free(struct types *types);

#endif
