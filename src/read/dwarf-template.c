/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of class templates' instances that the compiler left to the reader
 * (-gsimple-template-names of clang): "holder" of an entry whose parameters make it
 * holder<int, 2>. They are written as clang writes them otherwise. Contract in
 * read/dwarf-graph.h.
 */
#include "base/array.h"
#include "read/dwarf-graph.h"

#include <inttypes.h>
#include <string.h>

#define MOST_DEPTH 24	  /* of types in each other */
#define MOST_LENGTH 4096  /* of one name */
#define MOST_CHILDREN 256 /* of one entry, that are looked at */
#define MOST_STEPS 2000	  /* entries for one name */

/* What an entry says, kept while the cursor goes on to others. */
struct entry {
	uint64_t offset;
	uint64_t type; /* 0: none */
	uint64_t owner;
	uint64_t value; /* constant, or bound */
	uint64_t size;	/* bytes */
	const char *name;
	const char *template; /* name of a template that is a parameter */
	uint16_t tag;
	uint8_t encoding;
	bool has_value;
	bool is_scoped;
	bool is_artificial;
};

struct children {
	struct entry items[MOST_CHILDREN];
	size_t count;
};

struct namer {
	struct graph *graph;
	unsigned left; /* entries that may still be looked at */
	bool no_memory;
};

/* One more entry, of those for this name and of those for all. */
static bool spend_step(struct namer *n)
{
	if (!n->left || !graph_spend(&n->graph->rebuild_left, 1))
		return false;
	n->left--;
	return true;
}

static const char *write_type(struct namer *n, uint64_t offset, const char *inner, unsigned depth);

/* As arena_printf(), within what the file may use; NULL: it is too much. */
#define TEXT(n, ...) spend_text(n, arena_printf(&(n)->graph->types->arena, __VA_ARGS__))

static const char *spend_text(struct namer *n, const char *text)
{
	n->no_memory |= !text;
	if (!text || strlen(text) > MOST_LENGTH ||
	    !graph_spend(&n->graph->names_left, strlen(text) + 1))
		return NULL;
	return text;
}

static void take_entry(struct namer *n, struct dwarf_cursor *cursor, struct entry *ret)
{
	struct graph *graph = n->graph;
	uint64_t number = 0;

	*ret = (struct entry){
		.offset = cursor->die.offset,
		.tag = cursor->die.tag,
		.name = graph_string(graph, cursor, AT_NAME),
		.template = graph_string(graph, cursor, AT_TEMPLATE_NAME),
		.is_scoped = graph_is_set(cursor, AT_ENUM_CLASS),
		.is_artificial = graph_is_set(cursor, AT_ARTIFICIAL),
	};
	if (!dwarf_has(cursor, AT_TYPE) || !graph_reference(graph, cursor, AT_TYPE, &ret->type))
		ret->type = 0;
	if (!dwarf_has(cursor, AT_CONTAINING_TYPE) ||
	    !graph_reference(graph, cursor, AT_CONTAINING_TYPE, &ret->owner))
		ret->owner = 0;
	ret->has_value = graph_number(cursor, AT_CONST_VALUE, &ret->value) ||
			 graph_number(cursor, AT_COUNT, &ret->value);
	if (!ret->has_value && graph_number(cursor, AT_UPPER_BOUND, &ret->value))
		ret->has_value = ++ret->value;
	graph_number(cursor, AT_BYTE_SIZE, &ret->size);
	if (graph_number(cursor, AT_ENCODING, &number))
		ret->encoding = (uint8_t)number;
}

/* The entry at an offset: in place of a declaration that has no more than a signature, its type
 * unit's. */
static bool read_entry(struct namer *n, uint64_t offset, struct entry *ret)
{
	struct dwarf_cursor *cursor;
	uint64_t elsewhere;
	int r;

	if (!spend_step(n))
		return false;
	r = graph_go_to(n->graph, &cursor, offset);
	if (r == 1 && dwarf_has(cursor, AT_SIGNATURE) &&
	    graph_reference(n->graph, cursor, AT_SIGNATURE, &elsewhere))
		r = graph_go_to(n->graph, &cursor, elsewhere);
	n->no_memory |= r == -ENOMEM;
	if (r == 1)
		take_entry(n, cursor, ret);
	return r == 1;
}

