/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of why_image() share. */
#ifndef ENGINE_INSPECT_WHY_ASK_H
#define ENGINE_INSPECT_WHY_ASK_H

#include "engine/inspect/symbols.h"
#include "engine/inspect/why.h"

struct asker {
	struct why *why;
	const struct why_question *question;
	const struct closure *closure; /* NULL: not known */
	uint32_t target;	       /* the library asked for, NO_OBJECT: none in the closure */
	const char *symbol;	       /* WHAT as a symbol, without its version */
	const char *version;	       /* that version, or NULL */
	bool is_source_name; /* WHAT looks like C++ or Rust as written: names are demangled */
	const char **paths;  /* of the closure's objects, copied on demand */
	struct show_imports imports; /* of the file or object at hand */
	uint32_t *providers; /* its symbols → object number plus 1, 0: not known; NULL: none is */
	uint32_t provider_count;
	struct name_budget budget;
};

/* Loads imports and providers of one image; `object`: its number in the closure, or NO_OBJECT. */
int ask_load(struct asker *asker, struct image *image, uint32_t object) MUST_CHECK;
/* *ret: the import causes the need. 0 or -ENOMEM. */
int ask_matches(const struct asker *asker, const struct show_import *import, bool *ret) MUST_CHECK;
/* The object that an import is bound to, or NO_OBJECT. */
uint32_t ask_provider(const struct asker *asker, const struct show_import *import);
/* The path of an object of the closure, as a string of the result. NULL: no memory. */
const char *ask_path(struct asker *asker, uint32_t object);
/* Fills why->users. */
int ask_users(struct asker *asker) MUST_CHECK;

#endif
