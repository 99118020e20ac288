/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pass over all entries: which of them are the functions and variables that
 * are asked for, which names have a definition, and which scopes names are in.
 * What is inside of functions is left out. Contract in read/dwarf-graph.h.
 */
#include "base/map.h"
#include "read/dwarf-graph.h"

#include <string.h>

#define MOST_ORIGINS 64

const uint16_t dwarf_graph_wanted[AT_SLOT_COUNT] = {
	[AT_NAME] = DW_AT_name,
	[AT_LINKAGE_NAME] = DW_AT_linkage_name,
	[AT_TYPE] = DW_AT_type,
	[AT_BYTE_SIZE] = DW_AT_byte_size,
	[AT_BIT_SIZE] = DW_AT_bit_size,
	[AT_DATA_BIT_OFFSET] = DW_AT_data_bit_offset,
	[AT_BIT_OFFSET] = DW_AT_bit_offset,
	[AT_MEMBER_LOCATION] = DW_AT_data_member_location,
	[AT_DECLARATION] = DW_AT_declaration,
	[AT_EXTERNAL] = DW_AT_external,
	[AT_SPECIFICATION] = DW_AT_specification,
	[AT_ABSTRACT_ORIGIN] = DW_AT_abstract_origin,
	[AT_LOW_PC] = DW_AT_low_pc,
	[AT_RANGES] = DW_AT_ranges,
	[AT_ENTRY_PC] = DW_AT_entry_pc,
	[AT_LOCATION] = DW_AT_location,
	[AT_CONST_VALUE] = DW_AT_const_value,
	[AT_UPPER_BOUND] = DW_AT_upper_bound,
	[AT_LOWER_BOUND] = DW_AT_lower_bound,
	[AT_COUNT] = DW_AT_count,
	[AT_ACCESSIBILITY] = DW_AT_accessibility,
	[AT_VIRTUALITY] = DW_AT_virtuality,
	[AT_VTABLE_ELEM_LOCATION] = DW_AT_vtable_elem_location,
	[AT_CONTAINING_TYPE] = DW_AT_containing_type,
	[AT_ENCODING] = DW_AT_encoding,
	[AT_ALIGNMENT] = DW_AT_alignment,
	[AT_SIGNATURE] = DW_AT_signature,
	[AT_ARTIFICIAL] = DW_AT_artificial,
	[AT_ENUM_CLASS] = DW_AT_enum_class,
	[AT_CALLING_CONVENTION] = DW_AT_calling_convention,
	[AT_NORETURN] = DW_AT_noreturn,
	[AT_PROTOTYPED] = DW_AT_prototyped,
	[AT_MUTABLE] = DW_AT_mutable,
	[AT_VECTOR] = DW_AT_GNU_vector,
	[AT_DEFAULTED] = DW_AT_defaulted,
	[AT_DELETED] = DW_AT_deleted,
	[AT_PRODUCER] = DW_AT_producer,
	[AT_LANGUAGE] = DW_AT_language,
	[AT_IMPORT] = DW_AT_import,
	[AT_DWO_NAME] = DW_AT_dwo_name,
	[AT_COMP_DIR] = DW_AT_comp_dir,
	[AT_TEMPLATE_NAME] = DW_AT_GNU_template_name,
};

/* A scope that the scan is inside of. */
struct frame {
	uint32_t depth; /* of its entry: what is in it is deeper */
	uint32_t scope;
	bool is_class;
};

/* The unit that the scan is in. */
struct scan {
	struct graph *graph;
	struct dwarf_cursor *cursor;
	uint64_t unit; /* offset */
	struct frame *frames;
	size_t frame_count;
	bool skip;	 /* leave out what is inside of the entry */
	bool is_foreign; /* the unit is there for others: only its scopes matter */
};

/* The alternate file's offset; false: there is no such file. */
static bool alternate_offset(struct graph *graph, const struct dwarf_cursor *cursor,
			     uint64_t offset, uint64_t *ret)
{
	const struct graph_file *alternate = graph->alternate;

	if (!alternate || cursor->dwarf != &graph->main->dwarf) {
		graph->types->alt_references++;
		return false;
	}
	*ret = alternate->dwarf.base + offset;
	return offset < dwarf_extent(&alternate->dwarf);
}

