/* SPDX-License-Identifier: Apache-2.0 */
/* Does a waiver cover a finding? Contract in lib/waivers.h. */
#include "base/demangle.h"
#include "base/pattern.h"
#include "lib/waivers.h"

#include <string.h>

/* A condition holds when one of the texts passes: a library has two sides, a file more than one
 * name. */
#define MOST_TEXTS 6

struct texts {
	const char *items[MOST_TEXTS];
	size_t count;
};

/* What libabigail, too, tells about single symbols. */
static unsigned change_of(const struct finding *finding)
{
	static const struct {
		const char *rule;
		unsigned change;
	} changes[] = {
		{ "abi/sym-added", WAIVER_ADDED },
		{ "map/backport", WAIVER_ADDED },
		{ "abi/sym-removed-provided-by-needed", WAIVER_DELETED },
		{ "abi/ver-symbol-to-other-library", WAIVER_DELETED },
		{ "abi/sym-func-to-object", WAIVER_DELETED },
		{ "abi/ver-symbol-moved", WAIVER_DELETED },
		{ "abi/ver-backport-other-node", WAIVER_DELETED },
		{ "abi/sym-*", WAIVER_CHANGED },
		{ "abi/object-*", WAIVER_CHANGED },
		{ "abi/vis-default-to-protected-*", WAIVER_CHANGED },
		{ "abi/vt-size-changed-elf", WAIVER_CHANGED },
		{ "abi/ver-symbol-*", WAIVER_CHANGED },
		{ "abi/ver-default-dropped", WAIVER_CHANGED },
	};
	size_t i;

	if (pattern_match("abi/leak-*", finding->rule->id))
		return finding->before ? WAIVER_DELETED : WAIVER_ADDED;
	/* Whatever more is known of what is gone. */
	if (finding->subject && finding->before && !finding->after &&
	    !strcmp(finding->before, finding->subject))
		return WAIVER_DELETED;
	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		if (pattern_match(changes[i].rule, finding->rule->id))
			return changes[i].change;
	}
	return 0;
}

static unsigned kind_of(const struct corpus *corpus, const char *name)
{
	size_t count;
	const struct corpus_symbol *s = corpus ? corpus_find(corpus, name, &count) : NULL;

	if (!s)
		return 0;
	return s->kind == SYMBOL_VARIABLE || s->kind == SYMBOL_COMMON || s->kind == SYMBOL_TLS
		       ? WAIVER_VARIABLES
		       : WAIVER_FUNCTIONS;
}

/* Cuts the parameters off "ns::f(int) const". */
static void cut_parameters(char *text)
{
	char *at = strrchr(text, ')');
	unsigned depth = 0;

	for (; at && at >= text; at--) {
		if (*at == ')')
			depth++;
		else if (*at == '(' && !--depth)
			break;
	}
	if (at && at > text)
		*at = '\0';
}

int waiver_view_init(struct waiver_view *view, const struct waiver_target *target,
		     const struct finding *finding)
{
	const char *subject = finding->subject ? finding->subject : "";
	size_t length = strcspn(subject, "@");
	unsigned change = change_of(finding);
	unsigned kind;

	*view = (struct waiver_view){ .target = target, .finding = finding };
	view->version = subject + length + strspn(subject + length, "@");
	view->plain = strndup(subject, length);
	if (!view->plain)
		return -ENOMEM;
	kind = change ? kind_of(change == WAIVER_ADDED ? target->new : target->old, view->plain)
		      : 0;
	if (kind)
		view->scope = change | kind;
	return 0;
}

void waiver_view_done(struct waiver_view *view)
{
	free(view->plain);
	free(view->source);
}

/* The symbol's name as in the source; few waivers ask for it. */
static const char *source_of(struct waiver_view *view)
{
	char text[DEMANGLED_SIZE];

	if (!view->source && !view->error) {
		view->error = demangle(view->plain, text, sizeof(text));
		cut_parameters(text);
		view->source = view->error ? NULL : strdup(*text ? text : view->plain);
		if (!view->source)
			view->error = -ENOMEM;
	}
	return view->source;
}

static void add(struct texts *texts, const char *text)
{
	if (text)
		texts->items[texts->count++] = text;
}

static const char *name_of(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return slash ? slash + 1 : path;
}

static void list_texts(struct waiver_view *view, enum waiver_field field, struct texts *ret)
{
	const struct corpus *old = view->target->old;
	const struct corpus *new = view->target->new;
	const struct image *image = view->target->image;

	*ret = (struct texts){ 0 };
	switch (field) {
	case WAIVER_SUBJECT:
		add(ret, view->finding->subject ? view->finding->subject : "");
		add(ret, *view->version ? view->plain : NULL);
		break;
	case WAIVER_NAME:
		add(ret, source_of(view));
		break;
	case WAIVER_SYMBOL:
		add(ret, view->plain);
		break;
	case WAIVER_VERSION:
		add(ret, view->version);
		break;
	case WAIVER_INPUT:
		add(ret, view->finding->input);
		add(ret, name_of(view->finding->input));
		add(ret, image ? image->soname : NULL);
		add(ret, old ? old->path : NULL);
		add(ret, new ? new->path : NULL);
		break;
	case WAIVER_SONAME:
		add(ret, old ? old->soname : NULL);
		add(ret, new ? new->soname : NULL);
		break;
	case WAIVER_FILE:
		add(ret, old ? old->path : NULL);
		add(ret, new ? new->path : NULL);
		break;
	case WAIVER_FILE_NAME:
		add(ret, old ? name_of(old->path) : NULL);
		add(ret, new ? name_of(new->path) : NULL);
		break;
	}
}

static bool holds(const struct waiver_condition *condition, struct waiver_view *view)
{
	struct texts texts;
	size_t i;

	list_texts(view, condition->field, &texts);
	for (i = 0; i < texts.count; i++) {
		if (waiver_passes(condition, texts.items[i]))
			return true;
	}
	return false;
}

/* Does the waiver speak of what the finding's rule is about? */
static bool fits(const struct waiver *waiver, const struct waiver_view *view)
{
	unsigned kinds = WAIVER_FUNCTIONS | WAIVER_VARIABLES;

	if (waiver->rule)
		return pattern_match(waiver->rule, view->finding->rule->id);
	if (waiver->scope & WAIVER_WHOLE)
		return view->target->old || view->target->new;
	return (waiver->scope & view->scope & kinds) && (waiver->scope & view->scope & ~kinds);
}

bool waiver_covers(const struct waiver *waiver, struct waiver_view *view)
{
	size_t i;

	if (!fits(waiver, view))
		return false;
	for (i = 0; i < waiver->conditions.count; i++) {
		if (!holds(&waiver->conditions.items[i], view))
			return false;
	}
	return true;
}
