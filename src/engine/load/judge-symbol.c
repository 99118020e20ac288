/* SPDX-License-Identifier: Apache-2.0 */
/* Binds all objects of the closure in the loader's order; what is odd goes to the judges of
 * bindings. */
#include "engine/load/judge.h"

#include <string.h>

struct pass {
	struct judge *judge;
	struct unresolved_list unresolved;
	struct captures captures;
};

static int look_closer(void *data, uint32_t object, const struct index_image *entry,
		       uint32_t reference, const struct binding *binding, unsigned choices)
{
	struct pass *pass = data;
	int r;

	if (binding->provider == NO_OBJECT)
		return unresolved_note(pass->judge, &pass->unresolved, object, entry, reference);
	r = choices > 1
		    ? clash_note(pass->judge, &pass->captures, object, entry, reference, binding)
		    : 0;
	return r ? r
		 : judge_bound(pass->judge, object, entry, &entry->references[reference], binding);
}

/* Keeps what was bound for the report. */
static int keep_bindings(struct forecast *f, uint32_t object, const struct index_image *entry,
			 const struct binding *bindings)
{
	struct object_bindings *kept = &f->bindings[object];
	uint32_t i;

	kept->items = malloc((entry->count + 1) * sizeof(*kept->items));
	if (!kept->items)
		return -ENOMEM;
	for (i = 0; i < entry->count; i++) {
		const struct index_reference *ref = &entry->references[i];
		bool protected = (ref->flags & INDEX_PROTECTED) && bindings[i].provider == object;

		kept->items[i] = (struct binding_record){
			.symbol = ref->symbol,
			.provider = bindings[i].provider,
			.kind = protected ? BINDING_PROTECTED
				: bindings[i].provider == NO_OBJECT && (ref->flags & INDEX_WEAK)
					? BINDING_WEAK
					: BINDING_NORMAL,
		};
	}
	kept->count = entry->count;
	return 0;
}

static int bind_object(struct pass *pass, uint32_t object)
{
	struct forecast *f = pass->judge->forecast;
	const struct object *o = &f->closure.objects.items[object];
	const struct index_image *entry =
		o->image ? symbol_index_image(pass->judge->index, o->image->id) : NULL;
	AUTO_FREE struct binding *bindings = NULL;
	int r;

	if (!entry || o->is_loader)
		return 0;
	f->binding_count += entry->count;
	if (f->bindings && !f->bindings[object].items) {
		bindings = malloc((entry->count + 1) * sizeof(*bindings));
		if (!bindings)
			return -ENOMEM;
	}
	r = binder_bind(&pass->judge->forecaster->binder, &f->closure, object, bindings,
			look_closer, pass);
	return r || !bindings ? r : keep_bindings(f, object, entry, bindings);
}

static int bind_group(struct pass *pass, size_t group, struct scope *global)
{
	struct closure *closure = &pass->judge->forecast->closure;
	const struct dlopen_group *g = &closure->groups.items[group];
	uint32_t *local = NULL;
	struct scope own = { 0 };
	size_t i;
	int r;

	if (g->root == NO_OBJECT || !closure->objects.items[g->root].image)
		return 0;
	r = closure_local_scope(closure, g->root, &local, &own.count);
	if (r)
		return r;
	own.objects = local;
	r = g->deep_bind ? binder_scope(&pass->judge->forecaster->binder, closure, own, *global)
			 : binder_scope(&pass->judge->forecaster->binder, closure, *global, own);
	for (i = own.count; !r && i-- > 0;) {
		if (closure->objects.items[local[i]].group == group + 1)
			r = bind_object(pass, local[i]);
	}
	if (!r && g->global) {
		uint32_t *grown = realloc((void *)global->objects,
					  (global->count + own.count) * sizeof(*grown));

		if (grown) {
			memcpy(grown + global->count, local, own.count * sizeof(*grown));
			*global = (struct scope){ grown, global->count + own.count };
		} else {
			r = -ENOMEM;
		}
	}
	free(local);
	return r;
}

static int bind_all(struct pass *pass)
{
	struct closure *closure = &pass->judge->forecast->closure;
	struct scope global = { NULL, closure->scope.count };
	uint32_t *copy = malloc((closure->scope.count + 1) * sizeof(*copy));
	size_t i;
	int r;

	if (!copy)
		return -ENOMEM;
	memcpy(copy, closure->scope.items, closure->scope.count * sizeof(*copy));
	global.objects = copy;
	binder_reset(&pass->judge->forecaster->binder);
	r = binder_scope(&pass->judge->forecaster->binder, closure, global, (struct scope){ 0 });
	for (i = 0; !r && i < closure->order.count; i++)
		r = bind_object(pass, closure->order.items[i]);
	for (i = 0; !r && i < closure->groups.count; i++)
		r = bind_group(pass, i, &global);
	free((void *)global.objects);
	return r;
}
static int note_unread(struct judge *j)
{
	const struct closure *closure = &j->forecast->closure;
	uint32_t i;

	for (i = 0; i < closure->objects.count; i++) {
		const struct image *image = closure->objects.items[i].image;
		const struct index_image *entry = image ? symbol_index_image(j->index, image->id)
							: NULL;
		const char *what;
		bool machine;

		if (!entry || image_is_undecodable(image) || (!entry->error && !entry->outside))
			continue;
		machine = entry->error == -ENOTSUP;
		what = judge_text(j, "relocations of %s", judge_path(j, i));
		if (!what)
			return -ENOMEM;
		if (unchecked_add(
			    &j->forecast->findings, j->forecast->input, what,
			    machine		? "no relocation table for this machine"
			    : image->fault.text ? image->fault.text
						: "its symbol names or hash table are out of order",
			    machine ? "a version of Abifit that knows the machine" : "a sound file",
			    entry->outside, true))
			return -ENOMEM;
	}
	return 0;
}

int judge_symbols(struct judge *j)
{
	struct pass pass = { .judge = j };
	int r = bind_all(&pass);

	j->forecast->unresolved_count = pass.unresolved.items.count;
	if (!r)
		r = j->forecast->is_plugin ? unresolved_leave_open(j, &pass.unresolved)
					   : unresolved_judge(j, &pass.unresolved);
	if (!r)
		r = clash_judge(j, &pass.captures);
	if (!r)
		r = note_unread(j);
	array_done(&pass.unresolved.items);
	array_done(&pass.captures.items);
	return r;
}
