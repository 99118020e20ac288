/* SPDX-License-Identifier: Apache-2.0 */
/* Look-up in one image; contract in engine/load/lookup.h. */
#include "engine/load/lookup.h"

#include <string.h>

#define USUAL_TYPES                                                                                \
	(1u << STT_NOTYPE | 1u << STT_OBJECT | 1u << STT_FUNC | 1u << STT_COMMON | 1u << STT_TLS)

uint32_t gnu_hash(const char *name)
{
	uint32_t h = 5381;

	for (; *name; name++)
		h = h * 33 + (unsigned char)*name;
	return h;
}

bool gnu_hash_bounded(const char *name, uint64_t *budget, uint32_t *ret)
{
	const char *at = name;
	uint32_t h = 5381;

	for (; *at; at++)
		h = h * 33 + (unsigned char)*at;
	*ret = h;
	if ((uint64_t)(at - name) >= *budget)
		return false;
	*budget -= (uint64_t)(at - name);
	return true;
}

uint32_t sysv_hash(const char *name)
{
	uint32_t h = 0;

	for (; *name; name++) {
		h = (h << 4) + (unsigned char)*name;
		h ^= (h >> 24) & 0xf0;
	}
	return h & 0x0fffffff;
}

/* The DT_GNU_HASH table, bounded. */
struct gnu_table {
	uint32_t buckets;
	uint32_t first_symbol;
	uint32_t bloom_words;
	uint32_t bloom_shift;
	const unsigned char *bloom;
	const unsigned char *bucket;
	const unsigned char *chain;
	size_t chain_count;
};

static bool open_gnu(const struct image *image, struct gnu_table *t)
{
	const unsigned char *at = image->gnu_hash.bytes;
	uint64_t used;

	if (image->gnu_hash.size < 16)
		return false;
	t->buckets = image_u32(image, at);
	t->first_symbol = image_u32(image, at + 4);
	t->bloom_words = image_u32(image, at + 8);
	t->bloom_shift = image_u32(image, at + 12);
	used = 16 + (uint64_t)t->bloom_words * (image->is_64 ? 8 : 4) + (uint64_t)t->buckets * 4;
	if (!t->buckets || !t->bloom_words || used > image->gnu_hash.size)
		return false;
	t->bloom = at + 16;
	t->bucket = t->bloom + (size_t)t->bloom_words * (image->is_64 ? 8 : 4);
	t->chain = t->bucket + (size_t)t->buckets * 4;
	t->chain_count = (image->gnu_hash.size - (size_t)used) / 4;
	return true;
}

/* The DT_HASH table; its entries have 8 bytes on s390x and Alpha. */
struct sysv_table {
	uint64_t buckets;
	uint64_t chains;
	size_t entry;
	const unsigned char *bucket;
	const unsigned char *chain;
};

static uint64_t sysv_entry(const struct image *image, const struct sysv_table *t,
			   const unsigned char *table, uint64_t index)
{
	const unsigned char *at = table + index * t->entry;

	return t->entry == 8 ? image_u64(image, at) : image_u32(image, at);
}

static bool open_sysv(const struct image *image, struct sysv_table *t)
{
	const unsigned char *at = image->hash.bytes;
	size_t most;

	t->entry = image->is_64 && (image->elf_machine == EM_S390 || image->elf_machine == EM_ALPHA) ? 8
												    : 4;
	if (image->hash.size < 2 * t->entry)
		return false;
	most = image->hash.size / t->entry - 2;
	t->buckets = sysv_entry(image, t, at, 0);
	t->chains = sysv_entry(image, t, at, 1);
	if (!t->buckets || t->buckets > most || t->chains > most - t->buckets)
		return false;
	t->bucket = at + 2 * t->entry;
	t->chain = t->bucket + t->buckets * t->entry;
	return true;
}

/* What the candidates of one image have come to so far. */
struct match {
	const struct image *image;
	const struct query_symbol *query;
	const struct lookup_rules *rules;
	struct symbol found;
	struct symbol remembered; /* one default version, or a base definition */
	bool is_found;
	unsigned remembered_count;
	bool base_remembered;
};

static bool candidate_usable(const struct match *m, const struct symbol *s)
{
	unsigned types = USUAL_TYPES;

	if (m->rules->libc == LIBC_GLIBC)
		types |= 1u << STT_GNU_IFUNC;
	if (s->value == 0 && s->type != STT_TLS &&
	    !(m->rules->libc == LIBC_GLIBC && s->section == SHN_ABS))
		return false;
	if (s->section == SHN_UNDEF &&
	    (m->query->class == CLASS_CALL || (m->rules->libc == LIBC_MUSL && s->type == STT_TLS)))
		return false;
	return (types >> s->type) & 1;
}

/* A versioned reference: exact version, or an unversioned (base) definition. */
static void match_versioned(struct match *m, const struct symbol *s, uint16_t versym)
{
	uint16_t index = versym & VERSION_MASK;
	const struct version *v = index < m->image->version_count ? &m->image->versions[index] : NULL;
	bool named = v && v->name && v->hash;
	bool exact_first = !m->rules->version || m->rules->version >= GLIBC(2, 42);

	if (named && v->hash == m->query->version_hash && !strcmp(v->name, m->query->version)) {
		m->found = *s;
		m->is_found = true;
	} else if (!m->query->version_hidden && !named && !(versym & VERSION_HIDDEN)) {
		if (!exact_first) {
			m->found = *s;
			m->is_found = true;
		} else if (!m->base_remembered) {
			m->remembered = *s;
			m->base_remembered = true;
		}
	}
}

