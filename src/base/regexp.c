/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pattern becomes a program that is run on all its paths at once (Thompson).
 * Jumps are relative, so that a piece of the program can be moved and copied, as
 * repetitions need it. Contract in base/regexp.h.
 */
#include "base/regexp.h"

#include <string.h>

#define MOST_STEPS 4096
#define MOST_SETS 512
#define DEEPEST 64
#define NO_LIMIT SIZE_MAX

enum op {
	OP_BYTE,
	OP_ANY,
	OP_SET,
	OP_JUMP,
	OP_SPLIT, /* goes on at both ends of the jump */
	OP_TEXT_START,
	OP_TEXT_END,
	OP_WORD_START,
	OP_WORD_END,
	OP_WORD_EDGE,
	OP_NO_WORD_EDGE,
	OP_MATCH,
};

struct step {
	uint8_t op;
	uint8_t byte;
	uint16_t set;
	int16_t first; /* OP_JUMP, OP_SPLIT: relative to the step itself */
	int16_t second;
};

struct set {
	uint8_t bits[32];
};

struct regexp {
	struct step *steps;
	size_t count;
	struct set *sets;
	/* Of a search: the paths at this byte and at the next, each step once. */
	uint16_t *now, *next, *stack;
	uint32_t *seen; /* by step: the round that it was last added in */
};

struct compiler {
	const char *at;
	struct step steps[MOST_STEPS];
	size_t count;
	struct set sets[MOST_SETS];
	size_t set_count;
	unsigned depth;
	const char *fault;
};

static const char too_long[] = "is too long, or repeats too much";

static bool set_has(const struct set *set, unsigned char c)
{
	return set->bits[c / 8] >> (c % 8) & 1;
}

static void set_add(struct set *set, unsigned from, unsigned to)
{
	for (; from <= to; from++)
		set->bits[from / 8] |= (uint8_t)(1u << (from % 8));
}

static void set_invert(struct set *set)
{
	for (size_t i = 0; i < sizeof(set->bits); i++)
		set->bits[i] = (uint8_t)~set->bits[i];
}

static const struct class
{
	const char *name;
	const char *ranges; /* pairs */
} classes[] = {
	{ "alpha", "azAZ" },
	{ "digit", "09" },
	{ "alnum", "azAZ09" },
	{ "upper", "AZ" },
	{ "lower", "az" },
	{ "space", "\t\r  " },
	{ "blank", "\t\t  " },
	{ "punct", "!/:@[`{~" },
	{ "print", " ~" },
	{ "graph", "!~" },
	{ "cntrl", "\1\37\177\177" },
	{ "xdigit", "09afAF" },
	{ "word", "azAZ09__" }, /* \w, under no name that a pattern can have */
};

#define CLASS_SPACE 5
#define CLASS_WORD (ARRAY_SIZE(classes) - 1)

static void set_add_class(struct set *set, size_t number)
{
	const char *range;

	for (range = classes[number].ranges; *range; range += 2)
		set_add(set, (unsigned char)range[0], (unsigned char)range[1]);
}

