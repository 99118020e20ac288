/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of types: "struct ctx size 40", and below it "member 8 name p: *void". A
 * type may be used before its line. Contract in read/baseline-types.h.
 */
#include "read/baseline-types.h"
#include "base/map.h"
#include "model/baseline-words.h"

#include <string.h>

#define MOST_DEPTH 66 /* of types written in each other */

#define POINTERS 3 /* of the marks in front of a type */

#define NOT_DEFINED "a type is used that no line tells"

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

static void skip_spaces(struct baseline_types *r)
{
	while (is_space(*r->at))
		r->at++;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("_:$.", c));
}

/* Is `text` next? Then it is passed. */
static bool take(struct baseline_types *r, const char *text)
{
	size_t length = strlen(text);

	skip_spaces(r);
	if (strncmp(r->at, text, length))
		return false;
	/* A word must end there. */
	if (is_letter(text[length - 1]) && text[length - 1] != ':' && is_letter(r->at[length]) &&
	    r->at[length] != ':')
		return false;
	r->at += length;
	return true;
}

static bool take_number(struct baseline_types *r, uint64_t *ret)
{
	const char *start;

	skip_spaces(r);
	start = r->at;
	*ret = 0;
	for (; *r->at >= '0' && *r->at <= '9'; r->at++) {
		if (__builtin_mul_overflow(*ret, 10, ret) ||
		    __builtin_add_overflow(*ret, (uint64_t)(*r->at - '0'), ret))
			return false;
	}
	return r->at != start;
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* A name in quotes: %XX stands for a byte. NULL: it does not end, or is no name. */
static const char *take_quoted(struct baseline_types *r)
{
	const char *end = strchr(++r->at, '"');
	char *copy, *to;

	if (!end || end == r->at)
		return NULL;
	copy = to = arena_alloc(&r->corpus->arena, (size_t)(end - r->at) + 1);
	r->no_memory |= !copy;
	for (; copy && r->at < end; r->at++) {
		int high, low;

		if (*r->at != '%') {
			*to++ = *r->at;
			continue;
		}
		high = hex_value(r->at[1]);
		low = high < 0 ? -1 : hex_value(r->at[2]);
		if (low < 0 || (!high && !low))
			return NULL;
		*to++ = (char)(high << 4 | low);
		r->at += 2;
	}
	if (copy)
		*to = '\0';
	r->at = end + 1;
	return copy;
}

/* NULL: there is none, or no memory. A ":" behind it is not part of it. */
static const char *take_name(struct baseline_types *r)
{
	const char *start;
	size_t length;
	const char *name;

	skip_spaces(r);
	if (*r->at == '"')
		return take_quoted(r);
	start = r->at;
	while (is_letter(*r->at))
		r->at++;
	length = (size_t)(r->at - start);
	while (length && start[length - 1] == ':')
		length--;
	r->at = start + length;
	if (!length)
		return NULL;
	name = arena_strndup(&r->corpus->arena, start, length);
	r->no_memory |= !name;
	return name;
}

static type_id add_type(struct baseline_types *r, const struct type *type)
{
	if (r->types->items.count >= CORPUS_NO_TYPE || array_push(&r->types->items, *type)) {
		r->no_memory = true;
		return TYPE_ID_VOID;
	}
	return (type_id)r->types->items.count - 1;
}

/* struct, class and union share a space of names with their own kind only. */
static bool kind_of(struct baseline_types *r, uint8_t *ret)
{
	static const struct {
		const char *word;
		enum type_kind kind;
	} kinds[] = {
		{ "struct", TYPE_STRUCT }, { "class", TYPE_CLASS },	{ "union", TYPE_UNION },
		{ "enum", TYPE_ENUM },	   { "typedef", TYPE_TYPEDEF }, { "scalar", TYPE_BASE },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (take(r, kinds[i].word)) {
			*ret = (uint8_t)kinds[i].kind;
			return true;
		}
	}
	return false;
}

/* The type of that kind and name, which is told in this or another line. NULL: no memory. */
static struct baseline_name *named(struct baseline_types *r, uint8_t kind, const char *name,
				   uint32_t number)
{
	struct baseline_name entry = { .name = name, .number = number, .kind = kind };
	uint64_t key = number_mix(hash_bytes(name, strlen(name)) + kind * UINT64_C(31) +
				  number * UINT64_C(0x10001));
	uint32_t place;

	/* One hash may stand for several. */
	while ((place = numbers_get(&r->by_name, key)) != NUMBERS_NONE) {
		struct baseline_name *found = &r->named.items[place];

		if (found->kind == kind && found->number == number && !strcmp(found->name, name))
			return found;
		key++;
	}
	entry.id = add_type(r, &(struct type){ .kind = kind, .name = name });
	if (r->no_memory || array_push(&r->named, entry) ||
	    numbers_add(&r->by_name, key, (uint32_t)r->named.count - 1)) {
		r->no_memory = true;
		return NULL;
	}
	return &r->named.items[r->named.count - 1];
}

static bool take_reference(struct baseline_types *r, uint8_t kind, struct baseline_name **ret)
{
	const char *name = take_name(r);
	uint64_t number = 0;

	if (!name)
		return false;
	if (*r->at == '#') {
		r->at++;
		if (!take_number(r, &number) || number < 2 || number > UINT32_MAX)
			return false;
	}
	*ret = named(r, kind, name, (uint32_t)number);
	return *ret;
}

static bool take_type(struct baseline_types *r, type_id *ret);

static bool take_target(struct baseline_types *r, struct type *type, type_id *ret)
{
	if (!take_type(r, &type->target))
		return false;
	*ret = add_type(r, type);
	return true;
}

/* Behind "[": counts, which may be left out, and "]". */
static bool take_array(struct baseline_types *r, bool is_vector, type_id *ret)
{
	struct type type = { .kind = TYPE_ARRAY, .is_vector = is_vector };
	struct array_of(struct type_part) parts = { 0 };
	bool ok = true;

	do {
		struct type_part part = { .kind = PART_DIMENSION, .place = TYPE_FLEXIBLE };

		skip_spaces(r);
		if (*r->at != ',' && *r->at != ']')
			ok = take_number(r, &part.place);
		if (ok && array_push(&parts, part))
			r->no_memory = true;
	} while (ok && !r->no_memory && take(r, ","));
	ok = ok && !r->no_memory && take(r, "]") && take_type(r, &type.target);
	if (ok) {
		size_t i;

		type.first_part = (uint32_t)r->types->parts.count;
		type.part_count = (uint32_t)parts.count;
		for (i = 0; i < parts.count; i++)
			r->no_memory |= array_push(&r->types->parts, parts.items[i]) != 0;
		*ret = add_type(r, &type);
	}
	array_done(&parts);
	return ok;
}

static bool take_parameter(struct baseline_types *r, struct type_part *ret)
{
	const char *start;
	const char *name;

	*ret = (struct type_part){ .kind = PART_PARAMETER };
	ret->is_artificial = take(r, "implicit");
	skip_spaces(r);
	start = r->at;
	/* A name is followed by a colon. */
	name = take_name(r);
	if (name && *r->at == ':' && r->at[1] == ' ') {
		r->at++;
		ret->name = name;
	} else {
		r->at = start;
	}
	return take_type(r, &ret->type);
}

/* Behind "(": parameters, ")" and the result. */
static bool take_function(struct baseline_types *r, struct type type, type_id *ret)
{
	struct array_of(struct type_part) parts = { 0 };
	bool ok = true;
	size_t i;

	type.kind = TYPE_FUNCTION;
	while (ok && !r->no_memory && !take(r, ")")) {
		struct type_part part;

		if (take(r, "...")) {
			type.is_variadic = true;
		} else {
			ok = take_parameter(r, &part);
			if (ok && array_push(&parts, part))
				r->no_memory = true;
		}
		skip_spaces(r);
		ok = ok && (*r->at == ')' || take(r, ",") || *r->at == '.');
	}
	ok = ok && !r->no_memory && take_type(r, &type.target);
	type.first_part = (uint32_t)r->types->parts.count;
	type.part_count = (uint32_t)parts.count;
	for (i = 0; ok && i < parts.count; i++)
		r->no_memory |= array_push(&r->types->parts, parts.items[i]) != 0;
	if (ok)
		*ret = add_type(r, &type);
	array_done(&parts);
	return ok;
}

static bool take_member_pointer(struct baseline_types *r, type_id *ret)
{
	struct type type = { .kind = TYPE_MEMBER_POINTER };

	return take_type(r, &type.owner) && take(r, "*") && take_target(r, &type, ret);
}

static bool take_unspecified(struct baseline_types *r, type_id *ret)
{
	struct type type = { .kind = TYPE_UNSPECIFIED };

	skip_spaces(r);
	if (*r->at && *r->at != ',' && *r->at != ')')
		type.name = take_name(r);
	*ret = add_type(r, &type);
	return true;
}

static bool take_prefix(struct baseline_types *r, type_id *ret, bool *ret_ok)
{
	static const struct {
		const char *text;
		enum type_kind kind;
	} prefixes[] = {
		{ "*", TYPE_POINTER },	       { "&&", TYPE_RVALUE_REFERENCE },
		{ "&", TYPE_REFERENCE },       { "const", TYPE_CONST },
		{ "volatile", TYPE_VOLATILE }, { "restrict", TYPE_RESTRICT },
		{ "atomic", TYPE_ATOMIC },
	};
	struct type type = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(prefixes); i++) {
		if (take(r, prefixes[i].text)) {
			type.kind = (uint8_t)prefixes[i].kind;
			type.has_size = i < POINTERS;
			type.size = i < POINTERS ? (r->corpus->is_64 ? 8 : 4) : 0;
			*ret_ok = take_target(r, &type, ret);
			return true;
		}
	}
	return false;
}

