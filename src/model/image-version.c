/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decodes the version tables of an image (LSB symbol versioning, chapter 10)
 * into an array by index, as the loader keeps it. Links are followed as the
 * loader does: until a zero link, whatever DT_VERDEFNUM and vd_cnt say.
 */
#include "model/image.h"

#include <string.h>

#define MOST_ENTRIES 65536u /* an index has 15 bits; more entries cannot mean anything */

static int bad(struct image *image, const char *section, uint64_t offset, const char *text)
{
	image_fail(image, "input/malformed", section, offset, text);
	return -EBADMSG;
}

static int cut(struct image *image, const char *section, uint64_t offset)
{
	image_fail(image, "input/truncated", section, offset, "a version entry is cut off");
	return -EBADMSG;
}

/* In the loader's words. */
static int revision(struct image *image, const char *section, uint64_t offset, unsigned version,
		    const char *record)
{
	const char *text = arena_printf(&image->arena, "unsupported version %u of %s record", version,
					record);

	image->unknown_revision = true;
	return text ? bad(image, section, offset, text) : -ENOMEM;
}

static int read_parents(struct image *image, const struct table *t, size_t at, size_t count,
			size_t *left, struct version_definition *definition)
{
	size_t i;

	/* Entries could overlap, so that few bytes hold many. */
	if (count > *left)
		return bad(image, ".gnu.version_d", at, "more parents of versions than indices");
	*left -= count;
	definition->parents = arena_array(&image->arena, count + 1, sizeof(char *));
	if (!definition->parents)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		uint32_t next;

		if (at > t->size || t->size - at < 8)
			return cut(image, ".gnu.version_d", at);
		definition->parents[i] = image_string(image, image_u32(image, t->bytes + at));
		if (!definition->parents[i])
			return bad(image, ".gnu.version_d", at, "a parent's name is out of bounds");
		next = image_u32(image, t->bytes + at + 4);
		if (!next)
			break;
		at += next;
	}
	return 0;
}

/* `parents_left`: how many more parents the whole table may have. */
static int read_definition(struct image *image, const struct table *t, size_t at,
			   size_t *parents_left)
{
	struct version_definition definition = { 0 };
	uint16_t flags = image_u16(image, t->bytes + at + 2);
	uint16_t count = image_u16(image, t->bytes + at + 6);
	size_t aux;
	uint32_t next;
	int r;

	if (image_u16(image, t->bytes + at) != VER_DEF_CURRENT)
		return revision(image, ".gnu.version_d", at, image_u16(image, t->bytes + at), "Verdef");
	definition.index = image_u16(image, t->bytes + at + 4);
	definition.hash = image_u32(image, t->bytes + at + 8);
	definition.base = flags & VER_FLG_BASE;
	definition.weak = flags & VER_FLG_WEAK;
	aux = at + image_u32(image, t->bytes + at + 12);
	/* The loader takes no name from a base definition, so damage there does no harm. */
	if (definition.base && (aux > t->size || t->size - aux < 8 ||
				!image_string(image, image_u32(image, t->bytes + aux)))) {
		definition.name = "";
		r = read_parents(image, t, at, 0, parents_left, &definition);
		return r ? r : array_push(&image->definitions, definition);
	}
	if (aux > t->size || t->size - aux < 8)
		return cut(image, ".gnu.version_d", aux);
	definition.name = image_string(image, image_u32(image, t->bytes + aux));
	if (!definition.name)
		return bad(image, ".gnu.version_d", aux, "a version's name is out of bounds");
	next = image_u32(image, t->bytes + aux + 4);
	r = read_parents(image, t, aux + next, next && count ? count - 1u : 0, parents_left,
			 &definition);
	return r ? r : array_push(&image->definitions, definition);
}

static int read_definitions(struct image *image)
{
	const struct table *t = &image->verdef;
	size_t parents_left = MOST_ENTRIES;
	size_t at = 0;
	uint32_t next;

	if (!t->bytes)
		return 0;
	do {
		int r;

		if (at > t->size || t->size - at < 20)
			return cut(image, ".gnu.version_d", at);
		if (image->definitions.count >= MOST_ENTRIES)
			return bad(image, ".gnu.version_d", at, "more definitions than indices");
		r = read_definition(image, t, at, &parents_left);
		if (r)
			return r;
		next = image_u32(image, t->bytes + at + 16);
		at += next;
	} while (next);
	return 0;
}