static bool is_word(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Compiling. */

static void fail(struct compiler *c, const char *fault)
{
	if (!c->fault)
		c->fault = fault;
}

static struct step *emit(struct compiler *c, enum op op)
{
	/* There is always one to write to; the fault makes nobody use it. */
	if (c->count == MOST_STEPS - 1) {
		fail(c, too_long);
		c->count--;
	}
	c->steps[c->count] = (struct step){ .op = (uint8_t)op };
	return &c->steps[c->count++];
}

static void emit_jump(struct compiler *c, enum op op, ptrdiff_t first, ptrdiff_t second)
{
	struct step *step = emit(c, op);

	step->first = (int16_t)first;
	step->second = (int16_t)second;
}

/* Puts a split in front of what stands from `start` on: into it, or `second` steps on. */
static void insert_split(struct compiler *c, size_t start, size_t second)
{
	emit(c, OP_SPLIT);
	if (c->fault)
		return;
	memmove(&c->steps[start + 1], &c->steps[start],
		(c->count - 1 - start) * sizeof(c->steps[0]));
	c->steps[start] = (struct step){ .op = OP_SPLIT, .first = 1, .second = (int16_t)second };
}

static struct set *emit_set(struct compiler *c)
{
	struct step *step = emit(c, OP_SET);

	if (c->set_count == MOST_SETS) {
		fail(c, too_long);
		c->set_count--;
	}
	step->set = (uint16_t)c->set_count;
	c->sets[c->set_count] = (struct set){ 0 };
	return &c->sets[c->set_count++];
}

/* "[:alpha:]", at its colon. */
static void take_class(struct compiler *c, struct set *set)
{
	const char *name = c->at + 1;
	const char *end = strstr(name, ":]");
	size_t i;

	for (i = 0; end && i < CLASS_WORD; i++) {
		if (strlen(classes[i].name) != (size_t)(end - name) ||
		    memcmp(classes[i].name, name, (size_t)(end - name)))
			continue;
		set_add_class(set, i);
		c->at = end + 2;
		return;
	}
	fail(c, "names a class that there is none of");
}

/* One end of a range, or a byte; also as "[.x.]" or "[=x=]". -1: a fault. */
static int take_member(struct compiler *c)
{
	char mark = c->at[0] == '[' ? c->at[1] : '\0';

	if (mark == '.' || mark == '=') {
		if (!c->at[2] || c->at[3] != mark || c->at[4] != ']') {
			fail(c, "has a collating element of more than one byte");
			return -1;
		}
		c->at += 5;
		return (unsigned char)c->at[-3];
	}
	if (!*c->at) {
		fail(c, "has a bracket that is not closed");
		return -1;
	}
	return (unsigned char)*c->at++;
}

/* A byte or a range. A hyphen as such stands first or last. */
static void take_members(struct compiler *c, struct set *set, bool is_first)
{
	bool is_stray = *c->at == '-' && !is_first && c->at[1] != ']';
	int from = take_member(c);
	int to = from;

	if (is_stray)
		fail(c, "has a hyphen in brackets that is neither first nor last");
	if (from >= 0 && c->at[0] == '-' && c->at[1] != ']') {
		c->at++;
		to = take_member(c);
		if (to < from)
			fail(c, "has a range from high to low");
	}
	if (!c->fault)
		set_add(set, (unsigned)from, (unsigned)to);
}

/* Behind "[". */
static void take_brackets(struct compiler *c)
{
	struct set *set = emit_set(c);
	bool inverted = *c->at == '^';
	const char *first = c->at += inverted;

	while (!c->fault && (*c->at != ']' || c->at == first)) {
		if (c->at[0] == '[' && c->at[1] == ':') {
			c->at++;
			take_class(c, set);
		} else {
			take_members(c, set, c->at == first);
		}
	}
	if (c->fault)
		return;
	c->at++;
	if (inverted)
		set_invert(set);
}

static void emit_class(struct compiler *c, size_t number, bool inverted)
{
	struct set *set = emit_set(c);

	set_add_class(set, number);
	if (inverted)
		set_invert(set);
}

/* Behind "\". False: it is a place, which cannot be repeated. */
static bool take_escape(struct compiler *c)
{
	static const struct {
		char letter;
		enum op op;
	} places[] = {
		{ 'b', OP_WORD_EDGE }, { 'B', OP_NO_WORD_EDGE }, { '<', OP_WORD_START },
		{ '>', OP_WORD_END },  { '`', OP_TEXT_START },	 { '\'', OP_TEXT_END },
	};
	char letter = *c->at;
	size_t i;

	if (!letter) {
		fail(c, "ends in a backslash");
		return true;
	}
	c->at++;
	if (letter >= '1' && letter <= '9')
		fail(c, "has a back-reference, which may take a search for ever");
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		if (places[i].letter == letter) {
			emit(c, places[i].op);
			return false;
		}
	}
	if (strchr("wWsS", letter))
		emit_class(c, (letter | 0x20) == 'w' ? CLASS_WORD : CLASS_SPACE, letter < 'a');
	else
		emit(c, OP_BYTE)->byte = (uint8_t)letter;
	return true;
}

static void take_alternatives(struct compiler *c);

static void take_group(struct compiler *c)
{
	if (c->depth == DEEPEST) {
		fail(c, "is nested too deeply");
		return;
	}
	c->depth++;
	take_alternatives(c);
	c->depth--;
	if (*c->at != ')')
		fail(c, "has a parenthesis that is not closed");
	else
		c->at++;
}

