/* SPDX-License-Identifier: Apache-2.0 */
/* Paragraphs of text_show() about hardening and the oldest releases that would do. */
#include "render/text-show-parts.h"
#include "render/render.h"
#include "render/text-columns.h"

#include <string.h>

#define FACT_WIDTH 22u
#define FEW_NAMES 6u

static void fact(const struct show_writer *w, const char *label, const char *text)
{
	out_text(w->out, "  ");
	text_cell(w->out, label, FACT_WIDTH);
	out_safe(w->out, text);
	out_char(w->out, '\n');
}

/* "a, b, c and 4 more"; all of them with -v. */
static void write_names(const struct show_writer *w, const uint32_t *numbers, size_t count)
{
	size_t most = w->options->verbosity > 1 || count <= FEW_NAMES ? count : FEW_NAMES - 1;
	size_t i;

	for (i = 0; i < most; i++) {
		out_text(w->out, i ? ", " : "");
		out_safe(w->out, w->show->imports.items[numbers[i]].name);
	}
	if (most < count)
		out_printf(w->out, " and %zu more", count - most);
}

static const char *stack_text(const struct show_hardening *h)
{
	if (h->stack_unmarked)
		return h->stack_exec ? "executable (no PT_GNU_STACK: the machine's default)"
				     : "not executable (no PT_GNU_STACK: the machine's default)";
	return h->stack_exec ? "executable" : "not executable";
}

static void write_branch(const struct show_writer *w, const struct show_hardening *h)
{
	size_t i;

	out_text(w->out, "  ");
	text_cell(w->out, "branch protection", FACT_WIDTH);
	for (i = 0; i < ARRAY_SIZE(h->branch) && h->branch[i]; i++)
		out_printf(w->out, "%s%s", i ? ", " : "", h->branch[i]);
	out_text(w->out, i ? "\n" : "none\n");
}

static void write_import_facts(const struct show_writer *w, const struct show_hardening *h)
{
	fact(w, "stack protector", h->stack_protector ? "yes" : "no sign of it");
	out_text(w->out, "  ");
	text_cell(w->out, "fortified calls", FACT_WIDTH);
	out_printf(w->out, "%zu%s", h->fortified_count, h->fortified_count ? ": " : "");
	write_names(w, h->fortified, h->fortified_count);
	out_char(w->out, '\n');
}

int text_show_hardening(const struct show_writer *w)
{
	const struct show_hardening *h = &w->show->hardening;
	const struct image *image = w->show->image;
	const char *path = image->runpath ? image->runpath : image->rpath;

	if (w->show->kind == FILE_CORE || w->show->kind == FILE_OTHER)
		return 0;
	text_show_heading(w, "Hardening", -1);
	if (h->is_program)
		fact(w, "position-independent", h->is_pie ? "yes" : "no");
	fact(w, "RELRO", relro_text(h->relro));
	fact(w, "binds at start", h->bind_now ? "yes" : "no");
	fact(w, "stack", stack_text(h));
	fact(w, "text relocations", h->text_relocations ? "yes" : "no");
	fact(w, "writable code", h->writable_code ? "yes" : "no");
	write_branch(w, h);
	if (h->imports_known)
		write_import_facts(w, h);
	fact(w, "own search path", path ? path : "none");
	return 0;
}

/* Why the highest version of a family is needed. */
static void write_cause(const struct show_writer *w, const struct show_floor *floor)
{
	size_t count = floor->strong_count + floor->weak_count;

	if (!count) {
		out_text(w->out, "nothing imports it, the version table alone asks for it");
	} else if (floor->strong_count) {
		out_text(w->out, "for ");
		write_names(w, floor->imports, count);
	} else {
		out_text(w->out, "only for weak ");
		write_names(w, floor->imports, count);
		if (floor->without_weak) {
			out_text(w->out, "; without: ");
			out_safe(w->out, floor->without_weak);
		}
	}
	if (floor->need_weak)
		out_text(w->out, " (the loader only warns)");
	if (floor->meaning)
		out_printf(w->out, " (%s)", floor->meaning);
}

static size_t floor_column(const struct show *show)
{
	size_t widest = FACT_WIDTH - 2;
	size_t i;

	for (i = 0; i < show->floors.count; i++) {
		size_t width = text_width(show->floors.items[i].version);

		if (width > widest && width <= 30)
			widest = width;
	}
	return widest + 2;
}

static void write_static(const struct show_writer *w)
{
	const struct show *show = w->show;

	if (show->kind != FILE_STATIC && show->kind != FILE_STATIC_PIE)
		return;
	fact(w, "statically linked", "no loader and no library plays a part at its start");
	if (!show->static_glibc)
		return;
	fact(w, "",
	     show->static_nss ? "but dlopen(), iconv() and looking up users or hosts load libraries"
			      : "but dlopen() and iconv(), if it calls them, load libraries");
	fact(w, "", "of exactly the glibc that it was linked with");
}

static bool has_floors(const struct show *show)
{
	return show->floors.count || show->image->abi_tag.present || show->isa_needed ||
	       show->uses_relr || show->kind == FILE_STATIC || show->kind == FILE_STATIC_PIE;
}

int text_show_floors(const struct show_writer *w)
{
	const struct show *show = w->show;
	const struct abi_tag *tag = &show->image->abi_tag;
	size_t column = floor_column(show);
	size_t i;

	if (!has_floors(show))
		return 0;
	text_show_heading(w, "Oldest releases that would do", -1);
	for (i = 0; i < show->floors.count; i++) {
		out_text(w->out, "  ");
		text_cell(w->out, show->floors.items[i].version, column);
		write_cause(w, &show->floors.items[i]);
		out_char(w->out, '\n');
	}
	if (show->uses_relr)
		fact(w, "packed relocations", "glibc 2.36 or musl 1.2.4");
	if (show->isa_needed)
		fact(w, "processor", show->isa_needed);
	if (tag->present && tag->system == ELF_NOTE_OS_LINUX) {
		out_text(w->out, "  ");
		text_cell(w->out, "kernel", FACT_WIDTH);
		out_printf(w->out, "Linux %u.%u.%u\n", tag->kernel[0], tag->kernel[1],
			   tag->kernel[2]);
	}
	write_static(w);
	return 0;
}
