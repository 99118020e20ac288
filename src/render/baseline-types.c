/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Types in baselines: each that has a name is a line, its members are lines below
 * it; all others are written where they are used. Those without a name are called
 * after what holds them, so that an addition elsewhere changes no line.
 */
#include "render/baseline.h"
#include "model/baseline-words.h"

#include <inttypes.h>
#include <string.h>

#define MOST_DEPTH 64 /* of types written in each other; a reader takes no more either */

struct baseline_types {
	struct out *out;
	const struct types *types;
	struct arena arena;
	const char **names; /* by type; NULL: written where it is used */
	uint32_t *numbers;  /* of several types of one name, from 2; 0: the first */
	uint32_t *order;    /* those with a name */
	size_t count;
};

static bool is_plain(const char *name)
{
	if (!*name || (*name >= '0' && *name <= '9'))
		return false;
	for (; *name; name++) {
		if (!(*name >= 'a' && *name <= 'z') && !(*name >= 'A' && *name <= 'Z') &&
		    !(*name >= '0' && *name <= '9') && !strchr("_:$.", *name))
			return false;
	}
	return name[-1] != ':';
}

static void write_name(struct out *out, const char *name)
{
	if (is_plain(name)) {
		out_text(out, name);
		return;
	}
	out_char(out, '"');
	for (; *name; name++) {
		unsigned char c = (unsigned char)*name;

		if (c < ' ' || c == 0x7f || c == '%' || c == '"')
			out_printf(out, "%%%02x", c);
		else
			out_char(out, (char)c);
	}
	out_char(out, '"');
}

static bool has_line(const struct type *t)
{
	return type_is_record(t) || t->kind == TYPE_ENUM || t->kind == TYPE_TYPEDEF ||
	       t->kind == TYPE_BASE;
}

/* Types of one kind share one space of names. */
static const char *word_of(const struct type *t)
{
	return t->kind == TYPE_BASE ? "scalar" : type_kind_text(t->kind);
}

static int give_name(struct baseline_types *w, type_id id, const char *name)
{
	if (!name)
		return -ENOMEM;
	w->names[id] = name;
	w->order[w->count++] = id;
	return 0;
}

/* Names what has none and is used by `owner`. */
static int name_used(struct baseline_types *w, type_id id, const char *owner, const char *label,
		     unsigned depth)
{
	const struct type *t = type_at(w->types, id);
	uint32_t i;
	int r = 0;

	if (w->names[id] || !depth)
		return 0;
	if (has_line(t))
		return give_name(w, id,
				 *label ? arena_printf(&w->arena, "%s.%s", owner, label)
					: arena_strdup(&w->arena, owner));
	for (i = 0; !r && i < t->part_count; i++) {
		const struct type_part *p = &type_parts(w->types, t)[i];
		const char *inner = p->kind == PART_PARAMETER
					    ? arena_printf(&w->arena, "%s.%u", label, i + 1)
					    : label;

		if (p->kind == PART_PARAMETER)
			r = inner ? name_used(w, p->type, owner, inner, depth - 1) : -ENOMEM;
	}
	if (!r && t->target)
		r = name_used(w, t->target, owner, label, depth - 1);
	return r || !t->owner ? r : name_used(w, t->owner, owner, label, depth - 1);
}

static int name_parts(struct baseline_types *w, type_id id)
{
	const struct type *t = type_at(w->types, id);
	uint32_t i;
	int r = t->target ? name_used(w, t->target, w->names[id], "", MOST_DEPTH) : 0;

	for (i = 0; !r && i < t->part_count; i++) {
		const struct type_part *p = &type_parts(w->types, t)[i];
		const char *label = p->name ? p->name : arena_printf(&w->arena, "%u", i);

		if (!label)
			return -ENOMEM;
		if (p->kind == PART_MEMBER || p->kind == PART_BASE)
			r = name_used(w, p->type, w->names[id], label, MOST_DEPTH);
	}
	return r;
}

static int compare_ids(const struct baseline_types *w, uint32_t a, uint32_t b)
{
	int order = strcmp(w->names[a], w->names[b]);

	return order ? order : strcmp(word_of(type_at(w->types, a)), word_of(type_at(w->types, b)));
}

static int by_name(const void *a, const void *b, void *data)
{
	const struct baseline_types *w = data;
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;
	const struct type *tx = type_at(w->types, x);
	const struct type *ty = type_at(w->types, y);
	int order = compare_ids(w, x, y);

	if (order)
		return order;
	if (tx->size != ty->size)
		return tx->size < ty->size ? -1 : 1;
	if (tx->part_count != ty->part_count)
		return tx->part_count < ty->part_count ? -1 : 1;
	return x < y ? -1 : x > y;
}

