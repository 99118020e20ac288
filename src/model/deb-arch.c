/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in model/deb-arch.h. Facts: the tables that dpkg installs in /usr/share/dpkg. */
#include "model/deb-arch.h"

#include <string.h>

#define LONGEST_ARCH 64

/* An architecture is known by four names. */
struct tuple {
	char abi[LONGEST_ARCH], libc[LONGEST_ARCH], os[LONGEST_ARCH], cpu[LONGEST_ARCH];
};

static const struct {
	const char *cpu;
	unsigned bits;
	bool big;
} cpus[] = {
	{ "alpha", 64, false },	    { "amd64", 64, false },   { "arc", 32, false },
	{ "arm", 32, false },	    { "arm64", 64, false },   { "armeb", 32, true },
	{ "avr32", 32, true },	    { "hppa", 32, true },     { "i386", 32, false },
	{ "ia64", 64, false },	    { "loong64", 64, false }, { "m32r", 32, true },
	{ "m68k", 32, true },	    { "mips", 32, true },     { "mips64", 64, true },
	{ "mips64el", 64, false },  { "mips64r6", 64, true }, { "mips64r6el", 64, false },
	{ "mipsel", 32, false },    { "mipsr6", 32, true },   { "mipsr6el", 32, false },
	{ "nios2", 32, false },	    { "or1k", 32, true },     { "powerpc", 32, true },
	{ "powerpcel", 32, false }, { "ppc64", 64, true },    { "ppc64el", 64, false },
	{ "riscv64", 64, false },   { "s390", 32, true },     { "s390x", 64, true },
	{ "sh3", 32, false },	    { "sh3eb", 32, true },    { "sh4", 32, false },
	{ "sh4eb", 32, true },	    { "sparc", 32, true },    { "sparc64", 64, true },
	{ "tilegx", 64, false },
};

/* Names that are not just the processor's. */
static const struct {
	const char *arch, *abi, *cpu;
} specials[] = {
	{ "armhf", "eabihf", "arm" },
	{ "armel", "eabi", "arm" },
	{ "arm64ilp32", "ilp32", "arm64" },
	{ "x32", "x32", "amd64" },
	{ "powerpcspe", "spe", "powerpc" },
	{ "mipsn32", "abin32", "mips64" },
	{ "mipsn32el", "abin32", "mips64el" },
	{ "mipsn32r6", "abin32", "mips64r6" },
	{ "mipsn32r6el", "abin32", "mips64r6el" },
	{ "mips64", "abi64", "mips64" },
	{ "mips64el", "abi64", "mips64el" },
	{ "mips64r6", "abi64", "mips64r6" },
	{ "mips64r6el", "abi64", "mips64r6el" },
};

/* What may stand before the processor; the longest first. */
static const struct {
	const char *start, *libc, *os;
} systems[] = {
	{ "uclibc-linux-", "uclibc", "linux" },
	{ "uclibc-uclinux-", "uclibc", "uclinux" },
	{ "musl-linux-", "musl", "linux" },
	{ "kfreebsd-", "gnu", "kfreebsd" },
	{ "knetbsd-", "gnu", "knetbsd" },
	{ "kopensolaris-", "gnu", "kopensolaris" },
	{ "hurd-", "gnu", "hurd" },
	{ "dragonflybsd-", "bsd", "dragonflybsd" },
	{ "freebsd-", "bsd", "freebsd" },
	{ "openbsd-", "bsd", "openbsd" },
	{ "netbsd-", "bsd", "netbsd" },
	{ "darwin-", "bsd", "darwin" },
	{ "aix-", "sysv", "aix" },
	{ "solaris-", "sysv", "solaris" },
	{ "", "gnu", "linux" },
};

static void copy(char *to, const char *from, size_t length)
{
	length = strnlen(from, size_min(length, LONGEST_ARCH - 1));
	memcpy(to, from, length);
	to[length] = '\0';
}

static bool find_cpu(const char *cpu, size_t *ret)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cpus); i++) {
		if (!strcmp(cpus[i].cpu, cpu)) {
			*ret = i;
			return true;
		}
	}
	return false;
}

