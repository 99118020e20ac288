/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where declarations begin and end, and what is around them. Only what matters for
 * that is understood; read/declaration.c looks inside. Contract in read/declared.h.
 */
#include "read/declared-parts.h"

#include <string.h>

#define MOST_FRAMES 200
#define LONGEST_PREFIX 2000    /* characters: it stands before each name */
#define MOST_TOKENS (1u << 16) /* of declarations that are open */

enum brace { BRACE_NAMESPACE, BRACE_LINKAGE, BRACE_RECORD, BRACE_INSIDE, BRACE_BODY, BRACE_STRAY };

const struct frame *declaring_frame(const struct declaring *d)
{
	return d->frames.count ? &d->frames.items[d->frames.count - 1] : NULL;
}

static struct span open_span(const struct declaring *d)
{
	if (d->tokens.count == d->first)
		return (struct span){ 0 };
	return (struct span){ d->tokens.items + d->first, d->tokens.count - d->first };
}

static void note(struct declaring *d, int r)
{
	d->has_error |= r != 0;
}

void declaring_unread(struct declaring *d, const struct token *where)
{
	if (!d->out->unread++ && where) {
		d->out->unread_file = arena_strdup(&d->out->arena, where->file);
		d->out->unread_line = where->line;
		d->has_error |= !d->out->unread_file;
	}
}

static void push_token(struct declaring *d, const struct token *token)
{
	if (d->tokens.count >= MOST_TOKENS)
		d->is_cut = true;
	else
		note(d, array_push(&d->tokens, *token));
}

/* The declaration is over. */
static void finish(struct declaring *d, uint64_t body, const struct token *where)
{
	struct span span = open_span(d);

	if (d->is_cut)
		declaring_unread(d, where);
	else if (span.count && !d->has_error)
		declaration_take(d, span, body);
	d->tokens.count = d->first;
	d->depth = 0;
	d->is_cut = false;
}

/* "struct [attributes] [name] [final] [: bases]" and no more, from `at` on. */
static bool is_record_head(struct span span, size_t at)
{
	uint32_t attributes = 0;

	if (at >= span.count || !token_is_key(&span.items[at]))
		return false;
	for (at++; at < span.count; at++) {
		size_t next = span_skip_attribute(span, at, &attributes);

		if (next == at)
			next = span_skip_angle(span, at);
		if (next != at) {
			at = next - 1;
			continue;
		}
		if (span_is(span, at, ":"))
			return true;
		if (span.items[at].kind != TOKEN_WORD && !span_is(span, at, "::"))
			return false;
	}
	return true;
}

static bool is_enum_head(struct span span, size_t at)
{
	if (!span_is(span, at, "enum"))
		return false;
	return span_find(span, at, "=") == span.count && span_find(span, at, "(") == span.count;
}

/* Words that can stand before the key of a class. */
static size_t skip_specifiers(struct span span, size_t at)
{
	static const char *const words[] = { "typedef",	  "static",   "extern",
					     "const",	  "volatile", "inline",
					     "constexpr", "friend",   "__extension__" };
	uint32_t attributes = 0;
	size_t i;

	for (;;) {
		size_t next = span_skip_attribute(span, at, &attributes);

		for (i = 0; next == at && i < ARRAY_SIZE(words); i++)
			next += span_is(span, at, words[i]);
		if (next == at)
			return at;
		at = next;
	}
}

/* Behind parameters: an initialiser of a member, "a{1}", or the code? */
static bool is_code(struct span span, size_t open)
{
	size_t colon = span_find(span, span_skip(span, open), ":");
	const struct token *last = &span.items[span.count - 1];

	if (span.count > 1 && token_is(last, ")")) {
		size_t at = span.count - 1;
		size_t depth = 0;

		/* requires (…) { … } */
		for (; at > 0; at--) {
			depth += token_is(&span.items[at], ")");
			depth -= token_is(&span.items[at], "(");
			if (!depth)
				break;
		}
		if (at > 0 && span_is(span, at - 1, "requires"))
			return false;
	}
	if (token_is(last, "requires"))
		return false;
	return colon == span.count || token_is(last, ")") || token_is(last, "}");
}

