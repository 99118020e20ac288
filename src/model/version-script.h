/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A linker's version script: nodes, their parents and patterns, each with its
 * place in the text, so that a change touches nothing else. One text means
 * different things to GNU ld and to lld; what each takes it for stands beside
 * each other. Specification: the manual of GNU ld, "VERSION Command", and what
 * both linkers do where that is silent (tests/oracle/scripts.py asks them).
 */
#ifndef MODEL_VERSION_SCRIPT_H
#define MODEL_VERSION_SCRIPT_H

#include "base/arena.h"
#include "base/array.h"
#include "base/map.h"

enum script_linker { LINKER_BFD, LINKER_LLD, LINKER_COUNT };
enum script_scope { SCOPE_GLOBAL, SCOPE_LOCAL };
enum script_language { SCRIPT_C, SCRIPT_CXX, SCRIPT_JAVA };

/* A word of the text; `name` is without quotes. */
struct script_word {
	const char *name;
	size_t start;	 /* offset of its first byte, a quote if it has one */
	size_t end;	 /* behind its last */
	unsigned line;	 /* from 1 */
	unsigned column; /* from 1, in bytes */
};

struct script_pattern {
	struct script_word word;
	size_t end; /* behind its ";", or behind the word where it has none */
	uint32_t node;
	enum script_language language;
	bool is_quoted;
	bool is_in_block; /* of `extern` */
	bool is_wildcard[LINKER_COUNT];
	enum script_scope scope[LINKER_COUNT];
	const char *name[LINKER_COUNT]; /* what is compared with symbols */
};

struct script_node {
	struct script_word word; /* name "" for an anonymous script */
	size_t open;		 /* offset of its "{" */
	size_t close;		 /* of its "}" */
	size_t end;		 /* behind its ";" */
	uint32_t first_parent;	 /* in script->parents */
	uint32_t parent_count;
	uint32_t first_pattern; /* in script->patterns */
	uint32_t pattern_count;
	size_t global_label; /* offset behind "global:", or 0: none */
	size_t local_label;  /* offset of "local:", or 0: none */
};

/* What the refusal is about; the rule of a finding depends on it. */
enum script_fault { SCRIPT_FAULT_FORM, SCRIPT_FAULT_PARENT, SCRIPT_FAULT_CYCLE };

/* Why one linker does not take the script. */
struct script_refusal {
	enum script_linker linker;
	enum script_fault fault;
	unsigned line;
	unsigned column;
	const char *text;
};

struct version_script {
	struct arena arena;
	const char *path; /* as named by the user */
	const char *text; /* borrowed: it lives at least as long */
	size_t size;
	bool is_anonymous;
	struct array_of(struct script_node) nodes; /* as they stand in the text; so the rest */
	struct array_of(struct script_word) parents;
	struct array_of(struct script_pattern) patterns;
	struct array_of(struct script_refusal) refusals;
	struct map by_name; /* name of a node → its number, plus 1; of several the first */
};

#define NO_SCRIPT_NODE UINT32_MAX

/* "bfd", "lld"; and what people call it. */
const char *script_linker_word(enum script_linker linker);
const char *script_linker_name(enum script_linker linker);
/* The number of the first node of that name, or NO_SCRIPT_NODE. */
uint32_t version_script_find(const struct version_script *script, const char *name);
/* Names of symbols from files: can a script have it at all, and without quotation marks? */
bool version_script_can_hold(const char *name);
bool version_script_is_plain(const char *name);
/* A name of a node that both linkers take. */
bool version_script_is_tag(const char *name);
/* 0 or -ENOMEM; `text` must outlive the script. */
int version_script_refuse(struct version_script *script, enum script_linker linker,
			  enum script_fault fault, unsigned line, unsigned column,
			  const char *text) MUST_CHECK;
void version_script_free(struct version_script *script);

#endif