bool graph_reference(struct graph *graph, struct dwarf_cursor *cursor, unsigned slot, uint64_t *ret)
{
	struct dwarf_value value;
	const struct dwarf_unit *unit;

	switch (dwarf_value(cursor, slot, &value)) {
	case DWARF_REF:
		*ret = value.number;
		return value.number - cursor->dwarf->base < dwarf_extent(cursor->dwarf);
	case DWARF_REF_SIGNATURE:
		unit = dwarf_unit_by_signature(cursor->dwarf, value.number);
		if (!unit || !unit->type_offset)
			return false;
		*ret = unit->type_offset;
		return unit->type_offset - unit->offset < unit->size;
	case DWARF_REF_ALT:
		return alternate_offset(graph, cursor, value.number, ret);
	default:
		return false;
	}
}

uint64_t graph_name_hash(const char *name)
{
	return name ? hash_bytes(name, strlen(name)) : 0;
}

uint64_t graph_name_identity(uint16_t tag, uint64_t scope_hash, uint64_t name_hash)
{
	bool is_aggregate = tag == DW_TAG_structure_type || tag == DW_TAG_class_type ||
			    tag == DW_TAG_union_type;
	uint64_t kind = is_aggregate ? DW_TAG_structure_type : tag;

	return number_mix(name_hash + number_mix(scope_hash + kind));
}

bool graph_spend(uint64_t *left, uint64_t amount)
{
	if (amount > *left)
		return false;
	*left -= amount;
	return true;
}

const char *graph_alternate_string(struct graph *graph, uint64_t offset)
{
	if (!graph->alternate) {
		graph->types->alt_references++;
		return NULL;
	}
	return offset < graph->alternate_strings.size
		       ? (const char *)graph->alternate_strings.bytes + offset
		       : NULL;
}

const char *graph_string(struct graph *graph, struct dwarf_cursor *cursor, unsigned slot)
{
	struct dwarf_value value;
	enum dwarf_kind kind;
	const char *text = NULL;

	if (!dwarf_has(cursor, slot))
		return NULL;
	kind = dwarf_value(cursor, slot, &value);
	if (kind == DWARF_STRING)
		text = value.string;
	else if (kind == DWARF_STRING_ALT)
		text = graph_alternate_string(graph, value.number);
	return text && graph_spend(&graph->names_left, strlen(text) + 1) ? text : NULL;
}

static uint64_t scope_hash(const struct graph *graph, uint32_t scope)
{
	return scope == UINT32_MAX ? 0 : graph->scopes.items[scope].hash;
}

static uint32_t innermost(const struct scan *scan)
{
	return scan->frame_count ? scan->frames[scan->frame_count - 1].scope : UINT32_MAX;
}

/* The scope of the entry's name: one that was declared elsewhere first belongs there. */
static uint32_t scope_of_entry(struct scan *scan)
{
	uint64_t offset;

	return dwarf_has(scan->cursor, AT_SPECIFICATION) &&
			       graph_reference(scan->graph, scan->cursor, AT_SPECIFICATION, &offset)
		       ? graph_scope(scan->graph, offset)
		       : innermost(scan);
}

/* Names inside of the entry are qualified by it. */
static int enter_scope(struct scan *scan, const char *name, uint64_t name_hash)
{
	struct graph *graph = scan->graph;
	struct scope scope = {
		.start = scan->cursor->die.offset,
		.end = UINT64_MAX,
		.name = name,
		.parent = scope_of_entry(scan),
	};
	/* What has no name is another thing in each unit. */
	uint64_t own = name ? name_hash : number_mix(scan->unit + 1);

	scope.hash = number_mix(scope_hash(graph, scope.parent) * 31 + own);
	if (graph->scopes.count >= UINT32_MAX - 1 || scan->frame_count >= DWARF_DEPTH_MAX)
		return 0;
	if (array_push(&graph->scopes, scope))
		return -ENOMEM;
	scan->frames[scan->frame_count++] = (struct frame){
		.depth = scan->cursor->die.depth,
		.scope = (uint32_t)graph->scopes.count - 1,
		.is_class = scan->cursor->die.tag != DW_TAG_namespace,
	};
	return 0;
}

/* All roots at this address. */
static void found_address(struct scan *scan, uint64_t address, bool is_function)
{
	struct graph *graph = scan->graph;
	uint32_t at = address ? numbers_get(&graph->by_address, address) : NUMBERS_NONE;

	for (; at != NUMBERS_NONE; at = graph->next_root[at]) {
		if (graph->root_entries[at])
			continue;
		graph->root_entries[at] = scan->cursor->die.offset;
		graph->roots[at].is_function = is_function;
	}
}

