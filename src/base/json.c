/* SPDX-License-Identifier: Apache-2.0 */
/* Streaming JSON writer; contract in base/json.h. */
#include "base/json.h"
#include "base/utf8.h"

void json_init(struct json *json, struct out *out)
{
	*json = (struct json){ .out = out };
}

static void separate(struct json *json)
{
	if (json->comma)
		out_char(json->out, ',');
	json->comma = true;
}

static void open_with(struct json *json, char c)
{
	separate(json);
	out_char(json->out, c);
	json->comma = false;
	json->depth++;
}

static void close_with(struct json *json, char c)
{
	out_char(json->out, c);
	json->comma = true;
	json->depth--;
}

void json_object(struct json *json)
{
	open_with(json, '{');
}

void json_object_end(struct json *json)
{
	close_with(json, '}');
}

void json_array(struct json *json)
{
	open_with(json, '[');
}

void json_array_end(struct json *json)
{
	close_with(json, ']');
}

static void escape(struct out *out, unsigned char c)
{
	static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	size_t i;

	for (i = 0; i + 1 < sizeof(shorts); i += 2) {
		if ((unsigned char)shorts[i] == c) {
			out_char(out, '\\');
			out_char(out, shorts[i + 1]);
			return;
		}
	}
	out_printf(out, "\\u%04x", c);
}

static void escaped(struct out *out, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;
	const unsigned char *start = at;

	while (*at) {
		size_t length = 1;

		if (*at >= 0x80)
			length = utf8_length((const char *)at);
		if (length && *at >= 0x20 && *at != '"' && *at != '\\' && *at != 0x7f) {
			at += length;
			continue;
		}
		out_bytes(out, (const char *)start, (size_t)(at - start));
		if (length)
			escape(out, *at);
		else
			out_text(out, "\xef\xbf\xbd");
		start = ++at;
	}
	out_bytes(out, (const char *)start, (size_t)(at - start));
}

static void quoted(struct out *out, const char *text)
{
	out_char(out, '"');
	escaped(out, text);
	out_char(out, '"');
}

void json_name(struct json *json, const char *name)
{
	separate(json);
	quoted(json->out, name);
	out_char(json->out, ':');
	json->comma = false;
}

void json_string(struct json *json, const char *text)
{
	if (!text) {
		json_null(json);
		return;
	}
	separate(json);
	quoted(json->out, text);
}

void json_joined(struct json *json, const char *first, const char *second)
{
	separate(json);
	out_char(json->out, '"');
	escaped(json->out, first);
	escaped(json->out, second);
	out_char(json->out, '"');
}

void json_unsigned(struct json *json, uint64_t value)
{
	separate(json);
	out_unsigned(json->out, value);
}

void json_bool(struct json *json, bool value)
{
	separate(json);
	out_text(json->out, value ? "true" : "false");
}

void json_null(struct json *json)
{
	separate(json);
	out_text(json->out, "null");
}

void json_break(struct json *json)
{
	bool comma = json->comma;

	if (comma)
		out_char(json->out, ',');
	out_char(json->out, '\n');
	json->comma = false;
}

void json_name_strings(struct json *json, const char *name, const char *const *items)
{
	json_name(json, name);
	json_array(json);
	for (; items && *items; items++)
		json_string(json, *items);
	json_array_end(json);
}
