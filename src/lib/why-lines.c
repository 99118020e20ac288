/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/why-lines.h. */
#include "lib/why-lines.h"
#include "read/debug-files.h"
#include "read/dwarf-line.h"

#include <string.h>

/* A use and its line stay together while lines are sorted by address. */
static int by_address(const void *a, const void *b)
{
	const struct why_use *x = a;
	const struct why_use *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/* Uses of objects are at places of sections; with that they have addresses. */
static void place(struct why_uses *uses, const struct debug_sections *sections)
{
	size_t kept = 0;
	size_t i;

	for (i = 0; i < uses->count; i++) {
		struct why_use use = uses->items[i];

		if (use.section != WHY_NO_SECTION) {
			if (!sections->places || use.section >= sections->object.section_count)
				continue;
			use.offset += sections->places[use.section];
		}
		uses->items[kept++] = use;
	}
	uses->count = kept;
}

static int resolve(struct why_blame *blame, struct why_uses *uses, struct debug_sections *sections,
		   bool is_file)
{
	AUTO_FREE struct source_line *lines = NULL;
	size_t damaged, i;
	int r;

	place(uses, sections);
	lines = calloc(uses->count + 1, sizeof(*lines));
	if (!lines)
		return -ENOMEM;
	if (uses->count)
		qsort(uses->items, uses->count, sizeof(*uses->items), by_address);
	for (i = 0; i < uses->count; i++)
		lines[i].address = uses->items[i].offset;
	/* Those of one address are of one line: it does not matter which of them is which. */
	r = dwarf_lines(sections, &blame->why->arena, lines, uses->count, &damaged);
	return r ? r : why_add_lines(blame, uses->items, lines, uses->count, is_file);
}

int why_lines_of_object(struct why_blame *blame, const char *file, const char *member,
			const struct object_file *object)
{
	struct debug_sections sections;
	struct why_uses uses = { 0 };
	int r = why_object(blame, file, member, object, &uses);

	if (!r && uses.count) {
		r = debug_sections_init(&sections, object->bytes, object->size);
		/* Damage is told by what asks for the object; what there is of lines counts. */
		if (r != -ENOMEM)
			r = resolve(blame, &uses, &sections, false);
		debug_sections_done(&sections);
	}
	array_done(&uses);
	return r;
}

int why_lines_of_file(struct why_blame *blame, const struct image *image, const char *path,
		      const char *root)
{
	struct debug_search search = { .root = root };
	struct debug_files *files = NULL;
	struct why_uses uses = { 0 };
	int r = why_image_uses(image, blame->why, &uses);

	if (!r && uses.count)
		r = debug_files_open(path, image->bytes, image->size, &search, &files);
	if (!r && files) {
		if (files->main)
			r = resolve(blame, &uses, &files->main->sections, true);
		debug_files_free(files);
	}
	array_done(&uses);
	return r;
}
