/* SPDX-License-Identifier: Apache-2.0 */
/* Output formats, and what they share. */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

#include "base/json.h"
#include "model/report.h"

/* NULL: no such format. */
const struct renderer *render_find(const char *name);
const struct renderer *render_at(size_t index);

extern const struct renderer renderer_text;
extern const struct renderer renderer_json;
extern const struct renderer renderer_sarif;
extern const struct renderer renderer_junit;
extern const struct renderer renderer_markdown;

/* Text. */
int text_check(const struct report *report, struct out *out, const struct render_options *options);
int text_tree(const struct report *report, struct out *out, const struct render_options *options);
int text_rules(const struct report *report, struct out *out, const struct render_options *options);
int text_features(const struct report *report, struct out *out,
		  const struct render_options *options);
/* Lines for inputs that could not be judged. */
/* What the forecast assumes, as `-v` shows it. */
void text_assumed(struct out *out, const struct forecast *forecast);
void text_errors(const struct report *report, struct out *out,
		 const struct render_options *options);
/* Starts and ends a colour; nothing when colours are off. */
enum text_color { COLOR_BAD, COLOR_DOUBT, COLOR_GOOD, COLOR_DIM, COLOR_BOLD };
void text_color(struct out *out, const struct render_options *options, enum text_color color);
void text_plain(struct out *out, const struct render_options *options);

/* JSON: members of the command's own, into the open top-level object. */
int json_check(const struct report *report, struct json *json);
int json_tree(const struct report *report, struct json *json);
int json_rules(const struct report *report, struct json *json);
int json_features(const struct report *report, struct json *json);

/* The build's own abilities, NULL-terminated pairs of name and value. */
extern const char *const render_features[];

#endif
