/* SPDX-License-Identifier: Apache-2.0 */
/* Functions, callbacks and typedefs of both sides. Contract in engine/compare/types.h. */
#include "engine/compare/passing.h"
#include "engine/compare/types.h"
#include "model/dwarf-codes.h"

#include <string.h>

#define MOST_PARAMETERS 127 /* C promises no more; their order is not looked at beyond */

/* Two functions: exported ones, or what a pointer to a function points to. */
struct functions {
	struct type_diff *d;
	uint32_t pair;
	const struct type *old, *new;
	const struct type_part *old_parts, *new_parts; /* without what the compiler passes */
	uint32_t old_count, new_count;
	bool is_callback;
	const char *subject;
	const char *shown; /* the same in messages */
	bool is_changed;   /* of a callback: one finding tells it */
	bool is_longer;	   /* of a callback: only arguments were appended */
	bool is_harmless;  /* of a callback: nothing else than names */
};

static const char *const parameter_rules[] = {
	[VALUE_SPELLING] = "abi/param-same-size-alias",
	[VALUE_QUALIFIER] = "abi/param-top-const",
	[VALUE_POINTEE_CONST] = "abi/param-pointee-const-added",
	[VALUE_POINTEE_UNCONST] = "abi/param-pointee-const-lost",
	[VALUE_RESTRICT] = "abi/param-restrict-added",
	[VALUE_VOID_POINTER] = "abi/param-void-pointer-typed",
	[VALUE_TAG] = "abi/typedef-tag-changed",
	[VALUE_FROM_BOOL] = "abi/param-bool-to-int",
	[VALUE_SIGN] = "abi/param-signedness",
	[VALUE_ATOMIC] = "abi/type-atomic-changed",
	[VALUE_OTHER_STRUCT] = "abi/param-pointee-resized",
	[VALUE_POINTEE] = "abi/param-pointee-resized",
	[VALUE_NARROWED] = "abi/param-int-narrowed",
	[VALUE_WIDENED] = "abi/param-int-widened",
	[VALUE_TO_BOOL] = "abi/param-int-to-bool",
	[VALUE_FORMAT] = "abi/param-fp-format",
	[VALUE_COMPLEX] = "abi/type-complex-vector",
	[VALUE_ARRAY] = "abi/param-pointee-resized",
	[VALUE_VECTOR] = "abi/param-vector-width",
	[VALUE_LEVEL] = "abi/param-pointer-level",
	[VALUE_KIND] = "abi/param-class-changed",
};

static const char *const result_rules[] = {
	[VALUE_SPELLING] = "abi/func-return-alias",
	[VALUE_QUALIFIER] = "abi/func-return-alias",
	[VALUE_POINTEE_CONST] = "abi/func-return-pointee-const-added",
	[VALUE_POINTEE_UNCONST] = "abi/func-return-alias",
	[VALUE_RESTRICT] = "abi/func-return-alias",
	[VALUE_VOID_POINTER] = "abi/func-return-alias",
	[VALUE_TAG] = "abi/typedef-tag-changed",
	[VALUE_FROM_BOOL] = "abi/func-return-widened",
	[VALUE_SIGN] = "abi/func-return-signedness",
	[VALUE_ATOMIC] = "abi/type-atomic-changed",
	[VALUE_OTHER_STRUCT] = "abi/func-return-pointee-changed",
	[VALUE_POINTEE] = "abi/func-return-pointee-changed",
	[VALUE_NARROWED] = "abi/func-return-narrowed",
	[VALUE_WIDENED] = "abi/func-return-widened",
	[VALUE_TO_BOOL] = "abi/func-return-narrowed",
	[VALUE_FORMAT] = "abi/func-return-class-changed",
	[VALUE_COMPLEX] = "abi/type-complex-vector",
	[VALUE_ARRAY] = "abi/func-return-pointee-changed",
	[VALUE_VECTOR] = "abi/param-vector-width",
	[VALUE_LEVEL] = "abi/func-return-pointee-changed",
	[VALUE_KIND] = "abi/func-return-class-changed",
};

static const char *name_of(const struct type_part *part)
{
	return part->name ? part->name : "";
}

