/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What works, but by luck or at a cost: two majors of a library, needs that are
 * not used or not named, run paths of others, the current folder, private
 * symbols, text relocations. Only on request.
 */
#include "engine/load/judge.h"

#include <string.h>

/* Adds a lint finding with a subject and a message, both from judge_text(). */
static int add(struct judge *j, const char *rule, uint32_t object, const char *subject,
	       const char *message)
{
	struct finding *finding;

	if (!subject || !message)
		return -ENOMEM;
	finding = judge_add(j, rule, object);
	if (!finding)
		return -ENOMEM;
	finding->subject = subject;
	finding->message = message;
	return 0;
}

static struct finding *last_finding(struct judge *j)
{
	return &j->forecast->findings.items.items[j->forecast->findings.items.count - 1];
}

static size_t stem(const char *soname)
{
	const char *so = strstr(soname, ".so.");

	return so ? (size_t)(so - soname) : 0;
}

static int lint_majors(struct judge *j)
{
	const struct closure *closure = &j->forecast->closure;
	uint32_t a, b;

	for (a = 0; a < closure->objects.count; a++) {
		const struct image *x = closure->objects.items[a].image;

		for (b = 0; x && x->soname && b < a; b++) {
			const struct image *y = closure->objects.items[b].image;
			int r;

			if (!y || !y->soname || !stem(x->soname) || stem(x->soname) != stem(y->soname) ||
			    strncmp(x->soname, y->soname, stem(x->soname)) ||
			    !strcmp(x->soname, y->soname))
				continue;
			r = add(j, "load/library-two-majors", a, x->soname,
				judge_text(j, "both %s and %s are loaded", y->soname, x->soname));
			if (!r)
				r = judge_chain(j, last_finding(j), b);
			if (!r)
				r = judge_chain(j, last_finding(j), a);
			if (r)
				return r;
		}
	}
	return 0;
}

/* The C library's own parts define its versions; its converters lie in a folder of their own. */
static bool is_libc_part(const struct object *o)
{
	size_t i;

	for (i = 0; i < o->image->definitions.count; i++) {
		if (!strncmp(o->image->definitions.items[i].name, "GLIBC_", 6))
			return true;
	}
	return strstr(o->path, "/gconv/") != NULL;
}

static int lint_files(struct judge *j)
{
	const struct closure *closure = &j->forecast->closure;
	uint32_t i;
	size_t k;
	int r = 0;

	for (i = 0; i < closure->objects.count && !r; i++) {
		const struct object *o = &closure->objects.items[i];

		if (!o->image || o->is_loader)
			continue;
		if (o->image->text_relocations)
			r = add(j, "load/text-relocations", i, judge_name(j, i),
				judge_text(j, "%s has text relocations", judge_name(j, i)));
		if (!r && o->hwcap)
			r = add(j, "load/hwcaps-variant", i, judge_name(j, i),
				judge_text(j, "%s is the variant for %s", o->path, o->hwcap));
		if (!r && o->path[0] != '/' && i)
			r = add(j, "load/cwd-dependent", i, o->requested,
				judge_text(j, "%s is found as %s, relative to the current folder",
					   o->requested, o->path));
		for (k = 0; k < o->image->version_needs.count && !r; k++) {
			const struct version_need *need = &o->image->version_needs.items[k];

			if (strcmp(need->name, "GLIBC_PRIVATE") || is_libc_part(o))
				continue;
			r = add(j, "load/private-symbols", i, judge_name(j, i),
				judge_text(j, "%s uses private symbols of %s", judge_name(j, i), need->file));
			if (!r)
				r = judge_importers(j, last_finding(j), i, need->index & VERSION_MASK);
		}
	}
	return r;
}

/* Found by a DT_RPATH of another object than the one that needs it. */
static int lint_borrowed_paths(struct judge *j)
{
	const struct closure *closure = &j->forecast->closure;
	uint32_t i;

	for (i = 1; i < closure->objects.count; i++) {
		const struct object *o = &closure->objects.items[i];
		int r;

		if (!o->image || o->found_by != FOUND_RPATH || o->found_object == o->requester ||
		    o->requester == NO_OBJECT || o->found_object == NO_OBJECT)
			continue;
		r = add(j, "load/found-through-caller", i, o->requested,
			judge_text(j, "%s needs %s, which is found only by the RPATH of %s",
				   judge_name(j, o->requester), o->requested, judge_name(j, o->found_object)));
		if (r)
			return r;
	}
	return 0;
}

