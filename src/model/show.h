/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one file provides and needs, as engine/inspect works it out. Plain facts
 * of the file (soname, notes, …) stay in its image; here is what follows from
 * them. Strings belong to the image, to the object file or to the arena.
 */
#ifndef MODEL_SHOW_H
#define MODEL_SHOW_H

#include "model/image.h"

/* Bits of report->sections; the public ABIFIT_SHOW_… have the same values. */
enum show_section {
	SHOW_HEADER = 1 << 0,
	SHOW_NEEDED = 1 << 1,
	SHOW_VERSIONS = 1 << 2,
	SHOW_EXPORTS = 1 << 3,
	SHOW_IMPORTS = 1 << 4,
	SHOW_HARDENING = 1 << 5,
	SHOW_FLOORS = 1 << 6,
	SHOW_DLOPEN = 1 << 7,
};

enum file_kind {
	FILE_PROGRAM, /* ET_EXEC with a loader */
	FILE_PIE,
	FILE_LIBRARY,
	FILE_STATIC, /* neither loader nor dynamic section */
	FILE_STATIC_PIE,
	FILE_OBJECT,
	FILE_ARCHIVE,
	FILE_CORE,
	FILE_OTHER,
};

enum symbol_kind {
	SYMBOL_FUNCTION,
	SYMBOL_VARIABLE,
	SYMBOL_IFUNC,
	SYMBOL_TLS,
	SYMBOL_COMMON,
	SYMBOL_UNTYPED,
	SYMBOL_ABSOLUTE, /* a number, as the names of version nodes in old libraries */
	SYMBOL_SECTION,
	SYMBOL_OTHER,
};

enum version_mark {
	MARK_NONE,
	MARK_HIDDEN,  /* name@VERSION: only who asks for that version gets it */
	MARK_DEFAULT, /* name@@VERSION: new programs are linked with it */
};

/* A definition that the loader can reach, or one of an object file. */
struct show_export {
	const char *name;
	const char *version; /* NULL: none */
	uint64_t size;
	uint32_t index; /* in the symbol table */
	enum version_mark mark;
	enum symbol_kind kind;
	uint8_t binding;    /* STB_ */
	uint8_t visibility; /* STV_ */
	bool copied;	    /* a program's copy of a library's variable */
};

/* A reference to a symbol of some other file. */
struct show_import {
	const char *name;
	const char *version; /* NULL: none */
	const char *library; /* that had the version at link time; NULL: not told */
	uint32_t index;
	uint16_t version_index;
	enum symbol_kind kind;
	bool weak;
	bool copied;
};

struct show_exports array_of(struct show_export);
struct show_imports array_of(struct show_import);

/* A version node that the file defines. */
struct show_node {
	const struct version_definition *definition;
	size_t export_count;
};

/* The highest version of one family that the file asks for. */
struct show_floor {
	const char *family; /* "GLIBC"; the version itself when it has no number */
	const char *version;
	const char *meaning; /* of a version without number, or NULL */
	uint32_t *imports;   /* which ask for exactly this version: numbers of show->imports */
	size_t strong_count;
	size_t weak_count;
	bool need_weak;		  /* the loader only warns when it is not there */
	const char *without_weak; /* the highest that other than weak imports ask for, or NULL */
};

enum relro { RELRO_NONE, RELRO_PARTIAL, RELRO_FULL };

struct show_hardening {
	bool is_pie;
	bool is_program;
	enum relro relro;
	bool bind_now;
	bool stack_exec;
	bool stack_unmarked; /* no PT_GNU_STACK: the machine's default counts */
	bool text_relocations;
	bool writable_code;    /* a segment that is writable and executable */
	bool stack_protector;  /* its failure handler is imported */
	bool imports_known;    /* else nothing is known of the two that need imports */
	const char *branch[4]; /* "IBT", "SHSTK", "BTI", …; NULL-terminated */
	uint32_t *fortified;   /* numbers of show->imports */
	size_t fortified_count;
};

/* One object file, alone or in an archive. */
struct show_member {
	const char *name;    /* NULL: the file itself */
	const char *machine; /* NULL: no ELF object */
	uint16_t elf_machine;
	bool is_64;
	bool is_big;
	uint32_t elf_flags;
	struct fault fault; /* why its symbols are not known; NULL rule: they are */
	bool has_lto;	    /* the linker has yet to compile it: more symbols can come up */
	struct show_export *defined;
	size_t defined_count;
	struct show_import *undefined;
	size_t undefined_count;
};

struct show {
	struct arena arena;
	const struct image *image;
	enum file_kind kind;
	const char *machine; /* words, never NULL */
	struct fault fault;  /* what could not be shown; NULL rule: nothing */
	const char **flags;  /* words for DT_FLAGS and DT_FLAGS_1, NULL-terminated */
	struct array_of(struct show_node) nodes;     /* as in the file */
	struct show_exports exports;		     /* sorted by name and version */
	struct show_imports imports;		     /* by library, version and name */
	struct array_of(struct show_floor) floors;   /* by family */
	struct array_of(struct show_member) members; /* objects and archives, in their order */
	struct show_hardening hardening;
	const char *isa_needed; /* a processor level, NULL: any */
	bool uses_relr;
	bool static_glibc; /* a static program with glibc inside */
	bool static_nss;   /* that looks up users, groups or hosts */
};

const char *file_kind_text(enum file_kind kind);
const char *symbol_kind_text(enum symbol_kind kind);
const char *relro_text(enum relro relro);
/* The kind of a symbol by its type and section. */
enum symbol_kind symbol_kind(const struct symbol *symbol);

#endif
