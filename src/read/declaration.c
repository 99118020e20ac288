/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of one declaration: what it declares. Contract in read/declared-parts.h. */
#include "read/declared-parts.h"

#include <string.h>

const char *declaring_text(struct declaring *d, struct span span, size_t from, size_t to)
{
	size_t size = 1;
	size_t i;
	char *text, *at;

	for (i = from; i < to; i++)
		size += span.items[i].length + 1u;
	text = at = arena_alloc(&d->out->arena, size);
	if (!text) {
		d->has_error = true;
		return "";
	}
	for (i = from; i < to; i++) {
		const struct token *t = &span.items[i];
		bool wordy = t->kind != TOKEN_SIGN;

		if (i > from && ((wordy && span.items[i - 1].kind != TOKEN_SIGN) ||
				 token_is(&span.items[i - 1], ",") ||
				 (wordy && token_is(&span.items[i - 1], ")"))))
			*at++ = ' ';
		memcpy(at, t->text, t->length);
		at += t->length;
	}
	*at = '\0';
	return text;
}

const char *declaring_name(struct declaring *d, struct span span, size_t from, size_t to)
{
	const struct frame *frame = declaring_frame(d);
	const char *prefix = frame ? frame->prefix : "";
	const char *name;
	size_t size = 1;
	size_t at;
	char *plain;

	if (span_is(span, from, "::")) {
		from++;
		prefix = "";
	}
	for (at = from; at < to; at++)
		size += span.items[at].length;
	plain = arena_alloc(&d->out->arena, size);
	if (!plain) {
		d->has_error = true;
		return "";
	}
	*plain = '\0';
	size = 0;
	for (at = from; at < to;) {
		size_t next = at > from ? span_skip_angle(span, at) : at;

		/* The arguments of templates say which of the instances, not which name. */
		if (next != at && next <= to && !span_is(span, at - 1, "operator")) {
			at = next;
			continue;
		}
		memcpy(plain + size, span.items[at].text, span.items[at].length);
		size += span.items[at++].length;
	}
	plain[size] = '\0';
	if (!*prefix)
		return plain;
	name = arena_printf(&d->out->arena, "%s%s", prefix, plain);
	d->has_error |= !name;
	return name ? name : "";
}

void declaring_add(struct declaring *d, const struct declared_item *item, const struct token *where)
{
	const struct frame *frame = item->kind == DECLARED_MACRO ? NULL : declaring_frame(d);
	struct declared_item copy = *item;

	if (frame && frame->is_nameless)
		return;
	if (d->is_template && item->kind != DECLARED_MACRO)
		copy.flags |= DECLARED_TEMPLATE;
	/* Those of one file follow each other. */
	if (d->last_file != where->file) {
		d->last_file = where->file;
		d->file = arena_strdup(&d->out->arena, where->file);
	}
	copy.file = d->file;
	copy.line = where->line;
	if (frame) {
		copy.flags |= frame->is_template ? DECLARED_TEMPLATE : 0;
		copy.flags |= frame->is_unnamed ? DECLARED_UNNAMED : 0;
		copy.flags |= frame->kind == FRAME_RECORD ? DECLARED_MEMBER : 0;
		copy.access = copy.access ? copy.access : frame->access;
	}
	if ((d->names_linkage || (frame ? frame->is_c : !d->is_cxx)) &&
	    !(copy.flags & DECLARED_MEMBER))
		copy.flags |= DECLARED_C;
	d->has_error |= !copy.file || array_push(&d->out->items, copy) != 0;
}

/* The word before the "<" that the ">" at `at` closes; `least`: there is none. */
static size_t angle_start(struct span span, size_t least, size_t at)
{
	size_t depth = 0;

	for (; at > least; at--) {
		depth += span_is(span, at, ">");
		if (span_is(span, at, "<") && !--depth)
			return at - 1;
	}
	return least;
}

/* Where the name that ends with the word at `at` begins: "A::B::f", "~B". */
static size_t name_start(struct span span, size_t least, size_t at)
{
	if (at > least && span_is(span, at - 1, "~"))
		at--;
	while (at > least && span_is(span, at - 1, "::")) {
		size_t before = at - 1;

		if (before > least && span_is(span, before - 1, ">")) {
			before = angle_start(span, least, before - 1);
		} else if (before > least && span.items[before - 1].kind == TOKEN_WORD &&
			   !token_is_keyword(&span.items[before - 1])) {
			before--;
		} else {
			return at - 1;
		}
		if (span.items[before].kind != TOKEN_WORD)
			return at;
		at = before;
	}
	return at;
}

