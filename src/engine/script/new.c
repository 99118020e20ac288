/* SPDX-License-Identifier: Apache-2.0 */
/* A script for libraries that have none; contract in engine/script/script.h. */
#include "engine/script/parts.h"
#include "model/version-name.h"

#include <string.h>

struct maker {
	const struct script_source *source;
	struct map_result *out;
	struct arena *arena;
	struct map nodes;    /* name → its number, plus 1 */
	struct map taken;    /* "name" or "name@NODE" */
	const char *last;    /* the node that was added last */
	bool keeps_versions; /* the newest release has nodes: they count, and none is invented */
	size_t unversioned;  /* of the newest release, beside its nodes */
};

static const char *const no_parents[] = { NULL };

/* A node, unless it is there; its parent is the one before it when `parents` is NULL. */
static int add_node(struct maker *m, const char *name, const char *const *parents, size_t *ret)
{
	uintptr_t known = (uintptr_t)map_get(&m->nodes, name);
	struct map_node node = { .name = arena_strdup(m->arena, name) };
	size_t count = 0;
	size_t i;

	*ret = known - 1;
	if (known)
		return 0;
	if (!version_script_is_tag(name))
		return -EBADMSG;
	if (!parents)
		parents = m->last ? &m->last : no_parents;
	while (parents[count] && (parents != &m->last || !count))
		count++;
	node.parents = arena_array(m->arena, count + 1, sizeof(*node.parents));
	if (!node.name || !node.parents)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		node.parents[i] = arena_strdup(m->arena, parents[i]);
		if (!node.parents[i])
			return -ENOMEM;
	}
	*ret = m->out->nodes.count;
	m->last = node.name;
	if (array_push(&m->out->nodes, node))
		return -ENOMEM;
	return map_set(&m->nodes, node.name, (void *)(uintptr_t)m->out->nodes.count);
}

/* Has the newest release the name, in that node if it has versions? */
static bool has_now(const struct maker *m, const char *name, const char *node)
{
	const struct corpus *newest = m->source->releases[m->source->count - 1];
	size_t count, i;
	const struct corpus_symbol *s = corpus_find(newest, name, &count);

	for (i = 0; i < count; i++) {
		if (!s[i].version || (node && !strcmp(s[i].version, node)))
			return true;
	}
	return false;
}

static bool is_wanted(const struct maker *m, const char *name)
{
	return !script_is_of_no_script(name) && (!m->source->headers || !strncmp(name, "_Z", 2) ||
						 map_get(m->source->headers, name));
}

/* It is left out, and told. */
static int leave_out(struct maker *m, const char *name)
{
	const char *path = m->source->count ? m->source->releases[m->source->count - 1]->path
					    : NULL;
	struct finding *finding = finding_add(&m->out->findings, "map/unlisted", path);

	if (!finding)
		return -ENOMEM;
	finding->subject = arena_strdup(m->arena, name);
	finding->message =
		arena_printf(m->arena, "no script can hold the name %s: it is left out", name);
	return finding->subject && finding->message ? 0 : -ENOMEM;
}

static int take(struct maker *m, const char *key, const char *name, size_t node)
{
	const char *copy;

	if (map_get(&m->taken, key))
		return 0;
	copy = arena_strdup(m->arena, name);
	key = arena_strdup(m->arena, key);
	if (!copy || !key || map_set(&m->taken, key, m))
		return -ENOMEM;
	if (!version_script_can_hold(name))
		return leave_out(m, name);
	return array_push(&m->out->nodes.items[node].names, copy);
}

/* "1.2.3" of libfoo.so.1.2.3 or libfoo-1.2.3.so; NULL: none. */
static const char *release_of(struct maker *m, const struct corpus *corpus)
{
	const char *file = corpus->file_name ? corpus->file_name : path_name(corpus->path);
	const char *so = strstr(file, ".so");
	const char *start;

	if (so && so[3] == '.' && so[4] >= '0' && so[4] <= '9')
		return so + 4;
	for (start = so; start && start > file && strchr("0123456789.", start[-1]); start--)
		;
	return start && start < so && start > file && start[-1] == '-'
		       ? arena_strndup(m->arena, start, (size_t)(so - start))
		       : NULL;
}

/* Do the files' names number all releases, each higher than the one before? */
static bool are_numbered(struct maker *m)
{
	const char *before = NULL;
	size_t i;

	for (i = 0; i < m->source->count; i++) {
		bool is_last = i + 1 == m->source->count && m->source->release;
		const char *release = is_last ? m->source->release
					      : release_of(m, m->source->releases[i]);
		const char *name = release ? arena_printf(m->arena, "V_%s", release) : NULL;

		if (!name || (before && version_name_compare(name, before) <= 0))
			return false;
		before = name;
	}
	return true;
}

static const char *family(struct maker *m)
{
	const struct corpus *newest;
	const char *name;

	if (m->source->family || !m->source->count)
		return m->source->family;
	newest = m->source->releases[m->source->count - 1];
	name = newest->soname ? newest->soname : path_name(newest->path);
	return version_name_of_library(m->arena, name);
}

/* The node of release `i` for what has no version. */
static int release_node(struct maker *m, size_t i, bool is_numbered, size_t *ret)
{
	const char *first = family(m);
	bool is_last = i + 1 == m->source->count && m->source->release;
	const char *release = is_last	    ? m->source->release
			      : is_numbered ? release_of(m, m->source->releases[i])
					    : arena_printf(m->arena, "%zu", i + 1);
	const char *name = first && release ? arena_printf(m->arena, "%s_%s", first, release)
					    : NULL;

	return name ? add_node(m, name, NULL, ret) : -ENOMEM;
}

