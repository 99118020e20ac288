/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in model/deps.h. */
#include "model/deps.h"

#include "model/deb-symbols.h"

#include <string.h>

struct deps *deps_new(enum deps_kind kind)
{
	struct deps *deps = calloc(1, sizeof(*deps));

	if (deps)
		deps->kind = kind;
	return deps;
}

void deps_free(struct deps *deps)
{
	size_t i;

	if (!deps)
		return;
	for (i = 0; i < deps->files.count; i++) {
		array_done(&deps->files.items[i].provides);
		array_done(&deps->files.items[i].requires);
		array_done(&deps->files.items[i].recommends);
		array_done(&deps->files.items[i].suggests);
	}
	for (i = 0; i < deps->fields.count; i++)
		array_done(&deps->fields.items[i].items);
	for (i = 0; i < deps->names.count; i++)
		array_done(&deps->names.items[i].items);
	array_done(&deps->names);
	array_done(&deps->files);
	array_done(&deps->fields);
	symbols_file_free(deps->symbols);
	arena_done(&deps->arena);
	free(deps);
}

struct deps_field *deps_field(struct deps *deps, const char *name)
{
	size_t i;

	for (i = 0; i < deps->fields.count; i++) {
		if (!strcmp(deps->fields.items[i].name, name))
			return &deps->fields.items[i];
	}
	if (array_push(&deps->fields, (struct deps_field){ .name = name }))
		return NULL;
	return &deps->fields.items[deps->fields.count - 1];
}
