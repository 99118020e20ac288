/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A recursive descent over the words; contract in read/version-script.h. The
 * grammar is the union of what GNU ld and lld take:
 *
 *   script:  node+
 *   node:    [NAME] "{" entry* "}" PARENT* ";"
 *   entry:   "global:" | "local:" | name ";" | block ";"
 *   block:   "extern" "\"C\"" "{" (name ";" | block ";")* "}"    the last ";" may be left out
 *   name:    WORD | "\"WORD\""
 */
#include "read/version-script.h"
#include "model/version-glob.h"
#include "read/version-script-lex.h"
#include "read/version-script-whole.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define DEEPEST_BLOCK 16u
#define MOST_PATTERNS (1u << 20)
#define MOST_NODES 32766u /* numbers of versions have 15 bits, and two are taken */

struct parser {
	struct script_lexer lexer;
	struct version_script *script;
	struct script_node node; /* the one that is read */
	enum script_scope scope[LINKER_COUNT];
	size_t names;	   /* of GNU ld's section */
	bool has_label;	   /* a label stands in the node */
	const char *glued; /* lld takes this label and the next word for one word; or NULL */
	unsigned depth;	   /* of blocks */
};

static int refuse_at(struct parser *p, enum script_linker linker, unsigned line, unsigned column,
		     const char *text)
{
	return version_script_refuse(p->script, linker, SCRIPT_FAULT_FORM, line, column, text);
}

static int refuse(struct parser *p, enum script_linker linker, const char *text)
{
	return refuse_at(p, linker, p->lexer.token_line, p->lexer.token_column, text);
}

static int next(struct parser *p)
{
	return script_lex(&p->lexer);
}

static int unexpected(struct parser *p, const char *wanted)
{
	char buffer[64];

	return script_lex_fail(&p->lexer, "%s is expected, not %s", wanted,
			       script_lex_describe(&p->lexer, buffer, sizeof(buffer)));
}

static int expect(struct parser *p, enum script_token kind, const char *wanted)
{
	if (p->lexer.kind != kind)
		return unexpected(p, wanted);
	return next(p);
}

static int take_word(struct parser *p, struct script_word *ret)
{
	const struct script_lexer *l = &p->lexer;
	size_t quote = l->kind == TOKEN_QUOTED;

	*ret = (struct script_word){
		.name = arena_strndup(&p->script->arena, l->text + l->start + quote,
				      l->end - l->start - 2 * quote),
		.start = l->start,
		.end = l->end,
		.line = l->token_line,
		.column = l->token_column,
	};
	return ret->name ? 0 : -ENOMEM;
}

/* GNU ld's words have fewer characters. */
static bool bfd_takes_name(const char *name)
{
	size_t i;

	if (!*name || (*name >= '0' && *name <= '9') || *name == ':')
		return false;
	for (i = 0; name[i]; i++) {
		if (strchr("/~=+", name[i]))
			return false;
	}
	return true;
}

static bool bfd_takes_tag(const char *name)
{
	size_t i;

	if (*name >= '0' && *name <= '9')
		return false;
	for (i = 0; name[i]; i++) {
		if (strchr("/\\~=+[]*?-!^:", name[i]) || (i && name[i] == '$'))
			return false;
	}
	return true;
}

/* What GNU ld looks for when the word has no wildcard: a backslash is gone. NULL: it has one. */
static const char *bfd_plain(struct arena *arena, const char *word, bool *ret_wildcard)
{
	char *plain = arena_strdup(arena, word);
	size_t length = 0;
	bool is_escaped = false;
	size_t i;

	*ret_wildcard = false;
	for (i = 0; plain && word[i]; i++) {
		if (is_escaped) {
			plain[length - 1] = word[i];
			is_escaped = false;
			continue;
		}
		if (strchr("?*[", word[i])) {
			*ret_wildcard = true;
			return word;
		}
		plain[length++] = word[i];
		is_escaped = word[i] == '\\';
	}
	if (plain)
		plain[length] = '\0';
	return plain;
}

/* lld looks into words of a block only when they stand without quotes. */
static bool lld_is_wildcard(const struct parser *p, const struct script_pattern *pattern)
{
	return !(pattern->is_quoted && p->depth) && strpbrk(pattern->name[LINKER_LLD], "?*[");
}