static enum brace classify(const struct declaring *d, struct span span)
{
	uint32_t flags = 0;
	uint32_t attributes = 0;
	size_t at = span_skip_prefix(span, &flags, &attributes);
	size_t head = skip_specifiers(span, at);
	size_t open;

	if (!span.count)
		return BRACE_STRAY;
	if (span_is(span, at, "namespace") ||
	    (span_is(span, at, "inline") && span_is(span, at + 1, "namespace")))
		return BRACE_NAMESPACE;
	if (span.count == 2 && span_is(span, 0, "extern") && span.items[1].kind == TOKEN_TEXT)
		return BRACE_LINKAGE;
	/* extern "C" struct s { … } x; */
	if (span_is(span, 0, "extern") && span.count > 2 && span.items[1].kind == TOKEN_TEXT)
		head = skip_specifiers(span, 2);
	if (is_record_head(span, head))
		return d->frames.count < MOST_FRAMES ? BRACE_RECORD : BRACE_STRAY;
	if (is_enum_head(span, head))
		return BRACE_INSIDE;
	open = span_find(span, at, "(");
	if (span_find(span, at, "=") < open && span_find(span, at, "operator") > open)
		return BRACE_INSIDE;
	if (open == span.count)
		return BRACE_INSIDE;
	if (span_find(span, at, "=") != span.count && span_find(span, at, "operator") == span.count)
		return BRACE_INSIDE;
	return is_code(span, open) ? BRACE_BODY : BRACE_INSIDE;
}

/* False: names in it would be too long, or there is no memory. */
static bool set_prefix(struct declaring *d, struct frame *frame, const char *name,
		       const struct token *where)
{
	if (strlen(name) > LONGEST_PREFIX) {
		declaring_unread(d, where);
		frame->is_nameless = true;
		return false;
	}
	frame->prefix = arena_printf(&d->out->arena, "%s::", name);
	d->has_error |= !frame->prefix;
	return frame->prefix != NULL;
}

/* The name of the class that the head defines: the last of its words. */
static void name_record(struct declaring *d, struct span span, struct frame *frame)
{
	uint32_t flags = 0;
	uint32_t attributes = 0;
	size_t at = span_skip_prefix(span, &flags, &attributes);
	size_t end = span.count;
	size_t first = 0;
	size_t last = 0;
	bool is_class;

	while (at < span.count && !token_is_key(&span.items[at]))
		at++;
	is_class = span_is(span, at, "class");
	flags |= is_class ? DECLARED_CLASS : span_is(span, at, "union") ? DECLARED_UNION : 0;
	frame->access = is_class ? 3 : 1;
	for (at++; at < end; at++) {
		size_t next = span_skip_attribute(span, at, &attributes);

		next = next == at && at > 0 ? span_skip_angle(span, at) : next;
		if (next != at) {
			last = last && next > at ? next : last;
			at = next - 1;
		} else if (span_is(span, at, ":")) {
			break;
		} else if (last && span_is(span, at, "final") && !span_is(span, at - 1, "::")) {
			flags |= DECLARED_FINAL;
		} else {
			first = last && (span_is(span, at, "::") || span_is(span, at - 1, "::"))
					? first
					: at;
			last = at + 1;
		}
	}
	frame->is_template |= flags & DECLARED_TEMPLATE;
	frame->is_nameless |= !last;
	frame->name = "";
	if (frame->is_nameless)
		return;
	frame->name = declaring_name(d, span, first, last);
	if (set_prefix(d, frame, frame->name, &span.items[first]))
		declaring_add(d,
			      &(struct declared_item){ .name = frame->name,
						       .form = "",
						       .kind = DECLARED_RECORD,
						       .flags = flags,
						       .attributes = attributes },
			      &span.items[first]);
}

