/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/objects.h. */
#include "lib/objects.h"
#include "read/archive.h"
#include "read/object.h"
#include "read/root.h"

#include <stdio.h>
#include <string.h>

struct walk {
	struct source *source;
	const struct image *image;
	object_visit visit;
	void *data;
};

/* A thin archive names files relative to its own folder. */
static char *beside(const struct walk *walk, const char *name)
{
	const char *slash = strrchr(walk->image->path, '/');
	char *path;

	if (name[0] == '/' || !slash)
		return strdup(name);
	if (asprintf(&path, "%.*s/%s", (int)(slash - walk->image->path), walk->image->path, name) <
	    0)
		return NULL;
	return path;
}

static int visit_thin(const struct walk *walk, const char *name)
{
	static const struct fault missing = {
		.rule = "input/unreadable",
		.section = "thin archive",
		.text = "the file that the archive names cannot be read",
	};
	AUTO_FREE char *path = beside(walk, name);
	struct object_file object;
	struct image *image;
	int r;

	if (!path)
		return -ENOMEM;
	r = root_adopt(walk->source, path, &image);
	if (r == -ENOMEM)
		return r;
	if (r)
		return walk->visit(walk->data, name, NULL, &missing);
	object_read(image->bytes, image->size, &object);
	return walk->visit(walk->data, name, &object, NULL);
}

static int visit_member(const struct walk *walk, const struct archive_member *member)
{
	AUTO_FREE char *name = strndup(member->name, member->name_length);
	struct object_file object;

	if (!name)
		return -ENOMEM;
	if (!member->bytes)
		return visit_thin(walk, name);
	object_read(member->bytes, member->size, &object);
	return walk->visit(walk->data, name, &object, NULL);
}

static int walk_archive(const struct walk *walk, struct fault *ret_fault)
{
	struct archive archive;
	struct archive_member member;
	int r = 0;

	archive_init(&archive, walk->image->bytes, walk->image->size);
	while (!r && archive_next(&archive, &member))
		r = visit_member(walk, &member);
	*ret_fault = archive.fault;
	return r;
}

int objects_walk(struct source *source, const struct image *image, object_visit visit, void *data,
		 struct fault *ret_fault)
{
	struct walk walk = { source, image, visit, data };
	struct object_file object;

	*ret_fault = (struct fault){ 0 };
	if (archive_is(image->bytes, image->size))
		return walk_archive(&walk, ret_fault);
	object_read(image->bytes, image->size, &object);
	return visit(data, NULL, &object, NULL);
}
