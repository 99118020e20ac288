/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/compare/backport.h. */
#include "engine/compare/backport.h"
#include "engine/compare/parts.h"
#include "model/version-name.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MOST_NAMED 5

struct planner {
	const struct corpus *old, *new;
	const struct corpus_symbol *symbol; /* NEW's, the default one */
	struct backport *out;
	size_t others; /* that NEW's node holds besides */
	bool no_memory;
};

static const char *text(struct planner *p, const char *format, ...) PRINTF_LIKE(2, 3);

static const char *text(struct planner *p, const char *format, ...)
{
	va_list args;
	char *made = NULL;
	const char *copy = NULL;

	va_start(args, format);
	if (vasprintf(&made, format, args) >= 0) {
		copy = arena_strdup(&p->out->arena, made);
		free(made);
	}
	va_end(args);
	p->no_memory |= !copy;
	return copy;
}

static void add(struct planner *p, struct backport_plan *plan, const char *who,
		enum verdict verdict, const char *what)
{
	plan->outcomes[plan->outcome_count++] = (struct backport_outcome){ who, what, verdict };
}

/* As rpm's elfdeps writes it. */
static const char *dependency(struct planner *p, const char *node)
{
	const char *mark = p->new->is_64 ? "(64bit)" : "";

	return node ? text(p, "%s(%s)%s", p->out->library, node, mark)
		    : text(p, "%s%s%s", p->out->library, *mark ? "()" : "", mark);
}

/* Symbols of NEW's node that OLD has not under that node, but for the one that is brought. */
static size_t others_of(struct planner *p, const char *node, const char **ret_names)
{
	const char *names = "";
	size_t count = 0;
	size_t i;

	for (i = 0; i < p->new->symbols.count; i++) {
		const struct corpus_symbol *s = &p->new->symbols.items[i];

		if (!s->version || strcmp(s->version, node) || !strcmp(s->name, p->symbol->name))
			continue;
		if (count < MOST_NAMED && names)
			names = text(p, "%s%s%s", names, count ? ", " : "", s->name);
		count++;
	}
	if (count > MOST_NAMED && names)
		names = text(p, "%s and %zu more", names, count - MOST_NAMED);
	*ret_names = names;
	return count;
}

/* "name@@NODE" for C, with the old name in a node beside the default one. */
static const char *remedy(struct planner *p, const char *node, bool is_new_node)
{
	const char *name = p->symbol->name;
	bool is_c = strncmp(name, "_Z", 2) != 0;
	const char *in_map = is_new_node ? text(p, "%s { global: %s; }%s%s;", node, name,
						p->out->new_node ? " " : "",
						p->out->new_node ? p->out->new_node : "")
					 : text(p, "%s { global: …; %s; }", node, name);

	return text(
		p,
		"version script: %s\n"
		"extern __typeof(%s) %s_backport __attribute__((alias(\"%s\"), symver(\"%s@%s\")));\n"
		"/* compilers without that attribute, not with -flto: __asm__(\".symver %s_backport, %s@%s\"); */",
		in_map, is_c ? name : "function", is_c ? name : "function", name, name, node,
		is_c ? name : "function", name, node);
}

/* What a program that was built with the patched OLD finds in the plain one, where the node is not
 * there. */
static void add_plain_old_without(struct planner *p, struct backport_plan *plan, const char *node)
{
	if (!p->old->nodes.count)
		add(p, plan, "with plain OLD", VERDICT_BREAK,
		    text(p,
			 "warns at each start (\"no version information available\") and dies at the first call: "
			 "\"undefined symbol: %s, version %s\"",
			 p->symbol->name, node));
	else
		add(p, plan, "with plain OLD", VERDICT_BREAK,
		    text(p, "stops at start: \"version `%s' not found\"", node));
}

static void add_pkg_config(struct planner *p, struct backport_plan *plan)
{
	add(p, plan, "pkg-config", VERDICT_RISK,
	    text(p,
		 "the version is still OLD's: a check for NEW's version says no although %s is there; one for the symbol "
		 "says yes",
		 p->symbol->name));
}

