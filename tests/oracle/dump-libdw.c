/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What libdw sees in a file, in the words of tests/tools/dump-dwarf.c. Objects are
 * relocated by libdwfl.
 * usage: dump-libdw [--no-addresses] [--split] [--every N] [--time all|values] FILE
 */
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "dwarf-wanted.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct options {
	bool no_addresses;
	unsigned long every;
	bool time;
	bool values;
	bool split; /* show the split units, not their skeletons */
};

struct unit {
	bool in_types;
	bool is_big;
	uint8_t offset_size;
	Dwarf_Half version;
};

static unsigned long tags[UINT16_MAX + 1];
static unsigned long entries;
static uint64_t sum;

static uint64_t raw(const struct unit *unit, const unsigned char *at, unsigned size)
{
	uint64_t v = 0;
	unsigned i;

	for (i = 0; i < size; i++)
		v |= (uint64_t)at[i] << 8 * (unit->is_big ? size - 1 - i : i);
	return v;
}

static uint64_t raw_uleb(const unsigned char *at)
{
	unsigned shift = 0;
	uint64_t v = 0;

	do
		v |= (uint64_t)(*at & 0x7f) << shift;
	while (shift += 7, *at++ & 0x80);
	return v;
}

static void print_ref(Dwarf_Attribute *attr, const struct unit *unit)
{
	bool in_types = unit->in_types && attr->form != DW_FORM_ref_addr;
	Dwarf_Die die;

	if (dwarf_formref_die(attr, &die))
		printf("%c:%" PRIx64, in_types ? 'T' : 'I', dwarf_dieoffset(&die));
	else
		printf("broken");
}

static void print_number(Dwarf_Attribute *attr)
{
	Dwarf_Word number;

	if (dwarf_formudata(attr, &number))
		printf("broken");
	else
		printf("n:%" PRIx64, number);
}

static void print_block(Dwarf_Attribute *attr)
{
	Dwarf_Block block;
	Dwarf_Word i;

	if (dwarf_formblock(attr, &block)) {
		printf("broken");
		return;
	}
	printf("b:");
	for (i = 0; i < block.length; i++)
		printf("%02x", block.data[i]);
}

static void print_address(Dwarf_Attribute *attr)
{
	Dwarf_Addr address;

	if (!dwarf_formaddr(attr, &address))
		printf("n:%" PRIx64, address);
	else if (attr->form == DW_FORM_addr)
		printf("broken");
	else
		printf("n:%" PRIx64, raw_uleb(attr->valp));
}

static void print_value(Dwarf_Attribute *attr, const struct unit *unit)
{
	Dwarf_Sword number;
	bool flag;

	switch (attr->form) {
	case DW_FORM_string:
	case DW_FORM_strp:
	case DW_FORM_line_strp:
	case DW_FORM_strx:
	case DW_FORM_strx1 ... DW_FORM_strx4:
	case DW_FORM_GNU_str_index:
		printf("\"%s\"", dwarf_formstring(attr));
		break;
	case DW_FORM_GNU_strp_alt:
	case DW_FORM_GNU_ref_alt:
	case DW_FORM_strp_sup:
	case DW_FORM_sec_offset:
		printf("n:%" PRIx64, raw(unit, attr->valp, unit->offset_size));
		break;
	case DW_FORM_ref_sup4:
		printf("n:%" PRIx64, raw(unit, attr->valp, 4));
		break;
	case DW_FORM_ref_sig8:
	case DW_FORM_data8:
		printf("n:%" PRIx64, raw(unit, attr->valp, 8));
		break;
	case DW_FORM_data4:
		printf("n:%" PRIx64, raw(unit, attr->valp, 4));
		break;
	case DW_FORM_loclistx:
	case DW_FORM_rnglistx:
		printf("n:%" PRIx64, raw_uleb(attr->valp));
		break;
	case DW_FORM_addr:
	case DW_FORM_addrx:
	case DW_FORM_addrx1 ... DW_FORM_addrx4:
	case DW_FORM_GNU_addr_index:
		print_address(attr);
		break;
	case DW_FORM_ref_addr:
	case DW_FORM_ref1:
	case DW_FORM_ref2:
	case DW_FORM_ref4:
	case DW_FORM_ref8:
	case DW_FORM_ref_udata:
		print_ref(attr, unit);
		break;
	case DW_FORM_flag:
	case DW_FORM_flag_present:
		flag = false;
		dwarf_formflag(attr, &flag);
		printf("f:%x", flag);
		break;
	case DW_FORM_sdata:
	case DW_FORM_implicit_const:
		number = 0;
		dwarf_formsdata(attr, &number);
		printf("s:%" PRId64, (int64_t)number);
		break;
	case DW_FORM_exprloc:
	case DW_FORM_block:
	case DW_FORM_block1:
	case DW_FORM_block2:
	case DW_FORM_block4:
	case DW_FORM_data16:
		print_block(attr);
		break;
	default:
		print_number(attr);
	}
}

