/* SPDX-License-Identifier: Apache-2.0 */
/* JSON members of `check` and `tree`: libraries, bindings; and the catalogue. */
#include "render/render.h"

static void write_library(const struct closure *closure, struct json *json, uint32_t object,
			  bool in_scope)
{
	const struct object *o = &closure->objects.items[object];

	json_break(json);
	json_object(json);
	json_name_string(json, "name", o->requested);
	json_name_string(json, "path", o->image ? o->path : NULL);
	json_name_string(json, "rule", found_by_text(o->found_by));
	json_name_string(json, "requested_by",
			 o->requester == NO_OBJECT ? NULL : closure->objects.items[o->requester].path);
	if (o->hwcap)
		json_name_string(json, "hwcap", o->hwcap);
	json_name(json, "in_scope");
	json_bool(json, in_scope);
	json_object_end(json);
}

/* In scope order, then what is loaded on demand. */
static void write_libraries(const struct forecast *f, struct json *json)
{
	const struct closure *closure = &f->closure;
	size_t i;

	json_break(json);
	json_object(json);
	json_name_string(json, "input", f->input);
	json_name(json, "libraries");
	json_array(json);
	for (i = 0; i < closure->scope.count; i++) {
		if (closure->scope.items[i] != 0)
			write_library(closure, json, closure->scope.items[i], true);
	}
	for (i = 1; i < closure->objects.count; i++) {
		if (closure->objects.items[i].group)
			write_library(closure, json, (uint32_t)i, false);
	}
	json_array_end(json);
	json_object_end(json);
}

static void write_all_libraries(const struct report *report, struct json *json, const char *name)
{
	size_t i;

	json_name(json, name);
	json_array(json);
	for (i = 0; i < report->inputs.count; i++) {
		if (report->inputs.items[i].forecast)
			write_libraries(report->inputs.items[i].forecast, json);
	}
	json_array_end(json);
}

static const char *version_name(const struct image *image, uint32_t symbol)
{
	uint16_t index = image_versym(image, symbol) & VERSION_MASK;

	return image->has_versions && index < image->version_count ? image->versions[index].name : NULL;
}

static void write_object_bindings(const struct forecast *f, struct json *json, uint32_t object)
{
	static const char *const kinds[] = { "normal", "protected", "weak" };
	const struct object *o = &f->closure.objects.items[object];
	const struct object_bindings *bindings = &f->bindings[object];
	size_t i;

	for (i = 0; i < bindings->count; i++) {
		const struct binding_record *b = &bindings->items[i];
		const char *version;
		struct symbol s;

		if (!image_symbol(o->image, b->symbol, &s))
			continue;
		json_break(json);
		json_object(json);
		json_name_string(json, "from", o->path);
		json_name_string(json, "to",
				 b->provider == NO_OBJECT ? NULL
							  : f->closure.objects.items[b->provider].path);
		json_name_string(json, "symbol", s.name);
		version = version_name(o->image, b->symbol);
		if (version)
			json_name_string(json, "version", version);
		json_name_string(json, "kind", kinds[b->kind]);
		json_object_end(json);
	}
}

static void write_bindings(const struct forecast *f, struct json *json)
{
	uint32_t i;

	json_break(json);
	json_object(json);
	json_name_string(json, "input", f->input);
	json_name(json, "bindings");
	json_array(json);
	for (i = 0; i < f->closure.objects.count; i++)
		write_object_bindings(f, json, i);
	json_array_end(json);
	json_object_end(json);
}

int json_check(const struct report *report, struct json *json)
{
	size_t i;

	write_all_libraries(report, json, "libraries");
	if (!report->bindings)
		return 0;
	json_name(json, "bindings");
	json_array(json);
	for (i = 0; i < report->inputs.count; i++) {
		if (report->inputs.items[i].forecast && report->inputs.items[i].forecast->bindings)
			write_bindings(report->inputs.items[i].forecast, json);
	}
	json_array_end(json);
	return 0;
}

int json_tree(const struct report *report, struct json *json)
{
	write_all_libraries(report, json, "tree");
	return 0;
}

static void write_rule(struct json *json, const struct rule *rule)
{
	json_break(json);
	json_object(json);
	json_name_string(json, "id", rule->id);
	json_name_string(json, "summary", rule->summary);
	json_name_string(json, "effect", rule->effect);
	json_name_string(json, "harmless", rule->harmless);
	json_name_string(json, "fix", rule->fix);
	json_name_string(json, "verdict", verdict_text(rule->verdict));
	json_name_string(json, "severity", severity_text(rule->severity));
	json_name_string(json, "lowered_if", rule->lowered_if);
	json_name_string(json, "raised_if", rule->raised_if);
	json_name_string(json, "status", rule->status);
	json_name(json, "lint");
	json_bool(json, rule->lint);
	json_object_end(json);
}

int json_rules(const struct report *report, struct json *json)
{
	const struct rule *rule;
	size_t i;

	json_name(json, "rules");
	json_array(json);
	if (report->rule)
		write_rule(json, report->rule);
	for (i = 0; !report->rule && (rule = rule_at(i)) != NULL; i++)
		write_rule(json, rule);
	json_array_end(json);
	return 0;
}

int json_features(const struct report *report, struct json *json)
{
	size_t i;

	json_name(json, "features");
	json_object(json);
	for (i = 0; render_features[i]; i += 2)
		json_name_string(json, render_features[i], render_features[i + 1]);
	json_object_end(json);
	return 0;
}
