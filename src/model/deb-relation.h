/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Relations between packages of Debian (Debian Policy 7.1): "a (>= 1) | b [linux-any], c".
 * Also rpm's are kept in this form, one alternative each.
 */
#ifndef MODEL_DEB_RELATION_H
#define MODEL_DEB_RELATION_H

#include "base/arena.h"
#include "base/array.h"

enum deb_operator { DEB_ANY, DEB_GE, DEB_GT, DEB_EQ, DEB_LT, DEB_LE };

struct deb_relation {
	const char *package;
	const char *qualifier; /* after the colon, or NULL */
	enum deb_operator op;
	const char *version;	  /* NULL: any */
	const char *arches;	  /* the list between brackets, or NULL */
	const char *restrictions; /* the lists with their angles, or NULL */
};

/* Alternatives: one of them is enough. */
struct deb_alternatives array_of(struct deb_relation);
/* All of them are needed. */
struct deb_relations array_of(struct deb_alternatives);

/* *ret_fault: what cannot be understood, or NULL. Strings live in `arena`. 0 or -ENOMEM. */
int deb_relations_parse(struct arena *arena, const char *text, struct deb_relations *ret,
			const char **ret_fault) MUST_CHECK;
void deb_relations_done(struct deb_relations *relations);
/* In the order in which Debian's tools write them. */
void deb_relations_sort(struct deb_relations *relations);
/* "a (>= 1) | b"; NULL when out of memory. */
const char *deb_alternatives_text(struct arena *arena, const struct deb_alternatives *alternatives);
const char *deb_operator_text(enum deb_operator op);

/* Does it count on that architecture, when no build profile is active? */
bool deb_relation_concerns(const struct deb_relation *relation, const char *arch);
/* Is `version` one that the relation allows? */
bool deb_relation_allows(const struct deb_relation *relation, const char *version);

#endif
