/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries that stand for types, decoded one by one: each names others, which are
 * decoded in turn, in the order of the file. Contract in read/dwarf-graph.h.
 */
#include "read/dwarf-graph.h"

#include <string.h>

#define MOST_HOPS 8	    /* from an entry to the one that has its attributes */
#define MOST_NODES 50000000 /* of one file */

bool graph_number(struct dwarf_cursor *cursor, unsigned slot, uint64_t *ret)
{
	struct dwarf_value value;
	int64_t number;

	if (!dwarf_has(cursor, slot))
		return false;
	switch (dwarf_value(cursor, slot, &value)) {
	case DWARF_CONSTANT:
	case DWARF_UNSIGNED:
	case DWARF_FLAG:
		*ret = value.number;
		return true;
	case DWARF_SIGNED:
		if (!dwarf_value_signed(&value, &number))
			return false;
		*ret = (uint64_t)number;
		return true;
	case DWARF_BLOCK:
	case DWARF_EXPRESSION:
		return dwarf_expression_number(cursor, &value, ret);
	default:
		return false;
	}
}

bool graph_is_set(struct dwarf_cursor *cursor, unsigned slot)
{
	uint64_t number;

	return graph_number(cursor, slot, &number) && number;
}

int graph_want(struct graph *graph, uint64_t offset, uint32_t *ret)
{
	struct node node = { .offset = offset };

	*ret = numbers_get(&graph->by_offset, offset);
	if (*ret != NUMBERS_NONE)
		return 0;
	if (graph->nodes.count >= MOST_NODES) {
		*ret = NODE_UNKNOWN;
		return 0;
	}
	*ret = (uint32_t)graph->nodes.count;
	return array_push(&graph->nodes, node) ? -ENOMEM
					       : numbers_add(&graph->by_offset, offset, *ret);
}

/* The node that an attribute refers to: void without it, unknown where it leads nowhere. */
static int refer(struct graph *graph, struct dwarf_cursor *cursor, unsigned slot, uint32_t *ret)
{
	uint64_t offset;

	*ret = NODE_VOID;
	if (!dwarf_has(cursor, slot))
		return 0;
	if (!graph_reference(graph, cursor, slot, &offset)) {
		*ret = NODE_UNKNOWN;
		return 0;
	}
	return graph_want(graph, offset, ret);
}

static enum type_kind kind_of(uint16_t tag)
{
	switch (tag) {
	case DW_TAG_base_type:
		return TYPE_BASE;
	case DW_TAG_pointer_type:
		return TYPE_POINTER;
	case DW_TAG_reference_type:
		return TYPE_REFERENCE;
	case DW_TAG_rvalue_reference_type:
		return TYPE_RVALUE_REFERENCE;
	case DW_TAG_ptr_to_member_type:
		return TYPE_MEMBER_POINTER;
	case DW_TAG_const_type:
		return TYPE_CONST;
	case DW_TAG_volatile_type:
		return TYPE_VOLATILE;
	case DW_TAG_restrict_type:
		return TYPE_RESTRICT;
	case DW_TAG_atomic_type:
		return TYPE_ATOMIC;
	case DW_TAG_typedef:
	case DW_TAG_template_alias:
		return TYPE_TYPEDEF;
	case DW_TAG_structure_type:
	case DW_TAG_interface_type:
		return TYPE_STRUCT;
	case DW_TAG_class_type:
		return TYPE_CLASS;
	case DW_TAG_union_type:
		return TYPE_UNION;
	case DW_TAG_enumeration_type:
		return TYPE_ENUM;
	case DW_TAG_array_type:
		return TYPE_ARRAY;
	case DW_TAG_subroutine_type:
	case DW_TAG_subprogram:
		return TYPE_FUNCTION;
	case DW_TAG_unspecified_type:
		return TYPE_UNSPECIFIED;
	default:
		return TYPE_UNKNOWN;
	}
}

/* Where a member stands, in bits from the start of its struct. */
static void place_member(struct dwarf_cursor *cursor, bool is_big, struct node_part *part)
{
	uint64_t place = 0;
	uint64_t from_top;

	if (!graph_number(cursor, AT_BIT_SIZE, &part->part.bits))
		part->part.bits = 0;
	if (graph_number(cursor, AT_DATA_BIT_OFFSET, &place)) {
		part->part.place = place;
		return;
	}
	if (!graph_number(cursor, AT_MEMBER_LOCATION, &place))
		place = 0;
	part->part.place = place * 8;
	if (!part->part.bits || !graph_number(cursor, AT_BIT_OFFSET, &from_top))
		return;
	/* DWARF 2 counts from the most significant bit of a unit of storage. */
	if (is_big) {
		part->part.place += from_top;
		return;
	}
	part->counts_from_top = true;
	part->part.place -= from_top + part->part.bits;
	if (!graph_number(cursor, AT_BYTE_SIZE, &part->storage))
		part->storage = 0;
}

