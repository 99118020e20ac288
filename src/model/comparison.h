/* SPDX-License-Identifier: Apache-2.0 */
/* Two releases of one library, side by side; made by engine/compare. */
#ifndef MODEL_COMPARISON_H
#define MODEL_COMPARISON_H

#include "model/corpus.h"
#include "model/finding.h"

/* Advice on the release that NEW is to be. */
enum bump { BUMP_NONE, BUMP_PATCH, BUMP_MINOR, BUMP_SONAME };

struct comparison {
	size_t step;		  /* of a history, from 0 */
	const struct corpus *old; /* NULL: the library was added */
	const char *old_path;	  /* NULL: the library was added */
	const char *new_path;	  /* NULL: it was removed */
	bool has_types;		  /* both sides tell types: those were compared, too */
	bool is_layout;		  /* of one source on two machines, not of two releases */
	bool is_static;		  /* archives or objects: for who links anew */
	const char *name;	  /* soname, or the file's name */
	struct findings findings;
	enum verdict binary;
	enum verdict source;
	size_t old_count; /* exported symbols */
	size_t new_count;
	size_t added;
	size_t removed;
	enum bump bump;
	const char *bump_reason;
	const char *libtool;  /* the advice in libtool's terms */
	const char *node;     /* where new symbols belong, or NULL */
	const char **forward; /* what a program built with NEW may need, NULL-terminated */
	const char *old_headers; /* who told which headers are the library's; NULL: nobody was asked */
	const char *new_headers;
	bool has_usage;	      /* it was measured by given programs */
	size_t program_count; /* of them, that load the library */
	size_t affected_count;
};

const char *bump_text(enum bump bump);

#endif