static int check_name(struct parser *p, const struct script_pattern *pattern)
{
	const struct script_lexer *l = &p->lexer;
	int r = 0;

	if (!pattern->is_quoted && !bfd_takes_name(pattern->word.name))
		r = refuse(p, LINKER_BFD, "GNU ld takes no such name without quotation marks");
	if (!r && !strcmp(pattern->word.name, "extern") && !pattern->is_quoted && !p->glued)
		r = refuse(p, LINKER_LLD, "lld takes `extern` for the start of a block");
	if (!r && l->kind == TOKEN_WORD && l->end < l->size && l->text[l->end] == '/')
		r = refuse(p, LINKER_LLD,
			   "lld takes the start of this comment for a part of the name");
	return r;
}

static int read_name(struct parser *p, enum script_language language)
{
	struct script_pattern pattern = {
		.node = (uint32_t)p->script->nodes.count,
		.language = language,
		.is_quoted = p->lexer.kind == TOKEN_QUOTED,
		.is_in_block = p->depth > 0,
		.scope = { p->scope[LINKER_BFD], p->scope[LINKER_LLD] },
	};
	int r = take_word(p, &pattern.word);

	if (r)
		return r;
	if (p->script->patterns.count >= MOST_PATTERNS) {
		r = script_lex_fail(&p->lexer, "more than %u names", MOST_PATTERNS);
		p->lexer.error->rule = "input/limit";
		return r;
	}
	pattern.name[LINKER_BFD] = pattern.word.name;
	pattern.name[LINKER_LLD] = pattern.word.name;
	if (!pattern.is_quoted)
		pattern.name[LINKER_BFD] = bfd_plain(&p->script->arena, pattern.word.name,
						     &pattern.is_wildcard[LINKER_BFD]);
	if (p->glued)
		pattern.name[LINKER_LLD] =
			arena_printf(&p->script->arena, "%s:%s", p->glued, pattern.word.name);
	if (!pattern.name[LINKER_BFD] || !pattern.name[LINKER_LLD])
		return -ENOMEM;
	pattern.is_wildcard[LINKER_LLD] = lld_is_wildcard(p, &pattern);
	r = check_name(p, &pattern);
	if (!r && pattern.is_wildcard[LINKER_LLD] &&
	    !version_glob_is_sound(pattern.name[LINKER_LLD]))
		r = refuse(p, LINKER_LLD, "lld takes no such set of characters");
	p->glued = NULL;
	p->names++;
	if (!r)
		r = next(p);
	pattern.end = p->lexer.kind == TOKEN_SEMICOLON ? p->lexer.end : pattern.word.end;
	return r ? r : array_push(&p->script->patterns, pattern);
}

static int read_language(struct parser *p, enum script_language *ret)
{
	static const char *const names[] = { "C", "C++", "Java" };
	struct script_word word;
	unsigned i;
	int r;

	if (p->lexer.kind != TOKEN_QUOTED)
		return unexpected(p, "a language in quotation marks, \"C\" or \"C++\",");
	r = take_word(p, &word);
	if (r)
		return r;
	for (i = 0; i < ARRAY_SIZE(names) && strcasecmp(word.name, names[i]); i++)
		;
	if (i == ARRAY_SIZE(names))
		return script_lex_fail(&p->lexer, "no linker knows the language \"%.40s\"",
				       word.name);
	*ret = (enum script_language)i;
	if (i == SCRIPT_JAVA || strcmp(word.name, names[i]))
		r = refuse(p, LINKER_LLD, "lld knows the languages \"C\" and \"C++\" only");
	return r ? r : next(p);
}

static int read_block(struct parser *p);

static int read_block_entry(struct parser *p, enum script_language language)
{
	if (script_lex_is(&p->lexer, "extern")) {
		struct script_lexer saved = p->lexer;
		bool is_block;
		int r = next(p); /* a name may be called "extern", too */

		if (r)
			return r;
		is_block = p->lexer.kind == TOKEN_QUOTED;
		p->lexer = saved;
		if (is_block)
			return read_block(p);
	}
	if (p->lexer.kind != TOKEN_WORD && p->lexer.kind != TOKEN_QUOTED)
		return unexpected(p, "a name");
	return read_name(p, language);
}