static void plan_keep(struct planner *p)
{
	struct backport_plan *plan = &p->out->plans[BACKPORT_KEEP];
	const char *node = p->out->new_node;
	const char *names;
	size_t others;

	plan->applies = node && !corpus_node_find(p->old, node);
	if (!plan->applies)
		return;
	plan->node = node;
	plan->title = text(p, "keep NEW's node %s", node);
	others = p->others = others_of(p, node, &names);
	add_plain_old_without(p, plan, node);
	add(p, plan, "with NEW", VERDICT_OK, "runs");
	if (others) {
		add(p, plan, "built for NEW, with the patched OLD", VERDICT_BREAK,
		    text(p,
			 "passes the check at start and dies at the first call of what %s holds besides: %s",
			 node, names));
		add(p, plan, "RPM", VERDICT_BREAK,
		    text(p,
			 "%s keeps programs off plain OLD, but lets those of NEW onto the patched one, where they die",
			 dependency(p, node)));
	} else {
		add(p, plan, "built for NEW, with the patched OLD", VERDICT_OK,
		    text(p, "runs: %s holds nothing else", node));
		add(p, plan, "RPM", VERDICT_OK,
		    text(p, "%s keeps programs off plain OLD", dependency(p, node)));
	}
	add(p, plan, "Debian", others ? VERDICT_RISK : VERDICT_OK,
	    text(p,
		 "the symbols file gets %s@%s with the version of the patched package: programs built with it depend on that%s",
		 p->symbol->name, node,
		 others ? "; an entry for the whole node, (symver), would be wrong" : ""));
	add_pkg_config(p, plan);
	add(p, plan, "later upgrade to NEW", VERDICT_OK, "works: NEW has the node");
}

static void plan_released(struct planner *p)
{
	struct backport_plan *plan = &p->out->plans[BACKPORT_RELEASED];
	const char *node = p->out->old_node;
	bool same = node && p->out->new_node && !strcmp(node, p->out->new_node);
	bool kept = p->out->new_node && corpus_node_find(p->old, p->out->new_node);

	if (kept)
		node = p->out->new_node;
	same |= kept;
	plan->applies = node != NULL;
	if (!plan->applies)
		return;
	plan->node = node;
	plan->title = text(p, "put it into %s, which OLD has released", node);
	add(p, plan, "with plain OLD", VERDICT_BREAK,
	    text(p,
		 "passes the check at start and dies at the first call: \"undefined symbol: %s, version %s\"",
		 p->symbol->name, node));
	if (same)
		add(p, plan, "with NEW", VERDICT_OK, "runs: NEW has it in the same node");
	else if (!p->new->nodes.count)
		add(p, plan, "with NEW", VERDICT_RISK,
		    "runs with a warning at each start: NEW has no versions");
	else if (!corpus_node_find(p->new, node))
		add(p, plan, "with NEW", VERDICT_BREAK,
		    text(p, "stops at start: \"version `%s' not found\"", node));
	else
		add(p, plan, "with NEW", VERDICT_BREAK,
		    text(p, "dies at the first call: NEW has it as %s@%s only", p->symbol->name,
			 p->out->new_node ? p->out->new_node : ""));
	add(p, plan, "RPM", VERDICT_BREAK,
	    text(p, "%s is provided by plain OLD too: nothing keeps the program off it",
		 dependency(p, node)));
	add(p, plan, "Debian", same ? VERDICT_OK : VERDICT_RISK,
	    text(p, "the symbols file gets %s@%s with the version of the patched package%s",
		 p->symbol->name, node,
		 same ? "" : "; with NEW, dpkg-gensymbols reports it as lost"));
	add_pkg_config(p, plan);
	add(p, plan, "later upgrade to NEW", same ? VERDICT_OK : VERDICT_BREAK,
	    same ? "works: NEW has it in the same node"
		 : "breaks the programs that were built in between");
	if (!same && p->new->nodes.count)
		plan->remedy = remedy(p, node, false);
}

static void plan_invent(struct planner *p)
{
	struct backport_plan *plan = &p->out->plans[BACKPORT_INVENT];
	const char *node;

	plan->applies = p->new->nodes.count && p->old->nodes.count;
	if (!plan->applies)
		return;
	node = text(p, "%s_BACKPORT",
		    p->out->old_node   ? p->out->old_node
		    : p->out->new_node ? p->out->new_node
				       : "OLD");
	plan->node = node;
	plan->title = text(p, "invent a node for it, such as %s", node);
	add_plain_old_without(p, plan, node ? node : "");
	add(p, plan, "with NEW", VERDICT_BREAK,
	    text(p, "stops at start: \"version `%s' not found\", unless NEW gets that node too",
		 node));
	add(p, plan, "RPM", VERDICT_RISK,
	    text(p,
		 "%s keeps programs off plain OLD, and blocks the update to NEW as long as they are installed",
		 dependency(p, node)));
	add(p, plan, "Debian", VERDICT_BREAK,
	    text(p,
		 "the symbols file gets %s@%s with the version of the patched package; NEW is newer and satisfies that, so "
		 "that nothing keeps the program off it",
		 p->symbol->name, node));
	add_pkg_config(p, plan);
	add(p, plan, "later upgrade to NEW", VERDICT_BREAK,
	    "breaks the programs that were built in between");
	plan->remedy = remedy(p, node, true);
}

