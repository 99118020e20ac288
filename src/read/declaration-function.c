/* SPDX-License-Identifier: Apache-2.0 */
/* Functions, their parameters, enumerators and macros. Contract in read/declared-parts.h. */
#include "read/declared-parts.h"

#include <string.h>

#define MOST_PIECES 16	    /* of a label, of what qualifies a function */
#define MOST_PARAMETERS 256 /* that tell functions of one name apart */

/* The word that names a parameter; SIZE_MAX: it has no name. */
static size_t parameter_name(struct span span, size_t from, size_t to)
{
	size_t last = SIZE_MAX;
	size_t words = 0; /* that tell a type, before the last one */
	size_t i = from;

	while (i < to) {
		size_t next = i > from ? span_skip_angle(span, i) : i;
		const struct token *t = &span.items[i];

		if (next != i) {
			i = next;
			continue;
		}
		if (span_is(span, i, "(")) {
			/* "int (*name)(int)" */
			for (i++; i < to && !span_is(span, i, ")"); i++) {
				if (span.items[i].kind == TOKEN_WORD &&
				    !token_is_keyword(&span.items[i]) &&
				    !span_is(span, i + 1, "::"))
					return i;
			}
			return SIZE_MAX;
		}
		if (span_is(span, i, "["))
			break;
		if (t->kind == TOKEN_WORD) {
			bool is_scope = span_is(span, i + 1, "::");
			bool is_tail = i > from && span_is(span, i - 1, "::");
			bool is_tag = i > from && (token_is_key(&span.items[i - 1]) ||
						   span_is(span, i - 1, "enum") ||
						   span_is(span, i - 1, "typename"));

			last = !token_is_keyword(t) && !is_scope && !is_tail && !is_tag && words
				       ? i
				       : SIZE_MAX;
			words += !token_is(t, "const") && !token_is(t, "volatile") &&
				 !token_is(t, "register") && !token_is(t, "struct") &&
				 !token_is(t, "class") && !token_is(t, "enum") &&
				 !token_is(t, "union") && !token_is(t, "typename") && !is_scope;
		}
		i++;
	}
	return last;
}

static void take_parameter(struct declaring *d, struct span span, size_t from, size_t to)
{
	struct declared_parameter parameter = { 0 };
	struct span one = { span.items, to };
	size_t equal = span_find(one, from, "=");
	size_t bracket = span_find((struct span){ span.items, equal }, from, "[");
	size_t name = parameter_name(span, from, equal);
	const char *type;

	if (equal < to)
		parameter.value = declaring_text(d, span, equal + 1, to);
	if (bracket < equal)
		parameter.bound = declaring_text(d, span, bracket + 1, span_skip(one, bracket) - 1);
	if (name == SIZE_MAX) {
		type = declaring_text(d, span, from, bracket < equal ? bracket : equal);
	} else {
		type = arena_printf(
			&d->out->arena, "%s%s", declaring_text(d, span, from, name),
			declaring_text(d, span, name + 1,
				       bracket < equal && bracket > name ? bracket : equal));
		d->has_error |= !type;
	}
	parameter.type = bracket < equal && type ? arena_printf(&d->out->arena, "%s*", type) : type;
	d->has_error |= !parameter.type || array_push(&d->out->parameters, parameter) != 0;
}

static void take_parameters(struct declaring *d, struct span span, size_t open, size_t close,
			    struct declared_item *item)
{
	size_t end = close > open && span_is(span, close - 1, ")") ? close - 1 : close;
	struct span inside = { span.items, end };
	size_t at = open + 1;

	item->first_parameter = (uint32_t)d->out->parameters.count;
	if (end - at == 1 && span_is(span, at, "void"))
		return;
	while (at < end && !d->has_error) {
		size_t comma = span_find(inside, at, ",");

		if (span_is(span, at, "..."))
			item->flags |= DECLARED_VARIADIC;
		else if (comma > at)
			take_parameter(d, inside, at, comma);
		at = comma + 1;
	}
	item->parameter_count = (uint32_t)(d->out->parameters.count - item->first_parameter);
}

