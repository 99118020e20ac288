/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libiberty's demanglers behind bounds; contract in base/demangle.h.
 *
 * Only their callback forms are used, since the others end the process when
 * memory is out. The callback forms have no way to stop early, but a short name
 * can stand for a text of any length, so our callback leaves them by longjmp()
 * when its buffer is full. At that point they hold no memory (see rust_safe()).
 */
#include "base/demangle.h"

#include <string.h>

#ifdef HAVE_DEMANGLE

#include <ctype.h>
#include <libiberty/demangle.h>
#include <setjmp.h>

#define LONGEST_NAME 16384u
#define MOST_VISITS 16384u /* nodes of the parse tree with all substitutions written out */
#define DEEPEST 256u
#define MOST_CONVERSIONS 8u
#define RUST_MOST_OUTPUT 65536u

struct writer {
	char *text;
	size_t size;
	size_t used;
	int options; /* DMGL_… */
	bool cut;
	bool may_leave; /* by longjmp() */
	jmp_buf full;
};

static void take(const char *bytes, size_t length, void *data)
{
	struct writer *w = data;
	size_t room = w->size - 1 - w->used;

	if (length > room) {
		length = room;
		w->cut = true;
	}
	memcpy(w->text + w->used, bytes, length);
	w->used += length;
	if (w->cut && w->may_leave)
		longjmp(w->full, 1);
}

/*
 * The demanglers walk shared parts of a name as often as they are used, at
 * times without writing anything. So the tree is measured first. Kinds of nodes
 * that are not listed make the name too complex.
 */
enum node_shape { NODE_UNKNOWN, NODE_LEAF, NODE_PAIR, NODE_NAME, NODE_SUB };

#define N(kind, shape) [DEMANGLE_COMPONENT_##kind] = NODE_##shape

/* clang-format off */
static const unsigned char shapes[] = {
	N(NAME, LEAF), N(QUAL_NAME, PAIR), N(LOCAL_NAME, PAIR), N(TYPED_NAME, PAIR),
	N(TEMPLATE, PAIR), N(TEMPLATE_PARAM, LEAF), N(FUNCTION_PARAM, LEAF), N(CTOR, NAME),
	N(DTOR, NAME), N(VTABLE, PAIR), N(VTT, PAIR), N(CONSTRUCTION_VTABLE, PAIR),
	N(TYPEINFO, PAIR), N(TYPEINFO_NAME, PAIR), N(TYPEINFO_FN, PAIR), N(THUNK, PAIR),
	N(VIRTUAL_THUNK, PAIR), N(COVARIANT_THUNK, PAIR), N(GUARD, PAIR), N(TLS_INIT, PAIR),
	N(TLS_WRAPPER, PAIR), N(REFTEMP, PAIR), N(HIDDEN_ALIAS, PAIR), N(SUB_STD, LEAF),
	N(RESTRICT, PAIR), N(VOLATILE, PAIR), N(CONST, PAIR), N(RESTRICT_THIS, PAIR),
	N(VOLATILE_THIS, PAIR), N(CONST_THIS, PAIR), N(REFERENCE_THIS, PAIR),
	N(RVALUE_REFERENCE_THIS, PAIR), N(VENDOR_TYPE_QUAL, PAIR), N(POINTER, PAIR),
	N(REFERENCE, PAIR), N(RVALUE_REFERENCE, PAIR), N(COMPLEX, PAIR), N(IMAGINARY, PAIR),
	N(BUILTIN_TYPE, LEAF), N(VENDOR_TYPE, PAIR), N(FUNCTION_TYPE, PAIR), N(ARRAY_TYPE, PAIR),
	N(PTRMEM_TYPE, PAIR), N(VECTOR_TYPE, PAIR), N(ARGLIST, PAIR), N(TEMPLATE_ARGLIST, PAIR),
	N(INITIALIZER_LIST, PAIR), N(OPERATOR, LEAF), N(CAST, PAIR), N(CONVERSION, PAIR),
	N(NULLARY, PAIR), N(UNARY, PAIR), N(BINARY, PAIR), N(BINARY_ARGS, PAIR), N(TRINARY, PAIR),
	N(TRINARY_ARG1, PAIR), N(TRINARY_ARG2, PAIR), N(LITERAL, PAIR), N(LITERAL_NEG, PAIR),
	N(COMPOUND_NAME, PAIR), N(CHARACTER, LEAF), N(NUMBER, LEAF), N(DECLTYPE, PAIR),
	N(GLOBAL_CONSTRUCTORS, PAIR), N(GLOBAL_DESTRUCTORS, PAIR), N(LAMBDA, SUB),
	N(DEFAULT_ARG, SUB), N(UNNAMED_TYPE, LEAF), N(TRANSACTION_CLONE, PAIR),
	N(NONTRANSACTION_CLONE, PAIR), N(PACK_EXPANSION, PAIR), N(TAGGED_NAME, PAIR),
	N(TRANSACTION_SAFE, PAIR), N(CLONE, PAIR), N(NOEXCEPT, PAIR), N(THROW_SPEC, PAIR),
};
/* clang-format on */