static int name_all(struct baseline_types *w, const struct corpus *corpus)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < w->types->items.count; i++) {
		const struct type *t = &w->types->items.items[i];

		if (has_line(t) && t->name)
			r = give_name(w, (type_id)i, t->name);
	}
	/* In an order that does not depend on where the file has them. */
	qsort_r(w->order, w->count, sizeof(*w->order), by_name, w);
	for (i = 0; !r && i < corpus->symbols.count; i++) {
		if (corpus->symbol_types[i] != CORPUS_NO_TYPE)
			r = name_used(w, corpus->symbol_types[i], corpus->symbols.items[i].name, "",
				      MOST_DEPTH);
	}
	for (i = 0; !r && i < w->count; i++)
		r = name_parts(w, w->order[i]);
	if (r)
		return r;
	qsort_r(w->order, w->count, sizeof(*w->order), by_name, w);
	for (i = 1; i < w->count; i++) {
		if (!compare_ids(w, w->order[i - 1], w->order[i]))
			w->numbers[w->order[i]] =
				w->numbers[w->order[i - 1]] ? w->numbers[w->order[i - 1]] + 1 : 2;
	}
	return 0;
}

static bool is_word(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(baseline_type_words); i++) {
		if (!strcmp(name, baseline_type_words[i]))
			return true;
	}
	return false;
}

static void write_reference(struct baseline_types *w, type_id id)
{
	out_text(w->out, word_of(type_at(w->types, id)));
	out_char(w->out, ' ');
	write_name(w->out, w->names[id]);
	if (w->numbers[id])
		out_printf(w->out, "#%u", w->numbers[id]);
}

static void write_type(struct baseline_types *w, type_id id, unsigned depth);

static void write_array(struct baseline_types *w, const struct type *t)
{
	uint32_t i;

	out_text(w->out, t->is_vector ? "vector[" : "[");
	for (i = 0; i < t->part_count; i++) {
		uint64_t count = type_parts(w->types, t)[i].place;

		if (i)
			out_char(w->out, ',');
		if (count != TYPE_FLEXIBLE)
			out_printf(w->out, "%" PRIu64, count);
	}
	out_char(w->out, ']');
}

static void write_function(struct baseline_types *w, const struct type *t, unsigned depth)
{
	uint32_t i;

	if (t->is_implicit)
		out_text(w->out, "implicit ");
	if (t->is_noreturn)
		out_text(w->out, "noreturn ");
	if (t->is_unprototyped)
		out_text(w->out, "unprototyped ");
	if (t->convention)
		out_printf(w->out, "convention %u ", t->convention);
	out_char(w->out, '(');
	for (i = 0; i < t->part_count; i++) {
		const struct type_part *p = &type_parts(w->types, t)[i];

		if (i)
			out_text(w->out, ", ");
		if (p->is_artificial)
			out_text(w->out, "implicit ");
		if (p->name) {
			write_name(w->out, p->name);
			out_text(w->out, ": ");
		}
		write_type(w, p->type, depth);
	}
	if (t->is_variadic)
		out_text(w->out, t->part_count ? ", ..." : "...");
	out_text(w->out, ") ");
}

/* Written from left to right: "*const char" is a pointer to const char. */
static void write_type(struct baseline_types *w, type_id id, unsigned depth)
{
	const struct type *t = type_at(w->types, id);

	if (w->names[id] && t->kind == TYPE_BASE && !w->numbers[id] && !is_word(w->names[id])) {
		write_name(w->out, w->names[id]);
		return;
	}
	if (w->names[id]) {
		write_reference(w, id);
		return;
	}
	if (depth++ >= MOST_DEPTH) {
		out_char(w->out, '?');
		return;
	}
	switch (t->kind) {
	case TYPE_VOID:
		out_text(w->out, "void");
		return;
	case TYPE_UNSPECIFIED:
		out_text(w->out, "unspecified");
		if (t->name) {
			out_char(w->out, ' ');
			write_name(w->out, t->name);
		}
		return;
	case TYPE_POINTER:
		out_char(w->out, '*');
		break;
	case TYPE_REFERENCE:
		out_char(w->out, '&');
		break;
	case TYPE_RVALUE_REFERENCE:
		out_text(w->out, "&&");
		break;
	case TYPE_MEMBER_POINTER:
		out_text(w->out, "of ");
		write_type(w, t->owner, depth);
		out_text(w->out, " *");
		break;
	case TYPE_ARRAY:
		write_array(w, t);
		break;
	case TYPE_FUNCTION:
		write_function(w, t, depth);
		break;
	case TYPE_CONST:
	case TYPE_VOLATILE:
	case TYPE_RESTRICT:
	case TYPE_ATOMIC:
		out_text(w->out, type_kind_text(t->kind));
		out_char(w->out, ' ');
		break;
	default:
		out_char(w->out, '?');
		return;
	}
	write_type(w, t->target, depth);
}

