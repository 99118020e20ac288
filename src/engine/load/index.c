/* SPDX-License-Identifier: Apache-2.0 */
/* The symbol index; contract in engine/load/index.h. */
#include "engine/load/index.h"
#include "base/map.h"
#include "base/threads.h"

#include <string.h>

/* Names with one half hash: more than this is no accident, and would cost quadratic time. */
#define MOST_ALIKE 64
#define NONE UINT32_MAX

struct name {
	const char *text;
	uint32_t half_hash;
	uint32_t next; /* of the same table slot */
	uint32_t first_key;
	uint32_t first_definer;
	uint32_t last_definer;
};

struct key {
	uint32_t name;
	uint32_t next; /* of the same name */
	uint32_t first_hit;
	const char *version;
	uint32_t version_hash;
	uint8_t class;
	bool hidden;
};

struct definer {
	uint32_t image; /* place in the index's list */
	uint32_t next;
};

struct shard {
	uint32_t *slots;
	size_t slot_count; /* a power of two */
	struct array_of(struct name) names;
	struct array_of(struct key) keys;
	struct array_of(struct definer) definers;
	struct array_of(struct index_hit) hits;
};

struct symbol_index {
	struct index_image *images;
	size_t count;
	uint32_t *place_of; /* image id → place in `images`, NONE */
	uint32_t id_limit;
	struct lookup_rules rules;
	struct shard *shards;
	unsigned shard_count;
	uint64_t seed;
};

static size_t slot_of(const struct symbol_index *index, const struct shard *shard,
		      uint32_t half_hash)
{
	return (size_t)(((half_hash + 1) * index->seed) >> 20) & (shard->slot_count - 1);
}

static unsigned shard_of(const struct symbol_index *index, uint32_t half_hash)
{
	return half_hash % index->shard_count;
}

/* Pass 1, by image: versions and references are read, and what needs no look-up is left out. */

/* `budget` bounds the bytes hashed: names of a sound file overlap little, if at all. */
static int take_reference(struct symbol_index *index, struct index_image *entry,
			  const struct reference *ref, uint64_t *budget)
{
	struct index_reference *out = &entry->references[entry->count];
	struct symbol s;
	uint32_t hash;

	if (!image_symbol(entry->image, ref->symbol, &s)) {
		entry->outside++;
		return 0;
	}
	if (s.binding == STB_LOCAL)
		return 0;
	if (index->rules.libc == LIBC_GLIBC &&
	    (s.visibility == STV_HIDDEN || s.visibility == STV_INTERNAL))
		return 0;
	if (!gnu_hash_bounded(s.name, budget, &hash)) {
		entry->outside++;
		return 0;
	}
	entry->hashes[entry->count] = hash;
	*out = (struct index_reference){
		.key = NO_KEY,
		.symbol = ref->symbol,
		.class = ref->class,
	};
	out->flags = (uint8_t)((ref->flags & REFERENCE_EAGER ? INDEX_EAGER : 0) |
			       (s.binding == STB_WEAK ? INDEX_WEAK : 0) |
			       (s.visibility == STV_PROTECTED ? INDEX_PROTECTED : 0) |
			       (s.type == STT_TLS ? INDEX_TLS : 0) |
			       (s.section != SHN_UNDEF ? INDEX_DEFINED : 0));
	entry->count++;
	return 0;
}

static int read_image(void *data, size_t item, unsigned thread)
{
	struct symbol_index *index = data;
	struct index_image *entry = &index->images[item];
	struct image *image = entry->image;
	uint64_t budget = HASH_BUDGET(image);
	size_t i;
	int r = image_load_versions(image);

	if (!r)
		r = image_load_references(image);
	if (r == -ENOMEM)
		return r;
	entry->error = r;
	entry->references = malloc((image->references.count + 1) * sizeof(*entry->references));
	entry->hashes = malloc((image->references.count + 1) * sizeof(*entry->hashes));
	if (!entry->references || !entry->hashes)
		return -ENOMEM;
	for (i = 0; i < image->references.count; i++) {
		r = take_reference(index, entry, &image->references.items[i], &budget);
		if (r)
			return r;
	}
	return 0;
}