/* Versions of their own are taken over; the rest goes to the node of the release that had it first.
 */
static int take_release(struct maker *m, size_t number, bool is_numbered)
{
	const struct corpus *corpus = m->source->releases[number];
	size_t i, node;
	int r = 0;

	for (i = 0; !r && i < corpus->nodes.count; i++)
		r = add_node(m, corpus->nodes.items[i].name,
			     (const char *const *)corpus->nodes.items[i].parents, &node);
	for (i = 0; !r && i < corpus->symbols.count; i++) {
		const struct corpus_symbol *s = &corpus->symbols.items[i];
		const char *key = s->name;

		if (!is_wanted(m, s->name) || (!s->version && map_get(&m->taken, s->name)))
			continue;
		/* It stays without, as the library has it: a node would ask programs for it. */
		if (!s->version && m->keeps_versions) {
			m->unversioned += number + 1 == m->source->count;
			continue;
		}
		if (s->version) {
			node = (size_t)(uintptr_t)map_get(&m->nodes, s->version) - 1;
			key = arena_printf(m->arena, "%s@%s", s->name, s->version);
			if (node == SIZE_MAX)
				r = add_node(m, s->version, no_parents, &node);
		} else {
			r = release_node(m, number, is_numbered, &node);
		}
		if (!r)
			r = key ? take(m, key, s->name, node) : -ENOMEM;
		/* Without a version it is nothing new from then on. */
		if (!r && s->version)
			r = map_set(&m->taken, s->name, m);
	}
	return r;
}

/* Symbols that an earlier release had, and the newest has not: they are left out, and told. */
static int drop_gone(struct maker *m)
{
	const struct corpus *newest = m->source->releases[m->source->count - 1];
	size_t i, k;

	for (i = 0; i < m->out->nodes.count; i++) {
		struct map_node *node = &m->out->nodes.items[i];
		size_t kept = 0;

		for (k = 0; k < node->names.count; k++) {
			const char *name = node->names.items[k];
			struct finding *finding;

			if (has_now(m, name, node->name)) {
				node->names.items[kept++] = name;
				continue;
			}
			finding =
				finding_add(&m->out->findings, "map/undefined-name", newest->path);
			if (!finding)
				return -ENOMEM;
			finding->subject = name;
			finding->message = arena_printf(
				m->arena,
				"%s is in an earlier release, but not in %s: it is left out", name,
				newest->path);
			if (!finding->message)
				return -ENOMEM;
		}
		node->names.count = kept;
	}
	return 0;
}

/* Invented nodes that have nothing are not kept; no other one has them as parent but the next. */
static void drop_empty(struct maker *m)
{
	const struct corpus *newest = m->source->releases[m->source->count - 1];
	const char **heir = NULL;
	size_t kept = 0;
	size_t i;

	for (i = 0; i < m->out->nodes.count; i++) {
		struct map_node *node = &m->out->nodes.items[i];

		if (heir && node->parents[0] && !node->parents[1] &&
		    !corpus_node_find(newest, node->name))
			node->parents = heir;
		heir = NULL;
		if (!node->names.count && !corpus_node_find(newest, node->name)) {
			heir = node->parents;
			array_done(&node->names);
			continue;
		}
		m->out->nodes.items[kept++] = *node;
	}
	m->out->nodes.count = kept;
}

static int take_list(struct maker *m)
{
	const char *name = arena_printf(m->arena, "%s_%s", family(m),
					m->source->release ? m->source->release : "1");
	size_t node, i;
	int r = name ? add_node(m, name, no_parents, &node) : -ENOMEM;

	for (i = 0; !r && m->source->names[i]; i++) {
		if (is_wanted(m, m->source->names[i]))
			r = take(m, m->source->names[i], m->source->names[i], node);
	}
	return r;
}

static int tell_unversioned(struct maker *m)
{
	const struct corpus *newest = m->source->releases[m->source->count - 1];
	struct finding *finding;

	if (!m->unversioned)
		return 0;
	m->out->hides_rest = false;
	finding = finding_add(&m->out->findings, "map/unlisted", newest->path);
	if (!finding)
		return -ENOMEM;
	finding->subject = newest->path;
	finding->message = arena_printf(
		m->arena, "%s exports %zu symbol%s without a version: they stay in no node",
		newest->path, m->unversioned, m->unversioned == 1 ? "" : "s");
	return finding->message ? 0 : -ENOMEM;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int note_placed(struct maker *m)
{
	size_t i, k;
	int r = 0;

	for (i = 0; !r && i < m->out->nodes.count; i++) {
		struct map_node *node = &m->out->nodes.items[i];

		if (node->names.count)
			qsort(node->names.items, node->names.count, sizeof(*node->names.items),
			      by_text);
		for (k = 0; !r && k < node->names.count; k++)
			r = array_push(&m->out->placed,
				       (struct map_placed){ node->names.items[k], node->name });
	}
	return r;
}

int script_new(const struct script_source *source, struct map_result *result)
{
	struct maker m = { .source = source, .out = result, .arena = &result->findings.arena };
	bool is_numbered;
	size_t i;
	int r = source->names ? take_list(&m) : 0;

	result->has_text = true;
	result->hides_rest = true;
	is_numbered = are_numbered(&m);
	m.keeps_versions = source->count && source->releases[source->count - 1]->nodes.count;
	for (i = 0; !r && i < source->count; i++)
		r = take_release(&m, i, is_numbered);
	if (!r && source->count)
		r = drop_gone(&m);
	if (!r && source->count)
		drop_empty(&m);
	if (!r && source->count)
		r = tell_unversioned(&m);
	if (!r)
		r = note_placed(&m);
	map_done(&m.nodes);
	map_done(&m.taken);
	return r;
}
