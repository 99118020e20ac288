/* SPDX-License-Identifier: Apache-2.0 */
/*
 * DWARF 2 to 5 as it stands in the bytes: units, entries (DIEs) in document
 * order, values of their attributes. What they mean is for others to say.
 *
 *	debug_sections_init(&sections, bytes, size);
 *	dwarf_init(&dwarf, &sections, false, wanted, wanted_count);
 *	dwarf_cursor_init(&cursor, &dwarf);
 *	for each unit of dwarf.units:
 *		dwarf_cursor_enter(&cursor, unit);
 *		while ((r = dwarf_cursor_next(&cursor)) > 0)
 *			look at cursor.die, dwarf_value(&cursor, slot, &value)
 *
 * A `struct dwarf` does not change once it is there; each thread has a cursor of
 * its own. Offsets count over .debug_info and then .debug_types, from `base` on, so that
 * one number tells an entry; dwarf_unit_find() finds its unit.
 * Specification: DWARF 5 §7, and GNU's forms for DWARF 4.
 */
#ifndef READ_DWARF_H
#define READ_DWARF_H

#include "model/dwarf-codes.h"
#include "read/debug-sections.h"

#define DWARF_WANTED_MAX 54 /* the other slots are for the reader's own use */
#define DWARF_SLOTS 64
#define DWARF_DEPTH_MAX 4096

struct dwarf_unit {
	const unsigned char *bytes; /* of its header */
	uint64_t offset;	    /* of its header */
	uint64_t size;		    /* with the header */
	uint64_t abbrev_offset;
	uint64_t str_offsets; /* in a package: where its part of the section begins; else 0 */
	uint64_t rnglists;
	uint64_t signature;   /* of a type unit; dwo id of a skeleton or split unit */
	uint64_t type_offset; /* of a type unit's type, counted as all offsets; or 0 */
	uint32_t header_size; /* the first entry is behind it */
	uint8_t version;
	uint8_t type; /* DW_UT_; of DWARF 2 to 4: compile or type */
	uint8_t address_size;
	uint8_t offset_size; /* 4 or 8: 32- or 64-bit DWARF */
	bool in_types;	     /* it stands in .debug_types */
	bool is_damaged;     /* its header makes no sense: dwarf_cursor_enter() tells */
};

struct dwarf_signature {
	uint64_t signature;
	size_t unit;
};

struct dwarf {
	struct debug_sections *sections;
	uint64_t base; /* added to all offsets: several files are told apart by it */
	bool is_dwo;   /* the .dwo sections of the file are read */
	bool swap;
	struct table info;
	struct table types;
	struct table abbrev;
	struct array_of(struct dwarf_unit) units;	    /* by offset */
	struct array_of(struct dwarf_signature) signatures; /* of type units, sorted */
	struct fault fault;	      /* the first damage of the sections and unit headers */
	uint8_t slot_of[256];	      /* by DW_AT_ below 256; DWARF_SLOTS: not wanted */
	uint16_t vendor[DWARF_SLOTS]; /* by slot: a vendor's DW_AT_ from 256 on, or 0 */
	bool has_vendor;
};

/* What a value is; the comment tells where it stands in struct dwarf_value. */
enum dwarf_kind {
	DWARF_NONE,	/* no such attribute */
	DWARF_BROKEN,	/* it is there, but cannot be read; cursor->damage tells why */
	DWARF_CONSTANT, /* number, size: of 1, 2, 4, 8 bytes; the form does not tell the sign */
	DWARF_UNSIGNED, /* number */
	DWARF_SIGNED,	/* number, as int64_t */
	DWARF_FLAG,	/* number: 0 or not */
	DWARF_ADDRESS,	/* number */
	DWARF_ADDRESS_INDEX, /* number; the unit's .debug_addr is not in this file */
	DWARF_STRING,	     /* string */
	DWARF_STRING_ALT,    /* number: offset in .debug_str of the alternate file */
	DWARF_REF,	     /* number: offset of an entry, or of none */
	DWARF_REF_ALT,	     /* number: offset in .debug_info of the alternate file */
	DWARF_REF_SIGNATURE, /* number: signature of a type unit */
	DWARF_BLOCK,	     /* bytes, size */
	DWARF_EXPRESSION,    /* bytes, size */
	DWARF_OFFSET,	     /* number: offset in another section */
	DWARF_LOCLIST_INDEX, /* number */
	DWARF_RNGLIST_INDEX, /* number */
	/* Inside the reader only: what becomes one of the above. */
	DWARF_RAW_STR,
	DWARF_RAW_LINE_STR,
	DWARF_RAW_STRX,
	DWARF_RAW_ADDRX,
	DWARF_RAW_UNIT_REF,
	DWARF_RAW_REF,
	DWARF_RAW_INLINE,
};

struct dwarf_value {
	enum dwarf_kind kind;
	uint64_t number;
	const char *string; /* a slice of a section: lives as long as those */
	const unsigned char *bytes;
	size_t size;
};

struct dwarf_abbrev;
struct dwarf_table;
struct dwarf_cache;

/* The entry that the cursor stands on. */
struct dwarf_die {
	uint64_t offset;
	uint64_t parent; /* offset; of the first entry: 0 */
	uint64_t has;	 /* bits by slot: which attributes are there */
	const struct dwarf_abbrev *abbrev;
	uint32_t depth; /* 0: the first entry */
	uint16_t tag;	/* DW_TAG_ */
	bool has_children;
	const unsigned char *marks[DWARF_SLOTS + 2]; /* where values stand */
};

/* What the unit's first entry says for the forms that count from a base. */
struct dwarf_bases {
	uint64_t str_offsets;
	uint64_t addr;
	uint64_t rnglists;
	uint64_t loclists;
	uint64_t ranges; /* GNU's, of a split unit of DWARF 4 */
	uint64_t low_pc; /* of the unit: base of its ranges */
	uint64_t dwo_id; /* or 0 */
	bool has_addr;
};