static uint64_t count_of(struct dwarf_cursor *cursor)
{
	uint64_t count, low;

	if (graph_number(cursor, AT_COUNT, &count))
		return count == UINT32_MAX ? TYPE_FLEXIBLE : count;
	if (!graph_number(cursor, AT_UPPER_BOUND, &count))
		return TYPE_FLEXIBLE;
	if (!graph_number(cursor, AT_LOWER_BOUND, &low))
		low = 0;
	/* An upper bound of -1, in whatever size. */
	if (count == UINT64_MAX || count == UINT32_MAX)
		return low ? 0 : TYPE_FLEXIBLE;
	return count - low + 1;
}

/* A virtual function of the class. */
static void take_method(struct graph *graph, struct dwarf_cursor *cursor, struct node_part *part)
{
	uint64_t virtuality = 0;
	const char *linkage = graph_string(graph, cursor, AT_LINKAGE_NAME);

	graph_number(cursor, AT_VIRTUALITY, &virtuality);
	part->part.kind = PART_METHOD;
	part->part.is_pure = virtuality == 2;
	if (linkage)
		part->part.name = linkage;
	if (!graph_number(cursor, AT_VTABLE_ELEM_LOCATION, &part->part.place))
		part->part.place = UINT64_MAX;
}

/* Most of what is inside of a class are functions that say nothing of its layout. */
static bool is_part(const struct dwarf_cursor *cursor)
{
	switch (cursor->die.tag) {
	case DW_TAG_subprogram:
		/* A constructor or destructor returns nothing. */
		return dwarf_has(cursor, AT_VIRTUALITY) || !dwarf_has(cursor, AT_TYPE);
	case DW_TAG_member:
	case DW_TAG_inheritance:
	case DW_TAG_enumerator:
	case DW_TAG_formal_parameter:
	case DW_TAG_subrange_type:
	case DW_TAG_unspecified_parameters:
		return true;
	default:
		return false;
	}
}

/* What the entry is to the one that it is inside of; false: nothing. */
static bool take_part(struct graph *graph, struct dwarf_cursor *cursor, struct node *node,
		      struct node_part *ret)
{
	uint64_t number;

	if (!is_part(cursor))
		return false;
	*ret = (struct node_part){ .part.name = graph_string(graph, cursor, AT_NAME) };
	if (graph_number(cursor, AT_ACCESSIBILITY, &number))
		ret->part.access = (uint8_t)number;
	ret->part.is_artificial = graph_is_set(cursor, AT_ARTIFICIAL);
	ret->part.is_mutable = graph_is_set(cursor, AT_MUTABLE);
	switch (cursor->die.tag) {
	case DW_TAG_member:
		/* A static one is declared here only. */
		if (graph_is_set(cursor, AT_EXTERNAL) || graph_is_set(cursor, AT_DECLARATION))
			return false;
		ret->part.kind = PART_MEMBER;
		if (graph_number(cursor, AT_ALIGNMENT, &number) && number <= UINT32_MAX)
			ret->part.align = (uint32_t)number;
		place_member(cursor, cursor->dwarf->sections->object.is_big, ret);
		return true;
	case DW_TAG_inheritance:
		ret->part.kind = PART_BASE;
		ret->part.is_virtual = graph_number(cursor, AT_VIRTUALITY, &number) && number;
		if (!ret->part.is_virtual)
			place_member(cursor, false, ret);
		return true;
	case DW_TAG_enumerator:
		ret->part.kind = PART_ENUMERATOR;
		/* Compilers write what is negative in a form with a sign, if eight bytes are too
		 * many. */
		if (!graph_number(cursor, AT_CONST_VALUE, &ret->part.place))
			ret->part.place = 0;
		return true;
	case DW_TAG_formal_parameter:
		ret->part.kind = PART_PARAMETER;
		return true;
	case DW_TAG_subrange_type:
		ret->part.kind = PART_DIMENSION;
		ret->part.place = count_of(cursor);
		return true;
	case DW_TAG_unspecified_parameters:
		node->type.is_variadic = true;
		return false;
	case DW_TAG_subprogram:
		if (graph_take_copy(graph, cursor, node, ret))
			return true;
		if (!graph_is_set(cursor, AT_VIRTUALITY))
			return false;
		take_method(graph, cursor, ret);
		return true;
	default:
		return false;
	}
}

