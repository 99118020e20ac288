/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/objects.h. */
#include "lib/objects.h"
#include "engine/inspect/members.h"
#include "lib/kinds.h"
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

struct object_list {
	struct show *show;
	struct name_budget budget;
};

static int take_object(void *data, const char *member, const struct object_file *object,
		       const struct fault *fault)
{
	struct object_list *list = data;

	return show_member(list->show, member, object, fault, &list->budget);
}

int objects_read(struct source *source, const struct image *image, struct show **ret)
{
	struct object_list list = {
		.show = show_objects_new(image->is_elf ? image : NULL),
		.budget = name_budget(image),
	};
	int r;

	if (!list.show)
		return -ENOMEM;
	r = objects_walk(source, image, take_object, &list, &list.show->fault);
	if (r) {
		show_free(list.show);
		return r;
	}
	*ret = list.show;
	return 0;
}

const struct fault *objects_damage(const struct show *show)
{
	size_t i;

	for (i = 0; !show->fault.rule && i < show->members.count; i++) {
		const struct show_member *member = &show->members.items[i];

		if (member->machine && member->fault.rule)
			return &member->fault;
	}
	return &show->fault;
}
