/* SPDX-License-Identifier: Apache-2.0 */
/* What a class says of how it is made and copied. Contract in read/dwarf-graph.h. */
#include "read/dwarf-graph.h"

#include <string.h>

#define DEFAULTED_IN_CLASS 1 /* DW_DEFAULTED_in_class */

/* The name of a class without the arguments of a template. */
static size_t plain_length(const char *name)
{
	return strcspn(name, "<");
}

bool graph_take_copy(struct graph *graph, struct dwarf_cursor *cursor, struct node *node,
		     struct node_part *ret)
{
	const char *class = node->own_name;
	const char *name = ret->part.name;
	size_t length;
	uint64_t defaulted = 0;

	if (!class || !name || ret->part.is_artificial)
		return false;
	graph_number(cursor, AT_DEFAULTED, &defaulted);
	length = plain_length(class);
	if (name[0] == '~' && plain_length(name + 1) == length &&
	    !strncmp(name + 1, class, length)) {
		node->has_copy |= defaulted != DEFAULTED_IN_CLASS;
		return false;
	}
	if (plain_length(name) != length || strncmp(name, class, length) != 0)
		return false;
	node->type.has_constructor |= defaulted != DEFAULTED_IN_CLASS;
	if (!graph_is_set(cursor, AT_DELETED)) {
		/* What is not told is private in a class, but in DWARF 2. */
		bool is_hidden = node->type.kind == TYPE_CLASS && cursor->unit &&
				 cursor->unit->version > 2;
		bool is_private = (ret->part.access ? ret->part.access : is_hidden ? 3 : 1) == 3;

		node->has_private |= is_private;
		node->has_open |= !is_private;
	}
	ret->part.kind = PART_COPY;
	ret->part.is_pure = graph_is_set(cursor, AT_DELETED);
	ret->part.is_virtual = defaulted == DEFAULTED_IN_CLASS;
	return true;
}
