/* SPDX-License-Identifier: Apache-2.0 */
/* The version numbers that a library has in its sources, its package and its file; for `abifit versions`. */
#ifndef MODEL_VERSIONS_H
#define MODEL_VERSIONS_H

#include "model/finding.h"

enum number_kind {
	NUMBER_RELEASE,	  /* of the project */
	NUMBER_PKGCONFIG, /* "Version:" of a .pc file */
	NUMBER_PACKAGE,	  /* of a distribution's package, without what it adds */
	NUMBER_LIBTOOL,	  /* current:revision:age */
	NUMBER_FILE,	  /* behind ".so." in the file's name */
	NUMBER_SONAME,	  /* the same of the soname */
	NUMBER_NODE,	  /* the newest version node; its whole name */
	NUMBER_VARIABLE,  /* of a build file: what others refer to; `library` is its name */
};

struct number {
	enum number_kind kind;
	bool is_built;	     /* of a library that is there; else what a text says */
	const char *library; /* "foo" of libfoo; NULL: of the whole project */
	const char *value;   /* NULL: what the text says was not understood */
	const char *text;    /* as it stands there */
	const char *file;
	unsigned line; /* 0: none */
};

struct versions {
	struct findings findings;
	struct array_of(struct number) numbers;
	const char *released; /* the last release, or NULL */
	const char *bump;     /* what the comparison with it asks for, or NULL */
	const char *libtool;  /* the same in libtool's terms */
};

const char *number_kind_text(enum number_kind kind);
/* Reads up to 8 numbers parted by dots, colons or underscores; how many. */
unsigned number_parts(const char *text, uint64_t *ret);
/* NULL is fine. */
void versions_free(struct versions *versions);

#endif
