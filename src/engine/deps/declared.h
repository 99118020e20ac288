/* SPDX-License-Identifier: Apache-2.0 */
/* What a package of Debian declares, beside what its files need and what a system has. */
#ifndef ENGINE_DEPS_DECLARED_H
#define ENGINE_DEPS_DECLARED_H

#include "base/map.h"
#include "model/deb-relation.h"
#include "model/finding.h"

/* A package that is there: installed, or given beside the one that is judged. */
struct deb_present {
	const char *name;
	const char *version; /* NULL: a name that some package provides without a version */
	const struct deb_present *next; /* another of that name; or NULL */
};

struct deb_declared {
	const char *path; /* for findings */
	const char *name;
	const char *version;
	struct deb_relations depends; /* Depends and Pre-Depends */
};

struct declared_question {
	const struct deb_declared *package;
	const struct deb_relations *needed; /* by its files */
	const struct map *present;	    /* name → struct deb_present; NULL: not known */
	const char *where;		    /* in words, where they are */
	/* 1: it is a package with libraries that others are linked with; else 0. -ENOMEM. */
	int (*is_library)(void *data, const char *package);
	void *data;
};

/* True if whatever fulfils `declared` fulfils `needed` as well. */
bool deb_relation_implies(const struct deb_relation *declared, const struct deb_relation *needed);

/* Adds findings deps/… to `list`. 0 or -ENOMEM. */
int declared_judge(const struct declared_question *question, struct findings *list) MUST_CHECK;

#endif