static void print_range(Dwarf_Die *die)
{
	Dwarf_Addr base;
	Dwarf_Addr low;
	Dwarf_Addr high;
	ptrdiff_t at = 0;

	while ((at = dwarf_ranges(die, at, &base, &low, &high)) > 0) {
		if (low < high) {
			printf(" range=%" PRIx64 "-%" PRIx64, low, high);
			return;
		}
	}
}

/* Only an address, and offsets. */
static void print_where(Dwarf_Attribute *attr)
{
	Dwarf_Attribute found;
	Dwarf_Addr address;
	Dwarf_Op *ops;
	size_t count;
	size_t i;

	if (attr->form != DW_FORM_exprloc && attr->form != DW_FORM_block1 &&
	    attr->form != DW_FORM_block)
		return;
	if (dwarf_getlocation(attr, &ops, &count) || !count)
		return;
	address = ops[0].number;
	if (ops[0].atom != DW_OP_addr) {
		if (ops[0].atom != DW_OP_addrx && ops[0].atom != DW_OP_GNU_addr_index)
			return;
		if (dwarf_getlocation_attr(attr, &ops[0], &found) ||
		    dwarf_formaddr(&found, &address))
			return;
	}
	for (i = 1; i < count; i++) {
		if (ops[i].atom != DW_OP_plus_uconst)
			return;
		address += ops[i].number;
	}
	printf(" where=%" PRIx64, address);
}

static bool is_address_form(unsigned form)
{
	return form == DW_FORM_addr || form == DW_FORM_addrx || form == DW_FORM_GNU_addr_index ||
	       (form >= DW_FORM_addrx1 && form <= DW_FORM_addrx4);
}

static void print_one(Dwarf_Die *die, Dwarf_Attribute *attr, const struct unit *unit, uint16_t code,
		      const struct options *options)
{
	bool is_address = is_address_form(attr->form) || attr->form == DW_FORM_exprloc ||
			  code == DW_AT_location;

	printf(" %x=", code);
	if (options->no_addresses && is_address) {
		printf("address");
		return;
	}
	print_value(attr, unit);
	if (options->no_addresses)
		return;
	if (code == DW_AT_ranges)
		print_range(die);
	if (code == DW_AT_location)
		print_where(attr);
}

static bool get(Dwarf_Die *die, unsigned code, Dwarf_Attribute *ret)
{
	if (dwarf_attr(die, code, ret))
		return true;
	return (code == DW_AT_linkage_name && dwarf_attr(die, DW_AT_MIPS_linkage_name, ret)) ||
	       (code == DW_AT_dwo_name && dwarf_attr(die, DW_AT_GNU_dwo_name, ret));
}

static void print_entry(Dwarf_Die *die, const struct unit *unit, unsigned depth,
			const struct options *options)
{
	Dwarf_Attribute attr;
	size_t i;

	printf("%c:%" PRIx64 " %04x %u", unit->in_types ? 'T' : 'I', dwarf_dieoffset(die),
	       (unsigned)dwarf_tag(die), depth);
	for (i = 0; i < COUNT(wanted); i++) {
		if (get(die, wanted[i], &attr))
			print_one(die, &attr, unit, wanted[i], options);
	}
	putchar('\n');
}

static int add_attribute(Dwarf_Attribute *attr, void *data)
{
	(void)data;
	sum += attr->code + (uintptr_t)attr->valp;
	return DWARF_CB_OK;
}

