/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/baseline.h. */
#include "read/baseline.h"
#include "read/baseline-types.h"
#include "model/baseline-words.h"

#include <stdio.h>
#include <string.h>

#define MOST_WORDS 64

struct reader {
	struct corpus *corpus;
	char *words[MOST_WORDS]; /* of the line under way, decoded */
	size_t count;
	bool has_machine;
	struct baseline_types types;
};

bool baseline_is(const char *text, size_t size)
{
	size_t length = strlen(BASELINE_HEAD);

	return size > length && !memcmp(text, BASELINE_HEAD, length) &&
	       (text[length] == '\n' || text[length] == '\r');
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* In place. False for a % without two digits, or one that stands for NUL. */
static bool decode(char *word)
{
	char *to = word;

	for (; *word; word++, to++) {
		int high, low;

		*to = *word;
		if (*word != '%')
			continue;
		high = hex_value(word[1]);
		low = high < 0 ? -1 : hex_value(word[2]);
		if (low < 0 || (!high && !low))
			return false;
		*to = (char)(high << 4 | low);
		word += 2;
	}
	*to = '\0';
	return true;
}

/* Parts the line into words; a name's version is parted later. */
static const char *take_words(struct reader *reader, char *line)
{
	char *word;

	reader->count = 0;
	while ((word = strsep(&line, " \t"))) {
		if (!*word)
			continue;
		if (reader->count == MOST_WORDS)
			return "a line of too many words";
		reader->words[reader->count++] = word;
	}
	return NULL;
}

static bool read_number(const char *text, uint64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoull(text, &end, 0);
	return *text >= '0' && *text <= '9' && !*end && !errno;
}

/* "machine 62 64 little 0x0": e_machine, class, byte order, e_flags */
static const char *take_machine(struct reader *reader)
{
	struct corpus *corpus = reader->corpus;
	uint64_t machine, class, flags;

	if (reader->count != 5 || !read_number(reader->words[1], &machine) ||
	    machine > UINT16_MAX || !read_number(reader->words[2], &class) ||
	    (class != 32 && class != 64) || !read_number(reader->words[4], &flags) ||
	    flags > UINT32_MAX ||
	    (strcmp(reader->words[3], "big") && strcmp(reader->words[3], "little")))
		return "a machine is its number, its class, its byte order and its flags";
	corpus->elf_machine = (uint16_t)machine;
	corpus->is_64 = class == 64;
	corpus->is_big = !strcmp(reader->words[3], "big");
	corpus->elf_flags = (uint32_t)flags;
	corpus->machine = machine_describe(corpus->elf_machine, corpus->is_64, corpus->is_big,
					   corpus->elf_flags);
	reader->has_machine = true;
	return NULL;
}

static const char *take_kernel(struct reader *reader)
{
	unsigned *kernel = reader->corpus->kernel;
	char end;

	if (reader->count != 2 ||
	    sscanf(reader->words[1], "%u.%u.%u%c", &kernel[0], &kernel[1], &kernel[2], &end) != 3)
		return "a kernel is three numbers";
	return NULL;
}

static const char *take_flag(struct reader *reader)
{
	unsigned bit;

	for (bit = 0; reader->count == 2 && corpus_flag_text(bit); bit++) {
		if (!strcmp(corpus_flag_text(bit), reader->words[1])) {
			reader->corpus->flags |= 1u << bit;
			return NULL;
		}
	}
	return "an unknown flag";
}

static const char *take_fact(struct reader *reader)
{
	struct corpus *corpus = reader->corpus;
	const struct {
		const char *word;
		const char **text;
		uint64_t *number;
	} facts[] = {
		{ "soname", &corpus->soname, NULL },	 { "rpath", &corpus->rpath, NULL },
		{ "runpath", &corpus->runpath, NULL },	 { "base", &corpus->base_name, NULL },
		{ "align", NULL, &corpus->least_align }, { "tls-size", NULL, &corpus->tls_size },
		{ "dwarf", NULL, &corpus->old_dwarf },
	};
	uint64_t number;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(facts); i++) {
		if (strcmp(facts[i].word, reader->words[0]))
			continue;
		if (reader->count != 2 ||
		    (facts[i].number && !read_number(reader->words[1], facts[i].number)) ||
		    (facts[i].text && !decode(reader->words[1])))
			return "a fact has one value";
		if (facts[i].text)
			*facts[i].text = reader->words[1];
		return NULL;
	}
	if (reader->count != 2 || !read_number(reader->words[1], &number))
		return "an unknown line";
	if (!strcmp(reader->words[0], "os-abi") && number < 256)
		corpus->os_abi = (uint8_t)number;
	else if (!strcmp(reader->words[0], "isa-level") && number < 32)
		corpus->isa_level = (unsigned)number;
	else
		return "an unknown line";
	return NULL;
}

