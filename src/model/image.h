/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One ELF file as the dynamic loader sees it: headers, segments, the dynamic
 * section and what it points at. Sections play no part here (see
 * model/section.h). An image lives as long as the source that opened it; its
 * strings are slices of the mapping or of its arena. The reader (read/elf.c)
 * has checked each table's bounds; the accessors check each index.
 * Specification: System V gABI chapters 4 and 5, LSB symbol versioning.
 */
#ifndef MODEL_IMAGE_H
#define MODEL_IMAGE_H

#include "base/arena.h"
#include "base/array.h"
#include "model/elf-bytes.h"
#include "model/machine.h"

#include <elf.h>

#ifndef DT_RELR
#define DT_RELRSZ 35
#define DT_RELR 36
#define DT_RELRENT 37
#endif

#define VERSION_HIDDEN 0x8000 /* bit of a versym entry and of vna_other */
#define VERSION_MASK 0x7fff

struct segment {
	uint32_t type;
	uint32_t flags;
	uint64_t offset;
	uint64_t address;
	uint64_t file_size;
	uint64_t memory_size;
	uint64_t align;
};

/* A table in the file; NULL bytes: absent. */
struct table {
	const unsigned char *bytes;
	size_t size;
};

enum need_kind { NEED_LIBRARY, NEED_AUXILIARY, NEED_FILTER };

struct need {
	enum need_kind kind;
	const char *name;
};

/* What index `ndx` of the version symbol table means. */
struct version {
	const char *name; /* NULL: no such index, or the base version */
	const char *file; /* of a needed version: the library that had it at link time */
	uint32_t hash;	  /* as stored in the file */
	bool hidden;	  /* vna_other's hidden bit */
	bool weak;	  /* VER_FLG_WEAK */
};

struct version_definition {
	const char *name;
	uint32_t hash;
	uint16_t index;
	bool base;
	bool weak;
	const char **parents; /* NULL-terminated */
};

struct version_need {
	const char *file;
	const char *name;
	uint32_t hash;
	uint16_t index; /* vna_other */
	bool weak;
};

enum reference_flag {
	REFERENCE_EAGER = 1,  /* resolved at load even with lazy binding */
};

/* One symbol that relocations of the image refer to, once per class. */
struct reference {
	uint32_t symbol;
	uint8_t class; /* enum relocation_class */
	uint8_t flags;
};

/* Bits of GNU_PROPERTY notes that matter to the loader. */
struct properties {
	bool has_isa_needed;
	uint32_t isa_needed; /* GNU_PROPERTY_X86_ISA_1_NEEDED */
	uint32_t isa_used;
	uint32_t features;   /* X86 or AARCH64 FEATURE_1_AND */
	uint32_t needed;     /* GNU_PROPERTY_1_NEEDED; bit 0: indirect extern access */
};

struct abi_tag {
	bool present;
	uint32_t system;
	uint32_t kernel[3];
};

enum dlopen_priority { DLOPEN_SUGGESTED, DLOPEN_RECOMMENDED, DLOPEN_REQUIRED };

/* One entry of a dlopen metadata note: the first soname that loads is used. */
struct dlopen_note {
	const char **sonames; /* NULL-terminated */
	const char *feature;  /* NULL: not told */
	const char *description;
	enum dlopen_priority priority;
};

struct image {
	struct arena arena;
	const char *path; /* the path by which it was first opened */
	const unsigned char *bytes;
	size_t size;
	uint64_t device;
	uint64_t inode;
	uint32_t mode; /* st_mode */
	uint32_t id;   /* dense number within its source, from 0 */

	struct fault fault;   /* the first damage found */
	const char *fault_line; /* it in one line, "SECTION+0xOFFSET: TEXT" */
	struct fault warning; /* damage that the loader does not mind, as in notes */
	bool is_elf;	    /* the magic is there and the header is whole */
	bool has_dynamic;
	bool is_64;
	bool is_big;
	bool swap; /* byte order differs from ours */
	uint16_t elf_type;
	uint16_t elf_machine;
	uint32_t elf_flags;
	const struct machine *machine; /* NULL: no row */

	struct segment *segments;
	size_t segment_count;
	const char *interpreter; /* NULL: none */
	bool has_stack;
	bool stack_exec;
	bool relro;
	bool has_tls;
	uint64_t tls_size;
	uint64_t tls_align;
	struct properties properties;
	struct abi_tag abi_tag;
	const unsigned char *build_id;
	size_t build_id_size;
	struct array_of(struct dlopen_note) dlopen_notes;

