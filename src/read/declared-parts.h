/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the reader of declarations share; only read/declared*.c know of it. */
#ifndef READ_DECLARED_PARTS_H
#define READ_DECLARED_PARTS_H

#include "read/cpp-tokens.h"
#include "read/declared.h"

enum frame_kind { FRAME_NAMESPACE, FRAME_LINKAGE, FRAME_RECORD };

/* What braces are open around a declaration. */
struct frame {
	const char *prefix; /* of names in it: "", "ns::", "ns::Class::" */
	const char *name;   /* of the class itself */
	size_t first;	    /* token that the declaration around it begins with */
	uint8_t kind;	    /* enum frame_kind */
	uint8_t access;	    /* DW_ACCESS_ */
	bool is_c;
	bool is_template;
	bool is_unnamed;  /* a namespace without a name is around it */
	bool is_nameless; /* what is in it cannot be named: a struct without a tag */
};

struct declaring {
	struct declared *out;
	bool is_cxx;
	struct array_of(struct frame) frames;
	struct array_of(struct token) tokens; /* of all declarations that are open */
	size_t first;			      /* of the innermost */
	size_t depth;			      /* of brackets in it */
	size_t skipped;			      /* depth of braces in a body that is left out */
	uint64_t body;			      /* its hash */
	unsigned behind_name;		      /* tokens left that may be the line of that file */
	uint32_t macros;		      /* that were seen: they stand in this order */
	const char *last_file, *file;	      /* of the last item, and its copy */
	bool is_cut;			      /* the declaration is too long */
	bool names_linkage;		      /* it begins with extern "C" */
	bool is_template;		      /* it begins with template <…> */
	bool has_error;			      /* out of memory */
};

/* A run of tokens. */
struct span {
	const struct token *items;
	size_t count;
};

/* A declarator: name, parameters, and what follows. */
struct declarator {
	size_t name, name_end; /* tokens of the name with its scopes; equal: there is none */
	size_t open, close;    /* the parentheses of the parameters; equal: no function */
	size_t end;	       /* behind what tells the type: a "=" and what follows is left */
};

/* The innermost frame; NULL: none. */
const struct frame *declaring_frame(const struct declaring *d);
/* Behind the bracket that fits the one at `at`; span.count: it is not closed. */
size_t span_skip(struct span span, size_t at);
/* Behind "<…>" at `at`; `at` when there is no such. */
size_t span_skip_angle(struct span span, size_t at);
/* Behind one attribute at `at`, adding what it says; `at` when there is none. */
size_t span_skip_attribute(struct span span, size_t at, uint32_t *attributes);
/* Behind "template <…>" and attributes; sets flags. */
size_t span_skip_prefix(struct span span, uint32_t *flags, uint32_t *attributes);
/* The first token with this text outside brackets from `at` on; span.count: none. */
size_t span_find(struct span span, size_t at, const char *text);
bool span_is(struct span span, size_t at, const char *text);
/* Is it a word of the language, which can be no name? */
bool token_is_keyword(const struct token *token);
/* Is it "class", "struct" or "union"? */
bool token_is_key(const struct token *token);

/* The tokens as text; NULL: out of memory, which is noted. */
const char *declaring_text(struct declaring *d, struct span span, size_t from, size_t to);
/* The name of what is declared here, with scopes. */
const char *declaring_name(struct declaring *d, struct span span, size_t from, size_t to);

/* Finds the declarator that begins at or behind `at`. */
void declarator_find(struct span span, size_t at, struct declarator *ret);

/* Adds an item of this kind; all but name, kind and form may be left out. */
void declaring_add(struct declaring *d, const struct declared_item *item,
		   const struct token *where);
void declaring_unread(struct declaring *d, const struct token *where);
/* A whole declaration; `body`: hash of the code that follows it, 0: none does. */
void declaration_take(struct declaring *d, struct span span, uint64_t body);
/* A function, found by its declarator. */
void declaration_take_function(struct declaring *d, struct span span,
			       const struct declarator *declarator, uint32_t flags,
			       uint32_t attributes, uint64_t body);
/* A macro, as it stands behind "#define". */
void declaring_macro(struct declaring *d, const struct token *token, bool is_first);
/* Enumerators between braces. */
void declaration_take_enum(struct declaring *d, struct span span, const char *prefix);

#endif