static int take_need(struct reader *reader, const char **ret_text)
{
	struct corpus_need need;

	*ret_text = NULL;
	if (reader->count < 3 || reader->count > 4 || !decode(reader->words[1]) ||
	    !decode(reader->words[2]) || (reader->count == 4 && strcmp(reader->words[3], "weak"))) {
		*ret_text = "a need is a library and a version";
		return 0;
	}
	need = (struct corpus_need){ reader->words[1], reader->words[2], reader->count == 4 };
	return array_push(&reader->corpus->needs, need);
}

static int take_node(struct reader *reader, const char **ret_text)
{
	struct corpus *corpus = reader->corpus;
	struct corpus_node node = { 0 };
	size_t i;

	*ret_text = NULL;
	for (i = 1; i < reader->count; i++) {
		if (!decode(reader->words[i]))
			*ret_text = "a name that is not encoded well";
	}
	if (reader->count < 2)
		*ret_text = "a node without name";
	if (*ret_text)
		return 0;
	node.name = reader->words[1];
	node.parents = arena_array(&corpus->arena, reader->count - 1, sizeof(char *));
	if (!node.parents)
		return -ENOMEM;
	memcpy(node.parents, reader->words + 2, (reader->count - 2) * sizeof(char *));
	return array_push(&corpus->nodes, node);
}

/* One name, decoded, into a list. */
static int take_name(struct reader *reader, const char **ret_text)
{
	struct corpus *corpus = reader->corpus;

	*ret_text = NULL;
	if (reader->count != 2 || !decode(reader->words[1])) {
		*ret_text = "one name is expected";
		return 0;
	}
	return strcmp(reader->words[0], "needed") ? array_push(&corpus->imports, reader->words[1])
						  : array_push(&corpus->needed, reader->words[1]);
}

static bool split_version(char *word, struct corpus_symbol *symbol)
{
	char *at = strchr(word, '@');

	symbol->name = word;
	if (!at)
		return decode(word) && *word;
	*at++ = '\0';
	symbol->mark = *at == '@' ? MARK_DEFAULT : MARK_HIDDEN;
	at += *at == '@';
	/* "name@" is hidden, but of no version. */
	symbol->version = *at ? at : NULL;
	return decode(word) && *word && decode(at) && (*at || symbol->mark == MARK_HIDDEN);
}

static bool take_mark(struct corpus_symbol *symbol, char *word)
{
	if (!strncmp(word, "call=", 5)) {
		uint64_t marks;

		if (!read_number(word + 5, &marks) || marks > UINT8_MAX)
			return false;
		symbol->marks = (uint8_t)marks;
		return true;
	}
	if (!strncmp(word, "align=", 6)) {
		uint64_t align;

		if (!read_number(word + 6, &align) || align > UINT32_MAX)
			return false;
		symbol->align = (uint32_t)align;
		return true;
	}
	if (!strncmp(word, "alias=", 6) && decode(word + 6)) {
		symbol->alias = word + 6;
		return word[6] != '\0';
	}
	if (!strcmp(word, "weak"))
		symbol->binding = STB_WEAK;
	else if (!strcmp(word, "unique"))
		symbol->binding = STB_GNU_UNIQUE;
	else if (!strcmp(word, "protected"))
		symbol->visibility = STV_PROTECTED;
	else if (!strcmp(word, "read-only"))
		symbol->read_only = true;
	else if (!strcmp(word, "open"))
		symbol->open = true;
	else
		return read_number(word, &symbol->size);
	return true;
}