/* Pass 2, by shard: names and keys of the references. */

static struct name *find_name(const struct symbol_index *index, const struct shard *shard,
			      uint32_t half_hash, const char *text, size_t *ret_alike)
{
	uint32_t at = shard->slots[slot_of(index, shard, half_hash)];
	size_t alike = 0;

	for (; at != NONE; at = shard->names.items[at].next) {
		struct name *name = &shard->names.items[at];

		if (name->half_hash != half_hash)
			continue;
		if (!strcmp(name->text, text))
			return name;
		alike++;
	}
	*ret_alike = alike;
	return NULL;
}

static int add_name(const struct symbol_index *index, struct shard *shard, uint32_t half_hash,
		    const char *text, struct name **ret)
{
	uint32_t *slot = &shard->slots[slot_of(index, shard, half_hash)];
	struct name name = {
		.text = text,
		.half_hash = half_hash,
		.next = *slot,
		.first_key = NONE,
		.first_definer = NONE,
		.last_definer = NONE,
	};

	if (array_push(&shard->names, name))
		return -ENOMEM;
	*slot = (uint32_t)(shard->names.count - 1);
	*ret = &shard->names.items[*slot];
	return 0;
}

static void version_of(const struct symbol_index *index, const struct image *image, uint32_t symbol,
		       struct key *key)
{
	uint16_t ndx = image_versym(image, symbol) & VERSION_MASK;
	const struct version *v;

	if (index->rules.libc != LIBC_GLIBC || !image->has_versions || ndx >= image->version_count)
		return;
	v = &image->versions[ndx];
	if (!v->name || !v->hash)
		return;
	key->version = v->name;
	key->version_hash = v->hash;
	key->hidden = v->hidden;
}

static bool same_key(const struct key *a, const struct key *b)
{
	if (a->class != b->class || a->hidden != b->hidden || a->version_hash != b->version_hash)
		return false;
	if (a->version == b->version)
		return true;
	return a->version && b->version && !strcmp(a->version, b->version);
}

static int find_key(struct shard *shard, struct name *name, const struct key *wanted,
		    uint32_t *ret)
{
	uint32_t at;

	for (at = name->first_key; at != NONE; at = shard->keys.items[at].next) {
		if (same_key(&shard->keys.items[at], wanted)) {
			*ret = at;
			return 0;
		}
	}
	if (array_push(&shard->keys, *wanted))
		return -ENOMEM;
	*ret = (uint32_t)(shard->keys.count - 1);
	shard->keys.items[*ret].next = name->first_key;
	name->first_key = *ret;
	return 0;
}

static int intern(struct symbol_index *index, unsigned which, struct index_image *entry,
		  uint32_t reference)
{
	struct shard *shard = &index->shards[which];
	struct index_reference *ref = &entry->references[reference];
	uint32_t half_hash = entry->hashes[reference] >> 1;
	struct key key = { .class = ref->class, .first_hit = NO_HIT };
	struct symbol s;
	struct name *name;
	size_t alike = 0;
	uint32_t number = 0;
	int r;

	image_symbol(entry->image, ref->symbol, &s);
	name = find_name(index, shard, half_hash, s.name, &alike);
	if (!name) {
		if (alike >= MOST_ALIKE) {
			__atomic_add_fetch(&entry->outside, 1, __ATOMIC_RELAXED);
			return 0;
		}
		r = add_name(index, shard, half_hash, s.name, &name);
		if (r)
			return r;
	}
	key.name = (uint32_t)(name - shard->names.items);
	version_of(index, entry->image, ref->symbol, &key);
	r = find_key(shard, name, &key, &number);
	ref->key = number * index->shard_count + which;
	return r;
}

static int intern_references(struct symbol_index *index, unsigned which)
{
	size_t i;
	uint32_t k;

	for (i = 0; i < index->count; i++) {
		struct index_image *entry = &index->images[i];

		for (k = 0; k < entry->count; k++) {
			int r;

			if (shard_of(index, entry->hashes[k] >> 1) != which)
				continue;
			r = intern(index, which, entry, k);
			if (r)
				return r;
		}
	}
	return 0;
}

/* Pass 3, by shard: which images define those names. */

