/* SPDX-License-Identifier: Apache-2.0 */
/* A library file → its interface. */
#ifndef ENGINE_COMPARE_CORPUS_H
#define ENGINE_COMPARE_CORPUS_H

#include "model/corpus.h"

/*
 * The interface of `image`, which must outlive it; `path` is how the user named
 * it. Damage is in the image's fault or in *ret_fault. 0 or -ENOMEM.
 */
int corpus_from_image(struct image *image, const char *path, struct fault *ret_fault,
		      struct corpus **ret) MUST_CHECK;

#endif