/* asm("label"), whose parts are put together. */
static const char *take_label(struct declaring *d, struct span span, size_t open)
{
	size_t close = span_skip(span, open);
	const char *label = "";
	size_t i;

	for (i = open + 1; i < close && i < open + MOST_PIECES && label; i++) {
		if (span.items[i].kind == TOKEN_TEXT && span.items[i].length >= 2)
			label = arena_printf(&d->out->arena, "%s%.*s", label,
					     (int)span.items[i].length - 2, span.items[i].text + 1);
	}
	d->has_error |= !label;
	return label && *label ? label : NULL;
}

static void take_noexcept(struct span span, size_t at, struct declared_item *item)
{
	if (!span_is(span, at + 1, "("))
		item->flags |= DECLARED_NOEXCEPT;
	else if (span_is(span, at + 2, "true") && span_is(span, at + 3, ")"))
		item->flags |= DECLARED_NOEXCEPT;
	else if (!span_is(span, at + 2, "false") || !span_is(span, at + 3, ")"))
		item->flags |= DECLARED_NOEXCEPT_ASKS;
}

/* = 0, = default, = delete */
static void take_equal(struct span span, size_t at, struct declared_item *item)
{
	item->flags |= span_is(span, at + 1, "0")	  ? DECLARED_PURE
		       : span_is(span, at + 1, "default") ? DECLARED_DEFAULTED
		       : span_is(span, at + 1, "delete")  ? DECLARED_DELETED
							  : 0;
}

/* What follows the parameters; *ret: qualifiers of the function. */
static void take_tail(struct declaring *d, struct span span, size_t at, struct declared_item *item,
		      const char **ret)
{
	bool is_type = false;
	unsigned pieces = 0;

	*ret = "";
	while (at < span.count && !span_is(span, at, ":")) {
		size_t next = span_skip_attribute(span, at, &item->attributes);

		if (next != at) {
			at = next;
			continue;
		}
		is_type |= span_is(span, at, "->");
		if (!is_type && pieces < MOST_PIECES &&
		    (span_is(span, at, "const") || span_is(span, at, "volatile") ||
		     span_is(span, at, "&"))) {
			*ret = arena_printf(&d->out->arena, "%s %s", *ret,
					    declaring_text(d, span, at, at + 1));
			if (!*ret) {
				d->has_error = true;
				*ret = "";
			}
		} else if (span_is(span, at, "noexcept")) {
			take_noexcept(span, at, item);
		} else if (span_is(span, at, "throw") && span_is(span, at + 2, ")")) {
			item->flags |= DECLARED_NOEXCEPT;
		} else if (span_is(span, at, "override")) {
			item->flags |= DECLARED_OVERRIDE | DECLARED_VIRTUAL;
		} else if (span_is(span, at, "final")) {
			item->flags |= DECLARED_FINAL | DECLARED_VIRTUAL;
		} else if ((span_is(span, at, "asm") || span_is(span, at, "__asm__") ||
			    span_is(span, at, "__asm")) &&
			   span_is(span, at + 1, "(")) {
			item->label = take_label(d, span, at + 1);
		} else if (span_is(span, at, "=")) {
			take_equal(span, at, item);
			break;
		}
		at = span_is(span, at, "(") ? span_skip(span, at) : at + 1;
	}
}

static const char *make_form(struct declaring *d, const struct declared_item *item,
			     const char *qualifiers)
{
	const char *form = "(";
	uint32_t i;

	for (i = 0; form && i < item->parameter_count && i < MOST_PARAMETERS; i++)
		form = arena_printf(&d->out->arena, "%s%s%s", form, i ? ", " : "",
				    d->out->parameters.items[item->first_parameter + i].type);
	form = form ? arena_printf(&d->out->arena, "%s%s)%s", form,
				   item->flags & DECLARED_VARIADIC ? "..." : "", qualifiers)
		    : NULL;
	d->has_error |= !form;
	return form ? form : "";
}

