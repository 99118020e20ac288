/* SPDX-License-Identifier: Apache-2.0 */
/* How a script is laid out, so that what is added looks like the rest. */
#ifndef ENGINE_SCRIPT_STYLE_H
#define ENGINE_SCRIPT_STYLE_H

#include "engine/script/script.h"

struct script_names array_of(const char *);

/*
 * The edit that adds names to the global ones of a node. 0 or -ENOMEM; texts are in the
 * result's arena.
 */
int script_style_add_names(const struct version_script *script, uint32_t node,
			   const struct script_names *names, struct map_result *result) MUST_CHECK;
/* The edit that puts a node behind `after`, laid out like it and with it as parent. */
int script_style_add_node(const struct version_script *script, uint32_t after, const char *name,
			  const struct script_names *names, struct map_result *result) MUST_CHECK;

#endif
