/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/compare/compare.h. */
#include "engine/compare/parts.h"
#include "model/version-name.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *compare_text(struct compare *c, const char *format, ...)
{
	va_list args;
	char *text = NULL;
	const char *copy = NULL;
	int length;

	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length >= 0) {
		copy = arena_strndup(&c->out->findings.arena, text, (size_t)length);
		free(text);
	}
	c->no_memory |= !copy;
	return copy;
}

struct finding *compare_add(struct compare *c, const char *rule, const char *subject,
			    const char *message)
{
	struct finding *finding;

	if (!subject || !message)
		return NULL;
	finding = finding_add(&c->out->findings, rule, c->out->name);
	if (!finding)
		return NULL;
	finding->source = finding->rule->source;
	finding->has_source = true;
	finding->subject = subject;
	finding->message = message;
	finding->file = c->out->new_path ? c->out->new_path : c->out->old_path;
	return finding;
}

int compare_note(struct compare *c, const char *rule, const char *subject, const char *before,
		 const char *after, const char *message)
{
	struct finding *finding = compare_add(c, rule, subject, message);

	if (!finding)
		return -ENOMEM;
	finding->before = before;
	finding->after = after;
	return 0;
}

bool compare_is_private(const char *node)
{
	return version_name_is_private(node);
}

static const char *name_of(const struct corpus *corpus)
{
	if (corpus->soname)
		return corpus->soname;
	return path_name(corpus->path);
}

/* The library came or went as a whole. */
static int compare_whole(struct compare *c)
{
	if (c->new)
		return compare_note(c, "abi/library-added", c->out->name, NULL, c->out->new_path,
				    compare_text(c, "%s is new", c->out->name));
	return compare_note(c, "abi/library-removed", c->out->name, c->out->old_path, NULL,
			    compare_text(c, "%s is gone", c->out->name));
}

static int compare_parts(struct compare *c)
{
	static int (*const parts[])(struct compare *) = {
		compare_file,	  compare_needs,   compare_nodes,  compare_symbols,
		compare_classes,  compare_types,   compare_odr,	   compare_compilers,
		compare_declared, compare_renames, compare_bundle,
	};
	bool stop = false;
	size_t i;
	int r = compare_machine(c, &stop);

	for (i = 0; !r && !stop && i < ARRAY_SIZE(parts); i++)
		r = parts[i](c);
	return r;
}

static int waive(struct compare *c, size_t first)
{
	return c->options->waive ? c->options->waive(c->options->data, &c->out->findings, first)
				 : 0;
}

void comparison_conclude(struct comparison *out)
{
	size_t i;

	out->binary = out->source = VERDICT_OK;
	for (i = 0; i < out->findings.items.count; i++) {
		const struct finding *finding = &out->findings.items.items[i];

		if (finding->verdict > out->binary)
			out->binary = finding->verdict;
		if (finding->source > out->source)
			out->source = finding->source;
	}
}

int compare(const struct corpus *old, const struct corpus *new,
	    const struct compare_options *options, struct comparison **ret)
{
	struct comparison *out = calloc(1, sizeof(*out));
	struct compare c = { .old = old, .new = new, .options = options, .out = out };
	size_t count;
	int r;

	if (!out)
		return -ENOMEM;
	out->old = old;
	out->is_static = (old ? old : new)->flags & CORPUS_STATIC;
	out->old_path = old ? old->path : NULL;
	out->old_headers = old ? old->headers_from : NULL;
	out->new_headers = new ? new->headers_from : NULL;
	out->new_path = new ? new->path : NULL;
	out->name = name_of(old ? old : new);
	out->old_count = old ? old->symbols.count : 0;
	out->new_count = new ? new->symbols.count : 0;
	if (old)
		c.fates = calloc(old->nodes.count + 1, sizeof(*c.fates));
	r = old && !c.fates ? -ENOMEM : old && new ? compare_parts(&c) : compare_whole(&c);
	if (!r)
		r = waive(&c, 0);
	count = out->findings.items.count;
	if (!r)
		r = compare_advice(&c);
	if (!r)
		r = waive(&c, count);
	/* Then a text that was made of it would lack a part. */
	if (c.no_memory)
		r = -ENOMEM;
	free(c.fates);
	compare_declared_done(&c);
	array_done(&c.gone);
	array_done(&c.fresh);
	array_done(&c.kept);
	if (r) {
		comparison_free(out);
		return r;
	}
	comparison_conclude(out);
	*ret = out;
	return 0;
}

void comparison_free(struct comparison *comparison)
{
	if (!comparison)
		return;
	findings_done(&comparison->findings);
	free(comparison);
}