/* Takes the nodes below `c` off *left; false when there are more, or too deep, or unknown ones. */
static bool measure(const struct demangle_component *c, unsigned depth, unsigned *left)
{
	for (; c; c = c->u.s_binary.right) {
		enum node_shape shape;

		if (depth >= DEEPEST || !*left || (size_t)c->type >= sizeof(shapes))
			return false;
		--*left;
		shape = shapes[c->type];
		if (shape == NODE_LEAF)
			return true;
		if (shape == NODE_NAME) /* of a constructor: the kind stands before the name */
			return measure(c->u.s_ctor.name, depth + 1, left);
		if (shape == NODE_SUB)
			return measure(c->u.s_unary_num.sub, depth + 1, left);
		if (shape != NODE_PAIR || !measure(c->u.s_binary.left, depth + 1, left))
			return false;
	}
	return true;
}

/* A conversion to a template parameter with arguments is parsed in two ways, and so on inside. */
static bool conversions_bounded(const char *name)
{
	unsigned count = 0;

	if (!strstr(name, "cv"))
		return true;
	for (name = strstr(name, "_I"); name; name = strstr(name + 2, "_I"))
		count++;
	return count <= MOST_CONVERSIONS;
}

/* setjmp() apart from everything that has local variables to lose. */
static int write_tree(struct demangle_component *tree, struct writer *w)
{
	if (setjmp(w->full))
		return 1;
	return cplus_demangle_print_callback(w->options, tree, take, w);
}

static int demangle_cplus(const char *name, struct writer *w)
{
	unsigned left = MOST_VISITS;
	struct demangle_component *tree;
	void *memory = NULL;
	int written;

	if (!conversions_bounded(name))
		return 0;
	errno = 0;
	tree = cplus_demangle_v3_components(name, w->options, &memory);
	if (!tree)
		return errno == ENOMEM ? -ENOMEM : 0;
	w->may_leave = true;
	written = measure(tree, 0, &left) ? write_tree(tree, w) : 0;
	free(memory);
	return written;
}

/*
 * A Rust name in punycode makes the demangler hold memory while it writes, so
 * it must not be left then. Without references back into the name (each a 'B')
 * its text is no longer than a few times the name; each can double it.
 */
static bool rust_safe(const char *name, size_t length, bool *ret_may_leave)
{
	size_t output = length * 8;
	const char *at;

	*ret_may_leave = true;
	for (at = strchr(name, 'u'); at; at = strchr(at + 1, 'u')) {
		if (isdigit((unsigned char)at[1]))
			*ret_may_leave = false;
	}
	if (*ret_may_leave)
		return true;
	for (at = strchr(name, 'B'); at && output <= RUST_MOST_OUTPUT; at = strchr(at + 1, 'B'))
		output *= 2;
	return output <= RUST_MOST_OUTPUT;
}

static int write_rust(const char *name, struct writer *w)
{
	if (setjmp(w->full))
		return 1;
	return rust_demangle_callback(name, 0, take, w);
}

static int demangle_rust(const char *name, size_t length, struct writer *w)
{
	int written;

	if (!rust_safe(name, length, &w->may_leave))
		return 0;
	errno = 0;
	written = write_rust(name, w);
	return !written && errno == ENOMEM ? -ENOMEM : written;
}

static bool is_mangled(const char *name)
{
	return !strncmp(name, "_Z", 2) || !strncmp(name, "_R", 2) || !strncmp(name, "_GLOBAL_", 8);
}

static int demangle_any(const char *name, struct writer *w)
{
	size_t length = strnlen(name, LONGEST_NAME);
	int written;

	if (!is_mangled(name) || length == LONGEST_NAME)
		return 0;
	written = demangle_rust(name, length, w);
	if (written)
		return written;
	w->used = 0;
	w->cut = false;
	return demangle_cplus(name, w);
}

static int demangle_with(const char *name, char *ret, size_t size, int options)
{
	struct writer w = { .text = ret,
			    .size = size,
			    .options = DMGL_PARAMS | DMGL_ANSI | options };
	int written = demangle_any(name, &w);

	if (written <= 0)
		w.used = 0;
	else if (w.cut && w.used >= 3)
		memcpy(ret + w.used - 3, "...", 3);
	ret[w.used] = '\0';
	return written < 0 ? written : 0;
}

int demangle(const char *name, char *ret, size_t size)
{
	return demangle_with(name, ret, size, 0);
}

int demangle_verbose(const char *name, char *ret, size_t size)
{
	return demangle_with(name, ret, size, DMGL_VERBOSE);
}

bool demangle_available(void)
{
	return true;
}

#else

int demangle(const char *name, char *ret, size_t size)
{
	ret[0] = '\0';
	return 0;
}

int demangle_verbose(const char *name, char *ret, size_t size)
{
	return demangle(name, ret, size);
}

bool demangle_available(void)
{
	return false;
}

#endif
