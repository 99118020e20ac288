/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in model/deb-relation.h. */
#include "model/deb-relation.h"
#include "model/deb-arch.h"
#include "model/package-version.h"

#include <string.h>

#define MOST_ALTERNATIVES 1000 /* sound packages have a dozen */

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static const char *skip_blanks(const char *text)
{
	while (is_blank(*text))
		text++;
	return text;
}

static bool is_name_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_name(char c)
{
	return is_name_start(c) || c == '+' || c == '-' || c == '.';
}

struct parser {
	struct arena *arena;
	const char *at;
	const char *fault;
};

static const char *take_name(struct parser *p)
{
	size_t length = 0;

	if (!is_name_start(*p->at)) {
		p->fault = "a package has no name";
		return NULL;
	}
	while (is_name(p->at[length]))
		length++;
	p->at += length;
	return arena_strndup(p->arena, p->at - length, length);
}

static enum deb_operator take_operator(struct parser *p)
{
	static const struct {
		const char *text;
		enum deb_operator op;
	} operators[] = {
		/* The last two are old ways of writing "at least" and "at most". */
		{ ">=", DEB_GE }, { ">>", DEB_GT }, { "<=", DEB_LE }, { "<<", DEB_LT },
		{ "=", DEB_EQ },  { ">", DEB_GE },  { "<", DEB_LE },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(operators); i++) {
		size_t length = strlen(operators[i].text);

		if (!strncmp(p->at, operators[i].text, length)) {
			p->at += length;
			return operators[i].op;
		}
	}
	p->fault = "the parenthesis has no relation like >=";
	return DEB_ANY;
}

/* "(>= 1.0)"; `at` is behind the opening parenthesis. */
static int take_version(struct parser *p, struct deb_relation *ret)
{
	size_t length = 0;

	p->at = skip_blanks(p->at);
	ret->op = take_operator(p);
	if (p->fault)
		return 0;
	p->at = skip_blanks(p->at);
	while (p->at[length] && p->at[length] != ')' && !is_blank(p->at[length]))
		length++;
	ret->version = arena_strndup(p->arena, p->at, length);
	if (!ret->version)
		return -ENOMEM;
	p->at = skip_blanks(p->at + length);
	if (!length || *p->at != ')')
		p->fault = "the version in parentheses is not whole";
	else
		p->at++;
	return 0;
}

/* What stands up to `close`, which ends it. */
static const char *take_until(struct parser *p, char close)
{
	const char *end = strchr(p->at, close);
	const char *ret;

	if (!end || end == p->at) {
		p->fault = "a bracket is not closed, or empty";
		return NULL;
	}
	ret = arena_strndup(p->arena, p->at, (size_t)(end - p->at));
	p->at = end + 1;
	return ret;
}

static int take_restrictions(struct parser *p, struct deb_relation *ret)
{
	const char *start = p->at;
	const char *end = start;

	while (*p->at == '<') {
		p->at++;
		if (!take_until(p, '>'))
			return p->fault ? 0 : -ENOMEM;
		end = p->at;
		p->at = skip_blanks(p->at);
	}
	ret->restrictions = arena_strndup(p->arena, start, (size_t)(end - start));
	return ret->restrictions ? 0 : -ENOMEM;
}

static int take_relation(struct parser *p, struct deb_relation *ret)
{
	int r = 0;

	p->at = skip_blanks(p->at);
	ret->package = take_name(p);
	if (!ret->package)
		return p->fault ? 0 : -ENOMEM;
	if (*p->at == ':') {
		p->at++;
		ret->qualifier = take_name(p);
		if (!ret->qualifier)
			return p->fault ? 0 : -ENOMEM;
	}
	p->at = skip_blanks(p->at);
	if (*p->at == '(') {
		p->at++;
		r = take_version(p, ret);
		p->at = skip_blanks(p->at);
	}
	if (!r && !p->fault && *p->at == '[') {
		p->at++;
		ret->arches = take_until(p, ']');
		r = ret->arches || p->fault ? 0 : -ENOMEM;
		p->at = skip_blanks(p->at);
	}
	if (!r && !p->fault && *p->at == '<')
		r = take_restrictions(p, ret);
	return r;
}