/* "(*name)(…)", "(name)(…)", "(C::*name)": is the declarator in the parentheses? */
static bool is_nested(struct span span, size_t at)
{
	size_t i = at + 1;

	while (i + 1 < span.count && span.items[i].kind == TOKEN_WORD && span_is(span, i + 1, "::"))
		i += 2;
	if (span_is(span, i, "*") || span_is(span, i, "&") || span_is(span, i, "^"))
		return true;
	return i == at + 1 && i + 2 < span.count && span.items[i].kind == TOKEN_WORD &&
	       !token_is_keyword(&span.items[i]) && span_is(span, i + 1, ")") &&
	       span_is(span, i + 2, "(");
}

static void find_nested(struct span span, size_t at, struct declarator *ret)
{
	size_t close = span_skip(span, at);
	size_t i = at + 1;
	uint32_t attributes = 0;

	while (i < close && (span.items[i].kind != TOKEN_WORD || token_is_keyword(&span.items[i]) ||
			     span_is(span, i + 1, "::") || span_is(span, i, "__attribute__"))) {
		size_t next = span_skip_attribute(span, i, &attributes);

		i = next == i ? i + 1 : next;
	}
	ret->end = close;
	if (i >= close)
		return;
	ret->name = i;
	ret->name_end = i + 1;
	if (span_is(span, i + 1, "(") && i + 1 < close) {
		ret->open = i + 1;
		ret->close = span_skip(span, i + 1);
	} else if (i == at + 1 && span_is(span, close, "(")) {
		ret->open = close;
		ret->close = ret->end = span_skip(span, close);
	}
}

static void set_function(struct span span, size_t least, size_t name, size_t open,
			 struct declarator *ret)
{
	ret->name = name_start(span, least, name);
	ret->name_end = open;
	ret->open = open;
	ret->close = ret->end = span_skip(span, open);
}

/* operator+ (…), operator() (…), operator bool () */
static void find_operator(struct span span, size_t least, size_t at, struct declarator *ret)
{
	size_t open = at + 1;

	if (span_is(span, open, "(") && span_is(span, open + 1, ")"))
		open += 2;
	while (open < span.count && !span_is(span, open, "("))
		open++;
	if (open < span.count)
		set_function(span, least, at, open, ret);
}

static bool is_name(struct span span, size_t at)
{
	return span.items[at].kind == TOKEN_WORD && !token_is_keyword(&span.items[at]);
}

void declarator_find(struct span span, size_t at, struct declarator *ret)
{
	size_t least = at;
	size_t last = SIZE_MAX; /* the word that is the name, unless a better one comes */
	uint32_t attributes = 0;

	*ret = (struct declarator){ 0 };
	while (at < span.count) {
		size_t next = span_skip_attribute(span, at, &attributes);

		if (next == at && at > least)
			next = span_skip_angle(span, at);
		if (next != at) {
			if (last != SIZE_MAX && span_is(span, at, "<") && last == at - 1 &&
			    span_is(span, next, "(") && !is_nested(span, next)) {
				set_function(span, least, last, next, ret);
				return;
			}
			at = next;
			continue;
		}
		if (span_is(span, at, "operator")) {
			find_operator(span, least, at, ret);
			return;
		}
		if (span_is(span, at, "(")) {
			if (is_nested(span, at)) {
				find_nested(span, at, ret);
				return;
			}
			if (at > least && is_name(span, at - 1)) {
				set_function(span, least, at - 1, at, ret);
				return;
			}
		}
		if (span_is(span, at, "=") || span_is(span, at, ":") || span_is(span, at, "{"))
			break;
		if (is_name(span, at))
			last = at;
		at = span_is(span, at, "(") || span_is(span, at, "[") ? span_skip(span, at)
								      : at + 1;
	}
	ret->end = at;
	if (last != SIZE_MAX) {
		ret->name = name_start(span, least, last);
		ret->name_end = last + 1;
	}
}

