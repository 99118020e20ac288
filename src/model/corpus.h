/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interface of one library, as far as it shows without debug information:
 * exported symbols with their versions, version nodes, what the dynamic section
 * promises and needs. Made from a file (engine/compare/corpus.c) or read back
 * from a baseline (read/baseline.c); both hold the same facts, so that they
 * compare alike.
 */
#ifndef MODEL_CORPUS_H
#define MODEL_CORPUS_H

#include "model/declared.h"
#include "model/show.h"
#include "model/types.h"

struct corpus_symbol {
	const char *name;
	const char *version; /* NULL: none, or the base version */
	uint64_t size;	     /* of data; 0 for functions, whose size is no interface */
	const char
		*alias;	  /* the first other name of the same variable, by name; NULL: this is it */
	uint64_t address; /* 0 when read from a baseline */
	uint32_t align; /* of data, where it is more than what any variable of its size gets; else 0
			 */
	uint16_t node;	/* place of its node in the file's numbering from 2, 0: none */
	enum version_mark mark;
	enum symbol_kind kind;
	uint8_t binding;    /* STB_ */
	uint8_t visibility; /* STV_ */
	uint8_t marks;	/* of st_other: how a function is called, where the machine has such a mark
			 */
	bool read_only; /* data that the program must not write */
	bool open;	/* the library calls it so that another definition can take its place */
};

struct corpus_node {
	const char *name;
	const char **parents; /* NULL-terminated */
	size_t export_count;
};

/* A version that the library asks of another one. */
struct corpus_need {
	const char *library;
	const char *version;
	bool weak;
};

/*
 * What a class refers to by its exported type information (a base class) or its
 * exported virtual table (a function that is exported too, or __cxa_pure_virtual).
 */
struct corpus_link {
	const char *class; /* mangled, as it follows _ZTI and _ZTV */
	uint32_t place;	   /* of bases: their order; of functions: the word of the table */
	const char *target;
};

/* Yes-or-no facts; each has its word in corpus_flag_text(). */
enum corpus_flag {
	CORPUS_BIND_NOW = 1 << 0,
	CORPUS_SYMBOLIC = 1 << 1,
	CORPUS_TEXT_RELOCATIONS = 1 << 2,
	CORPUS_STATIC_TLS = 1 << 3,
	CORPUS_NO_DELETE = 1 << 4,
	CORPUS_NO_OPEN = 1 << 5,
	CORPUS_SYSV_HASH = 1 << 6,
	CORPUS_RELR = 1 << 7,
	CORPUS_EXEC_STACK = 1 << 8,
	CORPUS_INDIRECT_ACCESS = 1 << 9,
	CORPUS_PIE = 1 << 10,
	CORPUS_VERSYM = 1 << 11, /* DT_VERSYM, for imports or exports */
	CORPUS_IBT = 1 << 12,
	CORPUS_SHSTK = 1 << 13,
	CORPUS_BTI = 1 << 14,
	CORPUS_PAC = 1 << 15,
	CORPUS_GCS = 1 << 16,
	CORPUS_EXCEPTIONS = 1 << 18, /* C++ code that an exception is told of as it passes */
	CORPUS_STATIC = 1 << 17,     /* an archive or an object: for the linker, not the loader */
};

struct corpus {
	struct arena arena;
	const char *path;      /* as named by the user */
	const char *file_name; /* of the file itself, links followed; NULL: from a baseline */
	struct image *image;   /* NULL: from a baseline */
	const char *machine;   /* words */
	uint16_t elf_machine;
	bool is_64;
	bool is_big;
	uint32_t elf_flags;
	uint8_t os_abi;
	const char *soname;
	const char *rpath;
	const char *runpath;
	uint32_t flags;	      /* enum corpus_flag */
	unsigned isa_level;   /* x86-64-vN that it needs, 0: none told */
	uint32_t kernel[3];   /* of the ABI tag; all 0: none */
	uint64_t least_align; /* of its PT_LOAD segments, bytes */
	uint64_t tls_size;
	struct array_of(const char *) needed;	   /* in the file's order */
	struct array_of(struct corpus_need) needs; /* by library and version */
	struct array_of(struct corpus_node) nodes; /* in the file's numbering; the base left out */
	const char *base_name;			   /* of the base version, or NULL */
	struct array_of(struct corpus_symbol) symbols;	  /* by name and version */
	struct array_of(struct corpus_link) bases, slots; /* by class and place */
	struct array_of(const char *) imports; /* strong undefined without version, by name */
	struct types *types;		       /* NULL: none are known */
	uint32_t *symbol_types;		       /* by symbol: its type_id, or CORPUS_NO_TYPE */
	const char *types_from;		       /* the file that told them */
	const char *no_types;		       /* why there are none */
	const char *types_gap; /* what of the debug information was not there; NULL: nothing */
	const char *headers_from; /* who told which headers are its own; NULL: nobody was asked */
	/* DWARF 2 to 4, of any unit: it cannot tell all; 0: newer, or none. */
	uint64_t old_dwarf;
	bool has_headers;      /* what public headers define is known of the types */
	struct declared *declared; /* what public headers say besides; NULL: not known */
	bool declared_partly;	   /* not all of them could be read */
};

#define CORPUS_NO_TYPE UINT32_MAX /* the debug information says nothing of the symbol */

/* The words for one flag, as a baseline has it; NULL: no such flag. */
const char *corpus_flag_text(unsigned bit);
/* Orders symbols: by name, then version; one without version last. */
int corpus_symbol_compare(const void *a, const void *b);
/* Symbols with this name: the first of them, and how many. NULL and 0: none. */
const struct corpus_symbol *corpus_find(const struct corpus *corpus, const char *name,
					size_t *ret_count);
const struct corpus_node *corpus_node_find(const struct corpus *corpus, const char *name);
/* "name", "name@VERSION" or "name@@VERSION" in `arena`; NULL when out of memory. */
const char *corpus_symbol_text(struct arena *arena, const struct corpus_symbol *symbol);
/* Orders links by class, then place. */
int corpus_link_compare(const void *a, const void *b);
void corpus_free(struct corpus *corpus);

#endif