struct export_walk {
	struct symbol_index *index;
	struct shard *shard;
	unsigned which;
	uint32_t place;
};

static int add_definer(struct shard *shard, struct name *name, uint32_t place)
{
	uint32_t number = (uint32_t)shard->definers.count;

	if (name->last_definer != NONE && shard->definers.items[name->last_definer].image == place)
		return 0;
	if (array_push(&shard->definers, (struct definer){ place, NONE }))
		return -ENOMEM;
	if (name->last_definer == NONE)
		name->first_definer = number;
	else
		shard->definers.items[name->last_definer].next = number;
	name->last_definer = number;
	return 0;
}

static int take_export(void *data, uint32_t symbol, uint32_t half_hash)
{
	struct export_walk *walk = data;
	struct shard *shard = walk->shard;
	uint32_t at;

	if (shard_of(walk->index, half_hash) != walk->which)
		return 0;
	for (at = shard->slots[slot_of(walk->index, shard, half_hash)]; at != NONE;
	     at = shard->names.items[at].next) {
		struct name *name = &shard->names.items[at];
		struct symbol s;

		if (name->half_hash != half_hash)
			continue;
		if (image_symbol(walk->index->images[walk->place].image, symbol, &s) &&
		    !strcmp(s.name, name->text))
			return add_definer(shard, name, walk->place);
	}
	return 0;
}

static int find_definers(struct symbol_index *index, unsigned which)
{
	struct export_walk walk = { .index = index, .shard = &index->shards[which], .which = which };

	for (; walk.place < index->count; walk.place++) {
		struct index_image *entry = &index->images[walk.place];
		int r;

		if (entry->error == -EBADMSG)
			continue;
		r = lookup_exports(entry->image, take_export, &walk);
		if (r == -EBADMSG)
			__atomic_store_n(&entry->error, r, __ATOMIC_RELAXED);
		else if (r)
			return r;
	}
	return 0;
}

/* Pass 4, by shard: which of those images answer each key. */

static int find_hits(struct symbol_index *index, struct shard *shard, struct key *key,
		     const struct name *name)
{
	struct query_symbol query = {
		.name = name->text,
		.gnu_hash = gnu_hash(name->text),
		.version = key->version,
		.version_hash = key->version_hash,
		.version_hidden = key->hidden,
		.class = key->class,
	};
	uint32_t last = NO_HIT;
	uint32_t at;

	for (at = name->first_definer; at != NONE; at = shard->definers.items[at].next) {
		const struct image *image = index->images[shard->definers.items[at].image].image;
		struct index_hit hit = { .image = image->id, .next = NO_HIT };
		struct symbol s;

		if (!lookup_symbol(image, &query, &index->rules, &s))
			continue;
		hit.symbol = s.index;
		hit.type = s.type;
		hit.binding = s.binding;
		hit.protected = s.visibility == STV_PROTECTED;
		hit.hidden = !key->version && index->rules.libc == LIBC_GLIBC &&
			     image->has_versions && (image_versym(image, s.index) & VERSION_HIDDEN);
		if (array_push(&shard->hits, hit))
			return -ENOMEM;
		if (last == NO_HIT)
			key->first_hit = (uint32_t)(shard->hits.count - 1);
		else
			shard->hits.items[last].next = (uint32_t)(shard->hits.count - 1);
		last = (uint32_t)(shard->hits.count - 1);
	}
	return 0;
}

static int fill_shard(void *data, size_t item, unsigned thread)
{
	struct symbol_index *index = data;
	struct shard *shard = &index->shards[item];
	size_t i;
	int r = intern_references(index, (unsigned)item);

	if (!r)
		r = find_definers(index, (unsigned)item);
	for (i = 0; i < shard->keys.count && !r; i++) {
		struct key *key = &shard->keys.items[i];

		r = find_hits(index, shard, key, &shard->names.items[key->name]);
	}
	return r;
}