static uint32_t specifiers(struct span span, size_t from, size_t to)
{
	static const struct {
		const char *word;
		uint32_t flags;
	} known[] = {
		{ "inline", DECLARED_INLINE },	     { "__inline", DECLARED_INLINE },
		{ "__inline__", DECLARED_INLINE },   { "static", DECLARED_STATIC },
		{ "constexpr", DECLARED_CONSTEXPR }, { "consteval", DECLARED_CONSTEVAL },
		{ "explicit", DECLARED_EXPLICIT },   { "virtual", DECLARED_VIRTUAL },
		{ "mutable", DECLARED_MUTABLE },     { "extern", DECLARED_EXTERN },
	};
	uint32_t flags = 0;
	size_t i;

	for (; from < to; from++) {
		for (i = 0; i < ARRAY_SIZE(known); i++) {
			if (span_is(span, from, known[i].word))
				flags |= known[i].flags;
		}
	}
	return flags;
}

/* Is the variable itself const, and not what it points to only? */
static bool is_const(struct span span, size_t from, size_t to, bool found)
{
	while (from < to) {
		size_t next = span_skip_angle(span, from);

		if (span_is(span, from, "*"))
			found = false;
		found |= span_is(span, from, "const") || span_is(span, from, "constexpr");
		from = next == from ? from + 1 : next;
	}
	return found;
}

/* What all declarators of a list share. */
struct list {
	size_t start;	/* of the type */
	uint32_t flags; /* of its specifiers */
	uint32_t attributes;
	uint64_t body;
	bool is_typedef;
	bool is_const;
};

static void take_variable(struct declaring *d, struct span span, const struct list *list,
			  const struct declarator *at, uint32_t attributes)
{
	struct declared_item item = { .form = "", .kind = DECLARED_VARIABLE };
	size_t value = span_find(span, at->end < span.count ? at->end : span.count, "=");

	if (at->end < span.count && span_is(span, at->end, "{"))
		item.value = declaring_text(d, span, at->end, span.count);
	else if (value < span.count)
		item.value = declaring_text(d, span, value + 1, span.count);
	item.name = declaring_name(d, span, at->name, at->name_end);
	item.flags = list->flags;
	item.attributes = attributes;
	if (is_const(span, list->start, at->name, list->is_const))
		item.flags |= DECLARED_CONST;
	declaring_add(d, &item, &span.items[at->name]);
}

static void take_typedef(struct declaring *d, struct span span, size_t start,
			 const struct declarator *at)
{
	struct declared_item item = { .form = "", .kind = DECLARED_TYPEDEF };

	item.name = declaring_name(d, span, at->name, at->name_end);
	item.value = declaring_text(d, span, start, span.count);
	declaring_add(d, &item, &span.items[at->name]);
}

static void take_using(struct declaring *d, struct span span, size_t at)
{
	struct declared_item item = { .form = "", .kind = DECLARED_USING };
	size_t equal = span_find(span, at, "=");
	size_t last = span.count - 1;

	if (span_is(span, at + 1, "namespace") || span.count < at + 2)
		return;
	if (equal < span.count && at + 1 < equal) {
		item.kind = DECLARED_TYPEDEF;
		item.value = declaring_text(d, span, equal + 1, span.count);
		last = at + 1;
	}
	item.name = declaring_name(d, span, last, last + 1);
	declaring_add(d, &item, &span.items[at]);
}

static void take_friend(struct declaring *d, struct span span, size_t at)
{
	const struct frame *frame = declaring_frame(d);
	struct declared_item item = { .kind = DECLARED_FRIEND };

	if (!frame || frame->kind != FRAME_RECORD)
		return;
	item.name = frame->name;
	item.form = declaring_text(d, span, at + span_is(span, at, "friend"), span.count);
	declaring_add(d, &item, &span.items[at]);
}

/* One declarator of a list, which begins at `at`. */
static void take_declarator(struct declaring *d, struct span span, size_t at, struct list *list)
{
	uint32_t attributes = list->attributes;
	struct declarator found;
	size_t i = at;

	declarator_find(span, at, &found);
	/* Attributes can stand anywhere. */
	while (i < span.count) {
		size_t next = span_skip_attribute(span, i, &attributes);

		if (next == i)
			next = span_is(span, i, "(") || span_is(span, i, "{") ? span_skip(span, i)
									      : i + 1;
		i = next;
	}
	if (found.name == found.name_end)
		return;
	list->flags |= specifiers(span, list->start, found.name);
	if (list->is_typedef)
		take_typedef(d, span, list->start, &found);
	else if (found.open != found.close)
		declaration_take_function(d, span, &found, list->flags, attributes, list->body);
	else
		take_variable(d, span, list, &found, attributes);
}

