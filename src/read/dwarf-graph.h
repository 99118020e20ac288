/* SPDX-License-Identifier: Apache-2.0 */
/* What the steps from DWARF entries to types share; only read/dwarf-*.c know of it. */
#ifndef READ_DWARF_GRAPH_H
#define READ_DWARF_GRAPH_H

#include "base/numbers.h"
#include "model/types.h"
#include "read/debug-files.h"
#include "read/dwarf.h"

/* Slots of the attributes that are read, in the order of dwarf_graph_wanted. */
enum graph_slot {
	AT_NAME,
	AT_LINKAGE_NAME,
	AT_TYPE,
	AT_BYTE_SIZE,
	AT_BIT_SIZE,
	AT_DATA_BIT_OFFSET,
	AT_BIT_OFFSET,
	AT_MEMBER_LOCATION,
	AT_DECLARATION,
	AT_EXTERNAL,
	AT_SPECIFICATION,
	AT_ABSTRACT_ORIGIN,
	AT_LOW_PC,
	AT_RANGES,
	AT_ENTRY_PC,
	AT_LOCATION,
	AT_CONST_VALUE,
	AT_UPPER_BOUND,
	AT_LOWER_BOUND,
	AT_COUNT,
	AT_ACCESSIBILITY,
	AT_VIRTUALITY,
	AT_VTABLE_ELEM_LOCATION,
	AT_CONTAINING_TYPE,
	AT_ENCODING,
	AT_ALIGNMENT,
	AT_SIGNATURE,
	AT_ARTIFICIAL,
	AT_ENUM_CLASS,
	AT_CALLING_CONVENTION,
	AT_NORETURN,
	AT_PROTOTYPED,
	AT_MUTABLE,
	AT_VECTOR,
	AT_DEFAULTED,
	AT_DELETED,
	AT_PRODUCER,
	AT_LANGUAGE,
	AT_IMPORT,
	AT_DWO_NAME,
	AT_COMP_DIR,
	AT_TEMPLATE_NAME,
	AT_SLOT_COUNT,
};

#define NODE_VOID 0u
#define NODE_UNKNOWN 1u

/* One entry that stands for a type, as it was found. */
struct node {
	uint64_t offset;
	uint64_t identity; /* R: of the name, or of the content where there is none */
	uint64_t class;	   /* R with D, one level of content; nodes of one class are one type */
	uint32_t target, owner;
	uint32_t redirect; /* the definition elsewhere, of a declaration; or 0 */
	uint32_t first_part, part_count;
	type_id id;
	uint16_t tag;
	uint8_t state;	  /* while identities are worked out */
	bool has_private; /* a constructor that cannot be reached, and one that can */
	bool has_open;
	bool has_copy;	      /* the source says how it is copied or destroyed */
	bool is_split;	      /* it is, or leads to, a name that stands for several types */
	const char *own_name; /* without scopes */
	const char *name;     /* the same, or that of a typedef; NULL: none */
	uint32_t scope;	      /* that the name is in */
	struct type type;     /* all but numbers of other types, and its name */
};

/* As a type_part, but `type` is a node. `storage`: bytes of the unit that a DWARF 2 bit-field
 * counts in. */
struct node_part {
	struct type_part part;
	uint64_t storage;
	bool counts_from_top;
};

/* A namespace or class: names inside of it are qualified by it. */
struct scope {
	uint64_t start, end; /* offsets */
	const char *name;
	uint32_t parent; /* place, or UINT32_MAX */
	uint64_t hash;
};

/* A definition with a name. */
struct definition {
	uint64_t identity;
	uint64_t offset;
};

/* Offsets of each file begin at its number in the upper bits. */
#define GRAPH_FILE_SHIFT 48
#define GRAPH_MOST_CURSORS 32 /* of files that are kept ready for entries out of order */

/* One file whose entries are in the graph. */
struct graph_file {
	struct dwarf dwarf;
	struct dwarf_cursor *cursor; /* for entries out of order; NULL: not now */
	uint64_t abbrev_left;	     /* what the cursor before that left */
	bool is_alternate;
	/*
	 * By unit. Of an alternate file: those that this library does not use, which are
	 * nevertheless scopes of what is in them; of others: those that are not read.
	 */
	bool *left_out;
};

/* A unit whose entries are in a split file. */
struct skeleton {
	uint64_t id;
	const char *name; /* of the split file */
	const char *dir;  /* NULL: not told */
	size_t unit;	  /* of the main file */
	size_t count;	  /* of units with this id */
	bool is_found;
};