static int make_shards(struct symbol_index *index, unsigned threads)
{
	size_t references = 0;
	size_t i;
	unsigned s;

	index->shards = calloc(threads, sizeof(*index->shards));
	if (!index->shards)
		return -ENOMEM;
	index->shard_count = threads;
	for (i = 0; i < index->count; i++)
		references += index->images[i].count;
	for (s = 0; s < threads; s++) {
		struct shard *shard = &index->shards[s];

		shard->slot_count = 64;
		while (shard->slot_count < references / threads / 2)
			shard->slot_count *= 2;
		shard->slots = malloc(shard->slot_count * sizeof(*shard->slots));
		if (!shard->slots)
			return -ENOMEM;
		memset(shard->slots, 0xff, shard->slot_count * sizeof(*shard->slots));
	}
	return 0;
}

static int list_images(struct symbol_index *index, struct image **images, size_t count)
{
	size_t i;

	index->images = calloc(count + 1, sizeof(*index->images));
	index->place_of = malloc(((size_t)index->id_limit + 1) * sizeof(*index->place_of));
	if (!index->images || !index->place_of)
		return -ENOMEM;
	memset(index->place_of, 0xff, ((size_t)index->id_limit + 1) * sizeof(*index->place_of));
	for (i = 0; i < count; i++) {
		index->images[i].image = images[i];
		index->place_of[images[i]->id] = (uint32_t)i;
	}
	index->count = count;
	return 0;
}

/* They are needed only while the index is made. */
static void drop_hashes(struct symbol_index *index)
{
	size_t i;

	for (i = 0; i < index->count; i++) {
		free(index->images[i].hashes);
		index->images[i].hashes = NULL;
	}
}

int symbol_index_build(struct image **images, size_t count, uint32_t id_limit,
		       const struct lookup_rules *rules, unsigned threads,
		       struct symbol_index **ret)
{
	struct symbol_index *index = calloc(1, sizeof(*index));
	int r;

	if (!index)
		return -ENOMEM;
	index->rules = *rules;
	index->id_limit = id_limit;
	index->seed = hash_bytes("index", 5) | 1;
	r = list_images(index, images, count);
	if (!r)
		r = parallel_for(threads, count, 4, read_image, index);
	if (!r)
		r = make_shards(index, threads ? threads : 1);
	if (!r)
		r = parallel_for(threads, index->shard_count, 1, fill_shard, index);
	drop_hashes(index);
	if (r) {
		symbol_index_free(index);
		return r;
	}
	*ret = index;
	return 0;
}

void symbol_index_free(struct symbol_index *index)
{
	size_t i;

	if (!index)
		return;
	for (i = 0; i < index->count; i++)
		free(index->images[i].references);
	for (i = 0; i < index->shard_count; i++) {
		struct shard *shard = &index->shards[i];

		free(shard->slots);
		array_done(&shard->names);
		array_done(&shard->keys);
		array_done(&shard->definers);
		array_done(&shard->hits);
	}
	free(index->shards);
	free(index->images);
	free(index->place_of);
	free(index);
}

const struct index_image *symbol_index_image(const struct symbol_index *index, uint32_t image)
{
	if (image >= index->id_limit || index->place_of[image] == NONE)
		return NULL;
	return &index->images[index->place_of[image]];
}

const struct index_hit *symbol_index_hits(const struct symbol_index *index, uint32_t key)
{
	const struct shard *shard = &index->shards[key % index->shard_count];
	uint32_t first = shard->keys.items[key / index->shard_count].first_hit;

	return first == NO_HIT ? NULL : &shard->hits.items[first];
}

const struct index_hit *symbol_index_next(const struct symbol_index *index, uint32_t key,
					  const struct index_hit *hit)
{
	if (hit->next == NO_HIT)
		return NULL;
	return &index->shards[key % index->shard_count].hits.items[hit->next];
}

const char *symbol_index_name(const struct symbol_index *index, uint32_t key)
{
	const struct shard *shard = &index->shards[key % index->shard_count];

	return shard->names.items[shard->keys.items[key / index->shard_count].name].text;
}

const char *symbol_index_version(const struct symbol_index *index, uint32_t key)
{
	return index->shards[key % index->shard_count].keys.items[key / index->shard_count].version;
}

const struct lookup_rules *symbol_index_rules(const struct symbol_index *index)
{
	return &index->rules;
}

uint32_t symbol_index_id_limit(const struct symbol_index *index)
{
	return index->id_limit;
}
