/* SPDX-License-Identifier: Apache-2.0 */
/* Interfaces as baselines; their form is told in read/baseline.h. */
#include "render/baseline.h"
#include "render/text-diff.h"
#include "model/baseline-words.h"
#include "model/corpus.h"

#include <string.h>

/* Bytes that would part words, lines or versions are written as %XX. */
static void write_word(struct out *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c <= ' ' || c == 0x7f || c == '%' || c == '@')
			out_printf(out, "%%%02x", c);
		else
			out_char(out, (char)c);
	}
}

static void write_fact(struct out *out, const char *word, const char *text)
{
	if (!text)
		return;
	out_text(out, word);
	out_char(out, ' ');
	write_word(out, text);
	out_char(out, '\n');
}

static void write_number(struct out *out, const char *word, uint64_t number)
{
	if (number)
		out_printf(out, "%s %llu\n", word, (unsigned long long)number);
}

static void write_head(struct out *out, const struct corpus *c)
{
	unsigned bit;

	out_text(out, BASELINE_HEAD "\n");
	out_printf(out, "machine %u %u %s 0x%x\n", c->elf_machine, c->is_64 ? 64 : 32,
		   c->is_big ? "big" : "little", c->elf_flags);
	write_number(out, "os-abi", c->os_abi);
	write_fact(out, "soname", c->soname);
	write_fact(out, "rpath", c->rpath);
	write_fact(out, "runpath", c->runpath);
	if (c->kernel[0])
		out_printf(out, "kernel %u.%u.%u\n", c->kernel[0], c->kernel[1], c->kernel[2]);
	write_number(out, "isa-level", c->isa_level);
	write_number(out, "align", c->least_align);
	write_number(out, "tls-size", c->tls_size);
	write_number(out, "dwarf", c->old_dwarf);
	for (bit = 0; corpus_flag_text(bit); bit++) {
		if (c->flags & (1u << bit))
			out_printf(out, "flag %s\n", corpus_flag_text(bit));
	}
}

static void write_needs(struct out *out, const struct corpus *c)
{
	size_t i;

	for (i = 0; i < c->needed.count; i++)
		write_fact(out, "needed", c->needed.items[i]);
	for (i = 0; i < c->needs.count; i++) {
		out_text(out, "need ");
		write_word(out, c->needs.items[i].library);
		out_char(out, ' ');
		write_word(out, c->needs.items[i].version);
		out_text(out, c->needs.items[i].weak ? " weak\n" : "\n");
	}
	for (i = 0; i < c->imports.count; i++)
		write_fact(out, "import", c->imports.items[i]);
}

static void write_nodes(struct out *out, const struct corpus *c)
{
	size_t i, k;

	write_fact(out, "base", c->base_name && *c->base_name ? c->base_name : NULL);
	for (i = 0; i < c->nodes.count; i++) {
		const struct corpus_node *node = &c->nodes.items[i];

		out_text(out, "node ");
		write_word(out, node->name);
		for (k = 0; node->parents && node->parents[k]; k++) {
			out_char(out, ' ');
			write_word(out, node->parents[k]);
		}
		out_char(out, '\n');
	}
}

static void write_symbol(struct out *out, const struct corpus_symbol *s,
			 struct baseline_types *types, uint32_t type)
{
	out_text(out, baseline_kinds[s->kind]);
	out_char(out, ' ');
	write_word(out, s->name);
	if (s->version) {
		out_text(out, s->mark == MARK_DEFAULT ? "@@" : "@");
		write_word(out, s->version);
	} else if (s->mark == MARK_HIDDEN) {
		out_char(out, '@');
	}
	if (s->size)
		out_printf(out, " %llu", (unsigned long long)s->size);
	if (s->binding == STB_WEAK)
		out_text(out, " weak");
	if (s->binding == STB_GNU_UNIQUE)
		out_text(out, " unique");
	if (s->visibility == STV_PROTECTED)
		out_text(out, " protected");
	if (s->read_only)
		out_text(out, " read-only");
	if (s->align)
		out_printf(out, " align=%u", s->align);
	if (s->marks)
		out_printf(out, " call=0x%x", s->marks);
	if (s->open)
		out_text(out, " open");
	if (s->alias) {
		out_text(out, " alias=");
		write_word(out, s->alias);
	}
	if (type != CORPUS_NO_TYPE)
		baseline_write_type(types, type);
	out_char(out, '\n');
}

static void write_link(struct out *out, const char *word, const struct corpus_link *link)
{
	out_printf(out, "%s ", word);
	write_word(out, link->class);
	out_printf(out, " %u ", link->place);
	write_word(out, link->target);
	out_char(out, '\n');
}

static int write_corpus(struct out *out, const struct corpus *c)
{
	struct baseline_types *types;
	size_t k;
	int r = baseline_types_begin(out, c, &types);

	if (!r) {
		write_head(out, c);
		write_needs(out, c);
		write_nodes(out, c);
		for (k = 0; k < c->symbols.count; k++)
			write_symbol(out, &c->symbols.items[k], types,
				     c->types ? c->symbol_types[k] : CORPUS_NO_TYPE);
		for (k = 0; k < c->bases.count; k++)
			write_link(out, "inherits", &c->bases.items[k]);
		for (k = 0; k < c->slots.count; k++)
			write_link(out, "virtual", &c->slots.items[k]);
		baseline_write_types(types);
	}
	baseline_types_end(types);
	return r;
}

int text_dump(const struct report *report, struct out *out, const struct render_options *options)
{
	size_t i;
	int r = 0;

	text_errors(report, out, options);
	for (i = 0; !r && i < report->inputs.count; i++) {
		if (report->inputs.items[i].corpus)
			r = write_corpus(out, report->inputs.items[i].corpus);
	}
	return r;
}