static int read_block_entries(struct parser *p, enum script_language language)
{
	size_t count = 0;
	int r = 0;

	while (!r && p->lexer.kind != TOKEN_CLOSE) {
		r = read_block_entry(p, language);
		count++;
		if (r || p->lexer.kind == TOKEN_CLOSE)
			break;
		r = expect(p, TOKEN_SEMICOLON, "';' or '}'");
	}
	if (!r && !count)
		r = refuse(p, LINKER_BFD, "GNU ld takes no block without names");
	return r ? r : next(p);
}

/* The token is "extern", a language follows. */
static int read_block(struct parser *p)
{
	enum script_language language = SCRIPT_C;
	int r = 0;

	if (p->depth == DEEPEST_BLOCK) {
		r = script_lex_fail(&p->lexer, "more than %u blocks in each other", DEEPEST_BLOCK);
		p->lexer.error->rule = "input/limit";
		return r;
	}
	if (p->depth)
		r = refuse(p, LINKER_LLD, "lld takes no block within a block");
	if (!r && p->glued)
		r = refuse(p, LINKER_LLD, "lld takes the label and `extern` for one word");
	p->glued = NULL;
	if (!r)
		r = next(p);
	if (!r)
		r = read_language(p, &language);
	if (!r)
		r = expect(p, TOKEN_OPEN, "'{'");
	if (r)
		return r;
	p->depth++;
	r = read_block_entries(p, language);
	p->depth--;
	p->names++;
	return r;
}

/* GNU ld: "global:" once at the start, "local:" once, names below each. */
static int check_label(struct parser *p, bool is_local, const struct script_lexer *at)
{
	unsigned line = at->token_line;
	unsigned column = at->token_column;

	if (!is_local && (p->has_label || p->names))
		return refuse_at(p, LINKER_BFD, line, column,
				 "GNU ld takes one `global:` in a node, before everything else");
	if (is_local && p->scope[LINKER_BFD] == SCOPE_LOCAL)
		return refuse_at(p, LINKER_BFD, line, column,
				 "GNU ld takes one `local:` in a node");
	if (is_local && p->names && !p->has_label)
		return refuse_at(p, LINKER_BFD, line, column,
				 "GNU ld takes `local:` after names only below a `global:`");
	if (is_local && p->has_label && !p->names)
		return refuse_at(p, LINKER_BFD, line, column,
				 "GNU ld takes no `global:` without names");
	return 0;
}

/*
 * The token is the colon of a label whose word ended at `end`. lld parts words at
 * blanks only, so that "local:*" is one name for it, and the scope stays.
 */
static int take_label(struct parser *p, bool is_local, size_t end)
{
	const struct script_lexer *l = &p->lexer;
	char after = l->end < l->size ? l->text[l->end] : ' ';
	bool runs_on = script_lex_in_word(after) || after == ':';
	int r = 0;

	p->scope[LINKER_BFD] = is_local ? SCOPE_LOCAL : SCOPE_GLOBAL;
	if (end == l->start && after == '/') {
		r = refuse(p, LINKER_LLD, "lld takes what follows the colon for a part of a name");
	} else if (end == l->start && runs_on) {
		p->glued = is_local ? "local" : "global";
		return 0;
	} else if (runs_on) {
		r = refuse(p, LINKER_LLD, "lld takes this colon for a part of the name behind it");
	}
	p->scope[LINKER_LLD] = p->scope[LINKER_BFD];
	return r;
}

/* True when the token was a label. */
static int read_label(struct parser *p, bool *ret)
{
	bool is_local = script_lex_is(&p->lexer, "local");
	struct script_lexer saved = p->lexer;
	int r;

	*ret = false;
	if (!is_local && !script_lex_is(&p->lexer, "global"))
		return 0;
	r = next(p);
	if (r)
		return r;
	*ret = p->lexer.kind == TOKEN_COLON;
	if (!*ret) {
		p->lexer = saved;
		return 0;
	}
	r = check_label(p, is_local, &saved);
	if (!r && p->glued)
		r = refuse(p, LINKER_LLD, "lld takes two labels for one word");
	if (r)
		return r;
	r = take_label(p, is_local, saved.end);
	p->has_label = true;
	p->names = 0;
	if (is_local && !p->node.local_label)
		p->node.local_label = saved.start;
	if (!is_local && !p->node.global_label)
		p->node.global_label = p->lexer.end;
	return r ? r : next(p);
}

static int read_entry(struct parser *p)
{
	bool is_label;
	int r = read_label(p, &is_label);

	if (r || is_label)
		return r;
	r = read_block_entry(p, SCRIPT_C);
	return r ? r : expect(p, TOKEN_SEMICOLON, "';'");
}

