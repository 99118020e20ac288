/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/compare/usage.h. */
#include "engine/compare/usage.h"
#include "engine/compare/compare.h"

#include <stdio.h>
#include <string.h>

#define MOST_REASONS 200

/* The entry for a name and version, made when there is none. NULL: out of memory. */
static struct use *use_of(struct usage *usage, const char *name, const char *version)
{
	AUTO_FREE char *both = NULL;
	const char *key = name;
	struct use *use;

	if (version && asprintf(&both, "%s@%s", name, version) < 0)
		return NULL;
	if (both)
		key = both;
	use = map_get(&usage->uses, key);
	if (use)
		return use;
	key = arena_strdup(&usage->arena, key);
	use = key ? arena_alloc(&usage->arena, sizeof(*use)) : NULL;
	return use && !map_set(&usage->uses, key, use) ? use : NULL;
}

static const char *version_of(const struct image *image, uint32_t symbol)
{
	uint16_t index = image_versym(image, symbol) & VERSION_MASK;

	return image->has_versions && index < image->version_count ? image->versions[index].name
								   : NULL;
}

static int add_binding(struct usage *usage, const struct image *image, uint32_t symbol)
{
	const char *version = version_of(image, symbol);
	struct use *exact, *any;
	struct symbol s;

	if (!image_symbol(image, symbol, &s))
		return 0;
	exact = use_of(usage, s.name, version);
	any = use_of(usage, s.name, NULL);
	if (!exact || !any)
		return -ENOMEM;
	exact->bound = true;
	any->any = true;
	exact->strong |= s.binding != STB_WEAK;
	any->strong |= s.binding != STB_WEAK;
	return 0;
}

/* Only a program has copies; there are few of them. */
static int add_copies(struct usage *const *usages, const struct forecast *f)
{
	const struct image *image = f->closure.objects.items[0].image;
	const struct object_bindings *bindings = &f->bindings[0];
	size_t i, k;

	for (i = 0; i < image->references.count; i++) {
		const struct reference *ref = &image->references.items[i];
		struct symbol s;

		if (ref->class != CLASS_COPY || !image_symbol(image, ref->symbol, &s))
			continue;
		for (k = 0; k < bindings->count; k++) {
			uint32_t provider = bindings->items[k].provider;
			struct use *exact, *any;

			if (bindings->items[k].symbol != ref->symbol || provider == NO_OBJECT ||
			    !usages[provider])
				continue;
			exact = use_of(usages[provider], s.name, version_of(image, ref->symbol));
			any = use_of(usages[provider], s.name, NULL);
			if (!exact || !any)
				return -ENOMEM;
			exact->copied = any->copied = true;
		}
	}
	return 0;
}

/* A version that an object asks for is checked at start, whether it is used or not. */
static int add_needs(struct usage *const *usages, const struct forecast *f,
		     const struct image *image)
{
	size_t i;
	uint32_t k;

	for (i = 0; i < image->version_needs.count; i++) {
		const struct version_need *need = &image->version_needs.items[i];

		for (k = 1; k < f->closure.objects.count; k++) {
			const struct image *library = f->closure.objects.items[k].image;
			struct use *use;

			if (!usages[k] || !library->soname || strcmp(library->soname, need->file))
				continue;
			use = use_of(usages[k], "", need->name);
			if (!use)
				return -ENOMEM;
			use->bound |= !need->weak;
		}
	}
	return 0;
}

int usage_add(struct usage *const *usages, const struct forecast *f, size_t *ret_bindings)
{
	uint32_t i;
	size_t k;
	int r = 0;

	*ret_bindings = 0;
	for (i = 0; !r && i < f->closure.objects.count; i++) {
		const struct image *image = f->closure.objects.items[i].image;

		if (!image)
			continue;
		for (k = 0; !r && k < f->bindings[i].count; k++) {
			const struct binding_record *b = &f->bindings[i].items[k];

			if (b->provider == NO_OBJECT || b->provider == i || !usages[b->provider])
				continue;
			++*ret_bindings;
			r = add_binding(usages[b->provider], image, b->symbol);
		}
		if (!r)
			r = add_needs(usages, f, image);
	}
	return r ? r : add_copies(usages, f);
}

void usage_done(struct usage *usage)
{
	map_done(&usage->uses);
	arena_done(&usage->arena);
}