/* What is directly inside of an entry; parts of a pack as if they were. NULL: nothing can be told.
 */
static struct children *read_children(struct namer *n, uint64_t offset)
{
	AUTO_FREE struct children *found = calloc(1, sizeof(*found));
	struct dwarf_cursor *cursor;
	struct children *ret;
	int r = found ? graph_go_to(n->graph, &cursor, offset) : -ENOMEM;

	if (r == 1 && cursor->die.has_children) {
		while ((r = dwarf_cursor_next(cursor)) > 0 && cursor->die.depth) {
			bool is_pack = cursor->die.tag == DW_TAG_GNU_template_parameter_pack;

			if (found->count == MOST_CHILDREN || !spend_step(n))
				return NULL;
			if (!is_pack)
				take_entry(n, cursor, &found->items[found->count++]);
			if (cursor->die.has_children && !is_pack)
				r = dwarf_cursor_skip(cursor);
			if (r < 0)
				break;
		}
	}
	n->no_memory |= r == -ENOMEM;
	if (r < 0)
		return NULL;
	ret = found;
	found = NULL;
	return ret;
}

static const char *join(struct namer *n, const char *name, const char *inner)
{
	if (!name || !*inner)
		return name;
	return TEXT(n, inner[0] == '[' ? "%s%s" : "%s %s", name, inner);
}

static bool needs_brackets(struct namer *n, uint64_t offset)
{
	struct entry target;

	return offset && read_entry(n, offset, &target) &&
	       (target.tag == DW_TAG_array_type || target.tag == DW_TAG_subroutine_type);
}

static const char *write_pointer(struct namer *n, const struct entry *e, const char *mark,
				 const char *inner, unsigned depth)
{
	const char *text = TEXT(n, needs_brackets(n, e->type) ? "(%s%s)" : "%s%s", mark, inner);

	return text ? write_type(n, e->type, text, depth) : NULL;
}

/* const of a pointer stands behind its mark, of all else before the name. */
static const char *write_qualifier(struct namer *n, const struct entry *e, const char *word,
				   const char *inner, unsigned depth)
{
	struct entry target = { .tag = 0 };
	const char *text;

	if (e->type && !read_entry(n, e->type, &target))
		return NULL;
	if (target.tag == DW_TAG_pointer_type || target.tag == DW_TAG_ptr_to_member_type) {
		text = *inner ? TEXT(n, "%s %s", word, inner) : word;
		return text ? write_type(n, e->type, text, depth) : NULL;
	}
	text = write_type(n, e->type, inner, depth);
	return text ? TEXT(n, "%s %s", word, text) : NULL;
}

static const char *write_array(struct namer *n, const struct entry *e, const char *inner,
			       unsigned depth)
{
	AUTO_FREE struct children *bounds = read_children(n, e->offset);
	const char *text = bounds ? inner : NULL;
	size_t i;

	for (i = 0; text && i < bounds->count; i++) {
		const struct entry *bound = &bounds->items[i];

		if (bound->tag == DW_TAG_subrange_type)
			text = bound->has_value ? TEXT(n, "%s[%" PRIu64 "]", text, bound->value)
						: TEXT(n, "%s[]", text);
	}
	return text ? write_type(n, e->type, text, depth) : NULL;
}

/* A member function is const if the object is that it is called for. */
static const char *qualifiers_of(struct namer *n, uint64_t this)
{
	struct entry pointer, object;

	if (!this || !read_entry(n, this, &pointer) || !pointer.type ||
	    !read_entry(n, pointer.type, &object))
		return "";
	return object.tag == DW_TAG_const_type	    ? " const"
	       : object.tag == DW_TAG_volatile_type ? " volatile"
						    : "";
}

