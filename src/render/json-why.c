/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in render/json-why.h. */
#include "render/json-why.h"
#include "base/demangle.h"
#include "model/why.h"

static void write_pull(struct json *json, const struct why_pull *pull)
{
	json_object(json);
	json_name_string(json, "by", pull->referrer);
	json_name_string(json, "symbol", pull->symbol);
	json_object_end(json);
}

static void write_lines(struct json *json, const struct why_lines *lines)
{
	size_t i;

	json_name(json, "lines");
	json_array(json);
	for (i = 0; i < lines->count; i++) {
		json_object(json);
		json_name_string(json, "file", lines->items[i].file);
		json_name_unsigned(json, "line", lines->items[i].line);
		json_object_end(json);
	}
	json_array_end(json);
}

static void write_objects(struct json *json, const struct why_objects *objects)
{
	size_t i, k;

	json_name(json, "objects");
	json_array(json);
	for (i = 0; i < objects->count; i++) {
		const struct why_object *object = &objects->items[i];

		json_object(json);
		json_name_string(json, "file", object->file);
		json_name_string(json, "member", object->member);
		json_name_bool(json, "weak", object->weak);
		write_lines(json, &object->lines);
		json_name(json, "pulled_in");
		json_array(json);
		for (k = 0; k < object->pull_count; k++)
			write_pull(json, &object->pulls[k]);
		json_array_end(json);
		json_object_end(json);
	}
	json_array_end(json);
}

static int write_cause(struct json *json, const struct why_cause *cause)
{
	const struct show_import *import = &cause->import;
	char text[DEMANGLED_SIZE];
	int r = demangle(import->name, text, sizeof(text));

	json_break(json);
	json_object(json);
	json_name_string(json, "symbol", import->name);
	json_name_string(json, "demangled", !r && text[0] ? text : NULL);
	json_name_string(json, "version", import->version);
	json_name_string(json, "library", import->library);
	json_name_string(json, "kind", symbol_kind_text(import->kind));
	json_name_bool(json, "weak", import->weak);
	json_name_bool(json, "copied", import->copied);
	json_name_string(json, "provider", cause->provider);
	json_name_bool(json, "missing", cause->is_missing);
	write_lines(json, &cause->lines);
	write_objects(json, &cause->objects);
	json_object_end(json);
	return r;
}

static void write_users(struct json *json, const struct why *why)
{
	size_t i;

	json_name(json, "users");
	json_array(json);
	for (i = 0; i < why->users.count; i++) {
		const struct why_user *user = &why->users.items[i];

		json_break(json);
		json_object(json);
		json_name_string(json, "path", user->path);
		json_name_strings(json, "chain", user->chain);
		json_name_unsigned(json, "strong", user->strong_count);
		json_name_unsigned(json, "weak", user->weak_count);
		json_name_strings(json, "symbols", user->symbols);
		json_object_end(json);
	}
	json_array_end(json);
}

static void write_kinds(struct json *json, const struct why *why)
{
	json_name(json, "is");
	json_array(json);
	if (why->kinds & WHY_VERSION)
		json_string(json, "version");
	if (why->kinds & WHY_LIBRARY)
		json_string(json, "library");
	if (why->kinds & WHY_SYMBOL)
		json_string(json, "symbol");
	json_array_end(json);
}

static void write_need(struct json *json, const struct why *why)
{
	json_name(json, "need");
	json_object(json);
	json_name_string(json, "what", why->what);
	write_kinds(json, why);
	json_name_unsigned(json, "strong", why->strong_count);
	json_name_unsigned(json, "weak", why->weak_count);
	json_name_bool(json, "defined", why->is_defined);
	json_name_string(json, "version_of", why->entry_library);
	json_name_bool(json, "only_warns", why->entry_weak);
	json_name_bool(json, "highest", why->is_highest);
	json_name_string(json, "without", why->without);
	json_name_string(json, "without_weak", why->without_weak);
	json_name_bool(json, "needed", why->is_needed);
	json_name_string(json, "resolved", why->resolved);
	json_name(json, "linked_for");
	if (why->library_pull)
		write_pull(json, why->library_pull);
	else
		json_null(json);
	json_name_bool(json, "closure_known", why->knows_closure);
	json_name_unsigned(json, "objects_searched", why->object_count);
	json_name_unsigned(json, "objects_not_compiled", why->lto_count);
	write_users(json, why);
	json_object_end(json);
}

int json_why(const struct report *report, struct json *json)
{
	const struct why *why = report->why;
	size_t i;
	int r = 0;

	json_name(json, "causes");
	json_array(json);
	for (i = 0; why && i < why->causes.count && !r; i++)
		r = write_cause(json, &why->causes.items[i]);
	json_array_end(json);
	if (why)
		write_need(json, why);
	return r;
}