static int add_change(struct functions *f, const char *rule, enum value_change change,
		      const char *what, type_id old, type_id new)
{
	const char *before = types_old_text(f->d, old);
	const char *after = types_new_text(f->d, new);
	struct finding *finding;
	uint64_t size;

	if (!what || !before || !after)
		return -ENOMEM;
	/* The source says the same: one compiler goes by the typedef, another by its struct. */
	if (change == VALUE_SPELLING && !strcmp(before, after))
		return 0;
	finding = types_add(
		f->d, f->pair, rule, false, f->subject,
		compare_text(f->d->c, "%s: %s was %s, is %s", f->shown, what, before, after));
	if (!finding)
		return -ENOMEM;
	finding->before = before;
	finding->after = after;
	/* Whether programs look into it is not known; callers extend small integers mostly. */
	if ((change == VALUE_OTHER_STRUCT ||
	     (change == VALUE_WIDENED && types_size(f->d->new, new, &size) && size <= 4)) &&
	    finding->verdict > VERDICT_RISK)
		finding->verdict = VERDICT_RISK;
	return 0;
}

static const char *passing_rule(const struct type *old, const struct passing *a,
				const struct passing *b)
{
	if (a->how != b->how && a->size == b->size &&
	    (a->how == PASSING_REFERENCE || b->how == PASSING_REFERENCE))
		return "abi/class-call-triviality-changed";
	return old->kind == TYPE_UNION ? "abi/union-member-added-class"
				       : "abi/struct-class-by-value";
}

/* A struct of the same name is perhaps handed over in another way for what it holds now. */
static int compare_passing(struct functions *f, type_id old, type_id new, bool is_result)
{
	const struct corpus *corpus = f->d->c->old;
	const struct passing_machine machine = {
		.elf_machine = corpus->elf_machine,
		.is_64 = corpus->is_64,
		.is_big = corpus->is_big,
		.is_variadic = f->old->is_variadic,
		.flags = corpus->elf_flags,
	};
	type_id id = types_strip(f->d->old, old);
	struct arena *arena = &f->d->c->out->findings.arena;
	const char *subject, *before, *after;
	struct passing a, b;

	if (!type_is_record(type_at(f->d->old, id)))
		return 0;
	passing_of(f->d->old, old, &machine, is_result, &a);
	passing_of(f->d->new, new, &machine, is_result, &b);
	if (a.how == PASSING_UNKNOWN || b.how == PASSING_UNKNOWN || passing_equal(&a, &b))
		return 0;
	subject = types_old_text(f->d, id);
	before = passing_text(arena, &a);
	after = passing_text(arena, &b);
	if (!subject || !before || !after)
		return -ENOMEM;
	return types_note(f->d, f->pair, passing_rule(type_at(f->d->old, id), &a, &b), false,
			  subject,
			  compare_text(f->d->c, "%s is %s %s, was %s", subject,
				       is_result ? "returned" : "passed", after, before));
}

static int compare_parameter(struct functions *f, uint32_t place)
{
	const struct type_part *old = &f->old_parts[place];
	const struct type_part *new = &f->new_parts[place];
	enum value_change change;
	const char *what;
	int r;

	r = types_compare_value(f->d, f->pair, old->type, new->type, REACH_VALUE, old, &change);
	if (!r && change <= VALUE_QUALIFIER)
		r = compare_passing(f, old->type, new->type, false);
	if (r || change == VALUE_SAME)
		return r;
	if (f->is_callback) {
		f->is_changed |= change > VALUE_TAG;
		return 0;
	}
	/* The result and what is called say enough where nothing changes for a machine. */
	what = *name_of(old) ? compare_text(f->d->c, "parameter %u (%s)", place + 1, name_of(old))
			     : compare_text(f->d->c, "parameter %u", place + 1);
	return add_change(f, parameter_rules[change], change, what, old->type, new->type);
}