static void write_access(struct out *out, uint8_t access)
{
	if (access && access < ARRAY_SIZE(baseline_accesses))
		out_printf(out, " %s", baseline_accesses[access]);
}

/* "8", or "8.3" with bits. */
static void write_place(struct out *out, uint64_t place)
{
	out_printf(out, " %" PRIu64, place / 8);
	if (place % 8)
		out_printf(out, ".%u", (unsigned)(place % 8));
}

static void write_part(struct baseline_types *w, const struct type_part *p)
{
	static const char *const words[] = {
		[PART_MEMBER] = "member",
		[PART_BASE] = "from",
		[PART_ENUMERATOR] = "value",
		[PART_METHOD] = "slot",
	};

	out_printf(w->out, "\t%s", words[p->kind]);
	if (p->kind == PART_ENUMERATOR) {
		out_printf(w->out, " %" PRId64 " ", (int64_t)p->place);
		write_name(w->out, p->name ? p->name : "?");
		out_char(w->out, '\n');
		return;
	}
	if (p->kind == PART_METHOD) {
		if (p->place == UINT64_MAX)
			out_text(w->out, " ?");
		else
			out_printf(w->out, " %" PRIu64, p->place);
	} else if (p->is_virtual) {
		out_text(w->out, " virtual");
	} else {
		write_place(w->out, p->place);
	}
	if (p->bits)
		out_printf(w->out, " bits %" PRIu64, p->bits);
	write_access(w->out, p->access);
	if (p->is_mutable)
		out_text(w->out, " mutable");
	if (p->is_artificial)
		out_text(w->out, " implicit");
	if (p->is_pure)
		out_text(w->out, " pure");
	if (p->name && p->kind != PART_BASE) {
		out_text(w->out, " name ");
		write_name(w->out, p->name);
	}
	if (p->kind != PART_METHOD) {
		out_text(w->out, ": ");
		write_type(w, p->type, 0);
	}
	out_char(w->out, '\n');
}

static void write_encoding(struct out *out, uint8_t encoding)
{
	if (encoding < ARRAY_SIZE(baseline_encodings) && baseline_encodings[encoding])
		out_printf(out, " %s", baseline_encodings[encoding]);
	else
		out_printf(out, " encoding %u", encoding);
}

static void write_definition(struct baseline_types *w, type_id id)
{
	const struct type *t = type_at(w->types, id);
	uint32_t i;

	write_reference(w, id);
	if (t->has_size)
		out_printf(w->out, " size %" PRIu64, t->size);
	if (t->kind == TYPE_BASE)
		write_encoding(w->out, t->encoding);
	if (t->align)
		out_printf(w->out, " align %" PRIu64, t->align);
	if (t->is_declared)
		out_text(w->out, " declared");
	if (!t->name)
		out_text(w->out, " unnamed");
	if (t->is_typedef_name)
		out_text(w->out, " untagged");
	if (t->is_scoped)
		out_text(w->out, " scoped");
	if (t->has_constructor)
		out_text(w->out, t->is_closed ? " closed" : " constructed");
	if (t->seen)
		out_text(w->out, t->seen == TYPE_PUBLIC ? " public" : " opaque");
	if (t->call)
		out_text(w->out, t->call == TYPE_CALL_BY_VALUE ? " by-value" : " by-reference");
	if (t->kind == TYPE_TYPEDEF || (t->kind == TYPE_ENUM && t->target)) {
		out_text(w->out, ": ");
		write_type(w, t->target, 0);
	}
	out_char(w->out, '\n');
	for (i = 0; i < t->part_count; i++)
		write_part(w, &type_parts(w->types, t)[i]);
}

int baseline_types_begin(struct out *out, const struct corpus *corpus, struct baseline_types **ret)
{
	struct baseline_types *w = calloc(1, sizeof(*w));
	size_t count = corpus->types ? corpus->types->items.count : 0;

	*ret = w;
	if (!w)
		return -ENOMEM;
	w->out = out;
	w->types = corpus->types;
	w->names = calloc(count + 1, sizeof(*w->names));
	w->numbers = calloc(count + 1, sizeof(*w->numbers));
	w->order = calloc(count + 1, sizeof(*w->order));
	if (!w->names || !w->numbers || !w->order)
		return -ENOMEM;
	return corpus->types ? name_all(w, corpus) : 0;
}

void baseline_write_type(struct baseline_types *w, type_id id)
{
	out_text(w->out, " : ");
	write_type(w, id, 0);
}

void baseline_write_types(struct baseline_types *w)
{
	size_t i;

	for (i = 0; i < w->count; i++)
		write_definition(w, w->order[i]);
}

void baseline_types_end(struct baseline_types *w)
{
	if (!w)
		return;
	free(w->names);
	free(w->numbers);
	free(w->order);
	arena_done(&w->arena);
	free(w);
}