/* An unversioned reference: the base or oldest version, else the only default one. */
static void match_unversioned(struct match *m, const struct symbol *s, uint16_t versym)
{
	if ((versym & VERSION_MASK) < (m->query->newest ? 2 : 3)) {
		m->found = *s;
		m->is_found = true;
	} else if (!(versym & VERSION_HIDDEN) && m->remembered_count++ == 0) {
		m->remembered = *s;
	}
}

/* Takes one entry of the chain; true ends the search in this image. */
static bool take(struct match *m, uint32_t index)
{
	struct symbol s;
	uint16_t versym;

	if (!image_symbol(m->image, index, &s) || !candidate_usable(m, &s) ||
	    strcmp(s.name, m->query->name))
		return false;
	versym = image_versym(m->image, index);
	if (m->rules->libc == LIBC_MUSL) {
		m->is_found = !(m->image->versym.bytes && (versym & VERSION_HIDDEN));
		m->found = s;
	} else if (!m->image->has_versions) {
		m->found = s;
		m->is_found = true;
	} else if (m->query->version) {
		match_versioned(m, &s, versym);
	} else {
		match_unversioned(m, &s, versym);
	}
	return m->is_found;
}

static bool bloom_passes(const struct image *image, const struct gnu_table *t, uint32_t hash)
{
	unsigned bits = image->is_64 ? 64 : 32;
	size_t word = (hash / bits) & (t->bloom_words - 1);
	uint64_t filter = image_word(image, t->bloom + word * (bits / 8));

	return (filter >> (hash % bits)) & (filter >> ((hash >> (t->bloom_shift & 31)) % bits)) & 1;
}

static void search_gnu(struct match *m)
{
	struct gnu_table t;
	uint32_t hash = m->query->gnu_hash;
	uint32_t at;

	if (!open_gnu(m->image, &t) || !bloom_passes(m->image, &t, hash))
		return;
	at = image_u32(m->image, t.bucket + (size_t)(hash % t.buckets) * 4);
	if (!at || at < t.first_symbol)
		return;
	for (; at - t.first_symbol < t.chain_count; at++) {
		uint32_t stored = image_u32(m->image, t.chain + (size_t)(at - t.first_symbol) * 4);

		if ((stored ^ hash) >> 1 == 0 && take(m, at))
			return;
		if (stored & 1)
			return;
	}
}

static void search_sysv(struct match *m)
{
	struct sysv_table t;
	uint64_t left;
	uint64_t at;

	if (!open_sysv(m->image, &t))
		return;
	at = sysv_entry(m->image, &t, t.bucket, sysv_hash(m->query->name) % t.buckets);
	for (left = t.chains; at && at < t.chains && left; left--) {
		if (take(m, (uint32_t)at))
			return;
		at = sysv_entry(m->image, &t, t.chain, at);
	}
}

bool lookup_symbol(const struct image *image, const struct query_symbol *query,
		   const struct lookup_rules *rules, struct symbol *ret)
{
	struct match m = { .image = image, .query = query, .rules = rules };

	if (image->gnu_hash.bytes)
		search_gnu(&m);
	else if (image->hash.bytes)
		search_sysv(&m);
	if (!m.is_found && (m.base_remembered || m.remembered_count == 1)) {
		m.found = m.remembered;
		m.is_found = true;
	}
	if (!m.is_found)
		return false;
	/* Such a symbol ends the search in this image, but is none to bind to. */
	if (rules->libc == LIBC_GLIBC &&
	    (m.found.visibility == STV_HIDDEN || m.found.visibility == STV_INTERNAL))
		return false;
	if (m.found.binding != STB_GLOBAL && m.found.binding != STB_WEAK &&
	    m.found.binding != STB_GNU_UNIQUE)
		return false;
	*ret = m.found;
	return true;
}

static int visit_gnu(const struct image *image, export_visit visit, void *data)
{
	struct gnu_table t;
	size_t visited = 0;
	uint32_t bucket;

	if (!open_gnu(image, &t))
		return 0;
	for (bucket = 0; bucket < t.buckets; bucket++) {
		uint32_t at = image_u32(image, t.bucket + (size_t)bucket * 4);

		if (!at || at < t.first_symbol)
			continue;
		for (; at - t.first_symbol < t.chain_count; at++) {
			uint32_t stored = image_u32(image, t.chain + (size_t)(at - t.first_symbol) * 4);
			int r = visit(data, at, stored >> 1);

			if (r)
				return r;
			if (++visited > t.chain_count)
				return -EBADMSG;
			if (stored & 1)
				break;
		}
	}
	return 0;
}

static int visit_sysv(const struct image *image, export_visit visit, void *data)
{
	struct sysv_table t;
	uint64_t budget = HASH_BUDGET(image);
	uint64_t bucket;
	uint64_t left;

	if (!open_sysv(image, &t))
		return 0;
	left = t.chains;
	for (bucket = 0; bucket < t.buckets; bucket++) {
		uint64_t at = sysv_entry(image, &t, t.bucket, bucket);

		while (at && at < t.chains) {
			struct symbol s;
			uint32_t hash;
			int r;

			if (!left--)
				return -EBADMSG;
			if (image_symbol(image, (uint32_t)at, &s)) {
				if (!gnu_hash_bounded(s.name, &budget, &hash))
					return -EBADMSG;
				r = visit(data, (uint32_t)at, hash >> 1);
				if (r)
					return r;
			}
			at = sysv_entry(image, &t, t.chain, at);
		}
	}
	return 0;
}

int lookup_exports(const struct image *image, export_visit visit, void *data)
{
	if (image->gnu_hash.bytes)
		return visit_gnu(image, visit, data);
	return image->hash.bytes ? visit_sysv(image, visit, data) : 0;
}
