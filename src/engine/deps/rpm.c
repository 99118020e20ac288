/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rpm's names for dependencies of ELF files. What rpm's own generator writes, line by line and
 * in its order, was found by experiment; tests/oracle/elfdeps.py compares.
 */
#include "engine/deps/rpm.h"

#include <elf.h>
#include <string.h>

#define EM_ALPHA_ASSIGNED 41 /* EM_ALPHA is the number in wide use */

struct maker {
	struct arena *arena;
	const char *marker; /* "(64bit)", or "" */
	unsigned ways;
};

static bool is_blank(const char *text)
{
	return !text[strspn(text, " \t\n\v\f\r")];
}

/* Names of libraries that programs are linked with, and of the loader. */
static bool is_library(const char *soname)
{
	static const char *const starts[] = { "lib", "ld.", "ld-", "ld64.", "ld64-" };
	size_t i;

	if (!strstr(soname, ".so"))
		return false;
	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		if (!strncmp(soname, starts[i], strlen(starts[i])))
			return true;
	}
	return false;
}

static int add_line(const struct maker *maker, struct deps_lines *lines, const char *soname,
		    const char *version)
{
	bool plain = !version && !maker->marker[0];
	const char *line;

	if (is_blank(soname) || (!(maker->ways & DEPS_NO_FILTER_SONAME) && !is_library(soname)))
		return 0;
	line = plain ? arena_strdup(maker->arena, soname)
		     : arena_printf(maker->arena, "%s(%s)%s", soname, version ? version : "",
				    maker->marker);
	return line ? array_push(lines, line) : -ENOMEM;
}

/* A program that nobody may start needs nothing. */
static bool has_needs(const struct elf_depends *depends, uint32_t mode)
{
	return !depends->interpreter || (mode & RPM_MODE_EXECUTABLE);
}

static int add_requires(const struct maker *maker, const struct elf_depends *depends, uint32_t mode,
			struct deps_lines *lines)
{
	bool versions = !(maker->ways & DEPS_SONAME_ONLY);
	size_t i;
	int r = 0;

	for (i = 0; !r && has_needs(depends, mode) && i < depends->items.count; i++) {
		const struct elf_depend *item = &depends->items.items[i];

		if (item->kind == ELF_DEPEND_NEEDS ||
		    (item->kind == ELF_DEPEND_NEEDS_VERSION && versions))
			r = add_line(maker, lines, item->soname, item->version);
	}
	if (!r && versions && has_needs(depends, mode) && depends->has_gnu_hash &&
	    !depends->has_hash)
		r = array_push(lines, "rtld(GNU_HASH)");
	if (!r && depends->interpreter && (maker->ways & DEPS_REQUIRE_INTERP)) {
		const char *path = arena_strdup(maker->arena, depends->interpreter);

		r = path ? array_push(lines, path) : -ENOMEM;
	}
	return r;
}

static int add_provides(const struct maker *maker, const struct elf_depends *depends,
			const char *name, struct deps_lines *lines)
{
	const char *soname = depends->soname;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < depends->items.count; i++) {
		const struct elf_depend *item = &depends->items.items[i];

		if (item->kind == ELF_DEPEND_DEFINES && !(maker->ways & DEPS_SONAME_ONLY))
			r = add_line(maker, lines, item->soname, item->version);
	}
	if (r || depends->type != ET_DYN || depends->has_debug)
		return r;
	if (!soname && !(maker->ways & DEPS_NO_FAKE_SONAME))
		soname = name;
	return soname ? add_line(maker, lines, soname, NULL) : 0;
}

static const char *marker_of(bool is_64, uint16_t machine)
{
	return is_64 && machine != EM_ALPHA && machine != EM_ALPHA_ASSIGNED ? "(64bit)" : "";
}

int rpm_notes(const struct image *image, unsigned lists, unsigned ways, struct arena *arena,
	      struct deps_file *ret)
{
	struct maker maker = { arena, marker_of(image->is_64, image->elf_machine), ways };
	size_t i;
	int r = 0;

	for (i = 0; !r && i < image->dlopen_notes.count; i++) {
		const struct dlopen_note *note = &image->dlopen_notes.items[i];
		bool suggested = note->priority == DLOPEN_SUGGESTED;

		if (note->sonames[0] && (lists & (suggested ? DEPS_SUGGESTS : DEPS_RECOMMENDS)))
			r = add_line(&maker, suggested ? &ret->suggests : &ret->recommends,
				     note->sonames[0], NULL);
	}
	return r;
}

int rpm_lines(const struct elf_depends *depends, const char *name, uint32_t mode, unsigned lists,
	      unsigned ways, struct arena *arena, struct deps_file *ret)
{
	struct maker maker = { arena, marker_of(depends->format.is_64, depends->machine), ways };
	int r = 0;

	if (!depends->is_elf || (depends->type != ET_DYN && depends->type != ET_EXEC))
		return 0;
	if (lists & DEPS_PROVIDES)
		r = add_provides(&maker, depends, name, &ret->provides);
	if (!r && (lists & DEPS_REQUIRES))
		r = add_requires(&maker, depends, mode, &ret->requires);
	return r;
}
