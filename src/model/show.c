/* SPDX-License-Identifier: Apache-2.0 */
/* Words of model/show.h. */
#include "model/show.h"

const char *file_kind_text(enum file_kind kind)
{
	static const char *const texts[] = {
		[FILE_PROGRAM] = "program",
		[FILE_PIE] = "position-independent program",
		[FILE_LIBRARY] = "shared library",
		[FILE_STATIC] = "static program",
		[FILE_STATIC_PIE] = "static position-independent program",
		[FILE_OBJECT] = "relocatable object",
		[FILE_ARCHIVE] = "archive",
		[FILE_CORE] = "core dump",
		[FILE_OTHER] = "ELF file of an unknown type",
	};

	return texts[kind];
}

const char *symbol_kind_text(enum symbol_kind kind)
{
	static const char *const texts[] = {
		[SYMBOL_FUNCTION] = "function", [SYMBOL_VARIABLE] = "variable",
		[SYMBOL_IFUNC] = "ifunc",	[SYMBOL_TLS] = "tls",
		[SYMBOL_COMMON] = "common",	[SYMBOL_UNTYPED] = "untyped",
		[SYMBOL_ABSOLUTE] = "absolute", [SYMBOL_SECTION] = "section",
		[SYMBOL_OTHER] = "other",
	};

	return texts[kind];
}

const char *relro_text(enum relro relro)
{
	static const char *const texts[] = {
		[RELRO_NONE] = "none",
		[RELRO_PARTIAL] = "partial",
		[RELRO_FULL] = "full",
	};

	return texts[relro];
}

enum symbol_kind symbol_kind(const struct symbol *symbol)
{
	if (symbol->section == SHN_ABS)
		return SYMBOL_ABSOLUTE;
	if (symbol->section == SHN_COMMON)
		return SYMBOL_COMMON;
	switch (symbol->type) {
	case STT_FUNC:
		return SYMBOL_FUNCTION;
	case STT_OBJECT:
		return SYMBOL_VARIABLE;
	case STT_GNU_IFUNC:
		return SYMBOL_IFUNC;
	case STT_TLS:
		return SYMBOL_TLS;
	case STT_COMMON:
		return SYMBOL_COMMON;
	case STT_NOTYPE:
		return SYMBOL_UNTYPED;
	case STT_SECTION:
		return SYMBOL_SECTION;
	default:
		return SYMBOL_OTHER;
	}
}
