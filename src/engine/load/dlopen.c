/* SPDX-License-Identifier: Apache-2.0 */
/* dlopen() groups; contract in engine/load/dlopen.h. */
#include "engine/load/dlopen.h"
#include "engine/load/lookup.h"

#include <ctype.h>
#include <string.h>

#define MOST_GROUPS 1000u
#define LONGEST_GUESS 128u

static int add_group(struct forecaster *f, struct forecast *forecast, struct dlopen_group group,
		     const char *const *names)
{
	struct closure *closure = &forecast->closure;
	uint16_t number = (uint16_t)(closure->groups.count + 1);
	struct found found = { 0 };
	size_t i;
	int r = 0;

	if (closure->groups.count >= MOST_GROUPS)
		return 0;
	group.name = names[0];
	group.root = NO_OBJECT;
	for (i = 0; !r && names[i]; i++) {
		r = closure_dlopen(&f->search, &f->names, closure, group.opener, names[i], number,
				   &group.root, &found);
		if (!group.refusal.rule)
			group.refusal = found.refusal;
		if (group.root != NO_OBJECT && closure->objects.items[group.root].image)
			break;
	}
	return r ? r : array_push(&closure->groups, group);
}

static int follow_notes(struct forecaster *f, struct forecast *forecast)
{
	struct closure *closure = &forecast->closure;
	uint32_t i;
	size_t k;

	/* Objects that a group brings in may have notes of their own. */
	for (i = 0; i < closure->objects.count; i++) {
		const struct image *image = closure->objects.items[i].image;

		for (k = 0; image && k < image->dlopen_notes.count; k++) {
			const struct dlopen_note *note = &image->dlopen_notes.items[k];
			struct dlopen_group group = {
				.opener = i,
				.reason = GROUP_NOTE,
				.priority = note->priority,
				.feature = note->feature,
			};
			int r = note->sonames[0] ? add_group(f, forecast, group, note->sonames) : 0;

			if (r)
				return r;
		}
	}
	return 0;
}

/* Does the object import one of the functions that load libraries? */
static bool imports_dlopen(const struct image *image)
{
	static const char *const names[] = { "dlopen", "dlmopen", "__libc_dlopen_mode", "g_module_open",
					     "lt_dlopen", "lt_dlopenext" };
	size_t count = image->symbols.size / image_symbol_size(image);
	uint32_t i;
	size_t k;

	for (i = 1; i < count; i++) {
		struct symbol s;

		if (!image_symbol(image, i, &s))
			return false; /* past the end of the table */
		for (k = 0; s.section == SHN_UNDEF && k < ARRAY_SIZE(names); k++) {
			if (!strcmp(s.name, names[k]))
				return true;
		}
	}
	return false;
}

/* "libfoo.so", "libfoo.so.1", "/usr/lib/x/bar.so": a name that one would hand to dlopen(). */
static bool looks_like_library(const char *text, size_t length)
{
	const char *base = memrchr(text, '/', length);
	const char *so;
	size_t i;

	if (base && *text != '/')
		return false;
	base = base ? base + 1 : text;
	so = memmem(base, length - (size_t)(base - text), ".so", 3);
	if (!so || so == base)
		return false;
	for (i = 0; text + i < so; i++) {
		if (!isalnum((unsigned char)text[i]) && !strchr("_-+./", text[i]))
			return false;
	}
	for (so += 3; so < text + length; so++) {
		if (*so != '.' && !isdigit((unsigned char)*so))
			return false;
		if (*so == '.' && (so + 1 == text + length || !isdigit((unsigned char)so[1])))
			return false;
	}
	return true;
}

static int guess_in(struct forecaster *f, struct forecast *forecast, uint32_t object,
		    const struct segment *s)
{
	const struct image *image = forecast->closure.objects.items[object].image;
	const unsigned char *bytes = image_range(image, s->offset, s->file_size);
	const unsigned char *end = bytes ? bytes + s->file_size : NULL;
	const unsigned char *at = bytes;

	while (at && (at = memmem(at, (size_t)(end - at), ".so", 3)) != NULL) {
		const unsigned char *start = at;
		const unsigned char *stop = memchr(at, 0, (size_t)(end - at));

		while (start > bytes && start[-1] && at - start < (ptrdiff_t)LONGEST_GUESS)
			start--;
		if (!stop)
			return 0;
		if (stop - start < (ptrdiff_t)LONGEST_GUESS &&
		    looks_like_library((const char *)start, (size_t)(stop - start))) {
			struct dlopen_group group = { .opener = object, .reason = GROUP_GUESS };
			const char *names[2] = { (const char *)start, NULL };
			int r = closure_alias(&f->names, names[0]) == NO_OBJECT
					? add_group(f, forecast, group, names)
					: 0;

			if (r)
				return r;
		}
		at = stop;
	}
	return 0;
}

static int follow_guesses(struct forecaster *f, struct forecast *forecast)
{
	struct closure *closure = &forecast->closure;
	size_t known = closure->objects.count; /* what a guess brings in is not guessed on */
	uint32_t i;
	size_t k;

	for (i = 0; i < known; i++) {
		const struct image *image = closure->objects.items[i].image;

		if (!image || closure->objects.items[i].is_loader || !imports_dlopen(image))
			continue;
		for (k = 0; k < image->segment_count; k++) {
			const struct segment *s = &image->segments[k];
			int r;

			if (s->type != PT_LOAD || (s->flags & PF_W))
				continue;
			r = guess_in(f, forecast, i, s);
			if (r)
				return r;
		}
	}
	return 0;
}

static int follow_requests(struct forecaster *f, struct forecast *forecast,
			   const struct forecast_options *options)
{
	size_t i;

	for (i = 0; i < options->load_count; i++) {
		const struct load_request *load = &options->loads[i];
		struct dlopen_group group = {
			.reason = GROUP_ASKED,
			.global = load->global,
			.deep_bind = load->deep_bind,
		};
		const char *names[2] = { load->name, NULL };
		int r = add_group(f, forecast, group, names);

		if (r)
			return r;
	}
	return 0;
}

int dlopen_follow(struct forecaster *f, struct forecast *forecast,
		  const struct forecast_options *options)
{
	int r = 0;

	if (forecast->host) {
		struct dlopen_group group = { .reason = GROUP_HOST };
		const char *names[2] = { forecast->path, NULL };

		r = add_group(f, forecast, group, names);
	}
	if (!r)
		r = follow_requests(f, forecast, options);
	if (!r && options->dlopen_notes)
		r = follow_notes(f, forecast);
	if (!r && options->dlopen_guess)
		r = follow_guesses(f, forecast);
	return r;
}