static bool belongs(const struct node *node, const struct type_part *part)
{
	switch (node->type.kind) {
	case TYPE_STRUCT:
	case TYPE_CLASS:
	case TYPE_UNION:
		return part->kind == PART_MEMBER || part->kind == PART_BASE ||
		       part->kind == PART_METHOD || part->kind == PART_COPY;
	case TYPE_ENUM:
		return part->kind == PART_ENUMERATOR;
	case TYPE_ARRAY:
		return part->kind == PART_DIMENSION;
	case TYPE_FUNCTION:
		return part->kind == PART_PARAMETER;
	default:
		return false;
	}
}

/* The parameter of what may be a copy constructor; a second one rules that out. */
static int take_copied(struct graph *graph, struct dwarf_cursor *cursor)
{
	struct node_part *copy = &graph->parts.items[graph->parts.count - 1];
	uint32_t type;
	int r;

	if (cursor->die.tag != DW_TAG_formal_parameter || graph_is_set(cursor, AT_ARTIFICIAL))
		return 0;
	r = copy->storage++ ? 0 : refer(graph, cursor, AT_TYPE, &type);
	if (!r)
		copy->part.type = copy->storage > 1 ? NODE_VOID : type;
	return r;
}

/* The entries directly inside of the one that the cursor is on. */
static int take_parts(struct graph *graph, struct dwarf_cursor *cursor, struct node *node)
{
	const unsigned char *start;
	bool is_copy;
	int r = 0;

	node->first_part = (uint32_t)graph->parts.count;
	if (!cursor->die.has_children)
		return 0;
	while (!r && (r = dwarf_cursor_next(cursor)) > 0 && cursor->die.depth) {
		struct node_part part;

		r = 0;
		is_copy = false;
		if (cursor->die.depth > 1) {
			r = take_copied(graph, cursor);
		} else if (take_part(graph, cursor, node, &part) && belongs(node, &part.part)) {
			uint32_t type = NODE_VOID;

			/* A parameter of a concrete function has its type in the abstract one. */
			if (part.part.kind == PART_MEMBER || part.part.kind == PART_BASE ||
			    part.part.kind == PART_PARAMETER)
				r = refer(graph, cursor, AT_TYPE, &type);
			part.part.type = type;
			if (!r && graph->parts.count < UINT32_MAX)
				r = array_push(&graph->parts, part);
			is_copy = part.part.kind == PART_COPY;
		}
		start = cursor->at;
		if (!r && cursor->die.has_children && !is_copy)
			r = dwarf_cursor_skip(cursor);
		if (!r && !graph_spend(&graph->walk_left, (uint64_t)(cursor->at - start) + 1))
			r = -EBADMSG;
	}
	node->part_count = (uint32_t)graph->parts.count - node->first_part;
	node->type.is_closed = node->has_private && !node->has_open;
	return r > 0 ? 0 : r;
}

/* What it is known by, for those that have a name. */
static void name_node(struct graph *graph, struct dwarf_cursor *cursor, struct node *node)
{
	uint64_t declared;
	/* What was declared elsewhere first belongs there. */
	bool is_elsewhere = dwarf_has(cursor, AT_SPECIFICATION) &&
			    graph_reference(graph, cursor, AT_SPECIFICATION, &declared);
	uint64_t outer;
	uint32_t place;

	if (node->type.kind == TYPE_FUNCTION || node->type.kind == TYPE_ARRAY)
		return;
	node->scope = graph_scope(graph, is_elsewhere ? declared : node->offset);
	outer = node->scope == UINT32_MAX ? 0 : graph->scopes.items[node->scope].hash;
	node->name = node->own_name;
	if (node->name) {
		node->identity = graph_name_identity(node->tag, outer, graph_name_hash(node->name));
		return;
	}
	place = numbers_get(&graph->names_of_anonymous, node->offset);
	if (place == NUMBERS_NONE || !graph->typedef_names.items[place])
		return;
	node->name = graph->typedef_names.items[place];
	/* Not to be taken for a tag of that name. */
	node->type.is_typedef_name = true;
	node->identity = graph_typedef_identity(outer, node->name);
}

