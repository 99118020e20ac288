/* SPDX-License-Identifier: Apache-2.0 */
/* A list of findings as text: those of one rule together, the worst first. */
#ifndef RENDER_TEXT_FINDINGS_H
#define RENDER_TEXT_FINDINGS_H

#include "render/render.h"

/* One label of a finding's lines, as "why:". */
void text_label(struct out *out, const struct render_options *options, const char *label);
/* For qsort() of pointers to findings: the worst first, those of one rule together. */
int text_finding_order(const void *a, const void *b);
/*
 * Findings of one rule and verdict: one message, or the rule's summary with their messages.
 * `effect`: what is said in place of the rule's own; NULL: that.
 */
void text_finding_group(struct out *out, const struct render_options *options, const char *effect,
			const struct finding *const *group, size_t count);
/* Each message starts with its line, where it has one in the input. 0 or -ENOMEM. */
int text_findings(const struct findings *list, struct out *out,
		  const struct render_options *options) MUST_CHECK;

#endif
