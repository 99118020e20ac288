/* SPDX-License-Identifier: Apache-2.0 */
/* Packages of rpm, and what the files of one give and need in its words. */
#ifndef LIB_RPM_FILES_H
#define LIB_RPM_FILES_H

#include "lib/deps.h"
#include "lib/inputs.h"
#include "model/rpm-package.h"

/* A package whose header was read; its strings live as long as the set. */
struct rpm_set {
	struct arena arena;
	struct array_of(struct rpm_package *) packages;
	struct map by_provide; /* name → struct rpm_provider, the first of a chain */
};

struct rpm_provider {
	const struct rpm_package *package;
	const struct rpm_relation *relation;
	struct rpm_provider *next;
};

/* Is it a file that starts as an rpm package does? */
bool rpm_is(const char *path);
/* Adds the package at `path`; one that cannot be read becomes an error of the report. */
int rpm_set_add(struct rpm_set *set, struct deps_run *run, const char *path) MUST_CHECK;
/* Adds all rpm packages of a folder; *ret_count: how many there are. */
int rpm_set_add_folder(struct rpm_set *set, struct deps_run *run, const char *folder,
		       size_t *ret_count) MUST_CHECK;
/* The first package that gives what is asked for, or NULL. */
const struct rpm_provider *rpm_set_find(const struct rpm_set *set,
					const struct rpm_relation *wanted);
void rpm_set_done(struct rpm_set *set);

/* The lines of all ELF files among `inputs`, which are opened. 0 or -ENOMEM. */
int rpm_files_lines(struct deps_run *run, struct input_files *inputs,
		    struct deps_file *ret) MUST_CHECK;

#endif