static const char *write_function(struct namer *n, const struct entry *e, const char *inner,
				  unsigned depth)
{
	AUTO_FREE struct children *parts = read_children(n, e->offset);
	const char *list = parts ? "" : NULL;
	const char *behind = "";
	size_t i;

	for (i = 0; list && i < parts->count; i++) {
		const struct entry *part = &parts->items[i];
		bool is_rest = part->tag == DW_TAG_unspecified_parameters;
		const char *one;

		if (part->is_artificial) {
			behind = qualifiers_of(n, part->type);
			continue;
		}
		if (!is_rest && part->tag != DW_TAG_formal_parameter)
			continue;
		one = is_rest ? "..." : write_type(n, part->type, "", depth);
		list = one ? TEXT(n, "%s%s%s", list, *list ? ", " : "", one) : NULL;
	}
	list = list ? TEXT(n, "%s(%s)%s", inner, list, behind) : NULL;
	return list ? write_type(n, e->type, list, depth) : NULL;
}

static const char *full_name(struct graph *graph, uint64_t offset, const char *name)
{
	uint32_t place = numbers_get(&graph->rebuilt, offset);

	return place == NUMBERS_NONE ? name : graph->rebuilt_names.items[place];
}

static const char *instance_name(struct namer *n, uint64_t offset, const char *name,
				 unsigned depth);

/* Its name with those of the scopes that it is in. */
static const char *write_scoped(struct namer *n, const struct entry *e, const char *name,
				unsigned depth)
{
	const struct graph *graph = n->graph;
	uint32_t scope = graph_scope(graph, e->offset);

	/* A scope begins with the entry that it is the inside of. */
	if (scope != UINT32_MAX && graph->scopes.items[scope].start == e->offset)
		scope = graph->scopes.items[scope].parent;
	for (; name && scope != UINT32_MAX; scope = graph->scopes.items[scope].parent) {
		const struct scope *s = &graph->scopes.items[scope];
		const char *outer = "(anonymous namespace)";
		struct entry around;

		if (s->name)
			outer = read_entry(n, s->start, &around)
					? instance_name(n, around.offset, s->name, depth)
					: NULL;

		name = outer ? TEXT(n, "%s::%s", outer, name) : NULL;
	}
	return name;
}

static const char *write_named(struct namer *n, const struct entry *e, const char *inner,
			       unsigned depth)
{
	const char *name = e->name ? instance_name(n, e->offset, e->name, depth) : NULL;

	return name ? join(n, write_scoped(n, e, name, depth), inner) : NULL;
}

static const char *write_base(struct namer *n, const struct entry *e, const char *inner)
{
	const char *name = e->name;

	if (name && !strcmp(name, "complex"))
		name = e->size == 8    ? "_Complex float"
		       : e->size == 16 ? "_Complex double"
				       : "_Complex long double";
	return name ? join(n, name, inner) : NULL;
}

static const char *write_member_pointer(struct namer *n, const struct entry *e, const char *inner,
					unsigned depth)
{
	const char *owner = e->owner ? write_type(n, e->owner, "", depth) : NULL;
	const char *mark = owner ? TEXT(n, "%s::*", owner) : NULL;

	return mark ? write_pointer(n, e, mark, inner, depth) : NULL;
}

static const char *write_entry(struct namer *n, const struct entry *e, const char *inner,
			       unsigned depth)
{
	switch (e->tag) {
	case DW_TAG_base_type:
		return write_base(n, e, inner);
	case DW_TAG_unspecified_type:
		return join(n, "std::nullptr_t", inner);
	case DW_TAG_pointer_type:
		return write_pointer(n, e, "*", inner, depth);
	case DW_TAG_reference_type:
		return write_pointer(n, e, "&", inner, depth);
	case DW_TAG_rvalue_reference_type:
		return write_pointer(n, e, "&&", inner, depth);
	case DW_TAG_ptr_to_member_type:
		return write_member_pointer(n, e, inner, depth);
	case DW_TAG_const_type:
		return write_qualifier(n, e, "const", inner, depth);
	case DW_TAG_volatile_type:
		return write_qualifier(n, e, "volatile", inner, depth);
	case DW_TAG_restrict_type:
		return write_qualifier(n, e, "__restrict", inner, depth);
	case DW_TAG_typedef:
		return write_type(n, e->type, inner, depth);
	case DW_TAG_array_type:
		return write_array(n, e, inner, depth);
	case DW_TAG_subroutine_type:
		return write_function(n, e, inner, depth);
	case DW_TAG_structure_type:
	case DW_TAG_class_type:
	case DW_TAG_union_type:
	case DW_TAG_enumeration_type:
		return write_named(n, e, inner, depth);
	default:
		return NULL;
	}
}

