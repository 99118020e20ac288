/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Options as typed rows: parsing, help and completion all come from them. A
 * command has tables of rows, and a struct of settings; each table says at
 * which offset of the settings its own struct starts, each row where in that
 * struct its value goes. All settings start as zero.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/arena.h"
#include "base/out.h"
#include "cli/list.h"

enum option_kind {
	OPTION_FLAG,	/* uint32_t: `bit` is set in it */
	OPTION_STRING,	/* const char *; `choices` are suggestions */
	OPTION_LIST,	/* struct list: repeatable, and "@file" adds each line of a file */
	OPTION_VERSION, /* const char *: starts as "N.N" */
	OPTION_NUMBER,	/* uint32_t within `min`..`max` */
	OPTION_SIZE,	/* the same, a power of two in bytes, "K" and "M" allowed */
	OPTION_CHOICE,	/* uint32_t: the value of one of `choices` */
	OPTION_CHOICES, /* uint32_t: repeatable, the values or'ed */
};

/* What a shell offers for a value or an operand. */
enum option_completion { COMPLETE_NOTHING, COMPLETE_FILE, COMPLETE_FOLDER, COMPLETE_RULE };

struct option_choice {
	const char *name; /* NULL ends the choices */
	uint32_t value;
};

struct option_row {
	const char *name;  /* NULL ends the rows */
	const char *alias; /* another long name, or NULL */
	char letter;	   /* short name, or 0 */
	enum option_kind kind;
	enum option_completion complete;
	size_t offset;
	uint32_t bit;
	uint32_t min;
	uint32_t max;
	const struct option_choice *choices;
	const char *value; /* name of the value in the help; NULL: the choices */
	const char *help;
};

struct option_table {
	const char *title; /* NULL ends the tables */
	const struct option_row *rows;
	size_t offset;
};

enum option_request { REQUEST_RUN, REQUEST_HELP, REQUEST_LIST };

/*
 * Reads `argv` (argv[0] is the command's name) into `settings`. Operands are
 * added to `operands` as they are. Returns 0; -EINVAL: wrong use; or the
 * negative errno value of an "@file". `ret` tells what to do then.
 */
int options_parse(const struct option_table *tables, int argc, char **argv, void *settings,
		  struct arena *arena, struct list *operands, enum option_request *ret) MUST_CHECK;

bool option_has_value(const struct option_row *row);
/* "FILE", or the choices as "a|b". */
void option_write_value(struct out *out, const struct option_row *row);
void options_write_help(struct out *out, const struct option_table *tables);
/* Every spelling on a line of its own. */
void options_write_list(struct out *out, const struct option_table *tables);

#define OPTION_EACH(tables, table, row)                                                            \
	for (const struct option_table *table = (tables); table->title; table++)                   \
		for (const struct option_row *row = table->rows; row->name; row++)

#endif
