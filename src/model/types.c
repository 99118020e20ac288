/* SPDX-License-Identifier: Apache-2.0 */
/* Accessors of model/types.h. */
#include "model/types.h"

const char *type_kind_text(enum type_kind kind)
{
	static const char *const texts[] = {
		[TYPE_VOID] = "void",
		[TYPE_UNKNOWN] = "unknown",
		[TYPE_BASE] = "base",
		[TYPE_POINTER] = "pointer",
		[TYPE_REFERENCE] = "reference",
		[TYPE_RVALUE_REFERENCE] = "rvalue-reference",
		[TYPE_MEMBER_POINTER] = "member-pointer",
		[TYPE_CONST] = "const",
		[TYPE_VOLATILE] = "volatile",
		[TYPE_RESTRICT] = "restrict",
		[TYPE_ATOMIC] = "atomic",
		[TYPE_TYPEDEF] = "typedef",
		[TYPE_STRUCT] = "struct",
		[TYPE_CLASS] = "class",
		[TYPE_UNION] = "union",
		[TYPE_ENUM] = "enum",
		[TYPE_ARRAY] = "array",
		[TYPE_FUNCTION] = "function",
		[TYPE_UNSPECIFIED] = "unspecified",
	};

	return texts[kind];
}

void types_free(struct types *types)
{
	if (!types)
		return;
	array_done(&types->items);
	array_done(&types->parts);
	array_done(&types->origins);
	arena_done(&types->arena);
	free(types);
}
