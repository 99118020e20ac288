/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A streaming JSON writer (RFC 8259) over base/out.h: no tree is built, so a
 * document of a million members costs no memory. Commas are placed by the
 * writer; names come before values with json_name(). Strings that are not
 * valid UTF-8 have each bad byte written as U+FFFD. Nesting is at most 64.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/out.h"

struct json {
	struct out *out;
	unsigned depth;
	bool comma;
};

void json_init(struct json *json, struct out *out);
void json_object(struct json *json);
void json_object_end(struct json *json);
void json_array(struct json *json);
void json_array_end(struct json *json);
void json_name(struct json *json, const char *name);
/* NULL text gives null. */
void json_string(struct json *json, const char *text);
/* One string of two texts. */
void json_joined(struct json *json, const char *first, const char *second);
void json_unsigned(struct json *json, uint64_t value);
void json_bool(struct json *json, bool value);
void json_null(struct json *json);
/* A line break between members, for readers of large documents. */
void json_break(struct json *json);

static inline void json_name_string(struct json *json, const char *name, const char *text)
{
	json_name(json, name);
	json_string(json, text);
}

static inline void json_name_bool(struct json *json, const char *name, bool value)
{
	json_name(json, name);
	json_bool(json, value);
}

static inline void json_name_unsigned(struct json *json, const char *name, uint64_t value)
{
	json_name(json, name);
	json_unsigned(json, value);
}

/* An array of strings; `items` ends with NULL, or is NULL for none. */
void json_name_strings(struct json *json, const char *name, const char *const *items);

#endif