void declaration_take_function(struct declaring *d, struct span span, const struct declarator *at,
			       uint32_t flags, uint32_t attributes, uint64_t body)
{
	const struct frame *frame = declaring_frame(d);
	struct declared_item item = {
		.form = "",
		.body = body,
		.flags = flags | (body ? DECLARED_BODY : 0),
		.attributes = attributes,
		.kind = DECLARED_FUNCTION,
	};
	const char *qualifiers;

	item.name = declaring_name(d, span, at->name, at->name_end);
	take_parameters(d, span, at->open, at->close, &item);
	take_tail(d, span, at->close, &item, &qualifiers);
	if (body && frame && frame->kind == FRAME_RECORD)
		item.flags |= DECLARED_INLINE;
	if (flags & (DECLARED_CONSTEXPR | DECLARED_CONSTEVAL))
		item.flags |= DECLARED_INLINE;
	/* C knows no overloads: two declarations are of one function. */
	if (d->is_cxx && !d->names_linkage && !(frame && frame->is_c))
		item.form = make_form(d, &item, qualifiers);
	declaring_add(d, &item, &span.items[at->name]);
}

static void take_enumerator(struct declaring *d, struct span span, size_t from, size_t to,
			    const char *prefix)
{
	struct declared_item item = { .form = "", .kind = DECLARED_ENUMERATOR };
	size_t equal = span_find((struct span){ span.items, to }, from, "=");

	if (span.items[from].kind != TOKEN_WORD)
		return;
	item.name = arena_printf(&d->out->arena, "%s%.*s", prefix, (int)span.items[from].length,
				 span.items[from].text);
	if (!item.name) {
		d->has_error = true;
		return;
	}
	if (equal < to)
		item.value = declaring_text(d, span, equal + 1, to);
	declaring_add(d, &item, &span.items[from]);
}

void declaration_take_enum(struct declaring *d, struct span span, const char *prefix)
{
	bool is_scoped = span_is(span, 1, "class") || span_is(span, 1, "struct");
	size_t open = span_find(span, 1, "{");
	struct span inside = { span.items, span.count - 1 };
	size_t at = open + 1;

	if (is_scoped && span.count > 3) {
		prefix = arena_printf(&d->out->arena, "%s%.*s::", prefix, (int)span.items[2].length,
				      span.items[2].text);
		if (!prefix) {
			d->has_error = true;
			return;
		}
	}
	while (at < inside.count && !d->has_error) {
		size_t comma = span_find(inside, at, ",");

		if (comma > at)
			take_enumerator(d, span, at, comma, prefix);
		at = comma + 1;
	}
}

/* An empty one at the start of a file, called as guards are. */
static bool is_guard(const char *name, const char *body, bool is_first)
{
	static const char *const ends[] = { "_H", "_HH", "_HPP", "_HXX", "_INCLUDED", "_GUARD" };
	size_t length = strlen(name);
	size_t i;

	while (length && name[length - 1] == '_')
		length--;
	for (i = 0; is_first && !*body && i < ARRAY_SIZE(ends); i++) {
		size_t end = strlen(ends[i]);

		if (length > end && !strncmp(name + length - end, ends[i], end))
			return true;
	}
	return false;
}

struct tokens_list array_of(struct token);

static bool scan_all(const char *at, const char *end, struct tokens_list *ret)
{
	struct token token = { .file = "" };

	while (token_scan(&at, end, &token)) {
		if (array_push(ret, token))
			return false;
	}
	return true;
}

/* The parameters in "(a, b...)", each once: what they are called does not matter. */
static uint32_t take_macro_parameters(struct declared_item *item, struct span label,
				      struct map *places, struct arena *arena)
{
	uint32_t count = 0;
	size_t i;