static const char *write_type(struct namer *n, uint64_t offset, const char *inner, unsigned depth)
{
	struct entry entry;

	if (!offset)
		return join(n, "void", inner);
	if (depth >= MOST_DEPTH || !read_entry(n, offset, &entry))
		return NULL;
	return write_entry(n, &entry, inner, depth + 1);
}

static const char *write_character(struct namer *n, const char *before, uint64_t value)
{
	static const char escapes[] = "\aa\bb\ff\nn\rr\tt\vv\\\\\'\'";
	size_t i;

	for (i = 0; i + 1 < sizeof(escapes); i += 2) {
		if (value == (unsigned char)escapes[i])
			return TEXT(n, "%s'\\%c'", before, escapes[i + 1]);
	}
	if (value >= ' ' && value < 0x7f)
		return TEXT(n, "%s'%c'", before, (char)value);
	return value <= UINT8_MAX    ? TEXT(n, "%s'\\x%02" PRIx64 "'", before, value)
	       : value <= UINT16_MAX ? TEXT(n, "%s'\\u%04" PRIx64 "'", before, value)
				     : TEXT(n, "%s'\\U%08" PRIx64 "'", before, value);
}

static bool is_unsigned(const struct entry *type)
{
	return type->encoding == DW_ATE_unsigned || type->encoding == DW_ATE_unsigned_char ||
	       type->encoding == DW_ATE_boolean || type->encoding == DW_ATE_UTF;
}

static const char *write_number(struct namer *n, const struct entry *type, uint64_t value,
				const char *before, const char *behind)
{
	return is_unsigned(type) ? TEXT(n, "%s%" PRIu64 "%s", before, value, behind)
				 : TEXT(n, "%s%" PRId64 "%s", before, (int64_t)value, behind);
}

/* As literals of each type are written; the rest with a cast. */
static const char *write_scalar(struct namer *n, const struct entry *type, uint64_t value)
{
	static const struct {
		const char *type, *before, *behind; /* behind: NULL: a character */
	} forms[] = {
		{ "char", "", NULL },
		{ "wchar_t", "L", NULL },
		{ "char8_t", "u8", NULL },
		{ "char16_t", "u", NULL },
		{ "char32_t", "U", NULL },
		{ "signed char", "(signed char)", NULL },
		{ "unsigned char", "(unsigned char)", NULL },
		{ "short", "(short)", "" },
		{ "unsigned short", "(unsigned short)", "" },
		{ "int", "", "" },
		{ "unsigned int", "", "U" },
		{ "long", "", "L" },
		{ "unsigned long", "", "UL" },
		{ "long long", "", "LL" },
		{ "unsigned long long", "", "ULL" },
	};
	size_t i;

	if (!type->name)
		return NULL;
	if (type->encoding == DW_ATE_boolean)
		return value ? "true" : "false";
	for (i = 0; i < ARRAY_SIZE(forms); i++) {
		if (strcmp(type->name, forms[i].type) != 0)
			continue;
		return forms[i].behind
			       ? write_number(n, type, value, forms[i].before, forms[i].behind)
			       : write_character(n, forms[i].before,
						 type->size == 1 ? value & UINT8_MAX : value);
	}
	return NULL;
}

static const char *write_enumerator(struct namer *n, const struct entry *type, uint64_t value,
				    unsigned depth)
{
	AUTO_FREE struct children *items = read_children(n, type->offset);
	const char *name = items ? write_named(n, type, "", depth) : NULL;
	size_t i;

	for (i = 0; name && i < items->count; i++) {
		const struct entry *item = &items->items[i];

		if (item->value != value || !item->name)
			continue;
		return type->is_scoped ? TEXT(n, "%s::%s", name, item->name)
				       : write_scoped(n, type, item->name, depth);
	}
	return name ? TEXT(n, "(%s)%" PRId64, name, (int64_t)value) : NULL;
}

