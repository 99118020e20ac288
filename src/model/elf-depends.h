/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one ELF file gives and needs by name, as its sections tell it: plain data, in
 * the order of the file. Package managers see a file this way; what the loader sees
 * is a model/image.h. Strings are slices of the file's bytes.
 */
#ifndef MODEL_ELF_DEPENDS_H
#define MODEL_ELF_DEPENDS_H

#include "base/array.h"
#include "model/elf-bytes.h"

enum elf_depend_kind {
	ELF_DEPEND_DEFINES,	  /* a version that the file defines; `soname` is its base version */
	ELF_DEPEND_NEEDS_VERSION, /* a version of a library */
	ELF_DEPEND_NEEDS,	  /* a library; no version */
};

struct elf_depend {
	enum elf_depend_kind kind;
	const char *soname;
	const char *version;
};

struct elf_depends {
	bool is_elf;
	struct fault fault; /* of the header, or of a table that is not whole; NULL rule: none */
	struct elf_format format;
	uint16_t type;
	uint16_t machine;
	bool has_sections;
	bool has_dynamic_segment;
	const char *interpreter; /* NULL: none */
	bool has_debug;		 /* DT_DEBUG: a program */
	bool has_hash;
	bool has_gnu_hash;
	const char *soname; /* NULL: none */
	struct array_of(struct elf_depend) items;
};

#endif
