/* SPDX-License-Identifier: Apache-2.0 */
/* SARIF 2.1.0 (OASIS), for code hosts: one run, its rules, a result for each finding. */
#include "model/waiver.h"
#include "render/render.h"

#include <stdio.h>
#include <string.h>

struct sarif {
	struct json json;
	const struct report *report;
	const struct render_options *options;
	const struct rule **rules; /* those that occur, in the order of the catalogue */
	size_t rule_count;
};

static const char *level_of(const struct finding *finding)
{
	static const char *const levels[] = { "note", "warning", "error" };
	enum verdict worst = finding->verdict;

	if (finding->has_source && finding->source > worst)
		worst = finding->source;
	return levels[worst];
}

/*
 * A message as SARIF reads it: braces are doubled, for "{0}" would be filled in,
 * and "](" is parted, for it would be a link. NULL: out of memory.
 */
static char *as_message(const char *text)
{
	char *ret = malloc(2 * strlen(text) + 1);
	char *to = ret;

	for (; ret && *text; text++) {
		*to++ = *text;
		if (*text == '{' || *text == '}')
			*to++ = *text;
		else if (text[0] == ']' && text[1] == '(')
			*to++ = ' ';
	}
	if (ret)
		*to = '\0';
	return ret;
}

static int write_text(struct json *json, const char *name, const char *text)
{
	AUTO_FREE char *message = as_message(text);

	json_name(json, name);
	json_object(json);
	json_name_string(json, "text", message);
	json_object_end(json);
	return message ? 0 : -ENOMEM;
}

/* "/a b" as "/a%20b". NULL: out of memory. */
static char *encoded(const char *path)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
	char *ret = malloc(3 * strlen(path) + 1);
	char *to = ret;

	if (!ret)
		return NULL;
	for (; *path; path++) {
		if (strchr(plain, *path))
			*to++ = *path;
		else
			to += sprintf(to, "%%%02X", (unsigned char)*path);
	}
	*to = '\0';
	return ret;
}

/* `path` below the folder of sources, or NULL. */
static const char *below(const char *folder, const char *path)
{
	size_t length = folder ? strlen(folder) : 0;

	if (!length || strncmp(path, folder, length) ||
	    (path[length] != '/' && folder[length - 1] != '/'))
		return NULL;
	return path + length + strspn(path + length, "/");
}

/* A path as given is relative to the current folder; an absolute one tells the place. */
static int write_location(struct sarif *sarif, const char *path, unsigned line, unsigned column)
{
	struct json *json = &sarif->json;
	AUTO_FREE char *full =
		path[0] == '/' || !sarif->options->source_root ? NULL : realpath(path, NULL);
	const char *inside = below(sarif->options->source_root, full ? full : path);
	AUTO_FREE char *uri = encoded(inside ? inside : path);

	if (!uri)
		return -ENOMEM;
	json_name(json, "physicalLocation");
	json_object(json);
	json_name(json, "artifactLocation");
	json_object(json);
	json_name(json, "uri");
	/* A relative reference must not look like one with a scheme: encoding leaves no colon. */
	json_joined(json, !inside && path[0] == '/' ? "file://" : "", uri);
	if (inside)
		json_name_string(json, "uriBaseId", "SRCROOT");
	json_object_end(json);
	if (line) {
		json_name(json, "region");
		json_object(json);
		json_name_unsigned(json, "startLine", line);
		if (column)
			json_name_unsigned(json, "startColumn", column);
		json_object_end(json);
	}
	json_object_end(json);
	return 0;
}

static int write_rule(struct json *json, const struct rule *rule)
{
	static const char *const levels[] = { "note", "warning", "error" };

	json_break(json);
	json_object(json);
	json_name_string(json, "id", rule->id);
	if (write_text(json, "shortDescription", rule->summary) ||
	    write_text(json, "fullDescription", rule->effect) ||
	    write_text(json, "help", rule->fix))
		return -ENOMEM;
	json_name(json, "defaultConfiguration");
	json_object(json);
	json_name_string(json, "level",
			 levels[rule->verdict > rule->source ? rule->verdict : rule->source]);
	json_object_end(json);
	json_object_end(json);
	return 0;
}

static int by_id(const void *a, const void *b)
{
	return strcmp((*(const struct rule *const *)a)->id, (*(const struct rule *const *)b)->id);
}

static int take_rule(void *data, const struct report_input *input, const struct finding *finding)
{
	struct sarif *sarif = data;
	size_t i;

	for (i = 0; i < sarif->rule_count; i++) {
		if (sarif->rules[i] == finding->rule)
			return 0;
	}
	sarif->rules[sarif->rule_count++] = finding->rule;
	return 0;
}

static size_t rule_number(const struct sarif *sarif, const struct rule *rule)
{
	size_t i = 0;

	while (sarif->rules[i] != rule)
		i++;
	return i;
}

static void write_properties(struct json *json, const struct finding *finding)
{
	json_name(json, "properties");
	json_object(json);
	json_name_string(json, "binary", verdict_text(finding->verdict));
	if (finding->has_source)
		json_name_string(json, "source", verdict_text(finding->source));
	json_name_string(json, "severity", severity_text(finding->severity));
	json_name_string(json, "subject", finding->subject);
	json_name_string(json, "before", finding->before);
	json_name_string(json, "after", finding->after);
	json_name_strings(json, "why", finding->why);
	json_name_string(json, "fix", finding->fix ? finding->fix : finding->rule->fix);
	json_object_end(json);
}