static bool take_marked_function(struct baseline_types *r, type_id *ret)
{
	struct type type = { .is_implicit = take(r, "implicit") };
	uint64_t number = 0;

	type.is_noreturn = take(r, "noreturn");
	type.is_unprototyped = take(r, "unprototyped");
	if (take(r, "convention") && (!take_number(r, &number) || number > UINT8_MAX))
		return false;
	type.convention = (uint8_t)number;
	return take(r, "(") && take_function(r, type, ret);
}

static bool take_bare(struct baseline_types *r, type_id *ret)
{
	struct baseline_name *entry;
	uint8_t kind;
	bool ok;

	if (take(r, "void")) {
		*ret = TYPE_ID_VOID;
		return true;
	}
	if (take(r, "?")) {
		*ret = add_type(r, &(struct type){ .kind = TYPE_UNKNOWN });
		r->types->unknown_count++;
		return true;
	}
	if (take(r, "unspecified"))
		return take_unspecified(r, ret);
	if (take(r, "of"))
		return take_member_pointer(r, ret);
	if (take(r, "vector["))
		return take_array(r, true, ret);
	if (take(r, "["))
		return take_array(r, false, ret);
	skip_spaces(r);
	if (*r->at == '(' || !strncmp(r->at, "implicit ", 9) || !strncmp(r->at, "noreturn ", 9) ||
	    !strncmp(r->at, "unprototyped ", 13) || !strncmp(r->at, "convention ", 11))
		return take_marked_function(r, ret);
	if (!kind_of(r, &kind))
		kind = TYPE_BASE;
	ok = take_reference(r, kind, &entry);
	if (ok)
		*ret = entry->id;
	return ok;
}