/* Neither library has versions: there is only one way. */
static void plan_plain(struct planner *p)
{
	struct backport_plan *plan = &p->out->plans[BACKPORT_KEEP];

	plan->applies = true;
	plan->title = "export it, without a version as NEW does";
	add(p, plan, "with plain OLD", VERDICT_BREAK,
	    text(p, "dies at the first call: \"undefined symbol: %s\"", p->symbol->name));
	add(p, plan, "with NEW", VERDICT_OK, "runs");
	add(p, plan, "RPM", VERDICT_BREAK,
	    text(p, "%s is provided by plain OLD too: nothing keeps the program off it",
		 dependency(p, NULL)));
	add(p, plan, "Debian", VERDICT_OK,
	    text(p,
		 "the symbols file gets %s@Base with the version of the patched package: programs built with it depend on that",
		 p->symbol->name));
	add_pkg_config(p, plan);
	add(p, plan, "later upgrade to NEW", VERDICT_OK, "works");
}

static const struct corpus_symbol *default_of(const struct corpus *corpus, const char *name)
{
	size_t count, i;
	const struct corpus_symbol *found = corpus_find(corpus, name, &count);

	for (i = 0; i < count; i++) {
		if (found[i].mark != MARK_HIDDEN)
			return &found[i];
	}
	return found;
}

/* The last node of the family of `like`, or of any. */
static const char *last_node(const struct corpus *corpus, const char *like)
{
	const char *last = NULL;
	size_t i;

	for (i = 0; i < corpus->nodes.count; i++) {
		const char *name = corpus->nodes.items[i].name;

		if (compare_is_private(name) || (like && !version_name_same_family(name, like)))
			continue;
		if (!last || version_name_compare(name, last) > 0)
			last = name;
	}
	return last || !like ? last : last_node(corpus, NULL);
}

static const char *library_of(const struct corpus *corpus)
{
	return corpus->soname ? corpus->soname : path_name(corpus->path);
}

/* OLD has the symbol: there is nothing to plan. */
static bool is_there(struct planner *p)
{
	size_t count;

	if (!corpus_find(p->old, p->symbol->name, &count))
		return false;
	p->out->already = corpus_symbol_text(&p->out->arena, default_of(p->old, p->symbol->name));
	p->no_memory |= !p->out->already;
	p->out->advice = "OLD exports it already: there is nothing to bring";
	return true;
}

static const char *advice(struct planner *p)
{
	const struct backport *out = p->out;

	if (!out->plans[BACKPORT_KEEP].applies)
		return out->new_node
			       ? text(p,
				      "do not: rebase OLD to NEW; if it must be, put it where NEW has it, into %s",
				      out->new_node)
			       : "do not: rebase OLD to NEW; nothing would keep programs off plain OLD";
	if (!out->new_node)
		return "do not: rebase OLD to NEW; nothing would keep programs off plain OLD";
	return p->others
		       ? text(p,
			      "do not: rebase OLD to NEW; if it must be, keep NEW's node %s, and bring all that it holds",
			      out->new_node)
		       : text(p, "do not: rebase OLD to NEW; if it must be, keep NEW's node %s",
			      out->new_node);
}

static int plan(struct planner *p)
{
	struct backport *out = p->out;

	out->symbol = arena_strdup(&out->arena, p->symbol->name);
	out->library = arena_strdup(&out->arena, library_of(p->new));
	out->old_path = arena_strdup(&out->arena, p->old->path);
	out->new_path = arena_strdup(&out->arena, p->new->path);
	if (!out->symbol || !out->library || !out->old_path || !out->new_path)
		return -ENOMEM;
	out->new_node = p->symbol->version;
	out->old_node = last_node(p->old, out->new_node);
	if (is_there(p))
		return p->no_memory ? -ENOMEM : 0;
	if (!out->new_node && !p->old->nodes.count) {
		plan_plain(p);
	} else {
		plan_keep(p);
		plan_released(p);
		plan_invent(p);
	}
	out->advice = advice(p);
	return p->no_memory ? -ENOMEM : 0;
}

int backport_plan(const struct corpus *old, const struct corpus *new, const char *symbol,
		  struct backport **ret)
{
	struct planner p = { .old = old, .new = new, .symbol = default_of(new, symbol) };
	int r;

	p.out = calloc(1, sizeof(*p.out));
	if (!p.out)
		return -ENOMEM;
	r = plan(&p);
	if (r) {
		backport_free(p.out);
		return r;
	}
	*ret = p.out;
	return 0;
}

void backport_free(struct backport *backport)
{
	if (!backport)
		return;
	arena_done(&backport->arena);
	free(backport);
}
