/* SPDX-License-Identifier: Apache-2.0 */
/* Parsing of options by their rows, over getopt_long; contract in cli/options.h. */
#include "cli/options.h"

#include "cli/message.h"

#include <getopt.h>
#include <string.h>

/* Values that getopt_long returns; a row's is FIRST_ROW + its index. */
enum { GETOPT_LIST = 1, GETOPT_HELP = 'h', FIRST_ROW = 256 };

struct place {
	const struct option_row *row;
	size_t offset; /* of the table's struct in the settings */
};

struct parser {
	const char *command;
	void *settings;
	struct arena *arena;
	struct array_of(struct place) places;
	struct array_of(struct option) longs;
	struct array_of(char) letters;
};

bool option_has_value(const struct option_row *row)
{
	return row->kind != OPTION_FLAG;
}

static int add_long(struct parser *parser, const char *name, bool has_value, int value)
{
	struct option option = {
		.name = name,
		.has_arg = has_value ? required_argument : no_argument,
		.val = value,
	};

	return array_push(&parser->longs, option);
}

static int add_letter(struct parser *parser, char letter, bool has_value)
{
	int r = array_push(&parser->letters, letter);

	if (!r && has_value)
		r = array_push(&parser->letters, ':');
	return r;
}

static int add_row(struct parser *parser, const struct option_table *table,
		   const struct option_row *row)
{
	int value = FIRST_ROW + (int)parser->places.count;
	bool has_value = option_has_value(row);
	int r = array_push(&parser->places, (struct place){ row, table->offset });

	if (!r)
		r = add_long(parser, row->name, has_value, value);
	if (!r && row->alias)
		r = add_long(parser, row->alias, has_value, value);
	if (!r && row->letter)
		r = add_letter(parser, row->letter, has_value);
	return r;
}

/* The leading ':' makes getopt_long tell a missing value from an unknown option. */
static int parser_init(struct parser *parser, const struct option_table *tables)
{
	int r = add_letter(parser, ':', false);

	OPTION_EACH(tables, table, row) {
		if (!r)
			r = add_row(parser, table, row);
	}
	if (!r)
		r = add_long(parser, "help", false, GETOPT_HELP);
	if (!r)
		r = add_letter(parser, 'h', false);
	if (!r)
		r = add_long(parser, "list-options", false, GETOPT_LIST);
	if (!r)
		r = array_push(&parser->longs, (struct option){ 0 });
	if (!r)
		r = array_push(&parser->letters, '\0');
	return r;
}

static void parser_done(struct parser *parser)
{
	array_done(&parser->places);
	array_done(&parser->longs);
	array_done(&parser->letters);
}

static const struct place *place_of(const struct parser *parser, int value)
{
	if (value >= FIRST_ROW)
		return &parser->places.items[value - FIRST_ROW];
	for (size_t i = 0; i < parser->places.count; i++) {
		if (parser->places.items[i].row->letter == value)
			return &parser->places.items[i];
	}
	return NULL;
}

static int set_choice(const struct option_row *row, const char *text, uint32_t *field)
{
	const struct option_choice *choice = row->choices;
	struct out names;

	for (; choice->name; choice++) {
		if (strcmp(choice->name, text) != 0)
			continue;
		*field = choice->value | (row->kind == OPTION_CHOICES ? *field : 0);
		return 0;
	}
	out_init(&names, NULL, NULL);
	for (choice = row->choices; choice->name; choice++)
		out_printf(&names, "%s%s", choice == row->choices ? "" : ", ", choice->name);
	out_char(&names, '\0');
	message("--%s: '%s' is none of: %s", row->name, text, names.error ? "?" : names.bytes);
	out_done(&names);
	return -EINVAL;
}

/* Digits and, for a size, a unit; false when it is anything else or too big. */
static bool read_number(const char *text, bool units, uint64_t *ret)
{
	uint64_t number = 0;

	if (*text < '0' || *text > '9')
		return false;
	for (; *text >= '0' && *text <= '9'; text++) {
		number = number * 10 + (uint64_t)(*text - '0');
		if (number > UINT32_MAX)
			return false;
	}
	if (units && (*text == 'K' || *text == 'k'))
		number <<= 10, text++;
	else if (units && *text == 'M')
		number <<= 20, text++;
	*ret = number;
	return *text == '\0';
}