static bool same_text(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static bool is_known(const struct forecast *old, const struct finding *finding)
{
	size_t i;

	for (i = 0; i < old->findings.items.count; i++) {
		const struct finding *other = &old->findings.items.items[i];

		if (other->verdict >= finding->verdict &&
		    same_text(other->subject, finding->subject) && other->rule == finding->rule)
			return true;
	}
	return false;
}

static const struct object *libc_of(const struct forecast *f)
{
	uint32_t i;

	for (i = 1; i < f->closure.objects.count; i++) {
		const struct object *o = &f->closure.objects.items[i];

		if (o->image && o->image->soname && !strcmp(o->image->soname, "libc.so.6"))
			return o;
	}
	return NULL;
}

/* A new libc brings a loader of its own: what it and that of the system share is no question. */
static bool is_between_libc_and_loader(const struct forecast *new, const struct finding *finding)
{
	const struct object *libc = libc_of(new);

	if (!libc || libc->found_by != FOUND_GIVEN)
		return false;
	return !strcmp(finding->rule->id, "load/loader-mismatch") ||
	       (finding->subject && strstr(finding->subject, "GLIBC_PRIVATE"));
}

/* Is something still defined for the name, as object `object` asks for it? */
static bool is_bound(const struct forecast *f, const struct image *image, uint32_t symbol)
{
	uint32_t i;
	size_t k;

	for (i = 0; i < f->closure.objects.count; i++) {
		if (f->closure.objects.items[i].image != image)
			continue;
		for (k = 0; k < f->bindings[i].count; k++) {
			if (f->bindings[i].items[k].symbol == symbol)
				return f->bindings[i].items[k].provider != NO_OBJECT;
		}
	}
	return true; /* nobody asks any more */
}

struct reasons {
	struct arena *arena;
	struct array_of(const char *) items;
};

static int add_reason(struct reasons *reasons, const char *text)
{
	return text ? array_push(&reasons->items, text) : -ENOMEM;
}

/* Weak references that lost their definition: the program runs, but otherwise. */
static int add_lost_weak(struct reasons *reasons, const struct forecast *old,
			 const struct forecast *new, struct usage *const *usages,
			 enum verdict *verdict)
{
	uint32_t i;
	size_t k;

	for (i = 0; i < old->closure.objects.count; i++) {
		const struct image *image = old->closure.objects.items[i].image;

		for (k = 0; image && k < old->bindings[i].count; k++) {
			const struct binding_record *b = &old->bindings[i].items[k];
			struct symbol s;

			if (b->provider == NO_OBJECT || b->provider == i || !usages[b->provider] ||
			    !image_symbol(image, b->symbol, &s) || s.binding != STB_WEAK ||
			    s.section != SHN_UNDEF || is_bound(new, image, b->symbol))
				continue;
			if (*verdict == VERDICT_OK)
				*verdict = VERDICT_RISK;
			if (add_reason(reasons,
				       arena_printf(reasons->arena,
						    "risk: %s goes on without %s, which it "
						    "uses where it is defined",
						    old->closure.objects.items[i].path, s.name)))
				return -ENOMEM;
		}
	}
	return 0;
}

static int add_findings(struct reasons *reasons, const struct forecast *old,
			const struct forecast *new, enum verdict *verdict)
{
	size_t i;

	for (i = 0; i < new->findings.items.count; i++) {
		const struct finding *finding = &new->findings.items.items[i];

		if (finding->verdict == VERDICT_OK || is_known(old, finding) ||
		    is_between_libc_and_loader(new, finding))
			continue;
		if (finding->verdict > *verdict)
			*verdict = finding->verdict;
		if (reasons->items.count < MOST_REASONS &&
		    add_reason(reasons, arena_printf(reasons->arena, "%s: %s [%s]",
						     verdict_text(finding->verdict),
						     finding->message, finding->rule->id)))
			return -ENOMEM;
	}
	return 0;
}

int program_compare(const struct forecast *old, const struct forecast *new,
		    struct usage *const *usages, struct arena *arena, struct program_use *ret)
{
	struct reasons reasons = { .arena = arena };
	int r = add_findings(&reasons, old, new, &ret->verdict);

	ret->broken_before = old->verdict == VERDICT_BREAK;
	if (!r)
		r = add_lost_weak(&reasons, old, new, usages, &ret->verdict);
	if (!r && reasons.items.count) {
		ret->reasons = arena_array(arena, reasons.items.count + 1, sizeof(char *));
		r = ret->reasons ? 0 : -ENOMEM;
		if (!r)
			memcpy(ret->reasons, reasons.items.items,
			       reasons.items.count * sizeof(char *));
	}
	array_done(&reasons.items);
	return r;
}

/* How the programs take the symbol of a finding, "name", "name@V" or "name@@V"; all false: they do
 * not. */
static int find_use(const struct usage *usage, const char *subject, struct use *ret)
{
	size_t length = strcspn(subject, "@");
	const char *version = subject + length + strspn(subject + length, "@");
	AUTO_FREE char *name = strndup(subject, length);
	AUTO_FREE char *both = NULL;
	const struct use *any, *exact;

	*ret = (struct use){ 0 };
	if (!name || asprintf(&both, "%s@%s", name, version) < 0)
		return -ENOMEM;
	any = map_get(&usage->uses, name);
	if (!any)
		return 0;
	exact = map_get(&usage->uses, both);
	/* A reference without version may be bound to any of them. */
	if (!*version || any->bound)
		*ret = *any;
	else if (exact)
		*ret = *exact;
	ret->copied = any->copied;
	ret->bound |= !*version;
	return 0;
}

static int find_need(const struct usage *usage, const char *node, struct use *ret)
{
	AUTO_FREE char *key = NULL;
	const struct use *use;

	*ret = (struct use){ 0 };
	if (asprintf(&key, "@%s", node) < 0)
		return -ENOMEM;
	use = map_get(&usage->uses, key);
	if (use)
		*ret = *use;
	return 0;
}

static void settle(struct finding *finding, enum verdict verdict, const char *why)
{
	if (finding->verdict <= verdict)
		return;
	finding->verdict = verdict;
	finding->settled = why;
}

/* About a type: programs that use nothing of what it is part of do not meet it. */
static int settle_interfaces(struct finding *finding, const struct usage *usage)
{
	struct use use;
	size_t i;

	for (i = 0; finding->interfaces && finding->interfaces[i]; i++) {
		int r = find_use(usage, finding->interfaces[i], &use);

		if (r || use.bound || use.copied)
			return r;
	}
	if (finding->interfaces)
		settle(finding, VERDICT_OK, "no program given uses what it is part of");
	return 0;
}

static int settle_finding(struct finding *finding, const struct usage *usage)
{
	struct use use;
	int r;

	switch (finding->rule->hit) {
	case HIT_SYMBOL:
		r = find_use(usage, finding->subject, &use);
		if (r)
			return r;
		if (!use.bound)
			settle(finding, VERDICT_OK, "no program given uses it");
		else if (!use.strong)
			settle(finding, VERDICT_RISK,
			       "the programs given use it only where it is defined");
		return 0;
	case HIT_COPY:
		r = find_use(usage, finding->subject, &use);
		if (!r && !use.copied)
			settle(finding, VERDICT_OK, "no program given holds a copy of it");
		return r;
	case HIT_NODE:
		r = find_need(usage, finding->subject, &use);
		if (!r && !use.bound)
			settle(finding, VERDICT_OK, "no program given asks for it");
		return r;
	case HIT_START:
		if (!usage->affected)
			settle(finding, VERDICT_OK, "the programs given load and bind as before");
		return 0;
	case HIT_ALL:
		return settle_interfaces(finding, usage);
	}
	return 0;
}

static int is_met(const struct finding *finding, const struct usage *usage, bool *ret)
{
	struct use use = { .bound = true };
	size_t i;
	int r = 0;

	if (finding->rule->hit == HIT_SYMBOL)
		r = find_use(usage, finding->subject, &use);
	for (i = 0; !r && finding->interfaces && finding->interfaces[i]; i++) {
		r = find_use(usage, finding->interfaces[i], &use);
		if (use.bound || use.copied)
			break;
	}
	*ret = use.bound || use.copied;
	return r;
}

int program_add_types(const struct comparison *c, const struct usage *usage, struct arena *arena,
		      struct program_use *program)
{
	struct array_of(const char *) reasons = { 0 };
	size_t i;
	int r = 0;

	for (i = 0; !r && program->reasons && program->reasons[i]; i++)
		r = array_push(&reasons, program->reasons[i]);
	for (i = 0; !r && i < c->findings.items.count; i++) {
		const struct finding *f = &c->findings.items.items[i];
		const char *text;
		bool met;

		if (!f->by_types || f->verdict == VERDICT_OK)
			continue;
		r = is_met(f, usage, &met);
		if (r || !met)
			continue;
		if (f->verdict > program->verdict)
			program->verdict = f->verdict;
		if (reasons.count >= MOST_REASONS)
			continue;
		text = arena_strdup(arena, f->message);
		r = text ? array_push(&reasons, text) : -ENOMEM;
	}
	if (!r && reasons.count) {
		program->reasons = arena_array(arena, reasons.count + 1, sizeof(char *));
		r = program->reasons ? 0 : -ENOMEM;
		if (!r) {
			memcpy(program->reasons, reasons.items, reasons.count * sizeof(char *));
			program->reasons[reasons.count] = NULL;
		}
	}
	array_done(&reasons);
	return r;
}

/* A consequence of others has no verdict of its own. */
static void settle_derived(struct findings *list)
{
	struct finding *derived = NULL;
	bool breaks = false;
	size_t i;

	for (i = 0; i < list->items.count; i++) {
		if (!strcmp(list->items.items[i].rule->id, "abi/soname-kept-on-break"))
			derived = &list->items.items[i];
		else
			breaks |= list->items.items[i].verdict == VERDICT_BREAK;
	}
	if (derived && !breaks)
		settle(derived, VERDICT_OK, "what breaks does not concern the programs given");
}

int comparison_settle(struct comparison *c, const struct usage *usage)
{
	size_t i;
	int r = 0;

	c->has_usage = true;
	c->program_count = usage->programs;
	c->affected_count = usage->affected;
	for (i = 0; !r && i < c->findings.items.count; i++)
		r = settle_finding(&c->findings.items.items[i], usage);
	settle_derived(&c->findings);
	comparison_conclude(c);
	return r;
}