int graph_go_to(struct graph *graph, struct dwarf_cursor **cursor, uint64_t offset)
{
	struct graph_file *file = graph_file_of(graph, offset);
	const struct dwarf_unit *unit = file ? dwarf_unit_find(&file->dwarf, offset) : NULL;
	int r;

	if (!unit)
		return -EBADMSG;
	r = graph_cursor(graph, file, cursor);
	if (!r && unit != (*cursor)->unit)
		r = dwarf_cursor_enter(*cursor, unit);
	if (r || !dwarf_cursor_seek(*cursor, offset))
		return r;
	return dwarf_cursor_next(*cursor);
}

/* What any entry of a function says of it: concrete ones leave it to the abstract one. */
static void take_function_flags(struct dwarf_cursor *cursor, struct type *type)
{
	type->is_noreturn |= graph_is_set(cursor, AT_NORETURN);
	type->is_implicit |= graph_is_set(cursor, AT_ARTIFICIAL);
	if (graph_is_set(cursor, AT_PROTOTYPED))
		type->is_unprototyped = false;
}

/*
 * Goes back from a concrete function to the entry that has its parameters, and takes
 * the type returned and the flags on the way. 1: the cursor is on that entry. *ret_definition:
 * the definition of what is declared there, or 0; declarations beside type units have no
 * parameters, and it has them.
 */
static int find_signature(struct graph *graph, struct dwarf_cursor **cursor, struct node *node,
			  uint64_t *ret_definition)
{
	unsigned hops;
	int r = 1;

	*ret_definition = 0;
	for (hops = 0; r == 1 && hops < MOST_HOPS; hops++) {
		bool is_abstract = !dwarf_has(*cursor, AT_ABSTRACT_ORIGIN);
		unsigned slot = is_abstract ? AT_SPECIFICATION : AT_ABSTRACT_ORIGIN;
		uint64_t offset;

		if (!node->target && dwarf_has(*cursor, AT_TYPE))
			r = refer(graph, *cursor, AT_TYPE, &node->target) ? -ENOMEM : 1;
		take_function_flags(*cursor, &node->type);
		/* The definition of a member function has the parameters, not what it returns. */
		if (r < 0 || !dwarf_has(*cursor, slot) ||
		    !graph_reference(graph, *cursor, slot, &offset))
			break;
		if (is_abstract)
			*ret_definition = (*cursor)->die.offset;
		r = graph_go_to(graph, cursor, offset);
	}
	return r;
}

/* Compilers do not agree on the names of integers: as C programs mostly write them. */
static const char *plain_scalar(const char *name)
{
	static const char *const names[][2] = {
		{ "long int", "long" },
		{ "long unsigned int", "unsigned long" },
		{ "long long int", "long long" },
		{ "long long unsigned int", "unsigned long long" },
		{ "short int", "short" },
		{ "short unsigned int", "unsigned short" },
		{ "complex", "complex double" },
	};
	size_t i;

	for (i = 0; name && i < ARRAY_SIZE(names); i++) {
		if (!strcmp(name, names[i][0]))
			return names[i][1];
	}
	return name;
}

static void take_convention(struct type *type, uint64_t number)
{
	if (type->kind == TYPE_FUNCTION)
		type->convention = number == DW_CC_normal ? 0 : (uint8_t)number;
	else if (number == DW_CC_pass_by_value)
		type->call = TYPE_CALL_BY_VALUE;
	else if (number == DW_CC_pass_by_reference)
		type->call = TYPE_CALL_BY_REFERENCE;
}