static int take_alternatives(struct parser *p, struct deb_relations *relations)
{
	struct deb_alternatives group = { 0 };
	int r;

	do {
		struct deb_relation relation = { 0 };

		r = 0;
		if (group.count == MOST_ALTERNATIVES)
			p->fault = "there are more alternatives than any sound package has";
		else
			r = take_relation(p, &relation);
		if (!r && !p->fault)
			r = array_push(&group, relation);
		if (r || p->fault || *p->at != '|')
			break;
		p->at++;
	} while (true);
	if (!r && !p->fault && *p->at && *p->at != ',')
		p->fault = "what follows a package is neither a comma nor a bar";
	if (!r && !p->fault)
		r = array_push(relations, group);
	if (r || p->fault)
		array_done(&group);
	return r;
}

int deb_relations_parse(struct arena *arena, const char *text, struct deb_relations *ret,
			const char **ret_fault)
{
	struct parser p = { .arena = arena, .at = text };
	int r = 0;

	while (!r && !p.fault) {
		while (*p.at == ',' || is_blank(*p.at))
			p.at++;
		if (!*p.at)
			break;
		r = take_alternatives(&p, ret);
	}
	*ret_fault = p.fault;
	return r;
}

void deb_relations_done(struct deb_relations *relations)
{
	size_t i;

	for (i = 0; i < relations->count; i++)
		array_done(&relations->items[i]);
	array_done(relations);
}

static int compare_relation(const struct deb_relation *a, const struct deb_relation *b)
{
	int order = strcmp(a->package, b->package);

	if (!order)
		order = (int)a->op - (int)b->op;
	return order ? order : strcmp(a->version ? a->version : "", b->version ? b->version : "");
}

static int compare_alternatives(const struct deb_alternatives *a, const struct deb_alternatives *b)
{
	size_t i;

	for (i = 0; i < a->count && i < b->count; i++) {
		int order = compare_relation(&a->items[i], &b->items[i]);

		if (order)
			return order;
	}
	return (a->count > b->count) - (a->count < b->count);
}

static int compare_groups(const void *a, const void *b)
{
	return compare_alternatives(a, b);
}

void deb_relations_sort(struct deb_relations *relations)
{
	if (relations->count)
		qsort(relations->items, relations->count, sizeof(*relations->items),
		      compare_groups);
}

const char *deb_operator_text(enum deb_operator op)
{
	static const char *const texts[] = { "", ">=", ">>", "=", "<<", "<=" };

	return texts[op];
}

static const char *relation_text(struct arena *arena, const struct deb_relation *r)
{
	bool version = r->op != DEB_ANY && r->version;

	return arena_printf(arena, "%s%s%s%s%s%s%s%s%s%s%s%s%s", r->package,
			    r->qualifier ? ":" : "", r->qualifier ? r->qualifier : "",
			    version ? " (" : "", version ? deb_operator_text(r->op) : "",
			    version ? " " : "", version ? r->version : "", version ? ")" : "",
			    r->arches ? " [" : "", r->arches ? r->arches : "", r->arches ? "]" : "",
			    r->restrictions ? " " : "", r->restrictions ? r->restrictions : "");
}

const char *deb_alternatives_text(struct arena *arena, const struct deb_alternatives *alternatives)
{
	const char *text = NULL;
	size_t i;

	for (i = 0; i < alternatives->count; i++) {
		const char *next = relation_text(arena, &alternatives->items[i]);

		if (!next)
			return NULL;
		text = text ? arena_printf(arena, "%s | %s", text, next) : next;
		if (!text)
			return NULL;
	}
	return text;
}

/* Lists in angles: one of them is enough; in it each word must hold. No profile is active. */
static bool restrictions_hold(const char *text)
{
	bool any = false;

	while (*text == '<' && !any) {
		bool all = true;

		for (text++; *text && *text != '>';) {
			text = skip_blanks(text);
			if (*text == '>')
				break;
			all &= *text == '!';
			while (*text && *text != '>' && !is_blank(*text))
				text++;
		}
		any |= all;
		text = skip_blanks(*text ? text + 1 : text);
	}
	return any;
}

bool deb_relation_concerns(const struct deb_relation *relation, const char *arch)
{
	if (relation->arches && !deb_arch_list_has(relation->arches, arch))
		return false;
	return !relation->restrictions || restrictions_hold(relation->restrictions);
}

bool deb_relation_allows(const struct deb_relation *relation, const char *version)
{
	int order;

	if (relation->op == DEB_ANY || !relation->version)
		return true;
	order = deb_version_compare(version, relation->version);
	switch (relation->op) {
	case DEB_GE:
		return order >= 0;
	case DEB_GT:
		return order > 0;
	case DEB_EQ:
		return order == 0;
	case DEB_LT:
		return order < 0;
	default:
		return order <= 0;
	}
}