	const char *soname;
	const char *rpath;
	const char *runpath;
	struct array_of(struct need) needs;
	uint64_t flags;	  /* DT_FLAGS */
	uint64_t flags_1; /* DT_FLAGS_1 */
	bool symbolic;	  /* DT_SYMBOLIC or DF_SYMBOLIC */
	bool bind_now;	  /* DT_BIND_NOW, DF_BIND_NOW or DF_1_NOW */
	bool text_relocations;
	bool static_tls; /* DF_STATIC_TLS */
	bool jump_rela;	 /* DT_PLTREL */
	bool has_hash;   /* DT_HASH or DT_GNU_HASH */
	bool has_init;	 /* DT_INIT, DT_INIT_ARRAY: code runs when it is loaded */

	struct table strings;
	struct table symbols; /* as far as the segment reaches */
	struct table hash;
	struct table gnu_hash;
	struct table versym;
	struct table verdef;
	struct table verneed;
	struct table rela, rel, relr, jump;
	uint64_t verdef_count;
	uint64_t verneed_count;

	/* Filled by image_load_versions(). */
	bool versions_loaded;
	int versions_error; /* what image_load_versions() gives from then on */
	bool unknown_revision; /* the error is one that the loader tells */
	bool has_versions; /* the loader would keep a version table for it */
	struct version *versions;
	size_t version_count;
	struct array_of(struct version_definition) definitions;
	struct array_of(struct version_need) version_needs;

	/* Filled by image_load_references(). */
	bool references_loaded;
	int references_error; /* what image_load_references() gives from then on */
	struct array_of(struct reference) references;
	bool unknown_is_lazy; /* it stands where calls are bound late */
	uint32_t unknown_relocation; /* type of the first one that the loader refuses, or 0 */
	size_t relocation_count;
	bool has_tp_offsets;
	bool has_irelative;
};

struct image *image_new(const char *path);
void image_free(struct image *image);
/* Keeps the first damage. `text` must outlive the image. */
void image_fail(struct image *image, const char *rule, const char *section, uint64_t offset,
		const char *text);

void image_warn(struct image *image, const char *rule, const char *section, uint64_t offset,
		const char *text);

/* `size` bytes at a file offset, or NULL when not all of them are there. */
static inline const unsigned char *image_range(const struct image *image, uint64_t offset,
					       uint64_t size)
{
	if (offset > image->size || size > image->size - offset)
		return NULL;
	return image->bytes + offset;
}

static inline uint16_t image_u16(const struct image *image, const unsigned char *at)
{
	return elf_u16(image->swap, at);
}

static inline uint32_t image_u32(const struct image *image, const unsigned char *at)
{
	return elf_u32(image->swap, at);
}

static inline uint64_t image_u64(const struct image *image, const unsigned char *at)
{
	return elf_u64(image->swap, at);
}

/* An address-sized field. */
static inline uint64_t image_word(const struct image *image, const unsigned char *at)
{
	return image->is_64 ? image_u64(image, at) : image_u32(image, at);
}

/* The bytes that PT_LOAD segments map from the file at `address` to that segment's end. */
struct table image_at_address(const struct image *image, uint64_t address);
/* A string of the dynamic string table, or NULL when out of its bounds. */
const char *image_string(const struct image *image, uint64_t offset);
size_t image_symbol_size(const struct image *image);
bool image_symbol(const struct image *image, uint32_t index, struct symbol *ret);
/* The versym entry of a symbol, 1 (global, no version) when there is none. */
uint16_t image_versym(const struct image *image, uint32_t index);

/* Decodes the version tables once. 0, -ENOMEM, or -EBADMSG (the fault tells where). */
int image_load_versions(struct image *image) MUST_CHECK;
/* Decodes the relocations once. 0, -ENOMEM, -EBADMSG, or -ENOTSUP (machine without a row). */
int image_load_references(struct image *image) MUST_CHECK;

/* Damage that shows only when versions or relocations are decoded; -ENOTSUP is none. */
bool image_is_undecodable(const struct image *image);
/* Damage that leaves nothing to judge; a file that is only cut at its end can be judged as such. */
bool image_is_unusable(const struct image *image);
/* True for a file that only serves a debugger: its code was left out (objcopy --only-keep-debug). */
bool image_is_debug_file(const struct image *image);

/* True for something that the kernel or loader starts: it has an interpreter, or says PIE, or ET_EXEC. */
bool image_is_program(const struct image *image);

#endif