static int take_symbol(struct reader *reader, enum symbol_kind kind, const char **ret_text)
{
	struct corpus_symbol symbol = { .kind = kind, .binding = STB_GLOBAL };
	size_t i;

	*ret_text = NULL;
	if (reader->count < 2 || !split_version(reader->words[1], &symbol)) {
		*ret_text = "a symbol without name";
		return 0;
	}
	for (i = 2; i < reader->count; i++) {
		if (!take_mark(&symbol, reader->words[i])) {
			*ret_text = "an unknown word behind a symbol";
			return 0;
		}
	}
	return array_push(&reader->corpus->symbols, symbol);
}

/* "inherits 3Bar 0 3Foo", "virtual 3Bar 2 _ZN3Bar1fEv" */
static int take_link(struct reader *reader, const char **ret_text)
{
	struct corpus *corpus = reader->corpus;
	struct corpus_link link;
	uint64_t place;

	*ret_text = NULL;
	if (reader->count != 4 || !decode(reader->words[1]) ||
	    !read_number(reader->words[2], &place) || place > UINT32_MAX ||
	    !decode(reader->words[3])) {
		*ret_text = "a class, a place and what stands there are expected";
		return 0;
	}
	link = (struct corpus_link){ reader->words[1], (uint32_t)place, reader->words[3] };
	return strcmp(reader->words[0], "inherits") ? array_push(&corpus->slots, link)
						    : array_push(&corpus->bases, link);
}

/* *ret_text: what is wrong with the line, NULL for nothing. */
static int take_line(struct reader *reader, const char **ret_text)
{
	const char *word;
	size_t i;

	*ret_text = NULL;
	if (!reader->count || reader->words[0][0] == '#')
		return 0;
	word = reader->words[0];
	for (i = 0; i < ARRAY_SIZE(baseline_kinds); i++) {
		if (!strcmp(word, baseline_kinds[i]))
			return take_symbol(reader, (enum symbol_kind)i, ret_text);
	}
	if (!strcmp(word, "need"))
		return take_need(reader, ret_text);
	if (!strcmp(word, "node"))
		return take_node(reader, ret_text);
	if (!strcmp(word, "needed") || !strcmp(word, "import"))
		return take_name(reader, ret_text);
	if (!strcmp(word, "inherits") || !strcmp(word, "virtual"))
		return take_link(reader, ret_text);
	*ret_text = !strcmp(word, "machine")  ? take_machine(reader)
		    : !strcmp(word, "kernel") ? take_kernel(reader)
		    : !strcmp(word, "flag")   ? take_flag(reader)
					      : take_fact(reader);
	return 0;
}

static int bad(struct fault *fault, uint64_t offset, const char *text)
{
	*fault = (struct fault){ "input/malformed", "baseline", offset, text };
	return -EBADMSG;
}

/* Nodes get their numbers and counts; every version must be one of them. */
static int number_nodes(struct corpus *corpus, struct fault *fault)
{
	size_t i, k;

	if (corpus->nodes.count > VERSION_MASK - 2)
		return bad(fault, 0, "more nodes than a library can have");
	for (i = 0; i < corpus->symbols.count; i++) {
		struct corpus_symbol *s = &corpus->symbols.items[i];
		size_t known = i ? corpus->symbols.items[i - 1].node : 0;

		if (!s->version)
			continue;
		/* Neighbours often share one. */
		if (known && !strcmp(corpus->nodes.items[known - 2].name, s->version)) {
			k = known - 2;
		} else {
			for (k = 0; k < corpus->nodes.count; k++) {
				if (!strcmp(corpus->nodes.items[k].name, s->version))
					break;
			}
		}
		if (k == corpus->nodes.count)
			return bad(fault, 0, "a symbol has a version that is no node");
		s->node = (uint16_t)(k + 2);
		corpus->nodes.items[k].export_count++;
	}
	return 0;
}

/* Ends the line where the type of a symbol begins; NULL: there is none. */
static char *split_type(char *line)
{
	char *colon = strstr(line, " : ");

	if (!colon || *line == '#')
		return NULL;
	*colon = '\0';
	return colon + 3;
}

