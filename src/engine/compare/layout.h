/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One interface built for two machines: which of its types have another layout
 * there. Says nothing on programs; what counts is files and messages that are
 * written from memory on one machine and read on the other.
 */
#ifndef ENGINE_COMPARE_LAYOUT_H
#define ENGINE_COMPARE_LAYOUT_H

#include "model/comparison.h"

/* 0 or -ENOMEM. */
int compare_layout(const struct corpus *one, const struct corpus *other,
		   struct comparison **ret) MUST_CHECK;

#endif