/* What the user has waived. */
static void write_suppression(struct json *json, const struct finding *finding)
{
	if (!finding->waived)
		return;
	json_name(json, "suppressions");
	json_array(json);
	json_object(json);
	json_name_string(json, "kind", "external");
	json_name_string(json, "justification", finding->waived->reason);
	json_object_end(json);
	json_array_end(json);
}

static int write_result(void *data, const struct report_input *input, const struct finding *finding)
{
	struct sarif *sarif = data;
	struct json *json = &sarif->json;
	const char *file = finding->file ? finding->file : input ? input->path : finding->input;
	char rule[80];
	int r = 0;

	json_break(json);
	json_object(json);
	json_name_string(json, "ruleId", finding->rule->id);
	json_name_unsigned(json, "ruleIndex", rule_number(sarif, finding->rule));
	json_name_string(json, "level", level_of(finding));
	if (write_text(json, "message", finding->message))
		return -ENOMEM;
	json_name(json, "locations");
	json_array(json);
	if (file) {
		json_object(json);
		r = write_location(sarif, file, file == finding->file ? finding->line : 0,
				   finding->column);
		json_object_end(json);
	}
	json_array_end(json);
	json_name(json, "partialFingerprints");
	json_object(json);
	snprintf(rule, sizeof(rule), "%s:", finding->rule->id);
	json_name(json, "abifit/1");
	json_joined(json, rule, finding->subject ? finding->subject : "");
	json_object_end(json);
	write_suppression(json, finding);
	write_properties(json, finding);
	json_object_end(json);
	return r;
}

static int write_notice(void *data, const struct unchecked *u)
{
	struct sarif *sarif = data;
	struct json *json = &sarif->json;

	json_break(json);
	json_object(json);
	json_name_string(json, "level", u->undecided ? "warning" : "note");
	json_name(json, "message");
	json_object(json);
	json_name(json, "text");
	json_joined(json, "unchecked: ", u->what);
	json_object_end(json);
	json_name(json, "properties");
	json_object(json);
	json_name_string(json, "input", u->input);
	json_name_string(json, "why", u->why);
	json_name_string(json, "settle", u->settle);
	json_object_end(json);
	json_object_end(json);
	return 0;
}

static int write_invocation(struct sarif *sarif)
{
	struct json *json = &sarif->json;
	int r;

	json_name(json, "invocations");
	json_array(json);
	json_object(json);
	json_name_bool(json, "executionSuccessful", !sarif->report->unreadable);
	json_name(json, "toolExecutionNotifications");
	json_array(json);
	r = report_each_unchecked(sarif->report, write_notice, sarif);
	json_array_end(json);
	json_object_end(json);
	json_array_end(json);
	return r;
}

static int write_base(struct sarif *sarif)
{
	struct json *json = &sarif->json;
	AUTO_FREE char *uri = NULL;
	AUTO_FREE char *folder = NULL;

	if (!sarif->options->source_root)
		return 0;
	uri = encoded(sarif->options->source_root);
	if (!uri || asprintf(&folder, "%s%s", uri, uri[strlen(uri) - 1] == '/' ? "" : "/") < 0)
		return -ENOMEM;
	json_name(json, "originalUriBaseIds");
	json_object(json);
	json_name(json, "SRCROOT");
	json_object(json);
	json_name(json, "uri");
	json_joined(json, "file://", folder);
	json_object_end(json);
	json_object_end(json);
	return 0;
}

static int write_tool(struct sarif *sarif)
{
	struct json *json = &sarif->json;
	size_t i;
	int r = 0;

	json_name(json, "tool");
	json_object(json);
	json_name(json, "driver");
	json_object(json);
	json_name_string(json, "name", "abifit");
	json_name_string(json, "version", ABIFIT_VERSION);
	json_name(json, "rules");
	json_array(json);
	for (i = 0; !r && i < sarif->rule_count; i++)
		r = write_rule(json, sarif->rules[i]);
	json_array_end(json);
	json_object_end(json);
	json_object_end(json);
	return r;
}

static int write_run(struct sarif *sarif)
{
	struct json *json = &sarif->json;
	int r;

	json_object(json);
	r = write_tool(sarif);
	if (!r)
		r = write_base(sarif);
	if (!r)
		r = write_invocation(sarif);
	json_name(json, "results");
	json_array(json);
	if (!r)
		r = report_each_finding(sarif->report, write_result, sarif);
	json_array_end(json);
	json_object_end(json);
	return r;
}

static size_t catalogue_size(void)
{
	size_t count = 0;

	while (rule_at(count))
		count++;
	return count;
}

static int write_sarif(const struct report *report, struct out *out,
		       const struct render_options *options)
{
	AUTO_FREE const struct rule **rules = calloc(catalogue_size() + 1, sizeof(struct rule *));
	struct sarif sarif = { .report = report, .options = options, .rules = rules };
	int r;

	if (!rules)
		return -ENOMEM;
	r = report_each_finding(report, take_rule, &sarif);
	if (sarif.rule_count)
		qsort(rules, sarif.rule_count, sizeof(struct rule *), by_id);
	json_init(&sarif.json, out);
	json_object(&sarif.json);
	json_name_string(&sarif.json, "version", "2.1.0");
	json_name(&sarif.json, "runs");
	json_array(&sarif.json);
	if (!r)
		r = write_run(&sarif);
	json_array_end(&sarif.json);
	json_object_end(&sarif.json);
	out_char(out, '\n');
	return r;
}

const struct renderer renderer_sarif = {
	.name = "sarif",
	.summary = "for code hosts: SARIF 2.1.0",
	.findings_only = true,
	.write = write_sarif,
};
