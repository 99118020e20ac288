/* SPDX-License-Identifier: Apache-2.0 */
/* The list of output formats. */
#include "render/render.h"

#include <string.h>

static const struct renderer *const renderers[] = {
	&renderer_text, &renderer_json, &renderer_sarif, &renderer_junit, &renderer_markdown,
};

const struct renderer *render_at(size_t index)
{
	return index < ARRAY_SIZE(renderers) ? renderers[index] : NULL;
}

const struct renderer *render_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(renderers); i++) {
		if (!strcmp(renderers[i]->name, name))
			return renderers[i];
	}
	return NULL;
}