static int compare_result(struct functions *f)
{
	const struct type *old = type_at(f->d->old, types_strip(f->d->old, f->old->target));
	const struct type *new = type_at(f->d->new, types_strip(f->d->new, f->new->target));
	enum value_change change;
	uint64_t size;
	int r;

	if (old->kind == TYPE_UNKNOWN || new->kind == TYPE_UNKNOWN)
		return 0;
	if ((old->kind == TYPE_VOID) != (new->kind == TYPE_VOID)) {
		if (f->is_callback) {
			f->is_changed = true;
			return 0;
		}
		if (new->kind == TYPE_VOID)
			return add_change(f, "abi/func-return-value-to-void", VALUE_KIND,
					  "its result", f->old->target, f->new->target);
		/* Large ones need a place that old callers do not pass. */
		return add_change(f,
				  !types_size(f->d->new, f->new->target, &size) || size > 16 ||
						  type_is_record(new)
					  ? "abi/func-return-class-changed"
					  : "abi/func-return-void-to-value",
				  VALUE_KIND, "its result", f->old->target, f->new->target);
	}
	r = types_compare_value(f->d, f->pair, f->old->target, f->new->target, REACH_VALUE, NULL,
				&change);
	if (!r && change <= VALUE_QUALIFIER)
		r = compare_passing(f, f->old->target, f->new->target, true);
	if (r || change == VALUE_SAME)
		return r;
	if (f->is_callback) {
		f->is_changed |= change > VALUE_TAG;
		return 0;
	}
	return add_change(f, result_rules[change], change, "its result", f->old->target,
			  f->new->target);
}

/* The place of a parameter's like in the other list: by type, from `start` on. */
static bool same_parameter(struct functions *f, uint32_t old, uint32_t new)
{
	const char *before = types_old_text(f->d, f->old_parts[old].type);
	const char *after = types_new_text(f->d, f->new_parts[new].type);

	return before && after && !strcmp(before, after);
}

static const char *signature(struct functions *f, bool is_new)
{
	type_id id = is_new ? f->d->pairs.items[f->pair].new : f->d->pairs.items[f->pair].old;

	return is_new ? types_new_text(f->d, id) : types_old_text(f->d, id);
}

static int add_signature(struct functions *f, const char *rule, const char *what)
{
	const char *before = signature(f, false);
	const char *after = signature(f, true);
	struct finding *finding;

	if (!before || !after)
		return -ENOMEM;
	finding = types_add(
		f->d, f->pair, rule, false, f->subject,
		compare_text(f->d->c, "%s: %s: was %s, is %s", f->shown, what, before, after));
	if (!finding)
		return -ENOMEM;
	finding->before = before;
	finding->after = after;
	return 0;
}

static uint32_t common_start(struct functions *f)
{
	uint32_t i;

	for (i = 0; i < f->old_count && i < f->new_count; i++) {
		if (!same_parameter(f, i, i))
			break;
	}
	return i;
}

/* Lists of different lengths. */
static int compare_counts(struct functions *f)
{
	uint32_t old = f->old_count;
	uint32_t new = f->new_count;
	uint32_t same = common_start(f);

	if (f->is_callback) {
		f->is_changed = true;
		f->is_longer = same == old && new > old;
		return 0;
	}
	/* What stood where the dots are is another kind of argument, which is told. */
	if ((f->old->is_variadic && new > old &&same == old) ||
	    (f->new->is_variadic &&new < old &&same == new))
		return 0;
	/* What was called without a list may have been given the same. */
	if (f->old->is_unprototyped && !old)
		return 0;
	if (f->new->is_unprototyped && !new)
		return add_signature(f, "abi/param-removed-last",
				     "its parameters are not declared any more");
	if (same == old)
		return add_signature(f, "abi/param-added-c", "a parameter was added");
	if (same == new)
		return add_signature(f, "abi/param-removed-last", "its last parameter is gone");
	return add_signature(f, "abi/param-shifted", "its parameters moved");
}

/* The same types in another order. */
static bool is_exchanged(struct functions *f)
{
	uint32_t count = f->old_count;
	uint32_t first = common_start(f);
	uint32_t second;

	if (count > MOST_PARAMETERS)
		return false;
	for (second = first + 1; second < count; second++) {
		if (same_parameter(f, first, second) && same_parameter(f, second, first))
			return true;
	}
	return false;
}

/* Two of one type whose names changed places. */
static int compare_names(struct functions *f)
{
	uint32_t i, k;

	if (f->old_count > MOST_PARAMETERS)
		return 0;
	for (i = 0; i < f->old_count; i++) {
		const char *a = name_of(&f->old_parts[i]);

		if (!*a || !strcmp(a, name_of(&f->new_parts[i])))
			continue;
		for (k = i + 1; k < f->old_count; k++) {
			const char *b = name_of(&f->old_parts[k]);

			if (*b && !strcmp(a, name_of(&f->new_parts[k])) &&
			    !strcmp(b, name_of(&f->new_parts[i])) && same_parameter(f, i, k))
				return types_note(
					f->d, f->pair, "abi/param-names-exchanged", false,
					f->subject,
					compare_text(f->d->c,
						     "%s: parameters %s and %s changed places",
						     f->shown, a, b));
		}
	}
	return 0;
}

