/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The question `why`: which imports cause a need, and which objects hold the
 * references. First why_image(), then why_object() for each object that the
 * file was linked from, then why_linker_map(), last why_finish(). Objects tell
 * the references better than the map does, so those of the map are taken only
 * when there are no objects.
 */
#ifndef ENGINE_INSPECT_WHY_H
#define ENGINE_INSPECT_WHY_H

#include "model/forecast.h"
#include "model/linkmap.h"
#include "model/object.h"
#include "model/why.h"

struct why_question {
	struct image *image;
	const char *path; /* as the user named it */
	const char *what; /* a version, a library, a symbol, symbol@version, a demangled name */
	const struct forecast *forecast; /* with bindings; NULL: the closure is not known */
};

/* 0 or -ENOMEM. The images must outlive the result; the forecast need not. */
int why_image(const struct why_question *question, struct why **ret) MUST_CHECK;

/* Gathers the objects that hold references; lives until why_finish(). */
struct why_blame {
	struct why *why;
	struct map causes;  /* symbol → number of the first cause, plus 1 */
	struct map reasons; /* base name of a member → its struct linkmap_reason */
	uint32_t *next;	    /* cause → the next one of the same symbol, plus 1 */
	const struct linkmap *map;
	const char *file, *member; /* of the object that was searched last */
};

int why_blame_init(struct why_blame *blame, struct why *why) MUST_CHECK;
/* Takes the reasons and references of a linker's map, which must live until why_finish(). */
int why_linker_map(struct why_blame *blame, const struct linkmap *map) MUST_CHECK;
/*
 * Searches one object. `member`: its name in the archive `file`, or NULL. Both are copied.
 * The places of its references to causes are added to *uses; NULL: not asked for. 0 or
 * -ENOMEM.
 */
int why_object(struct why_blame *blame, const char *file, const char *member,
	       const struct object_file *object, struct why_uses *uses) MUST_CHECK;
/*
 * Adds the source lines of places to the object that why_object() searched last, or with
 * `is_file` to the file itself. Texts of `lines` must live as long as the answer. 0 or -ENOMEM.
 */
int why_add_lines(struct why_blame *blame, const struct why_use *uses,
		  const struct source_line *lines, size_t count, bool is_file) MUST_CHECK;
/*
 * Where the code of the file itself calls or reads what causes the need: by way of tables
 * that relocations fill. Machines: x86-64, aarch64; nothing is found on others. 0 or -ENOMEM.
 */
int why_image_uses(const struct image *image, const struct why *why,
		   struct why_uses *ret) MUST_CHECK;
/* Follows the reasons of all objects found; frees what only the search needed, in any case. */
int why_finish(struct why_blame *blame) MUST_CHECK;
void why_blame_done(struct why_blame *blame);

/* NULL is fine. */
void why_free(struct why *why);

#endif
