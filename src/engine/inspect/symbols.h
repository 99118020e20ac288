/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The dynamic symbols of an image as lists: what the loader can reach through
 * its hash table, and what it asks other files for. Only definitions that the
 * loader would bind to are exports; a hash table hides the rest.
 */
#ifndef ENGINE_INSPECT_SYMBOLS_H
#define ENGINE_INSPECT_SYMBOLS_H

#include "model/show.h"

/*
 * Bytes of names that one file may bring along. Names can overlap in its string
 * table, so that their sum is not bounded by its size; sound files need far less.
 */
struct name_budget {
	uint64_t left;
};

struct name_budget name_budget(const struct image *image);
/* Takes the length of `text` (NULL: 0) off the budget; false when that is used up. */
bool name_budget_take(struct name_budget *budget, const char *text);

/* Entries of the dynamic symbol table; no tag tells their number, so it is worked out. */
uint32_t symbols_count(const struct image *image);

/*
 * Fill lists, sorted as model/show.h says. The image's versions are loaded by
 * this. What is left out because of damage is told by `fault`, unless that holds
 * something already. 0 or -ENOMEM.
 */
int symbols_exports(struct image *image, struct name_budget *budget, struct show_exports *ret,
		    struct fault *fault) MUST_CHECK;
int symbols_imports(struct image *image, struct name_budget *budget, struct show_imports *ret,
		    struct fault *fault) MUST_CHECK;

void fault_set(struct fault *fault, const char *rule, const char *section, const char *text);

#endif