static void name_namespace(struct declaring *d, struct span span, struct frame *frame)
{
	uint32_t attributes = 0;
	size_t at = span_is(span, 0, "inline") ? 2 : 1;
	size_t next = span_skip_attribute(span, at, &attributes);
	size_t end;

	while (next != at) {
		at = next;
		next = span_skip_attribute(span, at, &attributes);
	}
	for (end = at; end < span.count; end++) {
		next = span_skip_attribute(span, end, &attributes);
		if (next != end || span_is(span, end, "="))
			break;
	}
	frame->is_unnamed |= end == at;
	if (end == at)
		return;
	set_prefix(d, frame, declaring_name(d, span, at, end), &span.items[at]);
}

static void enter(struct declaring *d, enum brace brace)
{
	const struct frame *outer = declaring_frame(d);
	struct frame frame = outer ? *outer : (struct frame){ .prefix = "", .is_c = !d->is_cxx };
	struct span span = open_span(d);

	frame.name = "";
	frame.first = d->first;
	frame.access = 0;
	frame.kind = brace == BRACE_RECORD    ? FRAME_RECORD
		     : brace == BRACE_LINKAGE ? FRAME_LINKAGE
					      : FRAME_NAMESPACE;
	if (brace == BRACE_RECORD)
		name_record(d, span, &frame);
	else if (brace == BRACE_NAMESPACE)
		name_namespace(d, span, &frame);
	else
		frame.is_c = token_is(&span.items[1], "\"C\"");
	if (d->has_error)
		return;
	note(d, array_push(&d->frames, frame));
	d->first = d->tokens.count;
}

static void leave(struct declaring *d, const struct token *token)
{
	static const struct token marker = { .text = "{}", .length = 2, .kind = TOKEN_SIGN };
	struct token inside = marker;
	struct frame frame;

	if (!d->frames.count || d->tokens.count != d->first)
		declaring_unread(d, token);
	d->tokens.count = d->first;
	d->is_cut = false;
	if (!d->frames.count)
		return;
	frame = d->frames.items[--d->frames.count];
	d->first = frame.first;
	if (frame.kind != FRAME_RECORD) {
		d->tokens.count = d->first;
		return;
	}
	inside.file = token->file;
	inside.line = token->line;
	push_token(d, &inside);
}

static void open_brace(struct declaring *d, const struct token *token)
{
	enum brace brace = d->is_cut ? BRACE_STRAY : classify(d, open_span(d));

	switch (brace) {
	case BRACE_NAMESPACE:
	case BRACE_LINKAGE:
	case BRACE_RECORD:
		enter(d, brace);
		break;
	case BRACE_INSIDE:
		push_token(d, token);
		d->depth++;
		break;
	case BRACE_STRAY:
		d->is_cut = true;
		d->skipped = 1;
		break;
	case BRACE_BODY:
		d->body = 1;
		d->skipped = 1;
		break;
	}
}

/* Is it the name of the header itself, as assert() has it? */
static bool is_own_name(const struct token *token)
{
	const char *name = path_name(token->file);
	size_t length = strlen(name);

	return token->kind == TOKEN_TEXT && length && token->length > length + 1 &&
	       !memcmp(token->text + token->length - 1 - length, name, length);
}

static uint64_t hash_of(struct declaring *d, const struct token *token)
{
	/* What assert() says of its place is no code: "file.h", 12 */
	if (is_own_name(token)) {
		d->behind_name = 2;
		return 1;
	}
	if (d->behind_name) {
		d->behind_name--;
		if (token->kind == TOKEN_NUMBER)
			return 2;
	}
	return hash_bytes(token->text, token->length);
}

static uint64_t add_hash(struct declaring *d, const struct token *token)
{
	return (d->body ^ hash_of(d, token)) * UINT64_C(0x9e3779b97f4a7c15) + (d->body >> 29);
}