/* An argument that a caller without a list of parameters passes as another type. */
static bool is_promoted(const struct types *types, type_id id)
{
	const struct type *t = type_at(types, types_strip(types, id));

	return t->kind == TYPE_BASE && ((t->encoding == DW_ATE_float && t->size < 8) ||
					(t->encoding != DW_ATE_float && t->size < 4));
}

static int compare_prototypes(struct functions *f)
{
	uint32_t i;

	if (!f->old->is_unprototyped || f->new->is_unprototyped || f->is_callback || !f->new_count)
		return 0;
	for (i = 0; i < f->new_count; i++) {
		if (is_promoted(f->d->new, f->new_parts[i].type))
			return add_signature(f, "abi/func-prototype-promotes",
					     "it has a prototype now");
	}
	return add_signature(f, "abi/func-prototype-added", "it has a prototype now");
}

static int compare_marks(struct functions *f)
{
	int r = 0;

	if (f->old->convention != f->new->convention) {
		f->is_changed = true;
		if (!f->is_callback)
			r = types_note(f->d, f->pair, "abi/func-callconv-changed", false,
				       f->subject,
				       compare_text(f->d->c, "%s: its calling convention changed",
						    f->shown));
	}
	if (r || f->is_callback)
		return r;
	if (f->old->is_noreturn && !f->new->is_noreturn) {
		struct finding *finding =
			types_add(f->d, f->pair, "abi/func-noreturn-lost", false, f->subject,
				  compare_text(f->d->c, "%s may return now", f->shown));

		if (!finding)
			return -ENOMEM;
		/* What it does at its end does not show. */
		finding->verdict = VERDICT_RISK;
	}
	if (!r && f->old->is_variadic != f->new->is_variadic && !f->old->is_unprototyped &&
	    !f->new->is_unprototyped)
		r = add_signature(f,
				  f->new->is_variadic ? "abi/func-variadic-added"
						      : "abi/func-variadic-removed",
				  f->new->is_variadic ? "it takes further arguments now"
						      : "it takes no further arguments any more");
	return r;
}

/* Skips what the compiler passes: `this`, and to constructors what tells of virtual bases. */
static bool skip_implicit(const struct types *types, const struct type *t,
			  const struct type_part **ret, uint32_t *ret_count)
{
	uint32_t i = 0;

	*ret = type_parts(types, t);
	while (i < t->part_count && (*ret)[i].is_artificial)
		i++;
	if (i)
		*ret += i;
	*ret_count = t->part_count - i;
	return i > 0;
}

/* Whoever calls a member function knows the class. */
static int compare_this(struct functions *f)
{
	const struct type_part *old = type_parts(f->d->old, f->old);
	const struct type_part *new = type_parts(f->d->new, f->new);
	type_id o = type_at(f->d->old, types_strip(f->d->old, old->type))->target;
	type_id n = type_at(f->d->new, types_strip(f->d->new, new->type))->target;
	enum value_change change;

	return types_compare_value(f->d, f->pair, o, n, REACH_VALUE, NULL, &change);
}

static int compare_parameters(struct functions *f)
{
	bool was_method = skip_implicit(f->d->old, f->old, &f->old_parts, &f->old_count);
	bool is_method = skip_implicit(f->d->new, f->new, &f->new_parts, &f->new_count);
	uint32_t i;
	int r = 0;

	if (was_method != is_method)
		return add_signature(f, "abi/method-static-changed",
				     is_method ? "it is no longer static" : "it is static now");
	if (is_method)
		r = compare_this(f);
	if (r)
		return r;
	if (f->old_count != f->new_count) {
		r = compare_counts(f);
		for (i = 0; !r && i < common_start(f); i++)
			r = compare_parameter(f, i);
		return r;
	}
	if (!f->is_callback && is_exchanged(f))
		return add_signature(f, "abi/param-shifted", "its parameters changed places");
	for (i = 0; !r && i < f->old_count; i++)
		r = compare_parameter(f, i);
	return r || f->is_callback ? r : compare_names(f);
}

