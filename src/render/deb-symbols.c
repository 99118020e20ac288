/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in render/deb-symbols.h. */
#include "render/deb-symbols.h"

#include <string.h>

#define PACKAGE_MARK "#PACKAGE#"

static void write_value(struct out *out, const char *text, const struct symbols_style *style)
{
	const char *mark;

	while (!style->template && (mark = strstr(text, PACKAGE_MARK)) != NULL) {
		out_bytes(out, text, (size_t)(mark - text));
		out_text(out, style->package);
		text = mark + strlen(PACKAGE_MARK);
	}
	out_text(out, text);
	out_char(out, '\n');
}

static const char *template_of(const struct symbols_entry *entry)
{
	return entry->template && *entry->template ? entry->template : entry->name;
}

static void write_tags(struct out *out, const struct symbols_entry *entry)
{
	size_t i;

	for (i = 0; i < entry->tag_count; i++) {
		out_char(out, i ? '|' : '(');
		out_text(out, entry->tags[i].name);
		if (entry->tags[i].value) {
			out_char(out, '=');
			out_text(out, entry->tags[i].value);
		}
	}
	out_char(out, ')');
}

static void write_template(struct out *out, const struct symbols_entry *entry)
{
	if (entry->tag_count) {
		write_tags(out, entry);
		if (entry->quote)
			out_char(out, entry->quote);
		out_text(out, template_of(entry));
		if (entry->quote)
			out_char(out, entry->quote);
	} else {
		out_text(out, template_of(entry));
	}
}

static void write_spec(struct out *out, const struct symbols_entry *entry, bool template)
{
	if (entry->deprecated) {
		out_text(out, "#MISSING: ");
		out_text(out, entry->deprecated);
		out_char(out, '#');
	}
	out_char(out, ' ');
	if (template)
		write_template(out, entry);
	else
		out_text(out, entry->name);
	out_char(out, ' ');
	out_text(out, entry->minver);
	if (entry->dep) {
		out_char(out, ' ');
		out_unsigned(out, entry->dep);
	}
	out_char(out, '\n');
}

static int compare_entries(const void *a, const void *b)
{
	const struct symbols_entry *one = *(const struct symbols_entry *const *)a;
	const struct symbols_entry *other = *(const struct symbols_entry *const *)b;
	int order = strcmp(template_of(one), template_of(other));

	if (!order)
		order = (one->line > other->line) - (one->line < other->line);
	return order ? order : strcmp(one->name, other->name);
}

static bool is_written(const struct symbols_object *object, const struct symbols_entry *entry,
		       const char *arch, const struct symbols_style *style)
{
	bool wanted = style->template ? !entry->pattern : entry->kind == SYMBOLS_PLAIN;

	return wanted && symbols_entry_counts(object, entry) &&
	       (!entry->deprecated || style->verbose) &&
	       (style->template || symbols_entry_concerns(entry, arch));
}

struct sorted array_of(const struct symbols_entry *);

/* The symbols that a pattern stands for, as comments below it. */
static void write_matches(struct out *out, const struct sorted *all,
			  const struct symbols_entry *pattern)
{
	size_t i;

	for (i = 0; i < all->count; i++) {
		if (all->items[i]->pattern != pattern)
			continue;
		out_text(out, "#MATCH:");
		write_spec(out, all->items[i], false);
	}
}

static int write_entries(struct out *out, const struct symbols_file *file,
			 const struct symbols_object *object, const struct symbols_style *style)
{
	struct sorted sorted = { 0 };
	size_t i;
	int r = array_reserve(&sorted, object->entries.count + 1);

	for (i = 0; !r && i < object->entries.count; i++)
		sorted.items[sorted.count++] = object->entries.items[i];
	if (sorted.count)
		qsort(sorted.items, sorted.count, sizeof(*sorted.items), compare_entries);
	for (i = 0; i < sorted.count; i++) {
		const struct symbols_entry *entry = sorted.items[i];

		if (!is_written(object, entry, file->arch, style))
			continue;
		write_spec(out, entry, style->template);
		if (style->verbose && entry->kind != SYMBOLS_PLAIN)
			write_matches(out, &sorted, entry);
	}
	array_done(&sorted);
	return r;
}

static int write_object(struct out *out, const struct symbols_file *file,
			const struct symbols_object *object, const struct symbols_style *style)
{
	size_t i;

	out_text(out, object->soname);
	for (i = 0; i < object->deps.count; i++) {
		out_text(out, i ? "| " : " ");
		write_value(out, object->deps.items[i], style);
	}
	for (i = 0; i < object->fields.count; i++) {
		out_printf(out, "* %s: ", object->fields.items[i].name);
		write_value(out, object->fields.items[i].value, style);
	}
	return write_entries(out, file, object, style);
}

static int compare_objects(const void *a, const void *b)
{
	const struct symbols_object *one = *(const struct symbols_object *const *)a;
	const struct symbols_object *other = *(const struct symbols_object *const *)b;

	return strcmp(one->soname, other->soname);
}

int symbols_write(struct out *out, const struct symbols_file *file,
		  const struct symbols_style *style)
{
	AUTO_FREE struct symbols_object **sorted = calloc(file->objects.count + 1, sizeof(*sorted));
	size_t i;
	int r = sorted ? 0 : -ENOMEM;

	if (!r && file->objects.count) {
		memcpy(sorted, file->objects.items, file->objects.count * sizeof(*sorted));
		qsort(sorted, file->objects.count, sizeof(*sorted), compare_objects);
	}
	for (i = 0; !r && i < file->objects.count; i++)
		r = write_object(out, file, sorted[i], style);
	return r;
}