static bool take_type(struct baseline_types *r, type_id *ret)
{
	bool ok;

	if (r->depth >= MOST_DEPTH || r->no_memory)
		return false;
	r->depth++;
	if (!take_prefix(r, ret, &ok))
		ok = take_bare(r, ret);
	r->depth--;
	return ok;
}

static bool at_end(struct baseline_types *r)
{
	skip_spaces(r);
	return !*r->at;
}

/* The parts that were collected become those of the type under way. */
static int end_type(struct baseline_types *r)
{
	struct type *type;
	size_t i;

	if (!r->current)
		return 0;
	type = &r->types->items.items[r->current];
	type->first_part = (uint32_t)r->types->parts.count;
	type->part_count = (uint32_t)r->parts.count;
	for (i = 0; i < r->parts.count; i++) {
		if (r->types->parts.count >= UINT32_MAX ||
		    array_push(&r->types->parts, r->parts.items[i]))
			return -ENOMEM;
	}
	r->parts.count = 0;
	r->current = TYPE_ID_VOID;
	return 0;
}

static int begin(struct baseline_types *r)
{
	if (r->types)
		return 0;
	r->types = r->corpus->types = calloc(1, sizeof(*r->types));
	if (!r->types)
		return -ENOMEM;
	return array_push(&r->types->items, (struct type){ .kind = TYPE_VOID });
}

