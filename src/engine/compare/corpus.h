/* SPDX-License-Identifier: Apache-2.0 */
/* A library file → its interface. */
#ifndef ENGINE_COMPARE_CORPUS_H
#define ENGINE_COMPARE_CORPUS_H

#include "model/corpus.h"
#include "model/object.h"

/*
 * The interface of `image`, which must outlive it; `file` is the same file by its
 * section headers, `path` is how the user named it. Damage is in the image's fault
 * or in *ret_fault. 0 or -ENOMEM.
 */
int corpus_from_image(struct image *image, const struct object_file *file, const char *path,
		      struct fault *ret_fault, struct corpus **ret) MUST_CHECK;
/*
 * The interface of an archive or an object, for who links with it: what its
 * objects define for others, a name once. 0 or -ENOMEM.
 */
int corpus_from_objects(const struct show *show, const char *path, struct corpus **ret) MUST_CHECK;

/*
 * Bases and virtual functions of the exported classes, from the relocations of
 * their type information and virtual tables; the symbols must be there and
 * sorted. 0 or -ENOMEM.
 */
int corpus_add_classes(struct corpus *corpus) MUST_CHECK;

/*
 * Which virtual functions are pure, where debug information does not tell: by the tables,
 * which must be there. 0 or -ENOMEM.
 */
int corpus_mark_pure(struct corpus *corpus) MUST_CHECK;

/*
 * Does the image refer to a function of its own, whose name is wanted, by way of
 * the symbol table, so that another definition can take its place?
 */
bool corpus_calls_own(const struct image *image, bool (*is_wanted)(void *data, const char *name),
		      void *data);

#endif