/* False: what was taken cannot be repeated. */
static bool take_atom(struct compiler *c)
{
	char byte = *c->at++;

	switch (byte) {
	case '(':
		take_group(c);
		return true;
	case '[':
		take_brackets(c);
		return true;
	case '.':
		emit(c, OP_ANY);
		return true;
	case '^':
		emit(c, OP_TEXT_START);
		return false;
	case '$':
		emit(c, OP_TEXT_END);
		return false;
	case '\\':
		return take_escape(c);
	case '*':
	case '+':
	case '?':
	case '{':
		fail(c, "repeats nothing");
		return false;
	default:
		emit(c, OP_BYTE)->byte = (uint8_t)byte;
		return true;
	}
}

/* What stands from `start` on, `least` to `most` times; `most` may be NO_LIMIT. */
static void repeat(struct compiler *c, size_t start, size_t least, size_t most)
{
	size_t length = c->count - start;
	size_t copies = most == NO_LIMIT ? (least ? least : 1) : most;
	size_t i, k;

	if (!most) {
		c->count = start;
		return;
	}
	for (i = 1; i < copies && !c->fault; i++) {
		if (i >= least)
			emit_jump(c, OP_SPLIT, 1, (ptrdiff_t)length + 1);
		for (k = 0; k < length && !c->fault; k++)
			*emit(c, OP_BYTE) = c->steps[start + k];
	}
	if (most == NO_LIMIT)
		emit_jump(c, OP_SPLIT, -(ptrdiff_t)length, 1);
	if (!least)
		insert_split(c, start, most == NO_LIMIT ? c->count - start + 1 : length + 1);
}

static size_t take_number(struct compiler *c)
{
	size_t number = 0;

	while (*c->at >= '0' && *c->at <= '9')
		number = size_min(number * 10 + (size_t)(*c->at++ - '0'), MOST_STEPS);
	return number;
}

/* Behind "{". */
static void take_braces(struct compiler *c, size_t start)
{
	bool has_least = *c->at >= '0' && *c->at <= '9';
	size_t least = take_number(c);
	size_t most = least;

	if (*c->at == ',') {
		c->at++;
		most = *c->at == '}' ? NO_LIMIT : take_number(c);
	} else if (!has_least) {
		fail(c, "has braces without a number");
	}
	if (*c->at != '}' || most < least)
		fail(c, "has braces that are no repetition");
	else if (least >= MOST_STEPS || (most >= MOST_STEPS && most != NO_LIMIT))
		fail(c, too_long);
	if (c->fault)
		return;
	c->at++;
	repeat(c, start, least, most);
}

static void take_repetitions(struct compiler *c, size_t start)
{
	while (!c->fault && *c->at && strchr("*+?{", *c->at)) {
		switch (*c->at++) {
		case '*':
			repeat(c, start, 0, NO_LIMIT);
			break;
		case '+':
			repeat(c, start, 1, NO_LIMIT);
			break;
		case '?':
			repeat(c, start, 0, 1);
			break;
		default:
			take_braces(c, start);
		}
	}
}

static void take_branch(struct compiler *c)
{
	/* Without a group that is open, ")" is a byte like any other. */
	while (!c->fault && *c->at && *c->at != '|' && (*c->at != ')' || !c->depth)) {
		size_t start = c->count;

		if (take_atom(c))
			take_repetitions(c, start);
	}
}

/* "a|b|c": a split before each but the last, and a jump to the end behind it. */
static void take_alternatives(struct compiler *c)
{
	size_t start = c->count;
	size_t open = SIZE_MAX; /* the last jump whose end is to be set; each holds the way to the
				   one before */

	take_branch(c);
	while (!c->fault && *c->at == '|') {
		c->at++;
		insert_split(c, start, c->count - start + 2);
		emit_jump(c, OP_JUMP, open == SIZE_MAX ? 0 : (ptrdiff_t)(c->count - open), 0);
		open = c->count - 1;
		start = c->count;
		take_branch(c);
	}
	while (!c->fault && open != SIZE_MAX) {
		size_t back = (size_t)c->steps[open].first;

		c->steps[open].first = (int16_t)(c->count - open);
		open = back ? open - back : SIZE_MAX;
	}
}

static struct regexp *finish(const struct compiler *c, struct arena *arena)
{
	struct regexp *regexp = arena_alloc(arena, sizeof(*regexp));