static void scan_function(struct scan *scan)
{
	struct dwarf_cursor *cursor = scan->cursor;
	struct dwarf_value value;
	struct dwarf_range range;

	scan->skip = true;
	if (dwarf_has(cursor, AT_LOW_PC) && dwarf_value(cursor, AT_LOW_PC, &value) == DWARF_ADDRESS)
		found_address(scan, value.number, true);
	if (dwarf_has(cursor, AT_ENTRY_PC) &&
	    dwarf_value(cursor, AT_ENTRY_PC, &value) == DWARF_ADDRESS)
		found_address(scan, value.number, true);
	if (dwarf_has(cursor, AT_RANGES) && dwarf_value(cursor, AT_RANGES, &value) &&
	    dwarf_first_range(cursor, &value, &range))
		found_address(scan, range.low, true);
}

static void scan_variable(struct scan *scan)
{
	struct dwarf_cursor *cursor = scan->cursor;
	struct dwarf_value value;
	uint64_t address;

	scan->skip = true;
	if (dwarf_has(cursor, AT_LOCATION) && dwarf_value(cursor, AT_LOCATION, &value) &&
	    dwarf_expression_address(cursor, &value, &address))
		found_address(scan, address, false);
}

static int scan_definition(struct scan *scan, uint64_t name_hash)
{
	struct graph *graph = scan->graph;
	struct definition definition = {
		.identity = graph_name_identity(scan->cursor->die.tag,
						scope_hash(graph, scope_of_entry(scan)), name_hash),
		.offset = scan->cursor->die.offset,
	};

	return dwarf_has(scan->cursor, AT_DECLARATION) || scan->is_foreign
		       ? 0
		       : array_push(&graph->definitions, definition);
}

/* One that only has the name of a typedef. */
static int add_unnamed(struct scan *scan, uint64_t offset, const char *name)
{
	struct graph *graph = scan->graph;
	struct definition definition = {
		.identity = graph_typedef_identity(scope_hash(graph, innermost(scan)), name),
		.offset = offset,
	};

	return scan->is_foreign || numbers_get(&graph->declared_unnamed, offset) != NUMBERS_NONE
		       ? 0
		       : array_push(&graph->definitions, definition);
}

/*
 * typedef struct { … } name: the struct is known by the first such name. Some
 * compilers put the struct behind it; then it is not known yet whether it has a name.
 */
static int scan_typedef(struct scan *scan, const char *name)
{
	struct graph *graph = scan->graph;
	uint64_t target;
	uint32_t place;

	if (!name || !graph_reference(graph, scan->cursor, AT_TYPE, &target))
		return 0;
	place = numbers_get(&graph->names_of_anonymous, target);
	if (place == NUMBERS_NONE) {
		if (target < scan->cursor->die.offset)
			return 0;
		return graph_note_anonymous(graph, target, name);
	}
	if (graph->typedef_names.items[place])
		return 0;
	graph->typedef_names.items[place] = name;
	return add_unnamed(scan, target, name);
}

/* The name of a declaration that is told by the type unit of its signature only. */
static int name_by_signature(struct scan *scan, const char **ret)
{
	struct dwarf_cursor *unit;
	uint64_t offset;
	int r;

	if (!graph_reference(scan->graph, scan->cursor, AT_SIGNATURE, &offset))
		return 0;
	r = graph_go_to(scan->graph, &unit, offset);
	if (r != 1)
		return r == -ENOMEM ? r : 0;
	*ret = graph_rebuilt_name(scan->graph, offset, graph_string(scan->graph, unit, AT_NAME));
	return *ret ? 0 : graph_share_typedef_name(scan->graph, scan->cursor->die.offset, offset);
}

/* One without a name, unless a typedef before it has given it one. */
static int scan_unnamed(struct scan *scan)
{
	struct graph *graph = scan->graph;
	uint64_t offset = scan->cursor->die.offset;
	const char *name;
	uint32_t place;
	int r = graph_typedef_name_of_linkage(graph, scan->cursor, &name);

	if (r)
		return r;
	place = numbers_get(&graph->names_of_anonymous, offset);
	if (place == NUMBERS_NONE)
		r = graph_note_anonymous(graph, offset, name);
	else
		name = graph->typedef_names.items[place];
	/* Some compilers declare what has only a typedef's name. */
	if (!r && dwarf_has(scan->cursor, AT_DECLARATION) && !dwarf_has(scan->cursor, AT_SIGNATURE))
		return numbers_add(&graph->declared_unnamed, offset, 0);
	return r || !name ? r : add_unnamed(scan, offset, name);
}