/* Which objects does `object` really use? By object number: 1 if weakly, 3 if it must be there. */
static int mark_used(struct judge *j, uint32_t object, uint8_t *used)
{
	const struct closure *closure = &j->forecast->closure;
	const struct index_image *entry =
		symbol_index_image(j->index, closure->objects.items[object].image->id);
	AUTO_FREE struct binding *bindings = entry ? calloc(entry->count + 1, sizeof(*bindings)) : NULL;
	uint32_t i;
	int r;

	if (!entry)
		return 0;
	if (!bindings)
		return -ENOMEM;
	r = binder_bind(&j->forecaster->binder, closure, object, bindings, NULL, NULL);
	for (i = 0; !r && i < entry->count; i++) {
		if (bindings[i].provider != NO_OBJECT &&
		    !(entry->references[i].flags & INDEX_DEFINED && bindings[i].provider != object &&
		      entry->references[i].class != CLASS_COPY))
			used[bindings[i].provider] |= entry->references[i].flags & INDEX_WEAK ? 1 : 3;
	}
	return r;
}

static bool names_as_needed(const struct object *o, uint32_t provider)
{
	uint32_t k;

	for (k = 0; k < o->needed_count; k++) {
		if (o->needed[k] == provider)
			return true;
	}
	return false;
}

/* Libraries without exports, or with constructors only, are linked for their effects. */
static int lint_needs_of(struct judge *j, uint32_t object, uint8_t *used)
{
	const struct closure *closure = &j->forecast->closure;
	const struct object *o = &closure->objects.items[object];
	uint32_t k;
	int r = mark_used(j, object, used);

	for (k = 0; !r && k < o->needed_count; k++) {
		uint32_t need = o->needed[k];

		if (need == NO_OBJECT || used[need] || !closure->objects.items[need].image ||
		    closure->objects.items[need].is_loader)
			continue;
		r = add(j, "load/needed-unused", object, closure->objects.items[need].requested,
			judge_text(j, "%s needs %s but uses none of its symbols", judge_name(j, object),
				   closure->objects.items[need].requested));
	}
	for (k = 0; !r && k < closure->objects.count; k++) {
		if (used[k] < 3 || k == object || k == 0 || names_as_needed(o, k) ||
		    closure->objects.items[k].is_loader || closure->objects.items[k].is_preload)
			continue;
		r = add(j, "load/needed-missing", object, judge_name(j, k),
			judge_text(j, "%s uses %s but does not name it as needed", judge_name(j, object),
				   judge_name(j, k)));
	}
	return r;
}

static int lint_needs(struct judge *j)
{
	const struct closure *closure = &j->forecast->closure;
	AUTO_FREE uint8_t *used = calloc(closure->objects.count + 1, sizeof(*used));
	struct scope scope = { closure->scope.items, closure->scope.count };
	size_t i;
	int r;

	if (!used)
		return -ENOMEM;
	binder_reset(&j->forecaster->binder);
	r = binder_scope(&j->forecaster->binder, closure, scope, (struct scope){ 0 });
	for (i = 0; !r && i < scope.count; i++) {
		const struct object *o = &closure->objects.items[scope.objects[i]];

		/* Libraries are the business of their own check; here only what was asked about. */
		if (!o->image || o->is_loader || scope.objects[i] != 0)
			continue;
		memset(used, 0, closure->objects.count);
		r = lint_needs_of(j, scope.objects[i], used);
	}
	return r;
}

int judge_lint(struct judge *j)
{
	int r;

	if (!j->options->lint)
		return 0;
	r = lint_majors(j);
	if (!r)
		r = lint_files(j);
	if (!r)
		r = lint_borrowed_paths(j);
	return r ? r : lint_needs(j);
}
