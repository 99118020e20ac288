/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All references of many images, each resolved once against all of them.
 *
 * A program run through the loader looks every reference up in every object
 * of its scope. Over many programs that is the same work again and again, so
 * here each distinct question (name, version, class) is a `key`, and for each
 * key the images that would answer it are worked out once, with the loader's
 * own look-up (lookup.h). To bind a reference in some closure is then to pick
 * the hit whose image comes first in its scope.
 *
 * Built once, read from many threads. Work is split by name hash into shards,
 * one a thread, so that no locks are needed.
 */
#ifndef ENGINE_LOAD_INDEX_H
#define ENGINE_LOAD_INDEX_H

#include "engine/load/lookup.h"

#define NO_KEY UINT32_MAX
#define NO_HIT UINT32_MAX

enum index_flag {
	INDEX_EAGER = 1,
	INDEX_WEAK = 2,
	INDEX_PROTECTED = 4,
	INDEX_DEFINED = 8, /* the referring image defines the symbol itself */
	INDEX_TLS = 16,	   /* the referring image takes it for thread-local */
};

/* One reference of an image. */
struct index_reference {
	uint32_t key;
	uint32_t symbol;
	uint8_t class;
	uint8_t flags;
};

/* One image that answers a key. */
struct index_hit {
	uint32_t image; /* image->id */
	uint32_t symbol;
	uint32_t next; /* NO_HIT: last */
	uint8_t type;
	uint8_t binding;
	bool protected; /* STV_PROTECTED */
	bool hidden; /* a version that is not the default, found by a reference without version */
};

struct index_image {
	struct image *image;
	struct index_reference *references;
	uint32_t *hashes; /* of their names, while the index is made */
	uint32_t count;
	int error;	/* why its references could not be read, or 0 */
	size_t outside; /* references that could not be taken up */
};

struct symbol_index;

/*
 * `images` holds `count` images with distinct ids below `id_limit`. 0 or
 * -ENOMEM; damage of one image is its own error.
 */
int symbol_index_build(struct image **images, size_t count, uint32_t id_limit,
		       const struct lookup_rules *rules, unsigned threads,
		       struct symbol_index **ret) MUST_CHECK;
void symbol_index_free(struct symbol_index *index);

/* The references of an image of the index; NULL if it is not in it. */
const struct index_image *symbol_index_image(const struct symbol_index *index, uint32_t image);
/* The first hit of a key, NULL for none; and the one behind a hit. */
const struct index_hit *symbol_index_hits(const struct symbol_index *index, uint32_t key);
const struct index_hit *symbol_index_next(const struct symbol_index *index, uint32_t key,
					  const struct index_hit *hit);
/* What a key asks for. */
const char *symbol_index_name(const struct symbol_index *index, uint32_t key);
const char *symbol_index_version(const struct symbol_index *index, uint32_t key);
const struct lookup_rules *symbol_index_rules(const struct symbol_index *index);
uint32_t symbol_index_id_limit(const struct symbol_index *index);

#endif