static int read_body(struct parser *p)
{
	int r = 0;

	p->scope[LINKER_BFD] = p->scope[LINKER_LLD] = SCOPE_GLOBAL;
	p->names = 0;
	p->has_label = false;
	p->node.first_pattern = (uint32_t)p->script->patterns.count;
	while (!r && p->lexer.kind != TOKEN_CLOSE)
		r = read_entry(p);
	if (!r && p->has_label && !p->names)
		r = refuse(p, LINKER_BFD, "GNU ld takes no label without names");
	p->glued = NULL;
	p->node.pattern_count = (uint32_t)p->script->patterns.count - p->node.first_pattern;
	p->node.close = p->lexer.start;
	return r ? r : next(p);
}

static int read_parents(struct parser *p)
{
	struct version_script *script = p->script;
	int r = 0;

	p->node.first_parent = (uint32_t)script->parents.count;
	while (!r && p->lexer.kind == TOKEN_WORD && *p->node.word.name) {
		struct script_word word;

		r = take_word(p, &word);
		if (!r && !bfd_takes_tag(word.name))
			r = refuse(p, LINKER_BFD, "GNU ld takes no such name of a node");
		if (!r && p->node.parent_count == 1)
			r = refuse(p, LINKER_LLD, "lld takes one parent only");
		if (!r)
			r = array_push(&script->parents, word);
		p->node.parent_count++;
		if (!r)
			r = next(p);
	}
	return r;
}

static int add_node(struct parser *p)
{
	struct version_script *script = p->script;

	if (array_push(&script->nodes, p->node))
		return -ENOMEM;
	if (map_get(&script->by_name, p->node.word.name))
		return 0;
	return map_set(&script->by_name, p->node.word.name, (void *)(uintptr_t)script->nodes.count);
}

static int read_tag(struct parser *p)
{
	int r;

	if (p->lexer.kind == TOKEN_OPEN) {
		p->node.word = (struct script_word){ "", p->lexer.start, p->lexer.start,
						     p->lexer.token_line, p->lexer.token_column };
		p->script->is_anonymous = true;
		return 0;
	}
	if (p->lexer.kind != TOKEN_WORD)
		return unexpected(p, "the name of a node or '{'");
	r = take_word(p, &p->node.word);
	if (!r && !bfd_takes_tag(p->node.word.name))
		r = refuse(p, LINKER_BFD, "GNU ld takes no such name of a node");
	return r ? r : next(p);
}

static int read_node(struct parser *p)
{
	int r;

	p->node = (struct script_node){ 0 };
	if (p->script->nodes.count == MOST_NODES) {
		r = script_lex_fail(&p->lexer, "more than %u nodes", MOST_NODES);
		p->lexer.error->rule = "input/limit";
		return r;
	}
	if (p->script->is_anonymous || (p->lexer.kind == TOKEN_OPEN && p->script->nodes.count))
		return script_lex_fail(&p->lexer, "a node without a name can only be the only one");
	r = read_tag(p);
	p->node.open = p->lexer.start;
	if (!r)
		r = expect(p, TOKEN_OPEN, "'{'");
	if (!r)
		r = read_body(p);
	if (!r)
		r = read_parents(p);
	if (r)
		return r;
	p->node.end = p->lexer.end;
	r = expect(p, TOKEN_SEMICOLON, "';'");
	return r ? r : add_node(p);
}

static int read_all(struct parser *p)
{
	int r = next(p);

	if (!r && p->lexer.kind == TOKEN_END)
		return script_lex_fail(&p->lexer, "no node is in it");
	while (!r && p->lexer.kind != TOKEN_END)
		r = read_node(p);
	return r;
}

int version_script_read(const char *text, size_t size, const char *path,
			struct version_script **ret, struct script_error *error)
{
	struct version_script *script = calloc(1, sizeof(*script));
	struct parser parser = {
		.lexer = { .text = text, .size = size, .line = 1, .error = error },
		.script = script,
	};
	int r;

	*error = (struct script_error){ 0 };
	if (!script)
		return -ENOMEM;
	script->path = path;
	script->text = text;
	script->size = size;
	r = read_all(&parser);
	if (!r)
		r = version_script_refuse_whole(script);
	if (r) {
		version_script_free(script);
		return r;
	}
	*ret = script;
	return 0;
}
