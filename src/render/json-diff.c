/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in render/json-diff.h. */
#include "render/json-diff.h"
#include "model/comparison.h"

static void write_pair(struct json *json, const struct comparison *c)
{
	json_break(json);
	json_object(json);
	json_name_string(json, "library", c->name);
	json_name_string(json, "old", c->old_path);
	json_name_string(json, "new", c->new_path);
	json_name_unsigned(json, "old_symbols", c->old_count);
	json_name_unsigned(json, "new_symbols", c->new_count);
	json_name_unsigned(json, "added", c->added);
	json_name_unsigned(json, "removed", c->removed);
	json_name_string(json, "release", c->is_layout ? NULL : bump_text(c->bump));
	json_name_string(json, "because", c->bump_reason);
	json_name_string(json, "libtool", c->libtool);
	json_name_string(json, "node", c->node);
	json_name_strings(json, "forward", c->forward);
	json_name_string(json, "old_headers", c->old_headers);
	json_name_string(json, "new_headers", c->new_headers);
	json_name(json, "used_by");
	if (c->has_usage) {
		json_object(json);
		json_name_unsigned(json, "programs", c->program_count);
		json_name_unsigned(json, "affected", c->affected_count);
		json_object_end(json);
	} else {
		json_null(json);
	}
	json_object_end(json);
}

static void write_program(struct json *json, const struct program_use *p)
{
	json_break(json);
	json_object(json);
	json_name_string(json, "path", p->path);
	json_name_string(json, "verdict", verdict_text(p->verdict));
	json_name(json, "broken_before");
	json_bool(json, p->broken_before);
	json_name_unsigned(json, "libraries", p->library_count);
	json_name_unsigned(json, "bindings", p->binding_count);
	json_name_strings(json, "reasons", p->reasons);
	json_object_end(json);
}

int json_diff(const struct report *report, struct json *json)
{
	size_t i;

	json_name(json, "pairs");
	json_array(json);
	for (i = 0; i < report->inputs.count; i++) {
		if (report->inputs.items[i].comparison)
			write_pair(json, report->inputs.items[i].comparison);
	}
	json_array_end(json);
	if (!report->has_programs)
		return 0;
	json_name(json, "programs");
	json_array(json);
	for (i = 0; i < report->programs.count; i++)
		write_program(json, &report->programs.items[i]);
	json_array_end(json);
	return 0;
}

static void write_symbol(struct json *json, const struct corpus_symbol *s)
{
	json_break(json);
	json_object(json);
	json_name_string(json, "name", s->name);
	json_name_string(json, "version", s->version);
	json_name(json, "default");
	if (s->version)
		json_bool(json, s->mark == MARK_DEFAULT);
	else
		json_null(json);
	json_name_string(json, "kind", symbol_kind_text(s->kind));
	json_name_unsigned(json, "size", s->size);
	json_object_end(json);
}

int json_dump(const struct report *report, struct json *json)
{
	size_t i, k;

	json_name(json, "interfaces");
	json_array(json);
	for (i = 0; i < report->inputs.count; i++) {
		const struct corpus *c = report->inputs.items[i].corpus;

		if (!c)
			continue;
		json_object(json);
		json_name_string(json, "path", c->path);
		json_name_string(json, "soname", c->soname);
		json_name(json, "symbols");
		json_array(json);
		for (k = 0; k < c->symbols.count; k++)
			write_symbol(json, &c->symbols.items[k]);
		json_array_end(json);
		json_object_end(json);
	}
	json_array_end(json);
	return 0;
}
