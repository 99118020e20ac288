/* SPDX-License-Identifier: Apache-2.0 */
/* New symbols of a library get a place in its script; contract in engine/script/script.h. */
#include "engine/script/parts.h"
#include "engine/script/style.h"
#include "model/version-name.h"

#include <string.h>

struct update {
	struct checker c;
	struct script_names names;
	struct map seen; /* names that come in */
	struct map left; /* that do not */
};

static bool is_star(const struct update *u, uint32_t pattern)
{
	const struct script_pattern *p = &u->c.script->patterns.items[pattern];

	return p->is_wildcard[u->c.q->linker] && !strcmp(p->name[u->c.q->linker], "*");
}

static bool is_released(const struct update *u, const char *name)
{
	size_t count;

	return u->c.q->released && corpus_find(u->c.q->released, name, &count);
}

/* Mangled names are not looked for in headers. */
static bool is_declared(const struct update *u, const char *name)
{
	return !u->c.q->headers || !strncmp(name, "_Z", 2) || map_get(u->c.q->headers, name);
}

static int add_name(struct update *u, const char *name)
{
	if (map_get(&u->seen, name))
		return 0;
	name = checker_text(&u->c, "%s", name);
	if (!name || map_set(&u->seen, name, u))
		return -ENOMEM;
	return array_push(&u->names, name);
}

/* What is exported, but not for the script, is told. */
static int leave_out(struct update *u, const char *name, const char *why)
{
	if (map_get(&u->left, name))
		return 0;
	name = checker_text(&u->c, "%s", name);
	if (!name || !why || map_set(&u->left, name, u))
		return -ENOMEM;
	return checker_add(
		       &u->c, "map/unlisted", 0, 0, name,
		       checker_text(&u->c, "%s is exported, but %s: it got no place", name, why))
		       ? 0
		       : -ENOMEM;
}

/* The script hides it by more than the `*` that is for all the rest. */
static int leave_hidden(struct update *u, const char *name, uint32_t pattern)
{
	const char *where = checker_pattern(&u->c, pattern);

	return leave_out(u, name,
			 where ? checker_text(&u->c, "the script hides it (%s)", where) : NULL);
}

static int take_exported(struct update *u, const struct corpus_symbol *s)
{
	struct script_outcome o;
	bool is_new;
	int r;

	if (script_is_of_no_script(s->name) || map_get(&u->seen, s->name))
		return 0;
	r = checker_match(&u->c, s->name, &o);
	if (r || (o.is_exact && !o.is_local))
		return r;
	/* By .symver it is in a node of the script. */
	if (s->version && version_script_find(u->c.script, s->version) != NO_SCRIPT_NODE &&
	    (o.is_local || o.node != version_script_find(u->c.script, s->version)))
		return 0;
	if (o.pattern == NO_SCRIPT_PATTERN)
		is_new = true;
	else if (o.is_local && (o.is_exact || !is_star(u, o.pattern)))
		return leave_hidden(u, s->name, o.pattern);
	else if (o.is_local)
		is_new = true;
	else
		is_new = u->c.q->released && !is_released(u, s->name);
	if (!is_new)
		return 0;
	if (!version_script_can_hold(s->name))
		return leave_out(u, s->name, "no script can hold its name");
	return is_declared(u, s->name) ? add_name(u, s->name)
				       : leave_out(u, s->name, "in no public header");
}

/* A function of a public header that only `local: *` keeps in. */
static int take_hidden(struct update *u, const struct symbol *s)
{
	struct script_outcome o;
	int r;

	if (s->section == SHN_UNDEF || s->section >= SHN_LORESERVE || s->type == STT_NOTYPE ||
	    s->type == STT_SECTION || s->type == STT_FILE || !map_get(u->c.q->declared, s->name))
		return 0;
	r = checker_match(&u->c, s->name, &o);
	if (r || o.is_exact || !o.is_local || !is_star(u, o.pattern))
		return r;
	return add_name(u, s->name);
}

static int collect(struct update *u)
{
	const struct script_question *q = u->c.q;
	struct symbol symbol;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < q->library->symbols.count; i++)
		r = take_exported(u, &q->library->symbols.items[i]);
	for (i = 1; !r && q->declared && q->library_file && i < q->library_file->symbol_count;
	     i++) {
		if (object_symbol(q->library_file, (uint32_t)i, &symbol))
			r = take_hidden(u, &symbol);
	}
	return r;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* What the script has and the library has not stays, and is told. */
static int tell_undefined(struct update *u)
{
	const struct version_script *script = u->c.script;
	enum script_linker linker = u->c.q->linker;
	size_t i, count;

	for (i = 0; i < script->patterns.count; i++) {
		const struct script_pattern *p = &script->patterns.items[i];

		if (p->is_wildcard[linker] || p->scope[linker] == SCOPE_LOCAL ||
		    p->language != SCRIPT_C ||
		    corpus_find(u->c.q->library, p->name[linker], &count) ||
		    map_get(&u->seen, p->name[linker]))
			continue;
		if (!checker_add(&u->c, "map/undefined-name", p->word.line, p->word.column,
				 p->word.name,
				 checker_text(&u->c, "%s is not in %s: it is kept", p->word.name,
					      u->c.q->library->path)))
			return -ENOMEM;
	}
	return 0;
}

static int note_placed(struct update *u, const char *node)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < u->names.count; i++)
		r = array_push(&u->c.out->placed, (struct map_placed){ u->names.items[i], node });
	return r;
}

static int place(struct update *u, const char **ret_newest)
{
	const struct version_script *script = u->c.script;
	uint32_t newest = script_newest(script);
	const char *name;
	uint32_t known;
	int r;

	if (script->is_anonymous) {
		r = note_placed(u, "");
		return r ? r : script_style_add_names(script, 0, &u->names, u->c.out);
	}
	if (newest == NO_SCRIPT_NODE)
		newest = (uint32_t)script->nodes.count - 1;
	*ret_newest = script->nodes.items[newest].word.name;
	name = script_node_name(&u->c.out->findings.arena, *ret_newest, u->c.q->release);
	if (!name)
		return -ENOMEM;
	known = version_script_find(script, name);
	if (known == NO_SCRIPT_NODE ? version_name_compare(name, *ret_newest) < 0
				    : script_is_released(u->c.q, name)) {
		*ret_newest = known == NO_SCRIPT_NODE ? *ret_newest : name;
		return -EINVAL;
	}
	r = note_placed(u, name);
	if (r)
		return r;
	return known == NO_SCRIPT_NODE
		       ? script_style_add_node(script, newest, name, &u->names, u->c.out)
		       : script_style_add_names(script, known, &u->names, u->c.out);
}

int script_update(const struct script_question *question, struct map_result *result,
		  const char **ret_newest)
{
	struct update u = { 0 };
	int r = checker_init(&u.c, question, result);

	result->has_text = true;
	if (!r)
		r = collect(&u);
	if (!r && u.names.count)
		qsort(u.names.items, u.names.count, sizeof(*u.names.items), by_text);
	if (!r && u.names.count)
		r = place(&u, ret_newest);
	if (!r)
		r = tell_undefined(&u);
	if (!r && !u.names.count && !question->headers)
		r = unchecked_add(
			&result->findings, question->script->path,
			"functions that `local: *` hides",
			"nothing new is exported, and without headers it is not known what is "
			"meant to be",
			"--headers, or a library that was linked without the script", 1, true);
	array_done(&u.names);
	map_done(&u.seen);
	map_done(&u.left);
	return checker_end(&u.c, r);
}