	if (!regexp)
		return NULL;
	regexp->count = c->count;
	regexp->steps = arena_copy(arena, c->steps, c->count * sizeof(c->steps[0]));
	regexp->sets = arena_copy(arena, c->sets, (c->set_count + 1) * sizeof(c->sets[0]));
	regexp->now = arena_array(arena, c->count, sizeof(uint16_t));
	regexp->next = arena_array(arena, c->count, sizeof(uint16_t));
	regexp->stack = arena_array(arena, 2 * c->count + 1, sizeof(uint16_t));
	regexp->seen = arena_array(arena, c->count, sizeof(uint32_t));
	return regexp->steps && regexp->sets && regexp->now && regexp->next && regexp->stack &&
			       regexp->seen
		       ? regexp
		       : NULL;
}

int regexp_compile(struct arena *arena, const char *pattern, struct regexp **ret,
		   const char **ret_fault)
{
	AUTO_FREE struct compiler *c = calloc(1, sizeof(*c));
	struct regexp *regexp;

	if (!c)
		return -ENOMEM;
	c->at = pattern;
	take_alternatives(c);
	emit(c, OP_MATCH);
	*ret_fault = c->fault;
	if (c->fault)
		return 0;
	regexp = finish(c, arena);
	if (!regexp)
		return -ENOMEM;
	*ret = regexp;
	return 0;
}

/* Searching. */

struct search {
	struct regexp *regexp;
	const char *start;
	const char *at;
	uint32_t round;
	uint16_t *paths; /* where those are added */
	size_t count;
};

/* Is this place, between two bytes, what the step asks for? */
static bool holds(const struct search *s, enum op op)
{
	bool before = s->at > s->start && is_word((unsigned char)s->at[-1]);
	bool after = is_word((unsigned char)*s->at);

	switch (op) {
	case OP_TEXT_START:
		return s->at == s->start;
	case OP_TEXT_END:
		return !*s->at;
	case OP_WORD_START:
		return !before && after;
	case OP_WORD_END:
		return before && !after;
	case OP_WORD_EDGE:
		return before != after;
	default:
		return before == after;
	}
}

/* Adds a path and all that it leads to without a byte. True: it is at the end of the pattern. */
static bool add_path(struct search *s, size_t step)
{
	struct regexp *regexp = s->regexp;
	size_t depth = 0;

	regexp->stack[depth++] = (uint16_t)step;
	while (depth) {
		size_t at = regexp->stack[--depth];
		const struct step *p = &regexp->steps[at];

		if (regexp->seen[at] == s->round)
			continue;
		regexp->seen[at] = s->round;
		if (p->op == OP_MATCH)
			return true;
		if (p->op <= OP_SET) {
			s->paths[s->count++] = (uint16_t)at;
		} else if (p->op <= OP_SPLIT) {
			regexp->stack[depth++] = (uint16_t)((ptrdiff_t)at + p->first);
			if (p->op == OP_SPLIT)
				regexp->stack[depth++] = (uint16_t)((ptrdiff_t)at + p->second);
		} else if (holds(s, p->op)) {
			regexp->stack[depth++] = (uint16_t)(at + 1);
		}
	}
	return false;
}

static bool takes(const struct regexp *regexp, const struct step *step, unsigned char c)
{
	return step->op == OP_ANY || (step->op == OP_BYTE && step->byte == c) ||
	       (step->op == OP_SET && set_has(&regexp->sets[step->set], c));
}

bool regexp_search(struct regexp *regexp, const char *text)
{
	struct search s = {
		.regexp = regexp, .start = text, .at = text, .round = 1, .paths = regexp->now
	};
	size_t i;

	memset(regexp->seen, 0, regexp->count * sizeof(regexp->seen[0]));
	if (add_path(&s, 0))
		return true;
	while (*s.at) {
		uint16_t *paths = s.paths;
		size_t count = s.count;
		unsigned char c = (unsigned char)*s.at++;

		s.paths = paths == regexp->now ? regexp->next : regexp->now;
		s.count = 0;
		s.round++;
		for (i = 0; i < count; i++) {
			if (takes(regexp, &regexp->steps[paths[i]], c) &&
			    add_path(&s, paths[i] + 1u))
				return true;
		}
		if (add_path(&s, 0))
			return true;
	}
	return false;
}
