/* SPDX-License-Identifier: Apache-2.0 */
/* JSON of `deps`. */
#include "model/deps.h"
#include "render/text-deps.h"

static void write_lines(struct json *json, const char *name, const struct deps_lines *lines)
{
	size_t i;

	json_name(json, name);
	json_array(json);
	for (i = 0; i < lines->count; i++)
		json_string(json, lines->items[i]);
	json_array_end(json);
}

static void write_files(struct json *json, const struct deps *deps)
{
	size_t i;

	json_name(json, "files");
	json_array(json);
	for (i = 0; i < deps->files.count; i++) {
		const struct deps_file *file = &deps->files.items[i];

		json_break(json);
		json_object(json);
		json_name_string(json, "path", file->path);
		if (deps->lists & DEPS_PROVIDES)
			write_lines(json, "provides", &file->provides);
		if (deps->lists & DEPS_REQUIRES)
			write_lines(json, "requires", &file->requires);
		if (deps->lists & DEPS_RECOMMENDS)
			write_lines(json, "recommends", &file->recommends);
		if (deps->lists & DEPS_SUGGESTS)
			write_lines(json, "suggests", &file->suggests);
		json_object_end(json);
	}
	json_array_end(json);
}

static void write_fields(struct json *json, const struct deps *deps)
{
	size_t i;

	json_name(json, "fields");
	json_object(json);
	for (i = 0; i < deps->fields.count; i++)
		write_lines(json, deps->fields.items[i].name, &deps->fields.items[i].items);
	json_object_end(json);
}

static void write_names(struct json *json, const struct deps *deps)
{
	size_t i;

	json_name(json, "names");
	json_array(json);
	for (i = 0; i < deps->names.count; i++) {
		const struct deps_names *names = &deps->names.items[i];

		json_break(json);
		json_object(json);
		json_name_string(json, "from", names->from);
		json_name_string(json, "family", names->family);
		write_lines(json, "packages", &names->items);
		json_object_end(json);
	}
	json_array_end(json);
}

static int write_symbols(struct json *json, const struct deps *deps)
{
	struct out text;
	int r;

	out_init(&text, NULL, NULL);
	r = deps_symbols_write(deps, &text);
	out_char(&text, '\0');
	if (!r)
		r = text.error;
	if (!r)
		json_name_string(json, "symbols", text.bytes);
	out_done(&text);
	return r;
}

int json_deps(const struct report *report, struct json *json)
{
	const struct deps *deps = report->deps;
	int r = 0;

	json_name(json, "deps");
	json_object(json);
	if (deps && deps->kind == DEPS_RPM)
		write_files(json, deps);
	if (deps && deps->fields.count)
		write_fields(json, deps);
	if (deps && deps->kind == DEPS_NAMES)
		write_names(json, deps);
	if (deps && deps->kind == DEPS_SYMBOLS && deps->symbols)
		r = write_symbols(json, deps);
	json_object_end(json);
	return r;
}
