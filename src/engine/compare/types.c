/* SPDX-License-Identifier: Apache-2.0 */
/* The walk over both graphs of types. Contract in engine/compare/types.h. */
#include "engine/compare/types.h"
#include "model/dwarf-codes.h"
#include "base/map.h"
#include "engine/compare/cxx-name.h"
#include "model/symbol-name.h"

#include <inttypes.h>
#include <string.h>

#define LONGEST_WAY 8 /* steps of a way that are told */

int types_queue(struct type_diff *d, uint32_t from, type_id old, type_id new, enum type_reach reach,
		const struct type_part *step)
{
	const struct type_pair *parent = from & EDGE_SYMBOL ? NULL : &d->pairs.items[from];
	struct type_pair pair = {
		.parent = parent ? from : PAIR_NONE,
		.symbol = parent ? parent->symbol : from & ~EDGE_SYMBOL,
		.step = step ? step->name : NULL,
		.step_kind = step ? step->kind : PART_MEMBER,
	};
	uint64_t key;
	uint32_t number;
	bool is_own;

	types_choose(d, &old, &new);
	pair.old = old;
	pair.new = new;
	key = (uint64_t)old << 32 | new;
	/* Each exported function is told of by its own name, though many share a type. */
	is_own = !parent && type_at(d->old, old)->kind == TYPE_FUNCTION;
	number = is_own ? NUMBERS_NONE : numbers_get(&d->numbers, key);
	if (parent && parent->reach < reach)
		reach = (enum type_reach)parent->reach;
	pair.reach = (uint8_t)reach;
	if (number == NUMBERS_NONE) {
		if (d->pairs.count >= d->most_pairs) {
			d->is_cut = true;
			return 0;
		}
		number = (uint32_t)d->pairs.count;
		if (array_push(&d->pairs, pair) ||
		    (!is_own && numbers_add(&d->numbers, key, number)))
			return -ENOMEM;
	} else if (!d->pairs.items[number].is_done && d->pairs.items[number].reach < reach) {
		/* It waited among those that only pointers lead to. */
		d->pairs.items[number] = pair;
	} else {
		return array_push(&d->edges, (struct type_edge){ from, number });
	}
	if (array_push(&d->edges, (struct type_edge){ from, number }))
		return -ENOMEM;
	return reach == REACH_VALUE ? array_push(&d->by_value, number)
				    : array_push(&d->by_pointer, number);
}

const char *types_old_text(struct type_diff *d, type_id id)
{
	const char *text = types_text(&d->c->out->findings.arena, d->old, id);

	d->c->no_memory |= !text;
	return text;
}

const char *types_new_text(struct type_diff *d, type_id id)
{
	const char *text = types_text(&d->c->out->findings.arena, d->new, id);

	d->c->no_memory |= !text;
	return text;
}

const char *types_subject(struct type_diff *d, uint32_t number)
{
	const char *tail = "";
	unsigned hops;

	for (hops = 0; tail && hops < LONGEST_WAY; hops++) {
		const struct type_pair *pair = &d->pairs.items[number];
		const char *text;

		if (pair->parent == PAIR_NONE || type_at(d->old, pair->old)->name) {
			text = types_old_text(d, pair->old);
			return text ? compare_text(d->c, "%s%s", text, tail) : NULL;
		}
		if (type_at(d->old, d->pairs.items[pair->parent].old)->kind == TYPE_FUNCTION)
			return compare_text(d->c, "%s: %s%s",
					    d->c->kept.items[pair->symbol].old->name,
					    pair->step ? pair->step : "its result", tail);
		tail = compare_text(d->c, ".%s%s", pair->step ? pair->step : "?", tail);
		number = pair->parent;
	}
	return tail;
}

enum type_seen types_seen(const struct type_diff *d, uint32_t number)
{
	unsigned hops;

	for (hops = 0; hops < LONGEST_WAY; hops++) {
		const struct type_pair *pair = &d->pairs.items[number];
		const struct type *t = type_at(d->old, pair->old);

		if (t->name || pair->parent == PAIR_NONE)
			return (enum type_seen)t->seen;
		number = pair->parent;
	}
	return TYPE_SEEN_UNKNOWN;
}

/*
 * The same of a name that stands for several types is told once. *ret: the finding,
 * or the place that it will have. 0 or -ENOMEM.
 */
