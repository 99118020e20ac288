/* SPDX-License-Identifier: Apache-2.0 */
/* Words of baselines that their reader and their writer share. */
#ifndef MODEL_BASELINE_WORDS_H
#define MODEL_BASELINE_WORDS_H

#define BASELINE_HEAD "abifit-baseline 1"

/* By enum symbol_kind. */
static const char *const baseline_kinds[] = {
	"function", "variable", "ifunc", "tls", "common", "untyped", "absolute", "section", "other",
};

#endif
