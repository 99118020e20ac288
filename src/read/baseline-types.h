/* SPDX-License-Identifier: Apache-2.0 */
/* The types of a baseline; only read/baseline*.c know of it. */
#ifndef READ_BASELINE_TYPES_H
#define READ_BASELINE_TYPES_H

#include "base/numbers.h"
#include "model/corpus.h"

struct baseline_types {
	struct corpus *corpus;
	struct types *types; /* NULL: the baseline has none so far */
	struct numbers
		by_name; /* of those that have a line; hash of kind and name: a place in `named` */
	struct array_of(struct baseline_name) named;
	struct array_of(struct type_part) parts; /* of the type under way */
	type_id current;			 /* 0: none */
	struct array_of(uint32_t) of_symbols;	 /* by symbol, in the order of the lines */
	const char *at;				 /* of the line under way */
	unsigned depth;
	bool no_memory;
};

struct baseline_name {
	const char *name;
	uint32_t number;
	type_id id;
	uint8_t kind;
	bool is_defined;
};

/* Is it a line about a type, or about a part of one? */
bool baseline_is_type_line(const char *line);
/* One such line, which is changed. *ret_text: what is wrong with it, or NULL. 0 or -ENOMEM. */
int baseline_take_type(struct baseline_types *reader, char *line, const char **ret_text) MUST_CHECK;
/* The type of the symbol that was taken last; `text` NULL: it has none. As above. */
int baseline_take_symbol_type(struct baseline_types *reader, char *text,
			      const char **ret_text) MUST_CHECK;
/* Ends the last type; the corpus then has the types. As above. */
int baseline_types_finish(struct baseline_types *reader, const char **ret_text) MUST_CHECK;
void baseline_types_done(struct baseline_types *reader);

#endif