/* An entry whose name may be that of a symbol. */
struct named_entry {
	const char *name;
	uint64_t offset;
	bool is_function;
};

struct graph {
	struct debug_files *debug;
	struct array_of(struct graph_file *) files; /* by their offsets */
	struct graph_file *main;
	struct graph_file *alternate; /* NULL: none */
	struct table alternate_strings;
	struct graph_file *with_cursor[GRAPH_MOST_CURSORS];
	unsigned next_cursor;
	struct array_of(struct skeleton) skeletons;
	struct numbers by_dwo_id;   /* their places */
	struct numbers split_files; /* addresses of sections that were looked at */
	struct types *types;	    /* under way */
	struct type_root *roots;
	size_t root_count;
	struct numbers by_address; /* of roots: their place; several at one follow each other */
	uint32_t *next_root;	   /* with the same address */
	struct numbers prefixes;   /* how their names begin */
	struct table strings;	   /* .debug_str of the main file */
	unsigned char *unwanted;   /* bits: where strings begin that are the name of none */
	struct array_of(struct named_entry) named;
	uint64_t *root_entries;		      /* by root: offset of its entry, 0: not found */
	struct array_of(struct scope) scopes; /* by start */
	struct array_of(struct definition) definitions;
	struct numbers
		names_of_anonymous; /* offset of a type without name: place in typedef_names */
	struct array_of(const char *) typedef_names;
	struct numbers declared_unnamed; /* offsets of those that are declared only */
	struct numbers c_units;		 /* offsets of units in C */
	/* Instances of templates whose names are without arguments: offsets, and what they are. */
	struct array_of(uint64_t) instances;
	struct numbers templates; /* the same offsets */
	struct numbers rebuilt;	  /* offset: place in rebuilt_names */
	struct array_of(const char *) rebuilt_names;
	bool is_again; /* the scan is repeated with those names */
	struct array_of(struct node) nodes;
	struct array_of(struct node_part) parts;
	struct numbers by_offset; /* of nodes */
	struct numbers kept;	  /* addresses of strings in files: their copies */
	struct array_of(const char *) kept_strings;
	/*
	 * What sound files never use up: bytes of names, which may all be one long string,
	 * and bytes of entries that are passed again, which may be deep in each other.
	 */
	uint64_t names_left;
	uint64_t walk_left;
	uint64_t rebuild_left; /* entries that are looked at for names of instances */
};

extern const uint16_t dwarf_graph_wanted[AT_SLOT_COUNT];

/* Opens the main and the alternate file. As types_from_dwarf(). */
int graph_files_init(struct graph *graph, struct fault *ret_fault) MUST_CHECK;
void graph_files_done(struct graph *graph);
/* One more file, behind those that are there. 0, -ENOMEM or -EBADMSG, then with its fault. */
int graph_file_add(struct graph *graph, struct debug_sections *sections, bool is_dwo,
		   struct graph_file **ret, struct fault *ret_fault) MUST_CHECK;
/* Takes the last one away again. */
void graph_file_drop(struct graph *graph);
/* The file that has an offset; NULL: none. */
static inline struct graph_file *graph_file_of(const struct graph *graph, uint64_t offset)
{
	uint64_t number = offset >> GRAPH_FILE_SHIFT;

	return number < graph->files.count ? graph->files.items[number] : NULL;
}
/* A cursor for entries of the file, until others were asked for. 0 or -ENOMEM. */
int graph_cursor(struct graph *graph, struct graph_file *file,
		 struct dwarf_cursor **ret) MUST_CHECK;