static void look_at(Dwarf_Die *die, const struct unit *unit, unsigned depth,
		    const struct options *options)
{
	if (options->time) {
		entries++;
		sum += (uint64_t)dwarf_tag(die);
		if (options->values)
			dwarf_getattrs(die, add_attribute, NULL, 0);
		return;
	}
	tags[dwarf_tag(die)]++;
	if (entries++ % options->every == 0)
		print_entry(die, unit, depth, options);
}

static void dump_tree(Dwarf_Die *die, const struct unit *unit, unsigned depth,
		      const struct options *options)
{
	Dwarf_Die next = *die;
	Dwarf_Die child;

	do {
		Dwarf_Die this = next;

		look_at(&this, unit, depth, options);
		if (!dwarf_child(&this, &child))
			dump_tree(&child, unit, depth + 1, options);
	} while (depth && !dwarf_siblingof(&next, &next));
}

static void dump(Dwarf *dwarf, const struct options *options)
{
	const char *ident = elf_getident(dwarf_getelf(dwarf), NULL);
	struct unit unit = { .is_big = ident[EI_DATA] == ELFDATA2MSB };
	Dwarf_CU *cu = NULL;
	Dwarf_Die split;
	Dwarf_Die die;
	uint8_t type;
	size_t i;

	while (!dwarf_get_units(dwarf, cu, &cu, &unit.version, &type, &die, &split)) {
		dwarf_cu_die(cu, &die, NULL, NULL, NULL, &unit.offset_size, NULL, NULL);
		if (options->split && !dwarf_tag(&split))
			continue;
		if (options->split)
			die = split;
		unit.in_types = unit.version < 5 && type == DW_UT_type;
		dump_tree(&die, &unit, 0, options);
	}
	for (i = 0; i < COUNT(tags); i++) {
		if (tags[i])
			printf("tag %04zx %lu\n", i, tags[i]);
	}
}

static Dwarf *open_relocated(const char *path)
{
	static char *no_path = "";
	static const Dwfl_Callbacks callbacks = {
		.find_elf = dwfl_build_id_find_elf,
		.find_debuginfo = dwfl_standard_find_debuginfo,
		.section_address = dwfl_offline_section_address,
		.debuginfo_path = &no_path,
	};
	Dwfl *dwfl = dwfl_begin(&callbacks);
	Dwfl_Module *module = dwfl_report_offline(dwfl, "", path, -1);
	Dwarf_Addr bias;

	dwfl_report_end(dwfl, NULL, NULL);
	return module ? dwfl_module_getdwarf(module, &bias) : NULL;
}

static const char *path_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Neither a split unit nor what dwz puts into a file of its own, an object by its header, is
 * relocated. */
static Dwarf *open_plain(const char *path)
{
	int fd = open(path, O_RDONLY);
	Elf *elf;
	GElf_Ehdr header;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (elf && gelf_getehdr(elf, &header) && header.e_type == ET_REL &&
	    strcmp(path + strlen(path) - 4, ".dwo") != 0 && strcmp(path_name(path), "common") != 0)
		return open_relocated(path);
	return dwarf_begin_elf(elf, DWARF_C_READ, NULL);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	static const struct option names[] = {
		{ "no-addresses", no_argument, NULL, 'a' },
		{ "every", required_argument, NULL, 'e' },
		{ "split", no_argument, NULL, 's' },
		{ "time", required_argument, NULL, 't' },
		{ 0 },
	};
	struct options options = { .every = 1 };
	Dwarf *dwarf;
	double start;
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		if (option == 'a')
			options.no_addresses = true;
		else if (option == 'e')
			options.every = strtoul(optarg, NULL, 10);
		else if (option == 's')
			options.split = true;
		else if (option == 't')
			options.time = true, options.values = *optarg == 'v';
		else
			return 2;
	}
	if (optind + 1 != argc || !options.every)
		return 2;
	dwarf = open_plain(argv[optind]);
	if (!dwarf) {
		fprintf(stderr, "%s: %s\n", argv[optind], dwarf_errmsg(-1));
		return 1;
	}
	start = now();
	dump(dwarf, &options);
	if (options.time)
		printf("libdw: %lu entries, %.2f ms (%" PRIx64 ")\n", entries,
		       (now() - start) * 1000, sum);
	return 0;
}