static int find_told(struct type_diff *d, const char *rule, const char *subject,
		     const char *message, size_t *ret, bool *ret_new)
{
	const struct findings *list = &d->c->out->findings;
	uint64_t key;
	uint32_t place;

	if (!subject || !message)
		return -ENOMEM;
	key = hash_bytes(rule, strlen(rule)) + 31 * hash_bytes(subject, strlen(subject)) +
	      number_mix(hash_bytes(message, strlen(message)));
	place = numbers_get(&d->told, key);
	*ret_new = place == NUMBERS_NONE || strcmp(list->items.items[place].subject, subject) ||
		   strcmp(list->items.items[place].message, message);
	*ret = *ret_new ? list->items.count : place;
	return place == NUMBERS_NONE ? numbers_add(&d->told, key, (uint32_t)list->items.count) : 0;
}

struct finding *types_add(struct type_diff *d, uint32_t pair, const char *rule, bool layout,
			  const char *subject, const char *message)
{
	struct finding *finding;
	struct type_cause cause = { .pair = pair };
	bool is_new;

	if (find_told(d, rule, subject, message, &cause.finding, &is_new))
		return NULL;
	finding = is_new ? compare_add(d->c, rule, subject, message)
			 : &d->c->out->findings.items.items[cause.finding];
	if (!finding || array_push(&d->causes, cause))
		return NULL;
	finding->by_types = true;
	/* What values lead to comes first, and has the heavier verdict. */
	if (is_new && layout && d->pairs.items[pair].reach == REACH_POINTER &&
	    types_seen(d, pair) == TYPE_SEEN_UNKNOWN && finding->verdict > VERDICT_RISK) {
		finding->verdict = VERDICT_RISK;
		if (finding_why(
			    &d->c->out->findings, finding,
			    "only pointers to it cross the interface, as far as the debug information tells: it breaks programs that see what it holds"))
			return NULL;
	}
	return finding;
}

int types_note(struct type_diff *d, uint32_t pair, const char *rule, bool layout,
	       const char *subject, const char *message)
{
	return types_add(d, pair, rule, layout, subject, message) ? 0 : -ENOMEM;
}

static int visit_pair(struct type_diff *d, uint32_t number)
{
	const struct type_pair *pair = &d->pairs.items[number];
	const struct type *old = type_at(d->old, pair->old);
	const struct type *new = type_at(d->new, pair->new);

	if (type_is_record(old) && type_is_record(new))
		return types_compare_record(d, number);
	if (old->kind == TYPE_ENUM && new->kind == TYPE_ENUM)
		return types_compare_enum(d, number);
	if (old->kind == TYPE_TYPEDEF && new->kind == TYPE_TYPEDEF)
		return types_compare_typedef(d, number);
	return types_compare_function(d, number);
}

/* All that values lead to first: what then is left, only pointers lead to. */
static int visit_all(struct type_diff *d, types_visitor visit)
{
	size_t value = 0;
	size_t pointer = 0;
	int r = 0;

	while (!r) {
		uint32_t number;

		if (value < d->by_value.count)
			number = d->by_value.items[value++];
		else if (pointer < d->by_pointer.count)
			number = d->by_pointer.items[pointer++];
		else
			break;
		if (d->pairs.items[number].is_done)
			continue;
		d->pairs.items[number].is_done = true;
		r = visit(d, number);
		arena_done(&d->scratch);
		d->scratch = (struct arena){ 0 };
	}
	return r;
}

static type_id type_of(const struct corpus *corpus, const struct corpus_symbol *symbol)
{
	return corpus->symbol_types[symbol - corpus->symbols.items];
}

/*
 * Has the symbol another size than the array, as the older versions of a table have? Its own
 * says what programs know of it.
 */
static bool is_other_array(const struct types *types, type_id id, const struct corpus_symbol *s)
{
	uint64_t size;

	return s->size && type_at(types, types_strip(types, id))->kind == TYPE_ARRAY &&
	       types_size(types, id, &size) && size != s->size;
}

