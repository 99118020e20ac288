/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the search for renamed symbols share. */
#ifndef ENGINE_COMPARE_RENAMES_H
#define ENGINE_COMPARE_RENAMES_H

#include "engine/compare/cxx-name.h"
#include "engine/compare/parts.h"

/* What names are compared by many times: equal texts have equal numbers. */
struct name_keys {
	uint64_t qualified;
	uint64_t parameters;
	uint64_t qualifiers;
	uint64_t without_tags;	    /* of the text */
	uint64_t without_arguments; /* of `qualified` */
	bool has_reference;	    /* in the qualifiers */
	bool has_arguments;	    /* in `qualified` */
};

struct renames {
	struct compare *c;
	struct arena arena;
	struct cxx_name *gone, *fresh; /* by place in the lists of `c`; NULL: not parsed */
	struct name_keys *gone_keys, *fresh_keys;
	bool *settled; /* by place in `gone`: it has its finding */
	bool *hidden;  /* by place in `gone`: NEW has it inside */
	bool *taken;   /* by place in `fresh`: it is the new form of another */
};

static inline const struct corpus_symbol *gone_at(const struct renames *r, size_t i)
{
	return r->c->gone.items[i];
}

static inline const struct corpus_symbol *fresh_at(const struct renames *r, size_t i)
{
	return r->c->fresh.items[i];
}

/* The place of a name in a list that is sorted by them; SIZE_MAX: it is not there. */
size_t symbols_find(const struct corpus_symbol *const *symbols, size_t count, const char *name);
/* The place of an added name; SIZE_MAX: it was not added. */
size_t renames_find_fresh(const struct renames *r, const char *name);
/* Does the library have a symbol that starts so? */
bool renames_has_prefix(const struct corpus *corpus, const char *prefix);

/* Finds out what is only hidden in NEW, by its .symtab. */
void renames_find_hidden(struct renames *r);
/* Pairs what is gone with what was added by their C++ names. 0 or -ENOMEM. */
int renames_pair(struct renames *r) MUST_CHECK;
/*
 * How sure it is that old programs miss a function that is gone: not when each has a copy of
 * its own, or none can call it. Lowers the finding and says why. 0 or -ENOMEM.
 */
int renames_weigh_loss(struct compare *c, const struct corpus_symbol *old,
		       struct finding *finding) MUST_CHECK;
/* Has the library another function of the same qualified name? */
bool renames_has_overload(struct compare *c, const struct corpus *corpus, const char *name);
/* The rule for a member function whose place in the class, or in its bases, tells what became of
 * it; NULL: none. */
const char *classes_lost_rule(const struct renames *r, const char *name);
/* The rule for a symbol that is gone without a new form, by what else NEW has; NULL: it is just
 * gone. */
const char *renames_lost_rule(const struct renames *r, size_t gone);

#endif