static int scan_aggregate(struct scan *scan)
{
	struct graph *graph = scan->graph;
	const char *name = graph_rebuilt_name(graph, scan->cursor->die.offset,
					      graph_string(graph, scan->cursor, AT_NAME));
	uint64_t name_hash;
	int r = 0;

	if (!name && dwarf_has(scan->cursor, AT_SIGNATURE))
		r = name_by_signature(scan, &name);
	name_hash = graph_name_hash(name);
	if (!r)
		r = name ? scan_definition(scan, name_hash) : scan_unnamed(scan);
	if (r || scan->cursor->die.tag == DW_TAG_enumeration_type) {
		scan->skip = true;
		return r;
	}
	return scan->cursor->die.has_children ? enter_scope(scan, name, name_hash) : 0;
}

static int scan_namespace(struct scan *scan)
{
	const char *name;

	if (!scan->cursor->die.has_children)
		return 0;
	name = graph_string(scan->graph, scan->cursor, AT_NAME);
	return enter_scope(scan, name, graph_name_hash(name));
}

/* A parameter of a template: does the name of the instance tell it? */
static int scan_template(struct scan *scan)
{
	const struct graph *graph = scan->graph;
	uint32_t scope = innermost(scan);
	const struct scope *s = scope == UINT32_MAX ? NULL : &graph->scopes.items[scope];

	if (!s || s->start != scan->cursor->die.parent || !s->name || strchr(s->name, '<'))
		return 0;
	return graph_note_instance(scan->graph, s->start);
}

static bool is_c(uint64_t language)
{
	return language == DW_LANG_C89 || language == DW_LANG_C || language == DW_LANG_C99 ||
	       language == DW_LANG_C11 || language == DW_LANG_C17;
}

/* Assemblers have a version of their own, and tell no types. */
static void note_version(struct types *types, const struct dwarf_unit *unit, uint16_t language)
{
	if (language != DW_LANG_Mips_Assembler && language != DW_LANG_Assembly &&
	    (!types->lowest_version || unit->version < types->lowest_version))
		types->lowest_version = unit->version;
}

/* Which compiler made the unit, of which language. */
static int scan_origin(struct scan *scan)
{
	struct graph *graph = scan->graph;
	struct type_origin origin = { graph_string(graph, scan->cursor, AT_PRODUCER), 0 };
	struct dwarf_value value;
	size_t i;

	if (dwarf_has(scan->cursor, AT_LANGUAGE) &&
	    dwarf_value(scan->cursor, AT_LANGUAGE, &value) == DWARF_CONSTANT)
		origin.language = (uint16_t)value.number;
	note_version(graph->types, scan->cursor->unit, origin.language);
	if (is_c(origin.language) && numbers_add(&graph->c_units, scan->unit, 0))
		return -ENOMEM;
	for (i = 0; i < graph->types->origins.count; i++) {
		const struct type_origin *o = &graph->types->origins.items[i];

		if (o->language == origin.language && !o->producer == !origin.producer &&
		    (!o->producer || !strcmp(o->producer, origin.producer)))
			return 0;
	}
	if (i == MOST_ORIGINS)
		return 0;
	if (origin.producer) {
		origin.producer = arena_strdup(&graph->types->arena, origin.producer);
		if (!origin.producer)
			return -ENOMEM;
	}
	return array_push(&graph->types->origins, origin);
}

/*
 * Link-time optimisation leaves declarations of what is called that have a name only,
 * and no parameters. A member function is declared in its class.
 */
static bool is_bare(const struct scan *scan)
{
	const struct dwarf_cursor *c = scan->cursor;

	return c->die.tag == DW_TAG_subprogram && dwarf_has(c, AT_DECLARATION) &&
	       !c->die.has_children && !dwarf_has(c, AT_TYPE) && !dwarf_has(c, AT_PROTOTYPED) &&
	       !(scan->frame_count && scan->frames[scan->frame_count - 1].is_class);
}

