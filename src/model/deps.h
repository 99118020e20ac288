/* SPDX-License-Identifier: Apache-2.0 */
/* What `deps` tells: the metadata of a package that follows from its files. */
#ifndef MODEL_DEPS_H
#define MODEL_DEPS_H

#include "base/arena.h"
#include "base/array.h"

enum deps_kind { DEPS_RPM, DEPS_DEB, DEPS_SYMBOLS, DEPS_CHECK, DEPS_NAMES };

/* Lists that were asked for; bits. */
enum deps_list {
	DEPS_PROVIDES = 1,
	DEPS_REQUIRES = 2,
	DEPS_RECOMMENDS = 4, /* what notes of dlopen ask for, required or recommended */
	DEPS_SUGGESTS = 8,
};

/* How the names of rpm are made; bits. */
enum deps_rpm_way {
	DEPS_SONAME_ONLY = 1,	   /* no versions, no needs of the loader */
	DEPS_NO_FAKE_SONAME = 2,   /* a library without soname provides nothing */
	DEPS_NO_FILTER_SONAME = 4, /* also names that no library is looked for by */
	DEPS_REQUIRE_INTERP = 8,   /* the loader's path as well */
};

struct deps_lines array_of(const char *);

/* A field of a package and its value, or what belongs into it. */
struct deps_field {
	const char *name;
	struct deps_lines items;
};

/* What one file gives and needs, in the words of rpm. */
struct deps_file {
	const char *path;
	struct deps_lines provides;
	struct deps_lines requires;
	struct deps_lines recommends;
	struct deps_lines suggests;
};

/* By which names one distribution knows what the files need. */
struct deps_names {
	const char *from;   /* its root, or a folder of its packages */
	const char *family; /* "deb" or "rpm" */
	struct deps_lines items;
};

struct symbols_file;

struct deps {
	struct arena arena;
	enum deps_kind kind;
	unsigned lists;	     /* DEPS_RPM: enum deps_list */
	bool substvars;	     /* DEPS_DEB: as variables for dpkg-gencontrol */
	bool multifile;	     /* DEPS_RPM: the lines of each file follow a line with its name */
	struct array_of(struct deps_file) files;
	struct array_of(struct deps_field) fields;
	struct array_of(struct deps_names) names; /* DEPS_NAMES */
	struct symbols_file *symbols; /* DEPS_SYMBOLS; or NULL */
	const char *package;	      /* what #PACKAGE# becomes in it; DEPS_CHECK: what is judged */
	const char *arch;	      /* Debian's name of the architecture; or NULL */
	bool template;		      /* it is written with its tags and patterns */
	bool verbose;		      /* with what is missing */
};

struct deps *deps_new(enum deps_kind kind);
void deps_free(struct deps *deps);
/* The field of that name, made if there is none; NULL when out of memory. */
struct deps_field *deps_field(struct deps *deps, const char *name);

#endif