static bool take_encoding(struct baseline_types *r, struct type *type)
{
	uint64_t number;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(baseline_encodings); i++) {
		if (baseline_encodings[i] && take(r, baseline_encodings[i])) {
			type->encoding = (uint8_t)i;
			return true;
		}
	}
	if (!take(r, "encoding") || !take_number(r, &number) || number > UINT8_MAX)
		return false;
	type->encoding = (uint8_t)number;
	return true;
}

static const char *take_definition(struct baseline_types *r, uint8_t kind)
{
	struct baseline_name *entry;
	struct type type = { .kind = kind };
	bool is_unnamed = false;

	if (!take_reference(r, kind, &entry))
		return "a type without name";
	if (entry->is_defined)
		return "a type that is told twice";
	entry->is_defined = true;
	r->current = entry->id;
	type.name = entry->name;
	while (!at_end(r)) {
		if (take(r, "size"))
			type.has_size = take_number(r, &type.size);
		else if (take(r, "align") && take_number(r, &type.align))
			;
		else if (take(r, "declared"))
			type.is_declared = true;
		else if (take(r, "unnamed"))
			is_unnamed = true;
		else if (take(r, "untagged"))
			type.is_typedef_name = true;
		else if (take(r, "scoped"))
			type.is_scoped = true;
		else if (take(r, "constructed"))
			type.has_constructor = true;
		else if (take(r, "closed"))
			type.has_constructor = type.is_closed = true;
		else if (take(r, "public"))
			type.seen = TYPE_PUBLIC;
		else if (take(r, "opaque"))
			type.seen = TYPE_OPAQUE;
		else if (take(r, "by-value"))
			type.call = TYPE_CALL_BY_VALUE;
		else if (take(r, "by-reference"))
			type.call = TYPE_CALL_BY_REFERENCE;
		else if (kind == TYPE_BASE && take_encoding(r, &type))
			;
		else if (take(r, ":") && take_type(r, &type.target) && at_end(r))
			;
		else
			return "an unknown word behind a type";
	}
	if (is_unnamed)
		type.name = NULL;
	r->types->items.items[r->current] = type;
	return NULL;
}

static bool take_place(struct baseline_types *r, struct type_part *part)
{
	uint64_t bits = 0;

	if (take(r, "virtual")) {
		part->is_virtual = true;
		return true;
	}
	if (!take_number(r, &part->place) || part->place > UINT64_MAX / 8)
		return false;
	if (*r->at == '.') {
		r->at++;
		if (!take_number(r, &bits) || bits > 7)
			return false;
	}
	part->place = part->place * 8 + bits;
	return true;
}

