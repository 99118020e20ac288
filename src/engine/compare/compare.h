/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Is NEW a drop-in replacement for OLD? Judges by symbols, versions and the
 * dynamic section, as the target's loader treats them. Each part of the
 * question adds its findings to one comparison.
 */
#ifndef ENGINE_COMPARE_COMPARE_H
#define ENGINE_COMPARE_COMPARE_H

#include "model/comparison.h"
#include "model/loader.h"
#include "model/object.h"

struct compare_options {
	enum libc_kind libc; /* whose rules: musl does not compare versions */
	/*
	 * Does a library that NEW needs define the symbol (`version` NULL: any)? Says
	 * which; NULL: none does. The function may be NULL: nothing is known.
	 */
	const char *(*provider)(void *data, const char *name, const char *version);
	/* Are all libraries that NEW needs there, so that `provider` knows of all? May be NULL: no.
	 */
	bool (*all_known)(void *data);
	/* The glibc that judges, as GLIBC(); 0: not known. May be NULL: not known. */
	uint32_t (*glibc)(void *data);
	/* Did another library of OLD's package have the symbol? May be NULL. */
	bool (*known_elsewhere)(void *data, const char *name);
	bool require_types; /* without types on both sides it is undecided */
	/* In a history: did the step before add OLD's symbol "name@@V" to a released node? May be
	 * NULL. */
	bool (*was_backported)(void *data, const char *symbol);
	/* The libraries that OLD, and NEW, were released with, NULL-terminated; or NULL: alone. */
	const struct corpus *const *old_siblings, *const *new_siblings;
	const struct object_file *new_file; /* NEW by its section headers; NULL: a baseline */
	/*
	 * Marks those from the list's finding `first` on that the user has waived; they
	 * then ask nothing of the release. May be NULL. 0 or -ENOMEM.
	 */
	int (*waive)(void *data, struct findings *list, size_t first);
	void *data;
};

/* Either may be NULL: the library was added or removed. 0 or -ENOMEM. */
int compare(const struct corpus *old, const struct corpus *new,
	    const struct compare_options *options, struct comparison **ret) MUST_CHECK;
/* Sums the verdicts of the findings up; compare() has done so. */
void comparison_conclude(struct comparison *comparison);
/* NULL is fine. */
void comparison_free(struct comparison *comparison);

#endif
