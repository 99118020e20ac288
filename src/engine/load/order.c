/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of relocation: dependencies first, the program last. It decides
 * which definition of an STB_GNU_UNIQUE symbol is registered first. Since
 * glibc 2.35 a depth-first traversal, before that a repeated "move behind the
 * last object that needs it". closure->order lists objects in the order in
 * which they are relocated, that is, the sorted list from its end.
 */
#include "engine/load/closure.h"

#include <string.h>

struct sorter {
	const struct closure *closure;
	uint32_t *list; /* sorted: needing objects before needed ones */
	size_t count;
	size_t capacity; /* one place for each object of the closure */
	bool *visited;
	size_t place; /* next free place, filled from the end */
};

/* The program's own needs are not recorded at that time, so it is never a way to others. */
static bool needs_of(const struct closure *closure, uint32_t object, const uint32_t **ret,
		     uint32_t *ret_count)
{
	const struct object *o = &closure->objects.items[object];

	if (object == 0 || !o->needed_count)
		return false;
	*ret = o->needed;
	*ret_count = o->needed_count;
	return true;
}

struct frame {
	uint32_t object;
	uint32_t next;
};

static int visit(struct sorter *s, uint32_t start)
{
	struct array_of(struct frame) stack = { 0 };
	int r = 0;

	if (s->visited[start] || !s->closure->objects.items[start].image)
		return 0;
	s->visited[start] = true;
	r = array_push(&stack, (struct frame){ start, 0 });
	while (!r && stack.count) {
		struct frame *top = &stack.items[stack.count - 1];
		const uint32_t *needed = NULL;
		uint32_t count = 0;
		uint32_t next = NO_OBJECT;

		needs_of(s->closure, top->object, &needed, &count);
		if (top->next == count) {
			s->list[--s->place] = top->object;
			stack.count--;
			continue;
		}
		next = needed[top->next++];
		if (next == NO_OBJECT || next == 0 || s->visited[next] ||
		    !s->closure->objects.items[next].image)
			continue;
		s->visited[next] = true;
		r = array_push(&stack, (struct frame){ next, 0 });
	}
	array_done(&stack);
	return r;
}

static int sort_depth_first(struct sorter *s)
{
	AUTO_FREE uint32_t *start = calloc(s->count, sizeof(*start));
	size_t i;
	int r = 0;

	s->visited = calloc(s->closure->objects.count, sizeof(bool));
	if (!start || !s->visited) {
		free(s->visited);
		return -ENOMEM;
	}
	memcpy(start, s->list, s->count * sizeof(*start));
	s->place = s->capacity;
	for (i = s->count; i-- > 0 && !r;)
		r = visit(s, start[i]);
	s->count = s->capacity - s->place;
	memmove(s->list, s->list + s->place, s->count * sizeof(*s->list));
	free(s->visited);
	return r;
}

static bool is_needed_by(const struct closure *closure, uint32_t object, uint32_t by)
{
	const uint32_t *needed;
	uint32_t count, i;

	if (!needs_of(closure, by, &needed, &count))
		return false;
	for (i = 0; i < count; i++) {
		if (needed[i] == object)
			return true;
	}
	return false;
}

/* Position of the last object behind `at` that needs the one there, or `at`. */
static size_t last_needing(const struct sorter *s, size_t at)
{
	size_t k;

	for (k = s->count - 1; k > at; k--) {
		if (is_needed_by(s->closure, s->list[at], s->list[k]))
			break;
	}
	return k;
}

static int sort_by_moving(struct sorter *s)
{
	AUTO_FREE uint16_t *seen = calloc(s->count + 1, sizeof(*seen));
	size_t at = 1; /* the program stays in front */

	if (!seen)
		return -ENOMEM;
	while (at < s->count) {
		uint32_t moved = s->list[at];
		uint16_t moved_seen;
		size_t to;

		seen[at]++;
		to = last_needing(s, at);
		if (to == at) {
			at++;
			memset(&seen[at], 0, (s->count - at) * sizeof(*seen));
			continue;
		}
		memmove(&s->list[at], &s->list[at + 1], (to - at) * sizeof(*s->list));
		s->list[to] = moved;
		if (seen[at + 1] > s->count - at) {
			/* A cycle: this place has been tried for every object. */
			at++;
			memset(&seen[at], 0, (s->count - at) * sizeof(*seen));
			continue;
		}
		moved_seen = seen[at];
		memmove(&seen[at], &seen[at + 1], (to - at) * sizeof(*seen));
		seen[to] = moved_seen;
	}
	return 0;
}

int closure_sort(struct closure *closure, uint32_t version)
{
	AUTO_FREE uint32_t *list = calloc(closure->objects.count, sizeof(*list));
	struct sorter s = { .closure = closure, .list = list, .capacity = closure->objects.count };
	size_t i;
	int r;

	if (!list)
		return -ENOMEM;
	for (i = 0; i < closure->scope.count; i++) {
		if (closure->objects.items[closure->scope.items[i]].image)
			list[s.count++] = closure->scope.items[i];
	}
	r = version && version < GLIBC(2, 35) ? sort_by_moving(&s) : sort_depth_first(&s);
	closure->order.count = 0;
	for (i = s.count; !r && i-- > 0;)
		r = array_push(&closure->order, s.list[i]);
	return r;
}