struct dwarf_cursor {
	struct dwarf *dwarf;
	const struct dwarf_unit *unit;
	struct dwarf_bases bases;
	struct dwarf_die die;
	struct fault fault;  /* what ended the unit */
	struct fault damage; /* the first value that could not be read */
	const struct dwarf_table *table;
	const unsigned char *at;
	const unsigned char *end;
	uint32_t depth; /* of the next entry */
	bool done;
	bool out_of_memory; /* a section could not be loaded, now or later */
	uint64_t parents[DWARF_DEPTH_MAX];
	struct dwarf_cache *cache; /* tables of abbreviations */
	bool keeps_tables; /* all of them: whoever goes to and fro needs them again */
	uint64_t abbrev_most;
	uint64_t abbrev_left; /* bytes of .debug_abbrev that may still be decoded */
	struct table tables[DEBUG_SECTION_COUNT];
	uint32_t loaded; /* bits: which of them */
};

/*
 * Reads the unit headers. `wanted` are the attributes (DW_AT_), at most
 * DWARF_WANTED_MAX, whose values will be asked for by their place in it, their slot;
 * those of vendors that mean the same as a standard one (linkage name, dwo name) are
 * taken for that. With `is_dwo` the sections of split units are read. 0; -ENOMEM;
 * -EBADMSG when .debug_info or .debug_abbrev cannot be read at all. Damage that
 * leaves something to read is told in ret->fault. dwarf_done() after each outcome.
 */
int dwarf_init(struct dwarf *ret, struct debug_sections *sections, bool is_dwo,
	       const uint16_t *wanted, size_t wanted_count) MUST_CHECK;
/* The same with offsets that begin at `base`. */
int dwarf_init_at(struct dwarf *ret, struct debug_sections *sections, bool is_dwo,
		  const uint16_t *wanted, size_t wanted_count, uint64_t base) MUST_CHECK;
void dwarf_done(struct dwarf *dwarf);
/* How many offsets there are, from its base on. */
static inline uint64_t dwarf_extent(const struct dwarf *dwarf)
{
	return (uint64_t)dwarf->info.size + dwarf->types.size;
}
/* The unit that has a byte at this offset; NULL: none. */
const struct dwarf_unit *dwarf_unit_find(const struct dwarf *dwarf, uint64_t offset);
/* The type unit of this signature; NULL: none. */
const struct dwarf_unit *dwarf_unit_by_signature(const struct dwarf *dwarf, uint64_t signature);

void dwarf_cursor_init(struct dwarf_cursor *ret, struct dwarf *dwarf);
void dwarf_cursor_done(struct dwarf_cursor *cursor);
/*
 * Goes before the unit's first entry. 0, -ENOMEM, or -EBADMSG with cursor->fault;
 * other units can be entered all the same.
 */
int dwarf_cursor_enter(struct dwarf_cursor *cursor, const struct dwarf_unit *unit) MUST_CHECK;
/*
 * Goes before the entry at `offset` of the entered unit; then that one, at depth 0,
 * and what is inside of it come next. False: not inside the unit.
 */
bool dwarf_cursor_seek(struct dwarf_cursor *cursor, uint64_t offset);
/*
 * Goes to the next entry. 1; 0 after the last one; -EBADMSG with cursor->fault; -ENOMEM,
 * also when that is why a value was DWARF_BROKEN before.
 */
int dwarf_cursor_next(struct dwarf_cursor *cursor) MUST_CHECK;
/*
 * Leaves out what is inside of the entry that dwarf_cursor_next() gave; its values
 * cannot be asked for any longer. 0, or -EBADMSG with cursor->fault.
 */
int dwarf_cursor_skip(struct dwarf_cursor *cursor) MUST_CHECK;
/*
 * For a split unit, once it is entered: takes the bases, .debug_addr and (DWARF 4)
 * .debug_ranges of the skeleton unit that `skeleton` has entered. Without that its
 * indexed addresses stay indices, and it has no ranges.
 */
void dwarf_cursor_adopt(struct dwarf_cursor *cursor, struct dwarf_cursor *skeleton);

static inline bool dwarf_has(const struct dwarf_cursor *cursor, unsigned slot)
{
	return cursor->die.has >> slot & 1;
}

/* The value of an attribute of the cursor's entry; gives ret->kind. */
enum dwarf_kind dwarf_value(struct dwarf_cursor *cursor, unsigned slot, struct dwarf_value *ret);

/* An address range, the end not in it. */
struct dwarf_range {
	uint64_t low;
	uint64_t high;
};

/*
 * The first range of what DW_AT_ranges says that is not empty. False: there is none,
 * or it cannot be read (then cursor->damage tells).
 */
bool dwarf_first_range(struct dwarf_cursor *cursor, const struct dwarf_value *ranges,
		       struct dwarf_range *ret);
/*
 * The address that a location expression (a block or an expression) is, when it is a
 * constant one: an address, and perhaps offsets. Not for thread-local variables.
 */
bool dwarf_expression_address(struct dwarf_cursor *cursor, const struct dwarf_value *value,
			      uint64_t *ret);
/*
 * The number that an expression stands for, when it is a constant one: a literal, or
 * an offset from what lies on the stack (DW_AT_data_member_location of DWARF 2).
 */
bool dwarf_expression_number(struct dwarf_cursor *cursor, const struct dwarf_value *value,
			     uint64_t *ret);
/* A constant of any kind as a signed number: DWARF_CONSTANT is extended by its size. */
bool dwarf_value_signed(const struct dwarf_value *value, int64_t *ret);

#endif