/* A variable; functions are pairs of their own. */
static int queue_variable(struct type_diff *d, uint32_t place, type_id old, type_id new)
{
	const struct symbol_pair *kept = &d->c->kept.items[place];
	enum value_change change;
	const char *name, *shown, *before, *after;

	struct finding *finding;
	int r = types_compare_value(d, place | EDGE_SYMBOL, old, new, REACH_VALUE, NULL, &change);

	if (r || change <= VALUE_SPELLING)
		return r;
	if (change == VALUE_ARRAY && kept->old->size == kept->new->size &&
	    (is_other_array(d->old, old, kept->old) || is_other_array(d->new, new, kept->new)))
		return 0;
	/* Another size is told of the symbol. */
	if (kept->old->size != kept->new->size && change != VALUE_QUALIFIER)
		return 0;
	name = compare_symbol(d->c, kept->old);
	shown = compare_shown(d->c, kept->old);
	before = types_old_text(d, old);
	after = types_new_text(d, new);
	if (!name || !shown || !before || !after)
		return -ENOMEM;
	finding = compare_add(
		d->c, change == VALUE_QUALIFIER ? "abi/var-const-added" : "abi/var-type-same-size",
		name, compare_text(d->c, "%s was %s, is %s", shown, before, after));
	if (!finding)
		return -ENOMEM;
	finding->by_types = true;
	finding->before = before;
	finding->after = after;
	if (change <= VALUE_TAG && change != VALUE_QUALIFIER)
		finding->verdict = finding->source = VERDICT_OK;
	return 0;
}

/* Nothing is known of it: so are functions in assembler, which have no signature. */
static bool is_untold(const struct types *types, type_id id)
{
	const struct type *t = id == CORPUS_NO_TYPE ? NULL : type_at(types, id);
	const struct type *result = t ? type_at(types, t->target) : NULL;

	return !t || t->kind == TYPE_UNKNOWN ||
	       (t->kind == TYPE_FUNCTION && !t->part_count && result->kind == TYPE_UNSPECIFIED &&
		!result->name);
}

static int queue_symbol(struct type_diff *d, uint32_t place, type_id old, type_id new)
{
	if (type_at(d->old, old)->kind != TYPE_FUNCTION ||
	    type_at(d->new, new)->kind != TYPE_FUNCTION)
		return queue_variable(d, place, old, new);
	return types_queue(d, place | EDGE_SYMBOL, old, new, REACH_VALUE, NULL);
}

/* Tables, type information and guards are made by the compiler: nothing describes them. */
static bool is_made(const struct corpus_symbol *symbol)
{
	return !strncmp(symbol->name, "_ZT", 3) || !strncmp(symbol->name, "_ZG", 3);
}

static int queue_told(struct type_diff *d, uint32_t place, types_starter start, size_t *lost)
{
	const struct symbol_pair *kept = &d->c->kept.items[place];
	type_id old = type_of(d->c->old, kept->old);
	type_id new = type_of(d->c->new, kept->new);

	/* Of some compilers, thunks have types too. */
	if (is_made(kept->old))
		return 0;
	if (is_untold(d->old, old) || is_untold(d->new, new)) {
		bool is_lost = is_untold(d->old, old) != is_untold(d->new, new);

		*lost += is_lost;
		/* The linker makes the ends of sections. */
		d->blind += !is_lost && !symbol_is_of_runtime(kept->old->name);
		return 0;
	}
	return start(d, place, old, new);
}

/* The surface for C is judged; what other languages promise each other is not. */
static int tell_language(struct compare *c, const struct types *types)
{
	static const struct {
		uint16_t language;
		const char *name;
	} languages[] = {
		{ DW_LANG_Rust, "Rust" },
		{ DW_LANG_Go, "Go" },
		{ DW_LANG_D, "D" },
		{ DW_LANG_Swift, "Swift" },
		{ DW_LANG_Fortran77, "Fortran" },
		{ DW_LANG_Fortran90, "Fortran" },
		{ DW_LANG_Fortran95, "Fortran" },
		{ DW_LANG_Fortran03, "Fortran" },
		{ DW_LANG_Fortran08, "Fortran" },
		{ DW_LANG_Ada83, "Ada" },
		{ DW_LANG_Ada95, "Ada" },
	};
	size_t i, k;

	for (i = 0; i < types->origins.count; i++) {
		for (k = 0; k < ARRAY_SIZE(languages); k++) {
			if (types->origins.items[i].language != languages[k].language)
				continue;
			return unchecked_add(
				&c->out->findings, c->out->name,
				compare_text(c, "what is written in %s", languages[k].name),
				"types are compared by the rules of C and C++",
				"the rules of that language", 1, false);
		}
	}
	return 0;
}

static int tell_gap(struct compare *c, const struct corpus *corpus)
{
	return unchecked_add(&c->out->findings, c->out->name,
			     compare_text(c, "part of the types of %s", corpus->path),
			     corpus->types_gap, "that file in its place, or --debug-dir DIR", 1,
			     true);
}

/* Is OLD's DWARF the older one? */
static bool is_older(const struct compare *c)
{
	return c->old->old_dwarf && (!c->new->old_dwarf || c->old->old_dwarf < c->new->old_dwarf);
}