/* What a callback is a callback of: "foo: parameter cb", "struct ops: member open". */
static const char *callback_subject(struct type_diff *d, const struct type_pair *pair)
{
	const char *step = pair->step ? pair->step : "its result";
	const char *of;

	if (pair->parent == PAIR_NONE)
		return compare_symbol(d->c, d->c->kept.items[pair->symbol].old);
	if (type_at(d->old, d->pairs.items[pair->parent].old)->kind == TYPE_FUNCTION)
		of = d->c->kept.items[pair->symbol].old->name;
	else
		of = types_old_text(d, d->pairs.items[pair->parent].old);
	if (!of)
		return NULL;
	return type_at(d->old, d->pairs.items[pair->parent].old)->kind == TYPE_TYPEDEF
		       ? of
		       : compare_text(d->c, "%s: %s", of, step);
}

static int add_callback(struct functions *f)
{
	struct finding *finding;
	const char *before = signature(f, false);
	const char *after = signature(f, true);

	if (!before || !after)
		return -ENOMEM;
	finding = types_add(
		f->d, f->pair, "abi/param-callback-signature", false, f->subject,
		compare_text(f->d->c, "%s: the callback was %s, is %s", f->shown, before, after));
	if (!finding)
		return -ENOMEM;
	finding->before = before;
	finding->after = after;
	/* Callers that pass more disturb nobody where arguments are in registers. */
	if (f->is_longer && finding->verdict > VERDICT_RISK)
		finding->verdict = VERDICT_RISK;
	return 0;
}

int types_compare_function(struct type_diff *d, uint32_t number)
{
	const struct type_pair *pair = &d->pairs.items[number];
	struct functions f = { .d = d, .pair = number };
	int r;

	f.old = type_at(d->old, pair->old);
	f.new = type_at(d->new, pair->new);
	if (f.old->kind != TYPE_FUNCTION || f.new->kind != TYPE_FUNCTION)
		return 0;
	f.old_parts = type_parts(d->old, f.old);
	f.new_parts = type_parts(d->new, f.new);
	f.old_count = f.old->part_count;
	f.new_count = f.new->part_count;
	f.is_callback = pair->parent != PAIR_NONE;
	f.subject = f.is_callback ? callback_subject(d, pair)
				  : compare_symbol(d->c, d->c->kept.items[pair->symbol].old);
	f.shown = f.is_callback ? f.subject
				: compare_shown(d->c, d->c->kept.items[pair->symbol].old);
	if (!f.subject || !f.shown)
		return -ENOMEM;
	r = compare_marks(&f);
	if (!r)
		r = compare_result(&f);
	if (!r)
		r = compare_prototypes(&f);
	if (!r)
		r = compare_parameters(&f);
	if (!r && f.is_callback && f.is_changed)
		r = add_callback(&f);
	return r;
}

int types_compare_typedef(struct type_diff *d, uint32_t number)
{
	struct type_pair pair = d->pairs.items[number];
	type_id old = type_at(d->old, pair.old)->target;
	type_id new = type_at(d->new, pair.new)->target;
	const char *before, *after, *name;
	struct type_part step = { .name = pair.step, .kind = pair.step_kind };
	struct finding *finding;
	bool is_layout;
	enum value_change change;
	int r = types_compare_value(d, number, old, new, (enum type_reach)pair.reach, &step,
				    &change);

	if (r || change <= VALUE_QUALIFIER)
		return r;
	name = types_old_text(d, pair.old);
	before = types_old_text(d, old);
	after = types_new_text(d, new);
	if (!name || !before || !after)
		return -ENOMEM;
	/* Whoever has the name knows what it is, unless that is a struct. */
	is_layout = type_is_record(type_at(d->old, types_strip(d->old, old))) ||
		    type_is_record(type_at(d->new, types_strip(d->new, new)));
	finding = types_add(d, number,
			    change == VALUE_TAG	       ? "abi/typedef-tag-changed"
			    : change < VALUE_FROM_BOOL ? "abi/typedef-respelled"
						       : "abi/typedef-target-changed",
			    is_layout, name,
			    compare_text(d->c, "typedef %s was %s, is %s", name, before, after));
	if (!finding)
		return -ENOMEM;
	finding->before = before;
	finding->after = after;
	if (change == VALUE_SIGN || change == VALUE_FROM_BOOL)
		finding->verdict = VERDICT_RISK;
	return 0;
}
