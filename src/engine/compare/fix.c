/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/compare/fix.h: which symbols, then a plan for each (fix-plan.c), then the map.
 */
#include "engine/compare/fix-parts.h"
#include "engine/compare/parts.h"

#include <string.h>

/* Rules whose findings the code can mend, and what their subject is. */
enum subject { OF_SYMBOL, OF_NODE, OF_LIBRARY, OF_NOTHING };

static const struct {
	const char *rule;
	enum subject subject;
} mended[] = {
	{ "abi/sym-function-removed", OF_SYMBOL },
	{ "abi/sym-data-removed", OF_SYMBOL },
	{ "abi/sym-weak-data-removed", OF_SYMBOL },
	{ "abi/ver-symbol-moved", OF_SYMBOL },
	{ "abi/ver-backport-other-node", OF_SYMBOL },
	{ "abi/ver-default-dropped", OF_SYMBOL },
	{ "abi/ver-symbol-to-base", OF_SYMBOL },
	{ "abi/ver-node-removed", OF_NODE },
	{ "abi/ver-node-renamed", OF_NODE },
	{ "abi/ver-all-dropped", OF_LIBRARY },
	{ "abi/ver-all-dropped-no-versym", OF_LIBRARY },
	/* The same losses, where more is known of them. */
	{ "abi/abi-tag-changed", OF_SYMBOL },
	{ "abi/class-ctor-became-implicit", OF_SYMBOL },
	{ "abi/class-ctor-variant-lost", OF_SYMBOL },
	{ "abi/flag-cxx11-abi", OF_SYMBOL },
	{ "abi/fnptr-noexcept-mangling", OF_SYMBOL },
	{ "abi/func-cxx-signature-changed", OF_SYMBOL },
	{ "abi/func-linkage-language", OF_SYMBOL },
	{ "abi/func-overload-removed", OF_SYMBOL },
	{ "abi/method-cv-changed", OF_SYMBOL },
	{ "abi/method-moved-to-base", OF_SYMBOL },
	{ "abi/method-refqual-changed", OF_SYMBOL },
	{ "abi/tmpl-instantiation-removed", OF_SYMBOL },
	{ "abi/tmpl-parameters-changed", OF_SYMBOL },
	{ "abi/vis-exported-to-hidden", OF_SYMBOL },
	{ "abi/vt-override-removed", OF_SYMBOL },
	{ "abi/vt-virtual-became-pure", OF_SYMBOL },
	{ "abi/soname-kept-on-break", OF_NOTHING }, /* follows from the others */
};

/* Why no code helps, where the rule's own words are about something else. */
static const char *instead_of(const struct finding *finding)
{
	static const char *const texts[][2] = {
		{ "abi/soname-changed",
		  "old programs ask for the old soname: ship OLD beside NEW, or go back to it" },
		{ "abi/soname-removed",
		  "old programs ask for the soname: link with -Wl,-soname again" },
		{ "abi/elf-machine-changed",
		  "old programs cannot load code of another processor: ship OLD too" },
		{ "abi/elf-class-changed",
		  "old programs cannot load code of another word size: ship OLD too" },
		{ "abi/object-size-grown",
		  "old programs hold a copy of the old size, whatever its version: keep the "
		  "object as it was, and put what is new into another one" },
		{ "abi/object-size-shrunk",
		  "old programs hold a copy of the old size, whatever its version: keep the "
		  "object as it was" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		if (!strcmp(finding->rule->id, texts[i][0]))
			return texts[i][1];
	}
	return finding->fix ? finding->fix : finding->rule->fix;
}

static enum subject subject_of(const struct finding *finding, bool *ret_known)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(mended); i++) {
		if (!strcmp(mended[i].rule, finding->rule->id)) {
			*ret_known = true;
			return mended[i].subject;
		}
	}
	*ret_known = false;
	return OF_NOTHING;
}

static int want_node(struct fixer *f, struct finding *finding)
{
	size_t node = fix_nodes_find(f, finding->subject);

	if (node != NO_NODE)
		f->out->nodes.items[node].is_wanted = true;
	return map_set(&f->lost_nodes, finding->subject, finding);
}

static int take_finding(struct fixer *f, struct finding *finding, bool is_named)
{
	bool known;
	enum subject subject = subject_of(finding, &known);

	if (known && subject == OF_SYMBOL)
		return map_set(&f->broken, finding->subject, finding);
	if (known && subject == OF_NODE && !is_named)
		return want_node(f, finding);
	if (known && subject == OF_LIBRARY)
		f->all_dropped = true;
	if (known || is_named || finding->verdict != VERDICT_BREAK)
		return 0;
	return array_push(&f->out->rest, (struct fix_rest){ .rule = finding->rule->id,
							    .message = finding->message,
							    .instead = instead_of(finding) });
}

static int take_findings(struct fixer *f, struct comparison *comparison, bool is_named)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < comparison->findings.items.count; i++)
		r = take_finding(f, &comparison->findings.items.items[i], is_named);
	return r;
}

bool fix_is_lost(struct fixer *f, const struct fix_case *c, const struct corpus_symbol *s)
{
	const char *text;

	if (c->is_named && c->version)
		return s->version && !strcmp(s->version, c->version);
	if (c->is_named && s->mark != MARK_HIDDEN)
		return true;
	text = fix_symbol_text(f, s);
	if (!text)
		return false; /* the fixer remembers */
	if (map_get(&f->broken, text))
		return true;
	/* Gone names have a finding of their own. */
	return s->version && c->new_count && !compare_is_private(s->version) &&
	       (f->all_dropped || map_get(&f->lost_nodes, s->version));
}