/* What the debug information of one side or both leaves open. */
static int tell_gaps(struct type_diff *d, size_t lost)
{
	struct compare *c = d->c;
	size_t unknown = d->old->unknown_count + d->new->unknown_count;
	int r = 0;

	if (lost)
		r = unchecked_add(
			&c->out->findings, c->out->name,
			compare_text(c, "the types of %zu symbol%s", lost, lost == 1 ? "" : "s"),
			"the debug information of one side only describes them",
			"a build of both sides with full debug information", lost, true);
	if (!r && d->blind)
		r = unchecked_add(
			&c->out->findings, c->out->name,
			compare_text(c, "the types of %zu symbol%s", d->blind,
				     d->blind == 1 ? "" : "s"),
			"the debug information of neither side describes them: assembler, resolvers, or units without it",
			"a look at their headers", d->blind, false);
	if (!r && unknown)
		r = unchecked_add(&c->out->findings, c->out->name,
				  compare_text(c, "%zu type%s", unknown, unknown == 1 ? "" : "s"),
				  d->old->alt_references + d->new->alt_references
					  ? "they are in an alternate debug file that is not there"
					  : "the debug information could not be read there",
				  "the whole debug information of both sides", unknown, true);
	if (!r)
		r = tell_language(c, c->old->types);
	if (!r)
		r = tell_language(c, c->new->types);
	if (!r && c->old->types_gap)
		r = tell_gap(c, c->old);
	if (!r && c->new->types_gap)
		r = tell_gap(c, c->new);
	if (!r && d->is_untold)
		r = unchecked_add(&c->out->findings, c->out->name,
				  "some words of the source, such as _Atomic and restrict",
				  compare_text(c,
					       "the debug information of %s is DWARF %" PRIu64
					       ", which cannot tell them",
					       is_older(c) ? "OLD" : "NEW",
					       (is_older(c) ? c->old : c->new)->old_dwarf),
				  "a build of both sides with -gdwarf-5", 1, false);
	if (!r && d->is_cut)
		r = unchecked_add(&c->out->findings, c->out->name, "part of the types",
				  "they are too entangled", "--symbols-only, and a look by hand", 1,
				  true);
	return r;
}

static void type_diff_done(struct type_diff *d)
{
	arena_done(&d->scratch);
	array_done(&d->pairs);
	array_done(&d->edges);
	array_done(&d->causes);
	array_done(&d->by_value);
	array_done(&d->by_pointer);
	numbers_done(&d->numbers);
	numbers_done(&d->told);
	types_names_done(&d->old_names);
	types_names_done(&d->new_names);
}

/* One side has no types, or both. */
static int tell_lost(struct compare *c)
{
	const struct corpus *without = c->old->types ? c->new : c->old;
	int r = 0;

	if (!c->old->types && !c->new->types && !c->options->require_types)
		return 0;
	if (without->no_types && (c->old->types || c->new->types) && !c->out->is_layout)
		r = compare_note(
			c, "abi/pkg-debug-missing", c->out->name, NULL, NULL,
			compare_text(
				c,
				"the debug information of %s is missing: its types were not compared",
				without == c->old ? "OLD" : "NEW"));
	return r ? r
		 : unchecked_add(
			   &c->out->findings, c->out->name, "types",
			   compare_text(c, "%s: %s", without->path,
					without->no_types ? without->no_types : "it was not read"),
			   "its debug package, or --debug-dir DIR", 1, true);
}

int types_walk(struct compare *c, types_starter start, types_visitor visit)
{
	struct type_diff d = { .c = c, .old = c->old->types, .new = c->new->types };
	size_t lost = 0;
	size_t i;
	int r = 0;

	if (!d.old || !d.new)
		return tell_lost(c);
	c->out->has_types = true;
	d.most_pairs = 4 * (d.old->items.count + d.new->items.count) + c->kept.count + 1000;
	r = types_index_names(&d);
	for (i = 0; !r && i < c->kept.count && i < EDGE_SYMBOL; i++)
		r = queue_told(&d, (uint32_t)i, start, &lost);
	if (!r)
		r = visit_all(&d, visit);
	if (!r)
		r = types_tell_ways(&d);
	if (!r)
		r = tell_gaps(&d, lost);
	type_diff_done(&d);
	return r;
}

int compare_types(struct compare *c)
{
	return types_walk(c, queue_symbol, visit_pair);
}