static void skip_body(struct declaring *d, const struct token *token)
{
	if (token_is(token, "{"))
		d->skipped++;
	else if (token_is(token, "}") && !--d->skipped) {
		finish(d, d->body ? d->body : 1, token);
		return;
	}
	d->body = add_hash(d, token);
}

/* "public:", with whatever stands before the colon; */
static bool take_access(struct declaring *d)
{
	static const char *const words[] = { "public", "protected", "private" };
	struct span span = open_span(d);
	size_t i;

	if (!d->frames.count || declaring_frame(d)->kind != FRAME_RECORD || span.count != 1)
		return false;
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		if (span_is(span, 0, words[i])) {
			d->frames.items[d->frames.count - 1].access = (uint8_t)(i + 1);
			d->tokens.count = d->first;
			return true;
		}
	}
	return false;
}

static void feed(struct declaring *d, const struct token *token)
{
	char c = token->length == 1 && token->kind == TOKEN_SIGN ? token->text[0] : '\0';

	if (d->skipped) {
		skip_body(d, token);
		return;
	}
	if (!d->depth) {
		if (c == ';') {
			finish(d, 0, token);
			return;
		}
		if (c == '{') {
			open_brace(d, token);
			return;
		}
		if (c == '}') {
			leave(d, token);
			return;
		}
		if (c == ':' && take_access(d))
			return;
	}
	if (c == '(' || c == '[' || c == '{')
		d->depth++;
	else if ((c == ')' || c == ']' || c == '}') && d->depth)
		d->depth--;
	push_token(d, token);
}

static int take_words(struct declaring *d, const struct token *token)
{
	const char *at = token->text;
	const char *end = at + token->length;
	struct token inner;
	int r = 0;

	if (token->kind == TOKEN_WORD)
		return declared_use(d->out, &d->out->words, token->text, token->length);
	while (!r && token->kind == TOKEN_DEFINE && token_scan(&at, end, &inner)) {
		if (inner.kind == TOKEN_WORD)
			r = declared_use(d->out, &d->out->words, inner.text, inner.length);
	}
	return r;
}

static int read_all(struct declaring *d, struct tokens *tokens)
{
	const char *last_file = NULL;
	struct token token;
	int r;

	while ((r = tokens_next(tokens, &token)) == 1 && !d->has_error) {
		if (token.kind == TOKEN_DEFINE || token.kind == TOKEN_UNDEF) {
			declaring_macro(d, &token, token.file != last_file);
			last_file = token.file;
		} else {
			feed(d, &token);
		}
		r = take_words(d, &token);
		if (r)
			return r;
	}
	if (d->frames.count || d->tokens.count || d->skipped)
		declaring_unread(d, d->tokens.count ? &d->tokens.items[0] : NULL);
	return d->has_error ? -ENOMEM : r;
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

int declared_read(const char *text, size_t size, const struct declared_source *source,
		  struct declared **ret)
{
	struct declaring d = { .out = calloc(1, sizeof(*d.out)), .is_cxx = source->is_cxx };
	struct tokens tokens = {
		.at = text,
		.end = text + size,
		.begins_line = true,
		.owns = source->owns,
		.data = source->data,
	};
	int r;

	if (!d.out)
		return -ENOMEM;
	d.out->is_cxx = source->is_cxx;
	tokens.arena = &d.out->arena;
	r = read_all(&d, &tokens);
	tokens_done(&tokens);
	array_done(&d.frames);
	array_done(&d.tokens);
	if (r) {
		declared_free(d.out);
		return r;
	}
	declared_finish(d.out);
	*ret = d.out;
	return 0;
}

int declared_read_mentions(const char *text, size_t size, struct declared *declared)
{
	const char *end = text + size;
	size_t length;
	int r = 0;

	for (; !r && text < end; text += length) {
		for (length = 0; text + length < end && is_word_byte(text[length]); length++)
			;
		if (length)
			r = declared_use(declared, &declared->mentions, text, length);
		else
			length = 1;
	}
	return r;
}