static void take_declarators(struct declaring *d, struct span span, size_t at, struct list *list)
{
	/* Behind the code's head, a comma parts initialisers of members. */
	size_t end = list->body ? span.count : span_find(span, at, ",");

	take_declarator(d, (struct span){ span.items, end }, at, list);
	list->is_const = is_const(span, list->start, end, false) &&
			 span_find((struct span){ span.items, end }, list->start, "*") == end;
	while (end < span.count) {
		list->start = at = end + 1;
		end = span_find(span, at, ",");
		if (at < end)
			take_declarator(d, (struct span){ span.items, end }, at, list);
	}
}

static bool is_left_out(struct span span, size_t at)
{
	static const char *const words[] = { "static_assert", "_Static_assert", "asm",
					     "__asm__",	      "namespace",	"concept",
					     "catch",	      "template",	"#" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (span_is(span, at, words[i]))
			return true;
	}
	return span_is(span, at, "extern") && span_is(span, at + 1, "template");
}

/* "struct S", "enum E : int": nothing but a name of a type. */
static bool is_forward(struct span span, size_t at)
{
	size_t start = at;
	uint32_t attributes = 0;

	if (at >= span.count || (!token_is_key(&span.items[at]) && !span_is(span, at, "enum")))
		return false;
	for (at++; at < span.count; at++) {
		size_t next = span_skip_attribute(span, at, &attributes);

		next = next == at ? span_skip_angle(span, at) : next;
		if (next != at) {
			at = next - 1;
			continue;
		}
		if (span_is(span, at, ":") && span_is(span, start, "enum"))
			return true;
		/* "struct S x" has two words in a row. */
		if (!span_is(span, at, "::") && !span_is(span, at - 1, "::") && at > start + 1 &&
		    span.items[at - 1].kind == TOKEN_WORD && at - 1 > start &&
		    !token_is_key(&span.items[at - 1]))
			return false;
		if (span.items[at].kind != TOKEN_WORD && !span_is(span, at, "::"))
			return false;
	}
	return true;
}

/* Behind the braces of a class or enumeration that is defined here; 0: none is. */
static size_t behind_type(struct declaring *d, struct span span, size_t at)
{
	const struct frame *frame = declaring_frame(d);
	size_t i;

	for (i = at; i < span.count; i++) {
		if (span_is(span, i, "{}"))
			return i + 1;
	}
	for (i = at; i < span.count; i++) {
		uint32_t attributes = 0;
		size_t next = span_skip_attribute(span, i, &attributes);

		if (next != i) {
			i = next - 1;
			continue;
		}
		if (span_is(span, i, "=") || span_is(span, i, "("))
			return 0;
		if (span_is(span, i, "{")) {
			size_t head = at;

			while (head < i && !span_is(span, head, "enum"))
				head++;
			if (head == i)
				return 0;
			declaration_take_enum(
				d, (struct span){ span.items + head, span_skip(span, i) - head },
				frame ? frame->prefix : "");
			return span_skip(span, i);
		}
	}
	return 0;
}

/* Words before the type; what they say is noted. */
static size_t take_specifiers(struct declaring *d, struct span span, size_t at, struct list *list)
{
	if (span_is(span, at, "extern") && at + 1 < span.count &&
	    span.items[at + 1].kind == TOKEN_TEXT) {
		d->names_linkage = token_is(&span.items[at + 1], "\"C\"");
		at += 2;
	}
	while (span_is(span, at, "typedef") || span_is(span, at, "__extension__")) {
		list->is_typedef |= span_is(span, at, "typedef");
		at++;
	}
	return at;
}

static void take_rest(struct declaring *d, struct span span, size_t at, struct list *list)
{
	size_t behind;

	list->start = at = take_specifiers(d, span, at, list);
	behind = behind_type(d, span, at);
	if (behind)
		at = behind;
	if (at < span.count && (behind || list->is_typedef || !is_forward(span, at)))
		take_declarators(d, span, at, list);
	d->names_linkage = false;
}

void declaration_take(struct declaring *d, struct span span, uint64_t body)
{
	struct list list = { .body = body };
	uint32_t flags = 0;
	size_t at = span_skip_prefix(span, &flags, &list.attributes);

	if (at >= span.count || is_left_out(span, at))
		return;
	d->is_template = flags & DECLARED_TEMPLATE;
	if (span_is(span, at, "using"))
		take_using(d, span, at);
	else if (span_find(span, at, "friend") < span_find(span, at, "("))
		take_friend(d, span, at);
	else
		take_rest(d, span, at, &list);
	d->is_template = false;
}