static const char *write_value(struct namer *n, const struct entry *parameter, unsigned depth)
{
	struct entry type;

	if (!parameter->type || !parameter->has_value || !read_entry(n, parameter->type, &type))
		return NULL;
	while (type.tag == DW_TAG_typedef || type.tag == DW_TAG_const_type) {
		if (!type.type || !read_entry(n, type.type, &type))
			return NULL;
	}
	return type.tag == DW_TAG_enumeration_type
		       ? write_enumerator(n, &type, parameter->value, depth)
	       : type.tag == DW_TAG_base_type ? write_scalar(n, &type, parameter->value)
					      : NULL;
}

static const char *write_argument(struct namer *n, const struct entry *e, unsigned depth)
{
	switch (e->tag) {
	case DW_TAG_template_type_parameter:
		return write_type(n, e->type, "", depth);
	case DW_TAG_template_value_parameter:
		return write_value(n, e, depth);
	case DW_TAG_GNU_template_template_param:
		return e->template;
	default:
		return NULL;
	}
}

static bool is_parameter(uint16_t tag)
{
	return tag == DW_TAG_template_type_parameter || tag == DW_TAG_template_value_parameter ||
	       tag == DW_TAG_GNU_template_template_param;
}

/* The parameters stand first: "name<a, b>". NULL: they cannot be told. */
static const char *add_arguments(struct namer *n, uint64_t offset, const char *name, unsigned depth)
{
	AUTO_FREE struct children *parts = read_children(n, offset);
	const char *list = parts ? "" : NULL;
	size_t i;

	for (i = 0; list && i < parts->count && is_parameter(parts->items[i].tag); i++) {
		const char *one = write_argument(n, &parts->items[i], depth);

		list = one ? TEXT(n, "%s%s%s", list, i ? ", " : "", one) : NULL;
	}
	if (!list)
		return NULL;
	return TEXT(n, "%s<%s%s>", name, list, *list && list[strlen(list) - 1] == '>' ? " " : "");
}

static const char *instance_name(struct namer *n, uint64_t offset, const char *name, unsigned depth)
{
	struct graph *graph = n->graph;
	const char *known = full_name(graph, offset, NULL);

	if (known || numbers_get(&graph->templates, offset) == NUMBERS_NONE)
		return known ? known : name;
	return depth < MOST_DEPTH ? add_arguments(n, offset, name, depth + 1) : NULL;
}

const char *graph_rebuilt_name(const struct graph *graph, uint64_t offset, const char *name)
{
	return graph->rebuilt.count ? full_name((struct graph *)graph, offset, name) : name;
}

static int name_instance(struct graph *graph, uint64_t offset)
{
	struct namer n = { .graph = graph, .left = MOST_STEPS };
	struct entry entry;
	const char *name = read_entry(&n, offset, &entry) && entry.name
				   ? instance_name(&n, offset, entry.name, 0)
				   : NULL;

	if (n.no_memory)
		return -ENOMEM;
	if (!name || graph->rebuilt_names.count >= NUMBERS_NONE)
		return 0;
	return array_push(&graph->rebuilt_names, name)
		       ? -ENOMEM
		       : numbers_add(&graph->rebuilt, offset,
				     (uint32_t)graph->rebuilt_names.count - 1);
}

static int rebuild_names(struct graph *graph)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < graph->instances.count; i++)
		r = name_instance(graph, graph->instances.items[i]);
	return r;
}

int graph_note_instance(struct graph *graph, uint64_t offset)
{
	if (numbers_get(&graph->templates, offset) != NUMBERS_NONE)
		return 0;
	return array_push(&graph->instances, offset) ? -ENOMEM
						     : numbers_add(&graph->templates, offset, 0);
}

int graph_scan_again(struct graph *graph)
{
	size_t i;
	int r = rebuild_names(graph);

	if (r || !graph->rebuilt.count)
		return r;
	array_done(&graph->scopes);
	array_done(&graph->definitions);
	array_done(&graph->typedef_names);
	numbers_done(&graph->names_of_anonymous);
	numbers_done(&graph->declared_unnamed);
	graph->is_again = true;
	for (i = 0; !r && i < graph->files.count; i++)
		r = graph_scan_file(graph, graph->files.items[i]);
	return r;
}
