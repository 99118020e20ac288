/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What read/dwarf.h sees in a file, in the words of tests/oracle/dump-libdw.c: a count
 * for each tag, and each N-th entry with its values. Or how long it takes to see it.
 * usage: dump-dwarf [--dwo [--skeleton FILE]] [--no-addresses] [--every N] [--time
 * walk|skip|values] FILE
 */
#include "base/file.h"
#include "read/dwarf.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../oracle/dwarf-wanted.h"

#define ROUNDS 20

struct options {
	bool is_dwo;
	bool no_addresses;
	unsigned long every;
	const char *time;
	const char *skeleton; /* the file that split units belong to */
	struct dwarf *skeletons;
};

static unsigned long tags[UINT16_MAX + 1];
static unsigned long entries;

static void print_bytes(const struct dwarf_value *value)
{
	size_t i;

	printf("b:");
	for (i = 0; i < value->size; i++)
		printf("%02x", value->bytes[i]);
}

static void print_ref(const struct dwarf *d, uint64_t offset)
{
	bool in_types = offset >= d->info.size;

	printf("%c:%" PRIx64, in_types ? 'T' : 'I', offset - (in_types ? d->info.size : 0));
}

static void print_value(const struct dwarf *d, const struct dwarf_value *value)
{
	switch (value->kind) {
	case DWARF_STRING:
		printf("\"%s\"", value->string);
		break;
	case DWARF_BLOCK:
	case DWARF_EXPRESSION:
		print_bytes(value);
		break;
	case DWARF_REF:
		print_ref(d, value->number);
		break;
	case DWARF_SIGNED:
		printf("s:%" PRId64, (int64_t)value->number);
		break;
	case DWARF_BROKEN:
		printf("broken");
		break;
	default:
		printf("%c:%" PRIx64, value->kind == DWARF_FLAG ? 'f' : 'n', value->number);
	}
}

static void print_derived(struct dwarf_cursor *c, unsigned slot, const struct dwarf_value *value)
{
	struct dwarf_range range;
	uint64_t address;

	if (wanted[slot] == DW_AT_ranges && dwarf_first_range(c, value, &range))
		printf(" range=%" PRIx64 "-%" PRIx64, range.low, range.high);
	if (wanted[slot] == DW_AT_location && dwarf_expression_address(c, value, &address))
		printf(" where=%" PRIx64, address);
}

static void print_entry(struct dwarf_cursor *c, const struct options *options)
{
	struct dwarf_value value;
	unsigned slot;

	print_ref(c->dwarf, c->die.offset);
	printf(" %04x %u", c->die.tag, c->die.depth);
	for (slot = 0; slot < ARRAY_SIZE(wanted); slot++) {
		if (!dwarf_value(c, slot, &value))
			continue;
		printf(" %x=", wanted[slot]);
		if (options->no_addresses &&
		    (value.kind == DWARF_ADDRESS || value.kind == DWARF_ADDRESS_INDEX ||
		     value.kind == DWARF_EXPRESSION || wanted[slot] == DW_AT_location)) {
			printf("address");
			continue;
		}
		print_value(c->dwarf, &value);
		if (!options->no_addresses)
			print_derived(c, slot, &value);
	}
	putchar('\n');
}

static void tell(const struct fault *fault)
{
	if (fault->rule)
		printf("fault: %s+0x%" PRIx64 ": %s [%s]\n", fault->section, fault->offset,
		       fault->text, fault->rule);
}

/* Takes what the skeleton of a split unit knows. */
static void adopt(struct dwarf_cursor *c, const struct options *options)
{
	static struct dwarf_cursor skeleton;
	size_t i;

	dwarf_cursor_init(&skeleton, options->skeletons);
	for (i = 0; i < options->skeletons->units.count; i++) {
		if (!dwarf_cursor_enter(&skeleton, &options->skeletons->units.items[i]) &&
		    skeleton.bases.dwo_id == c->bases.dwo_id)
			dwarf_cursor_adopt(c, &skeleton);
	}
	dwarf_cursor_done(&skeleton);
}

static int dump_unit(struct dwarf_cursor *c, const struct dwarf_unit *unit,
		     const struct options *options)
{
	int r = dwarf_cursor_enter(c, unit);

	if (!r && options->skeletons)
		adopt(c, options);
	while (!r && (r = dwarf_cursor_next(c)) > 0) {
		tags[c->die.tag]++;
		if (entries++ % options->every == 0)
			print_entry(c, options);
		r = 0;
	}
	if (r == -EBADMSG)
		tell(&c->fault);
	return r == -ENOMEM ? r : 0;
}