static int set_number(const struct option_row *row, const char *text, uint32_t *field)
{
	bool is_size = row->kind == OPTION_SIZE;
	uint64_t number;

	if (read_number(text, is_size, &number) && number >= row->min && number <= row->max &&
	    !(is_size && (number & (number - 1)))) {
		*field = (uint32_t)number;
		return 0;
	}
	if (is_size)
		message("--%s: '%s' is not a power of two from %uK to %uK", row->name, text,
			row->min >> 10, row->max >> 10);
	else
		message("--%s: '%s' is not a number from %u to %u", row->name, text, row->min,
			row->max);
	return -EINVAL;
}

static int set_version(const struct option_row *row, const char *text, const char **field)
{
	size_t major = strspn(text, "0123456789");

	bool is_known = major && text[major] == '.' && strspn(text + major + 1, "0123456789");
	const struct option_choice *word;

	for (word = row->choices; word && word->name && !is_known; word++)
		is_known = !strcmp(word->name, text);
	if (is_known) {
		*field = text;
		return 0;
	}
	message("--%s: '%s' is not a version such as 2.36", row->name, text);
	return -EINVAL;
}

static int set_option(struct parser *parser, const struct place *place, const char *text)
{
	const struct option_row *row = place->row;
	void *field = (unsigned char *)parser->settings + place->offset + row->offset;

	switch (row->kind) {
	case OPTION_FLAG:
		*(uint32_t *)field |= row->bit;
		return 0;
	case OPTION_STRING:
		*(const char **)field = text;
		return 0;
	case OPTION_LIST:
		return list_add_expanded(field, parser->arena, text);
	case OPTION_VERSION:
		return set_version(row, text, field);
	case OPTION_NUMBER:
	case OPTION_SIZE:
		return set_number(row, text, field);
	case OPTION_CHOICE:
	case OPTION_CHOICES:
		return set_choice(row, text, field);
	}
	return -EINVAL;
}

static bool is_start_of_any(const struct parser *parser, const char *name)
{
	for (size_t i = 0; i + 1 < parser->longs.count; i++) {
		if (strncmp(parser->longs.items[i].name, name, strlen(name)) == 0)
			return true;
	}
	return false;
}

static void say_unknown_long(const struct parser *parser, const char *text)
{
	const struct option *longs = parser->longs.items;
	char name[64] = { 0 };
	const char *nearest;

	text += strspn(text, "-");
	strncpy(name, text, size_min(strcspn(text, "="), sizeof(name) - 1));
	if (is_start_of_any(parser, name)) {
		message("%s: --%s is the start of more than one option", parser->command, name);
		return;
	}
	nearest = message_nearest(name, &longs->name, parser->longs.count, sizeof(*longs));
	if (nearest)
		message("%s has no option --%s; did you mean --%s?", parser->command, name,
			nearest);
	else
		message("%s has no option --%s; see 'abifit %s --help'", parser->command, name,
			parser->command);
}

static int say_wrong(const struct parser *parser, int result, char *const *argv)
{
	const struct place *place = optopt ? place_of(parser, optopt) : NULL;

	if (result == ':' && place)
		message("--%s needs a value", place->row->name);
	else if (place)
		message("--%s takes no value", place->row->name);
	else if (optopt == GETOPT_HELP || optopt == GETOPT_LIST)
		message("%s takes no value", optopt == GETOPT_HELP ? "--help" : "--list-options");
	else if (!optopt)
		say_unknown_long(parser, argv[optind - 1]);
	else
		message("%s has no option -%c; see 'abifit %s --help'", parser->command, optopt,
			parser->command);
	return -EINVAL;
}

static int parse(struct parser *parser, int argc, char **argv, enum option_request *ret)
{
	int r = 0;

	*ret = REQUEST_RUN;
	opterr = 0;
	optind = 0;
	while (!r && *ret == REQUEST_RUN) {
		const char *letters = parser->letters.items;
		int result = getopt_long(argc, argv, letters, parser->longs.items, NULL);

		if (result == -1)
			break;
		if (result == GETOPT_HELP)
			*ret = REQUEST_HELP;
		else if (result == GETOPT_LIST)
			*ret = REQUEST_LIST;
		else if (result == '?' || result == ':')
			r = say_wrong(parser, result, argv);
		else
			r = set_option(parser, place_of(parser, result), optarg);
	}
	return r;
}

int options_parse(const struct option_table *tables, int argc, char **argv, void *settings,
		  struct arena *arena, struct list *operands, enum option_request *ret)
{
	struct parser parser = { .command = argv[0], .settings = settings, .arena = arena };
	int r = parser_init(&parser, tables);

	if (!r)
		r = parse(&parser, argc, argv, ret);
	for (int i = optind; !r && i < argc; i++)
		r = list_add(operands, argv[i]);
	parser_done(&parser);
	return r;
}
