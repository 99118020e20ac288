/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/inspect/members.h. */
#include "engine/inspect/members.h"

#include <string.h>

struct show *show_objects_new(const struct image *image)
{
	struct show *show = calloc(1, sizeof(*show));

	if (!show)
		return NULL;
	show->image = image;
	show->kind = image ? FILE_OBJECT : FILE_ARCHIVE;
	if (image)
		show->machine = machine_describe(image->elf_machine, image->is_64, image->is_big,
						 image->elf_flags);
	return show;
}

int member_split_name(struct arena *arena, const char *text, const char **ret_name,
		      const char **ret_version, enum version_mark *ret_mark)
{
	const char *at = strchr(text, '@');

	*ret_name = text;
	*ret_version = NULL;
	*ret_mark = MARK_NONE;
	if (!at || at == text || !at[1])
		return 0;
	*ret_name = arena_strndup(arena, text, (size_t)(at - text));
	*ret_mark = at[1] == '@' ? MARK_DEFAULT : MARK_HIDDEN;
	*ret_version = at + 1 + strspn(at + 1, "@");
	return *ret_name ? 0 : -ENOMEM;
}

struct member_walk {
	struct show *show;
	const struct object_file *object;
	struct show_exports defined;
	struct show_imports undefined;
};

static int add_defined(struct member_walk *walk, const struct symbol *s)
{
	struct show_export export = {
		.size = s->size,
		.index = s->index,
		.kind = symbol_kind(s),
		.binding = s->binding,
		.visibility = s->visibility,
	};
	int r = member_split_name(&walk->show->arena, s->name, &export.name, &export.version,
				  &export.mark);

	return r ? r : array_push(&walk->defined, export);
}

static int add_undefined(struct member_walk *walk, const struct symbol *s)
{
	struct show_import import = {
		.index = s->index,
		.kind = symbol_kind(s),
		.weak = s->binding == STB_WEAK,
	};
	enum version_mark mark;
	int r = member_split_name(&walk->show->arena, s->name, &import.name, &import.version,
				  &mark);

	return r ? r : array_push(&walk->undefined, import);
}

static int walk_symbols(struct member_walk *walk, struct show_member *member,
			struct name_budget *budget)
{
	uint32_t i;
	int r = 0;

	for (i = 1; i < walk->object->symbol_count && !r; i++) {
		struct symbol s;

		if (!object_symbol(walk->object, i, &s) || !s.name[0] || s.binding == STB_LOCAL)
			continue;
		if (!name_budget_take(budget, s.name)) {
			fault_set(&member->fault, "input/limit", ".strtab",
				  "the names of its symbols overlap too often");
			return 0;
		}
		r = s.section == SHN_UNDEF ? add_undefined(walk, &s) : add_defined(walk, &s);
	}
	return r;
}

static int compare_defined(const void *a, const void *b)
{
	const struct show_export *ea = a;
	const struct show_export *eb = b;
	int order = strcmp(ea->name, eb->name);

	return order ? order : (ea->index > eb->index) - (ea->index < eb->index);
}

static int compare_undefined(const void *a, const void *b)
{
	const struct show_import *ia = a;
	const struct show_import *ib = b;
	int order = strcmp(ia->name, ib->name);

	return order ? order : (ia->index > ib->index) - (ia->index < ib->index);
}

/* Moves the lists to the arena, sorted by name. */
static int keep(struct member_walk *walk, struct show_member *member)
{
	struct arena *arena = &walk->show->arena;

	if (walk->defined.count)
		qsort(walk->defined.items, walk->defined.count, sizeof(*walk->defined.items),
		      compare_defined);
	if (walk->undefined.count)
		qsort(walk->undefined.items, walk->undefined.count, sizeof(*walk->undefined.items),
		      compare_undefined);
	member->defined = arena_copy(arena, walk->defined.items,
				     walk->defined.count * sizeof(*walk->defined.items));
	member->undefined = arena_copy(arena, walk->undefined.items,
				       walk->undefined.count * sizeof(*walk->undefined.items));
	member->defined_count = walk->defined.count;
	member->undefined_count = walk->undefined.count;
	return member->defined && member->undefined ? 0 : -ENOMEM;
}

static int read_member(struct show *show, const struct object_file *object,
		       struct show_member *member, struct name_budget *budget)
{
	struct member_walk walk = { .show = show, .object = object };
	int r;

	member->fault = object->fault;
	if (!object->is_elf) {
		fault_set(&member->fault, "input/not-elf", "member", "is not an ELF object");
		return 0;
	}
	member->machine = machine_describe(object->elf_machine, object->is_64, object->is_big,
					   object->elf_flags);
	member->elf_machine = object->elf_machine;
	member->is_64 = object->is_64;
	member->is_big = object->is_big;
	member->elf_flags = object->elf_flags;
	member->has_lto = object->has_lto;
	r = walk_symbols(&walk, member, budget);
	if (!r)
		r = keep(&walk, member);
	array_done(&walk.defined);
	array_done(&walk.undefined);
	return r;
}

int show_member(struct show *show, const char *name, const struct object_file *object,
		const struct fault *fault, struct name_budget *budget)
{
	struct show_member member = { 0 };
	int r = 0;

	if (name) {
		member.name = arena_strdup(&show->arena, name);
		if (!member.name)
			return -ENOMEM;
	}
	if (object)
		r = read_member(show, object, &member, budget);
	else
		member.fault = *fault;
	return r ? r : array_push(&show->members, member);
}