static int decode_attributes(struct graph *graph, struct dwarf_cursor *cursor, struct node *node)
{
	uint64_t number;
	uint64_t offset;
	int r = refer(graph, cursor, AT_TYPE, &node->target);

	if (!r && node->type.kind == TYPE_MEMBER_POINTER)
		r = refer(graph, cursor, AT_CONTAINING_TYPE, &node->owner);
	if (r)
		return r;
	node->type.has_size = graph_number(cursor, AT_BYTE_SIZE, &node->type.size);
	/* clang leaves out what the machine says. */
	if (!node->type.has_size && cursor->unit &&
	    (node->type.kind == TYPE_POINTER || node->type.kind == TYPE_REFERENCE ||
	     node->type.kind == TYPE_RVALUE_REFERENCE)) {
		node->type.size = cursor->unit->address_size;
		node->type.has_size = true;
	}
	if (graph_number(cursor, AT_ALIGNMENT, &number))
		node->type.align = number;
	if (graph_number(cursor, AT_ENCODING, &number))
		node->type.encoding = (uint8_t)number;
	node->type.is_scoped = graph_is_set(cursor, AT_ENUM_CLASS);
	node->type.is_vector = graph_is_set(cursor, AT_VECTOR);
	node->type.is_noreturn = graph_is_set(cursor, AT_NORETURN);
	node->type.is_unprototyped =
		node->type.kind == TYPE_FUNCTION && !graph_is_set(cursor, AT_PROTOTYPED) &&
		cursor->unit && numbers_get(&graph->c_units, cursor->unit->offset) != NUMBERS_NONE;
	if (graph_number(cursor, AT_CALLING_CONVENTION, &number))
		take_convention(&node->type, number);
	node->type.is_declared = graph_is_set(cursor, AT_DECLARATION);
	/* The definition is in a type unit. */
	if (dwarf_has(cursor, AT_SIGNATURE) &&
	    graph_reference(graph, cursor, AT_SIGNATURE, &offset) && offset != node->offset)
		r = graph_want(graph, offset, &node->redirect);
	node->own_name =
		graph_rebuilt_name(graph, node->offset, graph_string(graph, cursor, AT_NAME));
	if (node->type.kind == TYPE_BASE)
		node->own_name = plain_scalar(node->own_name);
	name_node(graph, cursor, node);
	return r;
}

static void set_unknown(struct graph *graph, struct node *node)
{
	node->tag = 0;
	node->part_count = 0;
	node->target = node->owner = node->redirect = NODE_VOID;
	node->type = (struct type){ .kind = TYPE_UNKNOWN };
	graph->types->unknown_count++;
}

/* A variable is no type: it stands for that of its own. */
static int decode_variable(struct graph *graph, struct dwarf_cursor *cursor, struct node *node)
{
	uint64_t definition;
	int r = find_signature(graph, &cursor, node, &definition);

	if (r == -ENOMEM)
		return r;
	node->redirect = node->target ? node->target : NODE_UNKNOWN;
	node->target = NODE_VOID;
	return 0;
}

/* The parameters of a function, from the entry that has them. */
static int take_signature(struct graph *graph, struct dwarf_cursor *cursor, struct node *node)
{
	uint64_t definition;
	int r = find_signature(graph, &cursor, node, &definition);

	if (r == 1)
		r = take_parts(graph, cursor, node);
	else if (!r)
		r = -EBADMSG;
	if (r || node->part_count || node->type.is_variadic || !definition)
		return r;
	r = graph_go_to(graph, &cursor, definition);
	return r == 1 ? take_parts(graph, cursor, node) : r ? r : -EBADMSG;
}

static int decode_node(struct graph *graph, struct node *node)
{
	struct dwarf_cursor *cursor;
	int r = graph_go_to(graph, &cursor, node->offset);

	if (r == -ENOMEM)
		return r;
	if (r != 1) {
		set_unknown(graph, node);
		return 0;
	}
	node->tag = cursor->die.tag;
	if (node->tag == DW_TAG_variable || node->tag == DW_TAG_member)
		return decode_variable(graph, cursor, node);
	node->type.kind = kind_of(node->tag);
	if (node->type.kind == TYPE_UNKNOWN) {
		set_unknown(graph, node);
		return 0;
	}
	r = decode_attributes(graph, cursor, node);
	if (!r)
		r = node->tag == DW_TAG_subprogram ? take_signature(graph, cursor, node)
						   : take_parts(graph, cursor, node);
	if (r == -EBADMSG) {
		set_unknown(graph, node);
		return 0;
	}
	return r;
}

/* What is wanted, in the order of the file: then each unit is entered once a round. */
struct order {
	uint64_t offset;
	uint32_t node;
};

static int by_offset(const void *a, const void *b)
{
	const struct order *x = a;
	const struct order *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

int graph_decode(struct graph *graph, size_t first)
{
	int r = 0;

	while (!r && first < graph->nodes.count) {
		size_t count = graph->nodes.count - first;
		AUTO_FREE struct order *order = malloc(count * sizeof(*order));
		size_t i;

		if (!order)
			return -ENOMEM;
		for (i = 0; i < count; i++)
			order[i] = (struct order){ graph->nodes.items[first + i].offset,
						   (uint32_t)(first + i) };
		qsort(order, count, sizeof(*order), by_offset);
		for (i = 0; !r && i < count; i++) {
			/* The list moves while others are added to it. */
			struct node node = graph->nodes.items[order[i].node];

			r = decode_node(graph, &node);
			graph->nodes.items[order[i].node] = node;
		}
		first += count;
	}
	return r;
}
