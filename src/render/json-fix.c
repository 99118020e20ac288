/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in render/json-fix.h. */
#include "render/json-fix.h"
#include "render/code-fix.h"

/* Ends a text that was written to memory, and writes it as a member. */
static int write_text(struct json *json, const char *name, struct out *text, int r)
{
	out_char(text, '\0');
	if (!r && text->error)
		r = text->error;
	if (!r)
		json_name_string(json, name, text->bytes);
	out_done(text);
	return r;
}

int json_fix_texts(struct json *json, const struct fix *fix)
{
	struct out text;
	int r;

	out_init(&text, NULL, NULL);
	r = write_text(json, "code", &text, code_fix_all(&text, fix));
	if (r)
		return r;
	out_init(&text, NULL, NULL);
	code_fix_map(&text, fix);
	return write_text(json, "map", &text, 0);
}

static int write_item(struct json *json, const struct fix *fix, const struct fix_item *item)
{
	struct out text;
	int r;

	json_break(json);
	json_object(json);
	json_name_string(json, "symbol", item->name);
	json_name_string(json, "before", item->before);
	json_name_string(json, "after", item->after);
	json_name_string(json, "way", fix_way_text(item->way));
	json_name_bool(json, "skeleton", fix_way_is_skeleton(item->way));
	json_name_string(json, "why", item->why);
	json_name_string(json, "note", item->note);
	out_init(&text, NULL, NULL);
	r = write_text(json, "code", &text, code_fix_item(&text, item));
	if (r)
		return r;
	out_init(&text, NULL, NULL);
	if (item->way != FIX_IMPOSSIBLE)
		code_fix_item_map(&text, fix, item);
	r = write_text(json, "map", &text, 0);
	json_object_end(json);
	return r;
}

static void write_rest(struct json *json, const struct fix *fix)
{
	size_t i;

	json_name(json, "not_mended");
	json_array(json);
	for (i = 0; i < fix->rest.count; i++) {
		json_break(json);
		json_object(json);
		json_name_string(json, "rule", fix->rest.items[i].rule);
		json_name_string(json, "message", fix->rest.items[i].message);
		json_name_string(json, "instead", fix->rest.items[i].instead);
		json_object_end(json);
	}
	json_array_end(json);
}

static int write_fix(struct json *json, const struct fix *fix)
{
	size_t i;
	int r = 0;

	json_break(json);
	json_object(json);
	json_name_string(json, "library", fix->name);
	json_name_string(json, "old", fix->old_path);
	json_name_string(json, "new", fix->new_path);
	json_name(json, "symbols");
	json_array(json);
	for (i = 0; !r && i < fix->items.count; i++)
		r = write_item(json, fix, &fix->items.items[i]);
	json_array_end(json);
	write_rest(json, fix);
	if (!r)
		r = json_fix_texts(json, fix);
	json_object_end(json);
	return r;
}

int json_fix(const struct report *report, struct json *json)
{
	size_t i;
	int r = 0;

	json_name(json, "fixes");
	json_array(json);
	for (i = 0; !r && i < report->inputs.count; i++) {
		if (report->inputs.items[i].fix)
			r = write_fix(json, report->inputs.items[i].fix);
	}
	json_array_end(json);
	return r;
}
