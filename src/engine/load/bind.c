/* SPDX-License-Identifier: Apache-2.0 */
/* Binding; contract in engine/load/bind.h. */
#include "engine/load/bind.h"

#include <string.h>

/* The bindings of one object under way. */
struct task {
	struct binder *binder;
	const struct closure *closure;
	const struct index_image *entry;
	uint32_t object;
	bool symbolic;
	bool is_tied; /* a version must be found in the file that the reference names */
};

int binder_init(struct binder *binder, const struct symbol_index *index)
{
	*binder = (struct binder){ .index = index, .base = 1 };
	binder->position = calloc((size_t)symbol_index_id_limit(index) + 1, sizeof(uint32_t));
	return binder->position ? 0 : -ENOMEM;
}

void binder_done(struct binder *binder)
{
	free(binder->position);
	free(binder->object_of);
	map_done(&binder->unique);
	arena_done(&binder->arena);
}

void binder_reset(struct binder *binder)
{
	if (!binder->unique.count)
		return;
	map_done(&binder->unique);
	arena_done(&binder->arena);
}

static void place_all(struct binder *binder, const struct closure *closure, struct scope scope)
{
	size_t i;

	for (i = 0; i < scope.count; i++) {
		const struct image *image = closure->objects.items[scope.objects[i]].image;

		if (!image || binder->position[image->id] >= binder->base)
			continue;
		binder->position[image->id] = binder->base + binder->scope_size;
		binder->object_of[binder->scope_size++] = scope.objects[i];
	}
}

int binder_scope(struct binder *binder, const struct closure *closure, struct scope first,
		 struct scope second)
{
	size_t need = first.count + second.count;

	if (array_reserve_bytes((void **)&binder->object_of, &binder->object_capacity, need + 1,
				sizeof(uint32_t)))
		return -ENOMEM;
	/* Positions of earlier scopes lie below the base, so they need not be wiped. */
	if (binder->base > UINT32_MAX - 2 * MOST_OBJECTS) {
		memset(binder->position, 0,
		       ((size_t)symbol_index_id_limit(binder->index) + 1) * sizeof(uint32_t));
		binder->base = 1;
		binder->scope_size = 0;
	}
	binder->base += binder->scope_size;
	binder->scope_size = 0;
	place_all(binder, closure, first);
	place_all(binder, closure, second);
	return 0;
}

/* The hit that comes first in scope; *ret_choices counts those in scope. */
static const struct index_hit *first_in_scope(const struct task *t,
					      const struct index_reference *ref,
					      uint32_t *ret_place, unsigned *ret_choices)
{
	const struct binder *binder = t->binder;
	const struct index_hit *hit = symbol_index_hits(binder->index, ref->key);
	const struct index_hit *best = NULL;
	uint32_t best_place = UINT32_MAX;
	uint32_t self = t->entry->image->id;
	unsigned choices = 0;

	for (; hit; hit = symbol_index_next(binder->index, ref->key, hit)) {
		uint32_t place = binder->position[hit->image];

		if (place < binder->base)
			continue;
		place -= binder->base;
		if (ref->class == CLASS_COPY && binder->object_of[place] == 0)
			continue;
		choices++;
		if (t->symbolic && hit->image == self) {
			best = hit;
			best_place = place;
			break;
		}
		if (place < best_place) {
			best = hit;
			best_place = place;
		}
	}
	*ret_place = best_place;
	*ret_choices = choices;
	return best;
}

/* One definition of a unique name serves the whole process: the first one that was bound. */
static int bind_unique(struct task *t, const struct index_reference *ref, struct binding *binding)
{
	struct binder *binder = t->binder;
	const char *name = symbol_index_name(binder->index, ref->key);
	struct binding *known = map_get(&binder->unique, name);
	struct binding entry = *binding;

	if (known) {
		if (ref->class != CLASS_COPY)
			*binding = *known;
		return 0;
	}
	if (ref->class == CLASS_COPY)
		entry = (struct binding){ t->object, ref->symbol };
	known = arena_copy(&binder->arena, &entry, sizeof(entry));
	return known ? map_set(&binder->unique, name, known) : -ENOMEM;
}

/*
 * Up to glibc 2.29 the search ended where it met the file that the version was linked
 * from and that did not have the symbol (dl-lookup.c, "link time reference"; BZ 24741).
 */
static bool ends_before(const struct task *t, const struct index_reference *ref, uint32_t place)
{
	const struct image *image = t->entry->image;
	uint16_t index = image_versym(image, ref->symbol) & VERSION_MASK;
	const char *file = index < image->version_count ? image->versions[index].file : NULL;
	uint32_t i;

	for (i = 0; file && i < place; i++) {
		const struct object *o = &t->closure->objects.items[t->binder->object_of[i]];

		if (o->image && o->image->soname && !strcmp(o->image->soname, file))
			return true;
	}
	return false;
}

static int bind_one(struct task *t, const struct index_reference *ref, struct binding *ret,
		    unsigned *ret_choices, bool *ret_special)
{
	uint32_t place;
	const struct index_hit *hit;

	*ret = (struct binding){ NO_OBJECT, 0 };
	*ret_choices = 0;
	*ret_special = ref->class == CLASS_COPY;
	if (ref->key == NO_KEY)
		return 0;
	hit = first_in_scope(t, ref, &place, ret_choices);
	if (hit && t->is_tied && ends_before(t, ref, place)) {
		*ret_choices = 0;
		return 0;
	}
	if (!hit)
		return 0;
	*ret = (struct binding){ t->binder->object_of[place], hit->symbol };
	*ret_special |= hit->hidden || (hit->protected && t->object == 0) ||
			(hit->type == STT_TLS
				 ? ref->class != CLASS_CALL && !(ref->flags & INDEX_TLS)
				 : (ref->flags & INDEX_TLS) != 0) ||
			(hit->type == STT_OBJECT && ref->class == CLASS_CALL);
	if (ref->flags & INDEX_PROTECTED) {
		*ret = (struct binding){ t->object, ref->symbol };
		*ret_choices = 1;
		return 0;
	}
	return hit->binding == STB_GNU_UNIQUE ? bind_unique(t, ref, ret) : 0;
}

int binder_bind(struct binder *binder, const struct closure *closure, uint32_t object,
		struct binding *ret, bind_visit visit, void *data)
{
	struct image *image = closure->objects.items[object].image;
	struct task t = {
		.binder = binder,
		.closure = closure,
		.object = object,
		.symbolic = image->symbolic && closure->loader->kind == LIBC_GLIBC,
	};
	const struct lookup_rules *rules = symbol_index_rules(binder->index);
	bool musl = closure->loader->kind == LIBC_MUSL;
	uint32_t i;

	t.is_tied = rules->libc == LIBC_GLIBC && rules->version && rules->version < GLIBC(2, 30);
	t.entry = symbol_index_image(binder->index, image->id);
	if (!t.entry)
		return 0;
	for (i = 0; i < t.entry->count; i++) {
		const struct index_reference *ref = &t.entry->references[i];
		struct binding binding;
		unsigned choices;
		bool special;
		int r = bind_one(&t, ref, &binding, &choices, &special);

		if (r)
			return r;
		if (ret)
			ret[i] = binding;
		if (!visit || (choices == 1 && !special && !musl))
			continue;
		r = visit(data, object, t.entry, i, &binding, choices);
		if (r)
			return r;
	}
	return 0;
}
