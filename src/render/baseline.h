/* SPDX-License-Identifier: Apache-2.0 */
/* The types of a baseline; its form is told in read/baseline.h. */
#ifndef RENDER_BASELINE_H
#define RENDER_BASELINE_H

#include "base/out.h"
#include "model/corpus.h"

struct baseline_types;

/* 0 or -ENOMEM; baseline_types_end() after either. */
int baseline_types_begin(struct out *out, const struct corpus *corpus,
			 struct baseline_types **ret) MUST_CHECK;
/* " : " and the type of a symbol. */
void baseline_write_type(struct baseline_types *types, type_id id);
/* The lines of all types that have one. */
void baseline_write_types(struct baseline_types *types);
/* NULL is fine. */
void baseline_types_end(struct baseline_types *types);

#endif
