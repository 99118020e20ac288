/* SPDX-License-Identifier: Apache-2.0 */
/* One search under way: trying files and folders. Only search.c and query.c know of it. */
#ifndef ENGINE_LOAD_QUERY_H
#define ENGINE_LOAD_QUERY_H

#include "engine/load/search.h"

/* One running search. */
struct query {
	struct search *search;
	const struct closure *closure;
	uint32_t requester;
	const char *name;
	struct trail *trail;
	struct found found;
	bool wrong_class; /* a candidate of another class was passed over */
	bool ended;	  /* found, or refused for good */
	bool in_list;	  /* a list of folders is being searched */
	bool list_ended;  /* an odd error: no more folders of this list are looked at */
};

/* 0 or -ENOMEM; what was found is in the query. */

/* Notes one place and what became of it, where a trail is kept. */
int query_note(struct query *q, const char *path, enum found_by found_by, uint32_t object,
	       const char *outcome) MUST_CHECK;
/* Would the loader take the file at `path`? musl takes the first that opens, glibc goes on past
 * some. */
int query_try_file(struct query *q, const char *path, enum found_by found_by,
		   uint32_t object) MUST_CHECK;
/* Is `level` a glibc-hwcaps folder for processors of level `best`? */
bool query_level_usable(const struct machine *machine, const char *best, const char *level);
/* Looks in each folder of a list, with its hardware sub-folders. */
int query_try_folders(struct query *q, const struct folder_list *list, enum found_by found_by,
		      uint32_t object) MUST_CHECK;

#endif