static bool split_name(const char *arch, struct tuple *ret)
{
	const char *abi = "base";
	size_t i, cpu;

	for (i = 0; strncmp(arch, systems[i].start, strlen(systems[i].start)) != 0;)
		i++;
	arch += strlen(systems[i].start);
	copy(ret->libc, systems[i].libc, LONGEST_ARCH);
	copy(ret->os, systems[i].os, LONGEST_ARCH);
	for (i = 0; i < ARRAY_SIZE(specials); i++) {
		if (!strcmp(arch, specials[i].arch)) {
			abi = specials[i].abi;
			arch = specials[i].cpu;
			break;
		}
	}
	copy(ret->abi, abi, LONGEST_ARCH);
	if (!find_cpu(arch, &cpu))
		return false;
	copy(ret->cpu, arch, LONGEST_ARCH);
	return true;
}

static bool is_any(const char *word, size_t length)
{
	return length == 3 && !memcmp(word, "any", 3);
}

/* Parts from the right; what is left out is "any". A name without "any" is no wildcard. */
static bool split_wildcard(const char *name, struct tuple *ret)
{
	char *const fields[] = { ret->abi, ret->libc, ret->os, ret->cpu };
	const char *parts[4];
	size_t lengths[4];
	size_t count = 0;
	bool any = false;
	size_t i;

	for (const char *at = name;; at = parts[count - 1] + lengths[count - 1] + 1) {
		parts[count] = at;
		lengths[count] = count < 3 ? strcspn(at, "-") : strlen(at);
		any |= is_any(at, lengths[count]);
		if (!at[lengths[count++]])
			break;
	}
	if (!any)
		return split_name(name, ret);
	for (i = 0; i < 4; i++) {
		if (count == 1 || i < 4 - count)
			copy(fields[i], "any", 3);
		else
			copy(fields[i], parts[i - (4 - count)], lengths[i - (4 - count)]);
	}
	return true;
}

static bool matches(const char *alias, const char *real)
{
	return !strcmp(alias, "any") || !strcmp(alias, real);
}

bool deb_arch_is(const char *arch, const char *wildcard)
{
	struct tuple real, alias;

	if (!strcmp(arch, wildcard) || !strcmp(wildcard, "any"))
		return true;
	return split_name(arch, &real) && split_wildcard(wildcard, &alias) &&
	       matches(alias.abi, real.abi) && matches(alias.libc, real.libc) &&
	       matches(alias.os, real.os) && matches(alias.cpu, real.cpu);
}

bool deb_arch_list_has(const char *list, const char *arch)
{
	static const char separators[] = " \t\n\v\f\r,";
	bool seen = false;

	while (*(list += strspn(list, separators))) {
		size_t length = strcspn(list, separators);
		bool negated = *list == '!';
		char word[LONGEST_ARCH];
		size_t i;

		copy(word, list + negated, length - negated);
		for (i = 0; word[i]; i++) {
			if (word[i] >= 'A' && word[i] <= 'Z')
				word[i] = (char)(word[i] + 'a' - 'A');
		}
		if (deb_arch_is(arch, word))
			return !negated;
		seen |= negated;
		list += length;
	}
	return seen;
}

bool deb_arch_abi(const char *arch, unsigned *ret_bits, bool *ret_big)
{
	struct tuple tuple;
	size_t cpu;

	if (!split_name(arch, &tuple) || !find_cpu(tuple.cpu, &cpu))
		return false;
	*ret_bits = cpus[cpu].bits;
	*ret_big = cpus[cpu].big;
	if (!strcmp(tuple.abi, "abin32") || !strcmp(tuple.abi, "ilp32") ||
	    !strcmp(tuple.abi, "x32"))
		*ret_bits = 32;
	return true;
}

const char *deb_arch_of(const struct machine *machine)
{
	static const char *const names[][2] = {
		{ "x86-64", "amd64" }, { "i386", "i386" },	   { "aarch64", "arm64" },
		{ "armhf", "armhf" },  { "armel", "armel" },	   { "ppc64le", "ppc64el" },
		{ "s390x", "s390x" },  { "riscv64", "riscv64" },   { "loongarch64", "loong64" },
		{ "x32", "x32" },      { "mips64el", "mips64el" },
	};
	size_t i;

	for (i = 0; machine && i < ARRAY_SIZE(names); i++) {
		if (!strcmp(machine->name, names[i][0]))
			return names[i][1];
	}
	return NULL;
}