/* Which units of the alternate file the main one uses. 0 or -ENOMEM. */
int graph_find_imports(struct graph *graph) MUST_CHECK;
/* Notes the skeleton unit that the cursor is on the first entry of. 0 or -ENOMEM. */
int graph_note_skeleton(struct graph *graph, struct dwarf_cursor *cursor) MUST_CHECK;
/* Opens and scans the split files of all skeletons; counts those that are missing. 0 or -ENOMEM. */
int graph_scan_splits(struct graph *graph) MUST_CHECK;
/* Lets a cursor that entered a split unit have the addresses of its skeleton. 0 or -ENOMEM. */
int graph_adopt(struct graph *graph, struct dwarf_cursor *cursor) MUST_CHECK;
/* Goes over the entries of one file. 0 or -ENOMEM. */
int graph_scan_file(struct graph *graph, struct graph_file *file) MUST_CHECK;
/* Goes over all entries once: where the roots are, scopes, definitions. 0 or -ENOMEM. */
int graph_scan(struct graph *graph) MUST_CHECK;
/* Before the scan: which names the roots have. 0 or -ENOMEM. */
int graph_index_prefixes(struct graph *graph) MUST_CHECK;
/* Notes an entry that may have the name of a symbol, as some have no address. 0 or -ENOMEM. */
int graph_note_name(struct graph *graph, struct dwarf_cursor *cursor) MUST_CHECK;
/* Roots that no entry has the address of, by their names. 0 or -ENOMEM. */
int graph_find_names(struct graph *graph) MUST_CHECK;
/* Is the symbol made by the compiler, and in no debug information? */
bool graph_is_made(const char *name);
/* Notes an entry without a name; `name`: that of its typedef, or NULL. 0 or -ENOMEM. */
int graph_note_anonymous(struct graph *graph, uint64_t offset, const char *name) MUST_CHECK;
/*
 * A declaration without a name, and the type unit of its signature: they have one name,
 * whichever of them a typedef gives it to. 0 or -ENOMEM.
 */
int graph_share_typedef_name(struct graph *graph, uint64_t offset, uint64_t definition) MUST_CHECK;
/*
 * In C++ a typedef's name is that of a struct without one: gcc may tell it by the mangled
 * name only. *ret: NULL: it does not. 0 or -ENOMEM.
 */
int graph_typedef_name_of_linkage(struct graph *graph, struct dwarf_cursor *cursor,
				  const char **ret) MUST_CHECK;
/* The node of the entry at an offset, decoded later. 0 or -ENOMEM. */
int graph_want(struct graph *graph, uint64_t offset, uint32_t *ret) MUST_CHECK;
/* Decodes all nodes from `first` on, and what they refer to. 0 or -ENOMEM. */
int graph_decode(struct graph *graph, size_t first) MUST_CHECK;
/*
 * Puts a cursor on the entry at an offset: *cursor, or that of another file. 1;
 * -ENOMEM; 0 or -EBADMSG: there is none.
 */
int graph_go_to(struct graph *graph, struct dwarf_cursor **cursor, uint64_t offset) MUST_CHECK;
/* Notes an instance of a template whose name does not tell its arguments. 0 or -ENOMEM. */
int graph_note_instance(struct graph *graph, uint64_t offset) MUST_CHECK;
/* Once all scopes are known: finds the names of those, and scans all files again. 0 or -ENOMEM. */
int graph_scan_again(struct graph *graph) MUST_CHECK;
/* The rebuilt name of the entry at an offset; else `name`. */
const char *graph_rebuilt_name(const struct graph *graph, uint64_t offset, const char *name);
/* Puts equal nodes together into graph->types. 0 or -ENOMEM. */
int graph_merge(struct graph *graph) MUST_CHECK;

/* The value of a number, flag or constant expression; false: there is none. */
bool graph_number(struct dwarf_cursor *cursor, unsigned slot, uint64_t *ret);
bool graph_is_set(struct dwarf_cursor *cursor, unsigned slot);
/*
 * A constructor of the class that the source declares: whether it copies or moves shows
 * when the type of its parameter is known. A destructor is noted at once.
 */
bool graph_take_copy(struct graph *graph, struct dwarf_cursor *cursor, struct node *node,
		     struct node_part *ret);
/* Where an attribute refers to; false: nowhere, or not in this file. */
bool graph_reference(struct graph *graph, struct dwarf_cursor *cursor, unsigned slot,
		     uint64_t *ret);
/* The string that an attribute is; NULL: none, or the file has used up its bytes of names. */
const char *graph_string(struct graph *graph, struct dwarf_cursor *cursor, unsigned slot);
/* A string of the alternate file; NULL: it has none there. */
const char *graph_alternate_string(struct graph *graph, uint64_t offset);
/* Takes from a budget, unless there is too little left. */
bool graph_spend(uint64_t *left, uint64_t amount);
/* The innermost scope around an offset; UINT32_MAX: none. */
uint32_t graph_scope(const struct graph *graph, uint64_t offset);
uint64_t graph_name_hash(const char *name);
/* What a name in a scope is known by; struct, class and union are of one kind. */
uint64_t graph_name_identity(uint16_t tag, uint64_t scope_hash, uint64_t name_hash);
/* The same for what has no name but that of a typedef. */
static inline uint64_t graph_typedef_identity(uint64_t scope_hash, const char *name)
{
	return number_mix(graph_name_identity(DW_TAG_typedef, scope_hash, graph_name_hash(name)) +
			  1);
}

#endif
