/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A type as C and C++ declare it. A declarator is written from the inside out:
 * `inner` is what stands where a name would. Contract in model/types.h.
 */
#include "model/types.h"

#include <inttypes.h>
#include <string.h>

#define MOST_DEPTH 24	 /* of pointers, arrays, functions in each other */
#define MOST_TYPES 500	 /* that are written for one */
#define MOST_LENGTH 4096 /* of one text, as damage can make one grow without end */

struct writer {
	struct arena *arena;
	const struct types *types;
	unsigned left; /* types that may still be written */
};

static const char *write_type(struct writer *w, type_id id, const char *inner, unsigned depth);

static const char *join(struct writer *w, const char *name, const char *inner)
{
	if (!name || !inner)
		return NULL;
	return *inner ? arena_printf(w->arena, "%s %s", name, inner) : name;
}

static const char *record_name(struct writer *w, const struct type *t)
{
	const char *kind = type_kind_text(t->kind);

	if (!t->name)
		return arena_printf(w->arena, "%s {…}", kind);
	return t->is_typedef_name ? t->name : arena_printf(w->arena, "%s %s", kind, t->name);
}

/* Before a pointer mark: what binds closer needs brackets. */
static bool needs_brackets(const struct types *types, type_id target)
{
	const struct type *t = type_at(types, target);

	return (t->kind == TYPE_ARRAY && !t->is_vector) || t->kind == TYPE_FUNCTION;
}

static const char *write_pointer(struct writer *w, const struct type *t, const char *mark,
				 const char *inner, unsigned depth)
{
	const char *text = arena_printf(
		w->arena, needs_brackets(w->types, t->target) ? "(%s%s)" : "%s%s", mark, inner);

	return text ? write_type(w, t->target, text, depth) : NULL;
}

static const char *write_member_pointer(struct writer *w, const struct type *t, const char *inner,
					unsigned depth)
{
	const struct type *owner = type_at(w->types, types_strip(w->types, t->owner));
	const char *mark = arena_printf(w->arena, "%s::*", owner->name ? owner->name : "?");

	return mark ? write_pointer(w, t, mark, inner, depth) : NULL;
}

/* Have the elements of the array that it qualifies the same qualifier? Some compilers say it twice.
 */
static bool has_in_elements(const struct types *types, const struct type *qualifier)
{
	const struct type *t = type_at(types, qualifier->target);
	unsigned hops;

	for (hops = 0; (t->kind == TYPE_CONST || t->kind == TYPE_VOLATILE) && hops < 4; hops++)
		t = type_at(types, t->target);
	for (hops = 0; t->kind == TYPE_ARRAY && hops < MOST_DEPTH; hops++)
		t = type_at(types, t->target);
	for (; hops && hops < MOST_DEPTH; hops++) {
		if (t->kind == qualifier->kind)
			return true;
		if (t->kind != TYPE_CONST && t->kind != TYPE_VOLATILE)
			break;
		t = type_at(types, t->target);
	}
	return false;
}

/* const of a pointer stands behind its mark, of all else before the name. */
static const char *write_qualifier(struct writer *w, const struct type *t, const char *inner,
				   unsigned depth)
{
	const struct type *target = type_at(w->types, t->target);
	bool is_pointer = target->kind == TYPE_POINTER || target->kind == TYPE_MEMBER_POINTER;
	const char *word = t->kind == TYPE_ATOMIC ? "_Atomic" : type_kind_text(t->kind);
	const char *text;

	if (is_pointer) {
		text = join(w, word, inner);
		text = text ? arena_printf(w->arena, " %s", text) : NULL;
		return text ? write_type(w, t->target, text, depth) : NULL;
	}
	text = write_type(w, t->target, inner, depth);
	return !text || has_in_elements(w->types, t) ? text
						     : arena_printf(w->arena, "%s %s", word, text);
}

static const char *write_array(struct writer *w, const struct type *t, const char *inner,
			       unsigned depth)
{
	const struct type_part *parts = type_parts(w->types, t);
	const char *text = inner;
	uint32_t i;

	if (t->is_vector && t->part_count == 1) {
		text = arena_printf(w->arena, "__vector(%" PRIu64 ")%s%s", parts[0].place,
				    *inner ? " " : "", inner);
		return text ? write_type(w, t->target, text, depth) : NULL;
	}
	for (i = 0; text && i < t->part_count && i < MOST_DEPTH; i++) {
		text = parts[i].place == TYPE_FLEXIBLE
			       ? arena_printf(w->arena, "%s[]", text)
			       : arena_printf(w->arena, "%s[%" PRIu64 "]", text, parts[i].place);
	}
	if (!t->part_count)
		text = arena_printf(w->arena, "%s[]", text);
	return text ? write_type(w, t->target, text, depth) : NULL;
}

static const char *write_function(struct writer *w, const struct type *t, const char *inner,
				  unsigned depth)
{
	const struct type_part *parts = type_parts(w->types, t);
	const char *list = "";
	uint32_t i;

	for (i = 0; list && i < t->part_count; i++) {
		const char *one = write_type(w, parts[i].type, "", depth);

		if (strlen(list) > MOST_LENGTH)
			one = "…";
		list = one ? arena_printf(w->arena, "%s%s%s", list, i ? ", " : "", one) : NULL;
		if (list && strlen(list) > MOST_LENGTH)
			break;
	}
	if (!list)
		return NULL;
	list = arena_printf(w->arena, "%s(%s%s)", inner,
			    t->part_count || t->is_variadic || t->is_unprototyped ? list : "void",
			    !t->is_variadic ? ""
			    : t->part_count ? ", ..."
					    : "...");
	return list ? write_type(w, t->target, list, depth) : NULL;
}

static const char *write_type(struct writer *w, type_id id, const char *inner, unsigned depth)
{
	const struct type *t = type_at(w->types, id);

	if (depth++ > MOST_DEPTH || !w->left || strlen(inner) > MOST_LENGTH)
		return join(w, "…", inner);
	w->left--;
	switch (t->kind) {
	case TYPE_POINTER:
		return write_pointer(w, t, "*", inner, depth);
	case TYPE_REFERENCE:
		return write_pointer(w, t, "&", inner, depth);
	case TYPE_RVALUE_REFERENCE:
		return write_pointer(w, t, "&&", inner, depth);
	case TYPE_MEMBER_POINTER:
		return write_member_pointer(w, t, inner, depth);
	case TYPE_CONST:
	case TYPE_VOLATILE:
	case TYPE_RESTRICT:
	case TYPE_ATOMIC:
		return write_qualifier(w, t, inner, depth);
	case TYPE_ARRAY:
		return write_array(w, t, inner, depth);
	case TYPE_FUNCTION:
		return write_function(w, t, inner, depth);
	case TYPE_STRUCT:
	case TYPE_CLASS:
	case TYPE_UNION:
	case TYPE_ENUM:
		return join(w, record_name(w, t), inner);
	default:
		return join(w, t->name ? t->name : type_kind_text(t->kind), inner);
	}
}

const char *types_text(struct arena *arena, const struct types *types, type_id id)
{
	return write_type(&(struct writer){ arena, types, MOST_TYPES }, id, "", 0);
}