	for (i = 0; i < label.count; i++) {
		const struct token *t = &label.items[i];
		char *name;

		if (token_is(t, "..."))
			item->flags |= DECLARED_VARIADIC;
		if (t->kind != TOKEN_WORD)
			continue;
		name = arena_strndup(arena, t->text, t->length);
		if (!name || map_set(places, name, (void *)(uintptr_t)++count))
			return UINT32_MAX;
	}
	return count;
}

/* Could it be a value? Then it has no statement, and no word of a declaration. */
static bool is_value_token(const struct token *token)
{
	static const char *const types[] = { "int",  "long",  "short", "unsigned", "signed",
					     "char", "float", "bool",  "double",   "sizeof" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		if (token_is(token, types[i]))
			return true;
	}
	return !token_is(token, "{") && !token_is(token, ";") && !token_is_keyword(token) &&
	       !token_is(token, "__attribute__") && !token_is(token, "[");
}

static uint64_t hash_macro(struct span body, const struct map *places, bool *ret_value)
{
	uint64_t hash = 1;
	size_t i;

	*ret_value = true;
	for (i = 0; i < body.count; i++) {
		const struct token *t = &body.items[i];
		char name[128];
		uint64_t more = 0;

		*ret_value &= is_value_token(t);
		if (t->kind == TOKEN_WORD && t->length < sizeof(name)) {
			memcpy(name, t->text, t->length);
			name[t->length] = '\0';
			more = (uint64_t)(uintptr_t)map_get(places, name);
		}
		if (!more)
			more = hash_bytes(t->text, t->length);
		hash = (hash ^ more) * UINT64_C(0x9e3779b97f4a7c15) + (hash >> 29);
	}
	return hash;
}

static size_t name_length(const struct token *token)
{
	const char *at = token->text;
	struct token name;

	return token_scan(&at, token->text + token->length, &name) && name.kind == TOKEN_WORD
		       ? name.length
		       : 0;
}

/* "#define name(a, b) body", from behind the name on. */
static void take_definition(struct declaring *d, const char *at, const char *end,
			    struct declared_item *item)
{
	struct tokens_list label = { 0 };
	struct tokens_list body = { 0 };
	struct map places = { 0 };
	struct arena arena = { 0 };
	const char *close = at;
	bool is_value;

	if (at < end && *at == '(') {
		close = memchr(at, ')', (size_t)(end - at));
		close = close ? close + 1 : end;
		item->flags |= DECLARED_CALLED;
	}
	if (!scan_all(at, close, &label) || !scan_all(close, end, &body)) {
		d->has_error = true;
	} else {
		struct span l = { label.items, label.count };
		struct span b = { body.items, body.count };

		item->parameter_count = take_macro_parameters(item, l, &places, &arena);
		d->has_error |= item->parameter_count == UINT32_MAX;
		item->label = label.count ? declaring_text(d, l, 0, l.count) : NULL;
		item->value = declaring_text(d, b, 0, b.count);
		item->body = hash_macro(b, &places, &is_value);
		item->flags |= is_value ? DECLARED_CONST : 0;
	}
	array_done(&label);
	array_done(&body);
	map_done(&places);
	arena_done(&arena);
}

void declaring_macro(struct declaring *d, const struct token *token, bool is_first)
{
	struct declared_item item = { .kind = DECLARED_MACRO, .form = "" };
	size_t length = name_length(token);

	if (!length)
		return;
	item.name = arena_strndup(&d->out->arena, token->text, length);
	if (!item.name) {
		d->has_error = true;
		return;
	}
	if (token->kind == TOKEN_DEFINE)
		take_definition(d, token->text + length, token->text + token->length, &item);
	if (item.value && is_guard(item.name, item.value, is_first))
		item.flags |= DECLARED_GUARD;
	item.first_parameter = ++d->macros;
	declaring_add(d, &item, token);
}