static int dump(struct dwarf *d, const struct options *options)
{
	static struct dwarf_cursor cursor;
	size_t i;
	int r = 0;

	dwarf_cursor_init(&cursor, d);
	for (i = 0; i < d->units.count && !r; i++)
		r = dump_unit(&cursor, &d->units.items[i], options);
	for (i = 0; i < ARRAY_SIZE(tags); i++) {
		if (tags[i])
			printf("tag %04zx %lu\n", i, tags[i]);
	}
	tell(&d->fault);
	tell(&cursor.damage);
	dwarf_cursor_done(&cursor);
	return r;
}

static uint64_t sum_values(struct dwarf_cursor *c)
{
	uint64_t bits = c->die.has & ((UINT64_C(1) << ARRAY_SIZE(wanted)) - 1);
	struct dwarf_value value;
	uint64_t sum = 0;

	for (; bits; bits &= bits - 1) {
		dwarf_value(c, (unsigned)__builtin_ctzll(bits), &value);
		sum += value.number + (uintptr_t)value.string + value.size;
	}
	return sum;
}

static uint64_t walk(struct dwarf *d, struct dwarf_cursor *c, const char *how)
{
	uint64_t sum = 0;
	size_t i;
	int r;

	for (i = 0; i < d->units.count; i++) {
		r = dwarf_cursor_enter(c, &d->units.items[i]);
		while (!r && (r = dwarf_cursor_next(c)) > 0) {
			entries++;
			sum += *how == 'v' ? sum_values(c) : c->die.tag;
			r = *how == 's' && c->die.tag == DW_TAG_subprogram ? dwarf_cursor_skip(c)
									   : 0;
		}
	}
	return sum;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* The best of several walks, each with a cursor and an empty cache of its own. */
static int measure(struct dwarf *d, const char *how)
{
	static struct dwarf_cursor cursor;
	double best = 1e9;
	uint64_t sum = 0;
	unsigned i;

	for (i = 0; i < ROUNDS; i++) {
		double start = now();

		entries = 0;
		dwarf_cursor_init(&cursor, d);
		sum = walk(d, &cursor, how);
		dwarf_cursor_done(&cursor);
		if (now() - start < best)
			best = now() - start;
	}
	printf("%s: %lu entries, %.2f ms (%" PRIx64 ")\n", how, entries, best * 1000, sum);
	return 0;
}

/* Runs on `path`; with a skeleton, on that first. */
static int run(const char *path, struct options *options)
{
	bool is_skeleton = options->skeleton && !options->skeletons;
	struct debug_sections sections;
	struct dwarf dwarf;
	struct file file;
	double start;
	int r = file_map(is_skeleton ? options->skeleton : path, &file);

	if (r) {
		fprintf(stderr, "%s: %s\n", path, strerror(-r));
		return 1;
	}
	start = now();
	r = debug_sections_init(&sections, file.bytes, file.size);
	tell(&sections.fault);
	dwarf = (struct dwarf){ 0 };
	if (!r)
		r = dwarf_init(&dwarf, &sections, options->is_dwo && !is_skeleton, wanted,
			       ARRAY_SIZE(wanted));
	if (options->time)
		printf("open: %zu units, %.2f ms\n", dwarf.units.count, (now() - start) * 1000);
	if (r) {
		tell(&dwarf.fault);
	} else if (is_skeleton) {
		options->skeletons = &dwarf;
		r = run(path, options);
	} else {
		r = options->time ? measure(&dwarf, options->time) : dump(&dwarf, options);
	}
	dwarf_done(&dwarf);
	debug_sections_done(&sections);
	file_unmap(&file);
	if (r == -ENOMEM)
		fprintf(stderr, "%s: out of memory\n", path);
	return r == -ENOMEM || r == 4 ? 4 : r != 0;
}

int main(int argc, char **argv)
{
	static const struct option names[] = {
		{ "dwo", no_argument, NULL, 'd' },
		{ "no-addresses", no_argument, NULL, 'a' },
		{ "every", required_argument, NULL, 'e' },
		{ "skeleton", required_argument, NULL, 's' },
		{ "time", required_argument, NULL, 't' },
		{ 0 },
	};
	struct options options = { .every = 1 };
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (option == 'd')
			options.is_dwo = true;
		else if (option == 'a')
			options.no_addresses = true;
		else if (option == 'e')
			options.every = strtoul(optarg, NULL, 10);
		else if (option == 's')
			options.skeleton = optarg;
		else if (option == 't')
			options.time = optarg;
		else
			return 2;
	}
	if (optind + 1 != argc || !options.every)
		return 2;
	return run(argv[optind], &options);
}