static bool take_mark(struct baseline_types *r, struct type_part *part)
{
	size_t i;

	for (i = 1; i < ARRAY_SIZE(baseline_accesses); i++) {
		if (take(r, baseline_accesses[i])) {
			part->access = (uint8_t)i;
			return true;
		}
	}
	if (take(r, "bits"))
		return take_number(r, &part->bits);
	if (take(r, "mutable"))
		return part->is_mutable = true;
	if (take(r, "implicit"))
		return part->is_artificial = true;
	if (take(r, "pure"))
		return part->is_pure = true;
	if (take(r, "name"))
		return (part->name = take_name(r)) != NULL;
	return false;
}

/* "-1 NAME" */
static const char *take_enumerator(struct baseline_types *r, struct type_part *part)
{
	bool is_negative = take(r, "-");

	if (!take_number(r, &part->place))
		return "an enumerator without value";
	if (is_negative)
		part->place = -part->place;
	part->name = take_name(r);
	return part->name && at_end(r) ? NULL : "an enumerator without name";
}

static const char *take_part(struct baseline_types *r, enum part_kind kind)
{
	struct type_part part = { .kind = (uint8_t)kind };
	const char *wrong;

	if (!r->current)
		return "a part of no type";
	if (kind == PART_ENUMERATOR) {
		wrong = take_enumerator(r, &part);
		if (wrong)
			return wrong;
	} else {
		if (kind == PART_METHOD && take(r, "?"))
			part.place = UINT64_MAX;
		else if (kind == PART_METHOD ? !take_number(r, &part.place) : !take_place(r, &part))
			return "a part without place";
		while (take_mark(r, &part))
			;
		if (kind != PART_METHOD && (!take(r, ":") || !take_type(r, &part.type)))
			return "a part without type";
		if (!at_end(r))
			return "an unknown word behind a part";
	}
	r->no_memory |= array_push(&r->parts, part) != 0;
	return NULL;
}

static const struct {
	const char *word;
	enum part_kind kind;
} part_words[] = {
	{ "member", PART_MEMBER },
	{ "from", PART_BASE },
	{ "value", PART_ENUMERATOR },
	{ "slot", PART_METHOD },
};

bool baseline_is_type_line(const char *line)
{
	struct baseline_types r = { .at = line };
	uint8_t kind;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(part_words); i++) {
		if (take(&r, part_words[i].word))
			return true;
	}
	return kind_of(&r, &kind);
}

int baseline_take_type(struct baseline_types *r, char *line, const char **ret_text)
{
	uint8_t kind;
	size_t i;
	int e = begin(r);

	if (e)
		return e;
	r->at = line;
	for (i = 0; i < ARRAY_SIZE(part_words); i++) {
		if (take(r, part_words[i].word)) {
			*ret_text = take_part(r, part_words[i].kind);
			return r->no_memory ? -ENOMEM : 0;
		}
	}
	e = end_type(r);
	if (!e)
		*ret_text = kind_of(r, &kind) ? take_definition(r, kind) : "an unknown line";
	return r->no_memory ? -ENOMEM : e;
}

int baseline_take_symbol_type(struct baseline_types *r, char *text, const char **ret_text)
{
	type_id id = CORPUS_NO_TYPE;
	int e = text ? begin(r) : 0;

	if (e)
		return e;
	r->at = text;
	if (text && (!take_type(r, &id) || !at_end(r)))
		*ret_text = "what follows the colon is no type";
	return r->no_memory ? -ENOMEM : array_push(&r->of_symbols, id);
}

int baseline_types_finish(struct baseline_types *r, const char **ret_text)
{
	size_t i;
	int e;

	*ret_text = NULL;
	if (!r->types)
		return 0;
	e = end_type(r);
	for (i = 0; !e && i < r->named.count; i++) {
		if (!r->named.items[i].is_defined)
			*ret_text = NOT_DEFINED;
	}
	return e;
}

void baseline_types_done(struct baseline_types *r)
{
	numbers_done(&r->by_name);
	array_done(&r->named);
	array_done(&r->parts);
	array_done(&r->of_symbols);
}