/* Symbols are put in order; their types go with them. */
static int sort_symbols(struct reader *reader)
{
	struct corpus *corpus = reader->corpus;
	size_t i;

	if (!corpus->symbols.count)
		return 0;
	/* Where each stood, for as long as it takes. */
	for (i = 0; i < corpus->symbols.count; i++)
		corpus->symbols.items[i].address = i;
	qsort(corpus->symbols.items, corpus->symbols.count, sizeof(struct corpus_symbol),
	      corpus_symbol_compare);
	if (corpus->types) {
		corpus->symbol_types = malloc(corpus->symbols.count * sizeof(uint32_t));
		if (!corpus->symbol_types)
			return -ENOMEM;
		corpus->types_from = corpus->path;
	} else {
		corpus->no_types = "the baseline has none";
	}
	for (i = 0; i < corpus->symbols.count; i++) {
		struct corpus_symbol *s = &corpus->symbols.items[i];

		if (corpus->types)
			corpus->symbol_types[i] = reader->types.of_symbols.items[s->address];
		s->address = 0;
	}
	return 0;
}

static int read_lines(struct reader *reader, char *text, size_t size, struct fault *fault)
{
	char *line = text;
	char *end = text + size;
	int r = 0;

	for (line += strlen(BASELINE_HEAD); !r && line < end;) {
		char *stop = memchr(line, '\n', (size_t)(end - line));
		char *next = stop ? stop + 1 : end;
		const char *wrong;

		if (!stop)
			stop = end;
		if (memchr(line, 0, (size_t)(stop - line)))
			return bad(fault, (uint64_t)(line - text), "a line with a NUL byte");
		*stop = '\0';
		if (stop > line && stop[-1] == '\r')
			stop[-1] = '\0';
		wrong = NULL;
		if (baseline_is_type_line(line) && !reader->has_machine) {
			wrong = "a type before the machine";
		} else if (baseline_is_type_line(line)) {
			r = baseline_take_type(&reader->types, line, &wrong);
		} else {
			char *type = split_type(line);
			size_t symbols = reader->corpus->symbols.count;

			wrong = take_words(reader, line);
			if (!wrong)
				r = take_line(reader, &wrong);
			if (!r && !wrong && symbols < reader->corpus->symbols.count)
				r = baseline_take_symbol_type(&reader->types, type, &wrong);
			else if (!wrong && type)
				wrong = "a type of what is no symbol";
		}
		if (!r && wrong)
			r = bad(fault, (uint64_t)(line - text), wrong);
		line = next;
	}
	if (!r && !reader->has_machine)
		r = bad(fault, 0, "the machine is not told");
	return r;
}

int baseline_read(const char *text, size_t size, const char *path, struct fault *ret_fault,
		  struct corpus **ret)
{
	struct corpus *corpus = calloc(1, sizeof(*corpus));
	struct reader reader = { .corpus = corpus, .types.corpus = corpus };
	const char *wrong = NULL;
	char *copy;
	int r;

	*ret_fault = (struct fault){ 0 };
	if (!corpus)
		return -ENOMEM;
	/* Words stay where they are; they are ended and decoded in place. */
	copy = arena_alloc(&corpus->arena, size + 1);
	corpus->path = arena_strdup(&corpus->arena, path);
	r = copy && corpus->path ? 0 : -ENOMEM;
	if (!r) {
		memcpy(copy, text, size);
		copy[size] = '\0';
		r = read_lines(&reader, copy, size, ret_fault);
	}
	if (!r && corpus->bases.count)
		qsort(corpus->bases.items, corpus->bases.count, sizeof(struct corpus_link),
		      corpus_link_compare);
	if (!r && corpus->slots.count)
		qsort(corpus->slots.items, corpus->slots.count, sizeof(struct corpus_link),
		      corpus_link_compare);
	if (!r)
		r = baseline_types_finish(&reader.types, &wrong);
	if (!r && wrong)
		r = bad(ret_fault, 0, wrong);
	if (!r)
		r = sort_symbols(&reader);
	baseline_types_done(&reader.types);
	if (!r)
		r = number_nodes(corpus, ret_fault);
	if (r) {
		corpus_free(corpus);
		return r;
	}
	*ret = corpus;
	return 0;
}