static int plan_all(struct fixer *f)
{
	const struct corpus *old = f->old;
	size_t i = 0;
	int r = 0;

	while (!r && i < old->symbols.count) {
		struct fix_case c = { .name = old->symbols.items[i].name,
				      .old = &old->symbols.items[i] };

		for (; i < old->symbols.count && !strcmp(old->symbols.items[i].name, c.name); i++)
			c.old_count++;
		c.new = corpus_find(f->new, c.name, &c.new_count);
		r = fix_plan(f, &c);
		if (!r && f->no_memory)
			r = -ENOMEM;
	}
	return r;
}

static int plan_request(struct fixer *f, const char *text)
{
	size_t length = strcspn(text, "@");
	struct fix_case c = { .name = arena_strndup(&f->out->arena, text, length),
			      .is_named = true };

	if (!c.name)
		return -ENOMEM;
	if (text[length])
		c.version = text + length + strspn(text + length, "@");
	c.old = corpus_find(f->old, c.name, &c.old_count);
	c.new = corpus_find(f->new, c.name, &c.new_count);
	return c.old || c.new ? fix_plan(f, &c) : -ENOENT;
}

static int plan_requests(struct fixer *f, const char *const *symbols, const char **ret_unknown)
{
	struct map done = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; !r && symbols[i]; i++) {
		if (map_get(&done, symbols[i]))
			continue;
		r = map_set(&done, symbols[i], f);
		if (!r)
			r = plan_request(f, symbols[i]);
		if (r == -ENOENT)
			*ret_unknown = symbols[i];
	}
	map_done(&done);
	return r;
}

/* By node, what is exported first, then by name. */
static int compare_lines(const void *a, const void *b)
{
	const struct fix_line *x = a;
	const struct fix_line *y = b;

	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	if (x->is_local != y->is_local)
		return x->is_local ? 1 : -1;
	return strcmp(x->name, y->name);
}

static int add_own_lines(struct fixer *f)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < f->new->symbols.count; i++) {
		const struct corpus_symbol *s = &f->new->symbols.items[i];

		if (s->version)
			r = array_push(&f->out->lines,
				       (struct fix_line){ .node = fix_nodes_find(f, s->version),
							  .name = s->name });
	}
	return r;
}

/* A new node may be what a program asks for as an ability of the library. */
static void want_all_of_new(struct fixer *f)
{
	size_t i;

	for (i = 0; i < f->out->nodes.count; i++)
		f->out->nodes.items[i].is_wanted |= f->out->nodes.items[i].is_there;
}

static int collect_lines(struct fixer *f)
{
	size_t i, k, kept;
	int r = f->out->is_whole_map ? add_own_lines(f) : 0;

	for (i = 0; i < f->out->items.count; i++) {
		const struct fix_item *item = &f->out->items.items[i];

		for (k = 0; !r && item->way != FIX_IMPOSSIBLE && k < item->lines.count; k++)
			r = array_push(&f->out->lines, item->lines.items[k]);
	}
	if (r)
		return r;
	if (f->out->lines.count)
		qsort(f->out->lines.items, f->out->lines.count, sizeof(struct fix_line),
		      compare_lines);
	for (i = kept = 0; i < f->out->lines.count; i++) {
		if (!kept || compare_lines(&f->out->lines.items[kept - 1], &f->out->lines.items[i]))
			f->out->lines.items[kept++] = f->out->lines.items[i];
	}
	f->out->lines.count = kept;
	if (f->out->is_whole_map)
		want_all_of_new(f);
	return fix_nodes_order(f);
}

static bool has_base(const struct corpus *corpus)
{
	size_t i;

	for (i = 0; i < corpus->symbols.count; i++) {
		if (!corpus->symbols.items[i].version)
			return true;
	}
	return false;
}

static int begin(struct fixer *f, const char *name)
{
	f->out = calloc(1, sizeof(*f->out));
	if (!f->out)
		return -ENOMEM;
	f->out->name = name;
	f->out->has_base = has_base(f->new);
	return fix_nodes_init(f);
}

static int end(struct fixer *f, int r, struct fix **ret)
{
	if (!r)
		r = collect_lines(f);
	if (!r && f->no_memory)
		r = -ENOMEM;
	map_done(&f->node_numbers);
	map_done(&f->broken);
	map_done(&f->lost_nodes);
	if (r)
		fix_free(f->out);
	else
		*ret = f->out;
	return r;
}

int fix_make(const struct corpus *old, const struct corpus *new, struct comparison *comparison,
	     const struct fix_request *request, struct fix **ret, const char **ret_unknown)
{
	struct fixer f = { .old = old, .new = new };
	bool is_named = request->symbols && request->symbols[0];
	int r = begin(&f, comparison->name);

	if (!f.out)
		return r;
	f.out->old_path = old->path;
	f.out->new_path = new->path;
	f.out->is_whole_map = request->is_whole_map;
	if (!r)
		r = take_findings(&f, comparison, is_named);
	if (!r)
		r = is_named ? plan_requests(&f, request->symbols, ret_unknown) : plan_all(&f);
	r = end(&f, r, ret);
	if (!r)
		(*ret)->comparison = comparison;
	return r;
}

void fix_free(struct fix *fix)
{
	size_t i;

	if (!fix)
		return;
	for (i = 0; i < fix->items.count; i++) {
		array_done(&fix->items.items[i].versions);
		array_done(&fix->items.items[i].lines);
	}
	array_done(&fix->items);
	array_done(&fix->nodes);
	array_done(&fix->lines);
	array_done(&fix->rest);
	comparison_free(fix->comparison);
	arena_done(&fix->arena);
	free(fix);
}