static int note_name(struct scan *scan)
{
	return scan->is_foreign || scan->graph->is_again || is_bare(scan)
		       ? 0
		       : graph_note_name(scan->graph, scan->cursor);
}

static int scan_entry(struct scan *scan)
{
	scan->skip = false;
	switch (scan->cursor->die.tag) {
	case DW_TAG_subprogram:
		scan_function(scan);
		return note_name(scan);
	case DW_TAG_variable:
		scan_variable(scan);
		return note_name(scan);
	case DW_TAG_member:
		/* A static one, in older versions of DWARF. */
		return note_name(scan);
	case DW_TAG_namespace:
		return scan_namespace(scan);
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
	case DW_TAG_enumeration_type:
		return scan_aggregate(scan);
	case DW_TAG_typedef:
		return scan_typedef(scan, graph_string(scan->graph, scan->cursor, AT_NAME));
	case DW_TAG_compile_unit:
	case DW_TAG_skeleton_unit:
		if (!dwarf_has(scan->cursor, AT_DWO_NAME) || scan->cursor->dwarf->is_dwo)
			return scan_origin(scan);
		/* Functions may be listed there, without any types. */
		scan->skip = true;
		return graph_note_skeleton(scan->graph, scan->cursor);
	case DW_TAG_template_type_parameter:
	case DW_TAG_template_value_parameter:
	case DW_TAG_GNU_template_template_param:
	case DW_TAG_GNU_template_parameter_pack:
		return scan_template(scan);
	default:
		return 0;
	}
}

/* Entries that are not inside of the innermost scopes end those. */
static void leave_scopes(struct scan *scan, uint32_t depth, uint64_t end)
{
	while (scan->frame_count && depth <= scan->frames[scan->frame_count - 1].depth)
		scan->graph->scopes.items[scan->frames[--scan->frame_count].scope].end = end;
}

static int scan_unit(struct scan *scan, const struct dwarf_unit *unit)
{
	int r = dwarf_cursor_enter(scan->cursor, unit);

	if (!r)
		r = graph_adopt(scan->graph, scan->cursor);
	scan->unit = unit->offset;
	while (!r && (r = dwarf_cursor_next(scan->cursor)) > 0) {
		leave_scopes(scan, scan->cursor->die.depth, scan->cursor->die.offset);
		r = scan_entry(scan);
		if (!r && scan->skip && scan->cursor->die.has_children)
			r = dwarf_cursor_skip(scan->cursor);
	}
	leave_scopes(scan, 0, unit->offset + unit->size);
	if (r == -EBADMSG) {
		scan->graph->types->damaged_units += !scan->graph->is_again;
		return 0;
	}
	return r;
}

int graph_scan_file(struct graph *graph, struct graph_file *file)
{
	AUTO_FREE struct dwarf_cursor *cursor = malloc(sizeof(*cursor));
	AUTO_FREE struct frame *frames = malloc(DWARF_DEPTH_MAX * sizeof(*frames));
	struct scan scan = { .graph = graph, .cursor = cursor, .frames = frames };
	size_t i;
	int r = 0;

	if (!cursor || !frames)
		return -ENOMEM;
	dwarf_cursor_init(cursor, &file->dwarf);
	for (i = 0; !r && i < file->dwarf.units.count; i++) {
		scan.is_foreign = file->left_out[i];
		if (!scan.is_foreign || file->is_alternate)
			r = scan_unit(&scan, &file->dwarf.units.items[i]);
	}
	dwarf_cursor_done(cursor);
	return r;
}

int graph_scan(struct graph *graph)
{
	int r = 0;

	if (graph->alternate)
		r = graph_find_imports(graph);
	if (!r && graph->alternate)
		r = graph_scan_file(graph, graph->alternate);
	if (!r)
		r = graph_scan_file(graph, graph->main);
	if (!r)
		r = graph_scan_splits(graph);
	return !r && graph->instances.count ? graph_scan_again(graph) : r;
}

uint32_t graph_scope(const struct graph *graph, uint64_t offset)
{
	size_t low = 0;
	size_t high = graph->scopes.count;
	uint32_t scope;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (graph->scopes.items[middle].start < offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return UINT32_MAX;
	for (scope = (uint32_t)low - 1; scope != UINT32_MAX;
	     scope = graph->scopes.items[scope].parent) {
		if (offset < graph->scopes.items[scope].end)
			return scope;
	}
	return UINT32_MAX;
}
