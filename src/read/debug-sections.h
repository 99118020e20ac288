/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sections of an ELF file that hold DWARF, ready to be read: inflated, and
 * for relocatable objects relocated. Nothing is inflated before it is asked for.
 * Specification: DWARF 5 §7 and appendix B, gABI chapter 4 ("Compressed sections").
 */
#ifndef READ_DEBUG_SECTIONS_H
#define READ_DEBUG_SECTIONS_H

#include "model/object.h"

#include <pthread.h>

enum debug_section_id {
	DEBUG_INFO,
	DEBUG_TYPES,
	DEBUG_ABBREV,
	DEBUG_STR,
	DEBUG_LINE_STR,
	DEBUG_STR_OFFSETS,
	DEBUG_ADDR,
	DEBUG_RANGES,
	DEBUG_RNGLISTS,
	DEBUG_LOC,
	DEBUG_LOCLISTS,
	DEBUG_LINE,
	DEBUG_MACRO,
	DEBUG_CU_INDEX,
	DEBUG_TU_INDEX,
	DEBUG_SECTION_COUNT,
};

#define DEBUG_PADDING 8 /* readable bytes behind each section's last one */

/* One section header that counts; those of one name in an object follow each other. */
struct debug_piece {
	uint32_t section;
	uint8_t slot;
	bool is_zdebug; /* the old form of compression, told by the name */
	uint64_t base;	/* where it starts among those of its name */
	uint64_t size;	/* inflated, as the file claims */
};

struct debug_slot {
	struct table table;
	unsigned char *owned; /* NULL: the table is in the file's own bytes */
	struct fault fault;
	int error;
	bool loaded; /* read and written atomically */
	pthread_mutex_t lock;
};

/* A section of relocations that applies to a piece. */
struct debug_relocations {
	uint32_t target;
	uint32_t section;
};

/* Where the rest of the debug information is. Strings are slices of the file. */
struct debug_links {
	const char *debug_file; /* .gnu_debuglink; NULL: none */
	uint32_t debug_crc;
	const char *alt_file; /* .gnu_debugaltlink or .debug_sup; NULL: none */
	const unsigned char *alt_id;
	size_t alt_id_size;
	const unsigned char *own_id; /* that others' .debug_sup name it by; NULL: none */
	size_t own_id_size;
	uint8_t seen; /* bits: which of the sections were read */
	bool is_alt;  /* this file is what others' .debug_sup names */
};

struct debug_sections {
	struct object_file object;
	struct fault fault; /* the first damage of headers, links and relocations */
	struct debug_links links;
	struct array_of(struct debug_piece) pieces;
	struct array_of(struct debug_relocations) relocations; /* by target, then as in the file */
	/*
	 * Of relocatable objects, by section: the address that stands for its start. Each
	 * section with code or data has one of its own, as none has a real one.
	 */
	uint64_t *places;
	struct debug_slot slots[2 * DEBUG_SECTION_COUNT];
	uint64_t memory_most; /* for private copies, in all */
	uint64_t memory_left;
	uint64_t relocation_left; /* bytes of relocations that may still be applied */
	pthread_mutex_t lock;	  /* of the fault and what is left, when sections are loaded */
};

/*
 * Finds the sections in an ELF file of any type. 0; -ENOMEM; -EBADMSG when it is
 * no ELF file or its headers are damaged (ret->fault tells how; what was found is
 * usable all the same). `bytes` stay the caller's, who keeps them as long as *ret.
 * debug_sections_done() after each outcome.
 */
int debug_sections_init(struct debug_sections *ret, const unsigned char *bytes,
			size_t size) MUST_CHECK;
void debug_sections_done(struct debug_sections *sections);

bool debug_section_has(const struct debug_sections *sections, enum debug_section_id id,
		       bool is_dwo);
/*
 * The bytes of one section (of its .dwo form), with DEBUG_PADDING readable ones
 * behind them. Absent: 0 and an empty table with NULL bytes. -ENOMEM, or -EBADMSG
 * with a fault. From several threads at once, too; lives as long as `sections`.
 */
int debug_section_get(struct debug_sections *sections, enum debug_section_id id, bool is_dwo,
		      struct table *ret, struct fault *ret_fault) MUST_CHECK;
/* Takes from memory_left or relocation_left, unless there is too little. For the loaders. */
bool debug_spend(struct debug_sections *sections, uint64_t *left, uint64_t amount);
/* Its name in messages: ".debug_info", ".debug_info.dwo". */
const char *debug_section_name(enum debug_section_id id, bool is_dwo);

#endif
