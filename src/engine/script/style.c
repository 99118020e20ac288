/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/script/style.h. */
#include "engine/script/style.h"
#include "base/out.h"

#include <string.h>

#define LONGEST_INDENT 64u

struct style {
	const char *newline;
	bool is_one_line;
	bool is_open_below; /* "{" has a line of its own */
	bool has_label;	    /* "global:" */
	bool is_apart;	    /* an empty line stands between nodes */
	char label_indent[LONGEST_INDENT];
	char name_indent[LONGEST_INDENT];
};

/* The blanks before `at` on its line; false: something else stands there. */
static bool indent_of(const struct version_script *script, size_t at, char *ret)
{
	size_t start = at;
	size_t i;

	while (start && script->text[start - 1] != '\n')
		start--;
	for (i = start; i < at; i++) {
		if (script->text[i] != ' ' && script->text[i] != '\t')
			return false;
	}
	if (at - start >= LONGEST_INDENT)
		return false;
	memcpy(ret, script->text + start, at - start);
	ret[at - start] = '\0';
	return true;
}

static bool has_line_end(const struct version_script *script, size_t from, size_t to)
{
	return memchr(script->text + from, '\n', to - from) != NULL;
}

static size_t count_lines(const struct version_script *script, size_t from, size_t to)
{
	size_t count = 0;

	for (; from < to; from++)
		count += script->text[from] == '\n';
	return count;
}

/* The start of the word that ends before the label's colon. */
static size_t label_start(const struct version_script *script, const struct script_node *node)
{
	size_t at = node->global_label;

	while (at > node->open && script->text[at] != 'g')
		at--;
	return at;
}

static bool is_global(const struct script_pattern *pattern)
{
	return pattern->scope[LINKER_BFD] == SCOPE_GLOBAL &&
	       pattern->scope[LINKER_LLD] == SCOPE_GLOBAL && pattern->language == SCRIPT_C;
}

static void read_style(const struct version_script *script, uint32_t number, struct style *ret)
{
	const struct script_node *node = &script->nodes.items[number];
	const char *first = memchr(script->text, '\n', script->size);
	size_t before = number ? script->nodes.items[number - 1].end : 0;
	uint32_t i;

	*ret = (struct style){
		.newline = first && first > script->text && first[-1] == '\r' ? "\r\n" : "\n",
		.is_one_line = !has_line_end(script, node->open, node->close),
		.is_open_below = has_line_end(script, node->word.end, node->open),
		.has_label = node->global_label || !node->pattern_count,
		.is_apart = !number || count_lines(script, before, node->word.start) > 1,
		.label_indent = "\t",
		.name_indent = "\t\t",
	};
	if (node->global_label && !indent_of(script, label_start(script, node), ret->label_indent))
		ret->label_indent[0] = '\0';
	for (i = node->first_pattern; i < node->first_pattern + node->pattern_count; i++) {
		if (is_global(&script->patterns.items[i]) &&
		    indent_of(script, script->patterns.items[i].word.start, ret->name_indent))
			return;
	}
}

static void write_name(struct out *out, const char *name)
{
	out_printf(out, version_script_is_plain(name) ? "%s;" : "\"%s\";", name);
}

static void write_names(struct out *out, const struct style *style,
			const struct script_names *names)
{
	size_t i;

	for (i = 0; i < names->count; i++) {
		if (style->is_one_line)
			out_char(out, ' ');
		else
			out_printf(out, "%s%s", style->newline, style->name_indent);
		write_name(out, names->items[i]);
	}
}

static int add_edit(struct map_result *result, size_t offset, struct out *out)
{
	struct map_edit edit = { .offset = offset };
	int r = out->error;

	if (!r) {
		edit.text = arena_strndup(&result->findings.arena, out->bytes, out->size);
		r = edit.text ? array_push(&result->edits, edit) : -ENOMEM;
	}
	out_done(out);
	return r;
}

/* Behind what else stands on the line, if that is only comments. */
static size_t behind_comment(const struct version_script *script, size_t at)
{
	size_t end = at;

	while (end < script->size && script->text[end] != '\n' && script->text[end] != '\r') {
		const char *rest = script->text + end;
		size_t left = script->size - end;

		if (*rest == ' ' || *rest == '\t') {
			end++;
		} else if (*rest == '#') {
			const char *stop = memchr(rest, '\n', left);

			end = stop ? (size_t)(stop - script->text) : script->size;
			end -= stop && stop[-1] == '\r';
			return end;
		} else if (left >= 2 && rest[0] == '/' && rest[1] == '*') {
			const char *stop = memmem(rest + 2, left - 2, "*/", 2);

			/* A comment that goes on is about what comes next. */
			if (!stop || memchr(rest, '\n', (size_t)(stop - rest)))
				return at;
			end = (size_t)(stop - script->text) + 2;
		} else {
			return at;
		}
	}
	while (end > at && (script->text[end - 1] == ' ' || script->text[end - 1] == '\t'))
		end--;
	return end;
}

static const struct script_pattern *last_global(const struct version_script *script,
						const struct script_node *node)
{
	uint32_t i;

	for (i = node->pattern_count; i > 0; i--) {
		const struct script_pattern *p =
			&script->patterns.items[node->first_pattern + i - 1];

		if (is_global(p) && !p->is_in_block)
			return p;
	}
	return NULL;
}

int script_style_add_names(const struct version_script *script, uint32_t number,
			   const struct script_names *names, struct map_result *result)
{
	const struct script_node *node = &script->nodes.items[number];
	const struct script_pattern *last = last_global(script, node);
	struct style style;
	struct out out;
	size_t at;

	read_style(script, number, &style);
	out_init(&out, NULL, NULL);
	if (last) {
		at = style.is_one_line ? last->end : behind_comment(script, last->end);
		write_names(&out, &style, names);
		return add_edit(result, at, &out);
	}
	at = node->global_label ? node->global_label : node->open + 1;
	if (!node->global_label && style.is_one_line)
		out_text(&out, " global:");
	else if (!node->global_label)
		out_printf(&out, "%s%sglobal:", style.newline, style.label_indent);
	write_names(&out, &style, names);
	return add_edit(result, at, &out);
}

static void write_node(struct out *out, const struct style *style, const char *name,
		       const char *parent, const struct script_names *names)
{
	out_printf(out, "%s%s{", name, style->is_open_below ? style->newline : " ");
	if (style->has_label && style->is_one_line)
		out_text(out, " global:");
	else if (style->has_label)
		out_printf(out, "%s%sglobal:", style->newline, style->label_indent);
	write_names(out, style, names);
	out_printf(out, "%s} %s;", style->is_one_line ? " " : style->newline, parent);
}

int script_style_add_node(const struct version_script *script, uint32_t after, const char *name,
			  const struct script_names *names, struct map_result *result)
{
	const struct script_node *node = &script->nodes.items[after];
	size_t at = behind_comment(script, node->end);
	struct style style;
	struct out out;

	read_style(script, after, &style);
	out_init(&out, NULL, NULL);
	out_text(&out, style.newline);
	if (!style.is_one_line && style.is_apart)
		out_text(&out, style.newline);
	write_node(&out, &style, name, node->word.name, names);
	if (at == script->size)
		out_text(&out, style.newline);
	return add_edit(result, at, &out);
}
