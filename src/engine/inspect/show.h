/* SPDX-License-Identifier: Apache-2.0 */
/* The question `show`: what one file provides and needs. */
#ifndef ENGINE_INSPECT_SHOW_H
#define ENGINE_INSPECT_SHOW_H

#include "model/show.h"

/*
 * All about a program, a library or a core dump. Damage is no error: what could
 * be read is in *ret, the rest is told by the image's fault and by (*ret)->fault.
 * The image must outlive the result. 0 or -ENOMEM.
 */
int show_image(struct image *image, struct show **ret) MUST_CHECK;
/* NULL is fine. */
void show_free(struct show *show);

#endif