static int read_need_versions(struct image *image, const struct table *t, size_t at,
			      const char *file)
{
	uint32_t next;

	do {
		struct version_need need = { .file = file };

		if (at > t->size || t->size - at < 16)
			return cut(image, ".gnu.version_r", at);
		if (image->version_needs.count >= MOST_ENTRIES)
			return bad(image, ".gnu.version_r", at, "more needed versions than indices");
		need.hash = image_u32(image, t->bytes + at);
		need.weak = image_u16(image, t->bytes + at + 4) & VER_FLG_WEAK;
		need.index = image_u16(image, t->bytes + at + 6);
		need.name = image_string(image, image_u32(image, t->bytes + at + 8));
		if (!need.name)
			return bad(image, ".gnu.version_r", at, "a version's name is out of bounds");
		if (array_push(&image->version_needs, need))
			return -ENOMEM;
		next = image_u32(image, t->bytes + at + 12);
		at += next;
	} while (next);
	return 0;
}

static int read_needs(struct image *image)
{
	const struct table *t = &image->verneed;
	size_t at = 0;
	uint32_t next;

	if (!t->bytes)
		return 0;
	do {
		const char *file;
		int r;

		if (at > t->size || t->size - at < 16)
			return cut(image, ".gnu.version_r", at);
		if (image_u16(image, t->bytes + at) != VER_NEED_CURRENT)
			return revision(image, ".gnu.version_r", at,
					image_u16(image, t->bytes + at), "Verneed");
		file = image_string(image, image_u32(image, t->bytes + at + 4));
		if (!file)
			return bad(image, ".gnu.version_r", at, "a library's name is out of bounds");
		r = read_need_versions(image, t, at + image_u32(image, t->bytes + at + 8), file);
		if (r)
			return r;
		next = image_u32(image, t->bytes + at + 12);
		at += next;
	} while (next);
	return 0;
}

static size_t highest_index(const struct image *image)
{
	size_t highest = 0;
	size_t i;

	for (i = 0; i < image->version_needs.count; i++) {
		size_t index = image->version_needs.items[i].index & VERSION_MASK;

		highest = index > highest ? index : highest;
	}
	for (i = 0; i < image->definitions.count; i++) {
		size_t index = image->definitions.items[i].index & VERSION_MASK;

		highest = index > highest ? index : highest;
	}
	return highest;
}

/* Needs first, then definitions, so that a definition wins an index used twice, as in ld.so. */
static int fill_by_index(struct image *image)
{
	size_t highest = highest_index(image);
	size_t i;

	if (!highest)
		return 0;
	image->versions = calloc(highest + 1, sizeof(*image->versions));
	if (!image->versions)
		return -ENOMEM;
	image->version_count = highest + 1;
	image->has_versions = image->versym.bytes != NULL;
	for (i = 0; i < image->version_needs.count; i++) {
		const struct version_need *need = &image->version_needs.items[i];

		image->versions[need->index & VERSION_MASK] = (struct version){
			.name = need->name,
			.file = need->file,
			.hash = need->hash,
			.hidden = need->index & VERSION_HIDDEN,
			.weak = need->weak,
		};
	}
	for (i = 0; i < image->definitions.count; i++) {
		const struct version_definition *d = &image->definitions.items[i];

		if (!d->base)
			image->versions[d->index & VERSION_MASK] =
				(struct version){ .name = d->name, .hash = d->hash };
	}
	return 0;
}

int image_load_versions(struct image *image)
{
	int r;

	if (image->versions_loaded)
		return image->versions_error;
	/* An attempt that ran out of memory may have left some. */
	image->definitions.count = 0;
	image->version_needs.count = 0;
	r = read_definitions(image);
	if (!r)
		r = read_needs(image);
	if (!r)
		r = fill_by_index(image);
	if (r == -ENOMEM)
		return r;
	image->versions_loaded = true;
	image->versions_error = r;
	return r;
}
