/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The code of a fix. A function whose name gets two versions is renamed for the
 * assembler first: GNU ld drops a plain name that stands at the same place as
 * one with a version, and takes both for a double definition elsewhere. Each
 * version is then an alias with a name of its own. A variable is not renamed
 * but becomes "name@@@NODE", so that all references of the library meet the copy
 * that a program holds; and an alias of a function that is chosen at load time
 * is made by the assembler, for the compiler would make a plain function of it.
 */
#include "render/code-fix.h"
#include "base/demangle.h"

bool code_fix_has_code(const struct fix_item *item)
{
	return item->way <= FIX_PLAIN || item->way == FIX_BESIDE || item->way == FIX_DEFAULT;
}

void code_fix_prelude(struct out *out)
{
	out_text(
		out,
		"/* Once in each source file that gets code from below.\n"
		" * gcc has the attribute since release 10. Other compilers take the directive of the assembler, which\n"
		" * is lost with link-time optimisation: compile the file without -flto there. */\n"
		"#ifndef COMPAT_SYMVER\n"
		"#ifdef __cplusplus\n"
		"#define COMPAT_EXTERN extern \"C\"\n"
		"#else\n"
		"#define COMPAT_EXTERN extern\n"
		"#endif\n"
		"#define COMPAT_PUBLIC __attribute__((__visibility__(\"default\")))\n"
		"#ifdef __has_attribute\n"
		"#if __has_attribute(__symver__)\n"
		"#define COMPAT_SYMVER(symbol) COMPAT_PUBLIC __attribute__((__symver__(symbol)))\n"
		"#define COMPAT_SYMVER_ASM(name, symbol)\n"
		"#endif\n"
		"#endif\n"
		"#ifndef COMPAT_SYMVER\n"
		"#define COMPAT_SYMVER(symbol) COMPAT_PUBLIC\n"
		"#define COMPAT_SYMVER_ASM(name, symbol) __asm__(\".symver \" name \",\" symbol);\n"
		"#endif\n"
		"#endif\n");
}

static const char *mark_of(const struct fix_version *version)
{
	return version->is_default ? "@@" : "@";
}

static void write_symbol(struct out *out, const struct fix_item *item,
			 const struct fix_version *version)
{
	out_printf(out, "\"%s%s%s\"", item->name, mark_of(version), version->version);
}

static void write_directive(struct out *out, const struct fix_item *item,
			    const struct fix_version *version)
{
	out_printf(out, "COMPAT_SYMVER_ASM(\"%s\", ", version->helper);
	write_symbol(out, item, version);
	out_text(out, ")\n");
}

static const char *thread_of(const struct fix_item *item)
{
	return item->kind == SYMBOL_TLS ? "__thread " : "";
}

static bool is_data(const struct fix_item *item)
{
	return item->kind == SYMBOL_VARIABLE || item->kind == SYMBOL_COMMON ||
	       item->kind == SYMBOL_TLS;
}

static void write_type(struct out *out, const struct fix_item *item,
		       const struct fix_version *version, const char *target)
{
	if (!item->by_string)
		out_printf(out, "COMPAT_EXTERN %s__typeof__(%s) %s ", thread_of(item), target,
			   version->helper);
	else if (is_data(item))
		out_printf(out, "COMPAT_EXTERN %schar %s[%llu] ", thread_of(item), version->helper,
			   (unsigned long long)(item->size ? item->size : 1));
	else
		out_printf(out, "COMPAT_EXTERN void %s(void) ", version->helper);
}

static void write_alias(struct out *out, const struct fix_item *item,
			const struct fix_version *version, const char *type, const char *target)
{
	if (item->kind == SYMBOL_IFUNC || (is_data(item) && version->is_default)) {
		out_printf(out, "__asm__(\".symver %s,%s%s%s%s\");\n", target, item->name,
			   mark_of(version), is_data(item) ? "@" : "", version->version);
		return;
	}
	write_type(out, item, version, type);
	out_text(out, "COMPAT_SYMVER(");
	write_symbol(out, item, version);
	out_printf(out, ")\n\t__attribute__((__alias__(\"%s\")));\n", target);
	write_directive(out, item, version);
}

static void write_size_check(struct out *out, const struct fix_item *item, const char *helper)
{
	if (item->size)
		out_printf(out, "typedef char %s_has_the_old_size[sizeof(%s) == %llu ? 1 : -1];\n",
			   helper, helper, (unsigned long long)item->size);
}

/* What is to be written, so that it does not compile before it is. */
static void write_body(struct out *out, const struct fix_item *item,
		       const struct fix_version *version)
{
	out_printf(out,
		   "#error \"%s%s%s: give %s the %s that %s had in OLD, and delete this line\"\n",
		   item->name, mark_of(version), version->version, version->helper,
		   is_data(item) ? "type and the contents" : "result, the parameters and the body",
		   item->name);
	if (is_data(item)) {
		out_printf(out, "COMPAT_SYMVER(");
		write_symbol(out, item, version);
		out_printf(out, ") %schar %s[%llu] = { 0 };\n", thread_of(item), version->helper,
			   (unsigned long long)(item->size ? item->size : 1));
		write_size_check(out, item, version->helper);
	} else {
		out_text(out, "COMPAT_EXTERN COMPAT_SYMVER(");
		write_symbol(out, item, version);
		out_printf(out, ") void %s(void)\n{\n}\n", version->helper);
	}
	write_directive(out, item, version);
}

static void write_plain(struct out *out, const struct fix_item *item)
{
	const char *name = item->by_string ? item->helper : item->name;

	out_printf(out, "#error \"%s: give it the %s that it had in OLD, and delete this line\"\n",
		   item->name,
		   is_data(item) ? "type and the contents" : "result, the parameters and the body");
	if (is_data(item)) {
		if (item->by_string)
			out_printf(out, "extern %schar %s[%llu] __asm__(\"%s\");\n",
				   thread_of(item), name,
				   (unsigned long long)(item->size ? item->size : 1), item->name);
		out_printf(out, "COMPAT_PUBLIC %schar %s[%llu] = { 0 };\n", thread_of(item), name,
			   (unsigned long long)(item->size ? item->size : 1));
		write_size_check(out, item, name);
		return;
	}
	if (item->by_string)
		out_printf(out, "COMPAT_EXTERN void %s(void) __asm__(\"%s\");\n", name, item->name);
	out_printf(out, "COMPAT_EXTERN COMPAT_PUBLIC void %s(void)\n{\n}\n", name);
}

/* The definition that NEW has, under its versions. */
static void write_pair(struct out *out, const struct fix_item *item)
{
	size_t i;

	if (!item->by_string && !is_data(item) && item->way != FIX_DROPPED)
		out_printf(out, "COMPAT_EXTERN %s__typeof__(%s) %s __asm__(\"%s\");\n",
			   thread_of(item), item->name, item->name, item->body);
	for (i = 0; i < item->versions.count; i++) {
		const struct fix_version *version = &item->versions.items[i];

		if (version->is_body)
			write_body(out, item, version);
		else
			write_alias(out, item, version, item->name, item->body);
	}
}

/* Text of a file within a comment or a string of the code: it cannot end either. */
static void write_quoted(struct out *out, const char *text)
{
	char last = '\0';

	for (; *text; last = *text++) {
		bool is_bad = (unsigned char)*text < ' ' || *text == '"' || *text == '\\' ||
			      (*text == '/' && last == '*');

		out_char(out, is_bad ? '?' : *text);
	}
}

static void write_beside(struct out *out, const struct fix_item *item)
{
	char target[64] = "THE_NAME_IN_THE_SOURCE";
	size_t i;

	out_text(out, "#error \"");
	write_quoted(out, item->before);
	out_text(out, ": write the name that the function of ");
	write_quoted(out, item->after);
	out_printf(out, " has in the source for %s, and delete this line\"\n", target);
	for (i = 0; i < item->versions.count; i++)
		write_alias(out, item, &item->versions.items[i], target, target);
}

static int write_title(struct out *out, const struct fix_item *item)
{
	char text[DEMANGLED_SIZE];
	int r = demangle(item->name, text, sizeof(text));

	out_text(out, "/* ");
	write_quoted(out, item->before ? item->before : item->name);
	if (!r && text[0]) {
		out_text(out, ", ");
		write_quoted(out, text);
	}
	out_text(out, ": ");
	write_quoted(out, item->why);
	if (item->after) {
		out_text(out, "; NEW has ");
		write_quoted(out, item->after);
	}
	out_text(out, ".\n * ");
	if (item->way == FIX_ALIAS && (is_data(item) || item->kind == SYMBOL_IFUNC))
		out_text(
			out,
			"With all compilers by the assembler: compile the file without -flto.\n * ");
	return r;
}

static void write_place(struct out *out, const struct fix_item *item)
{
	if (item->way == FIX_ALIAS || item->way == FIX_OLD_BODY)
		out_text(
			out,
			item->by_string
				? "Into the file that defines it. */\n"
				: "After its declaration, before its first use and its definition. */\n");
	else if (item->way == FIX_BESIDE)
		out_text(out, "Below the code that gives the name its version. */\n");
	else if (item->way == FIX_DEFAULT)
		out_text(out, "Where the source gives it its version. */\n");
	else
		out_text(out, "Into any source file. */\n");
}

/* The alias has no type that a declaration could say. */
static void quiet_alias_warning(struct out *out, const struct fix_item *item, const char *what)
{
	if (item->by_string && (item->way == FIX_ALIAS || item->way == FIX_OLD_BODY))
		out_printf(out,
			   "#if defined(__GNUC__) && !defined(__clang__)\n"
			   "#pragma GCC diagnostic %s\n"
			   "#endif\n",
			   what);
}

static void write_default(struct out *out, const struct fix_item *item)
{
	out_text(out, "#error \"");
	write_quoted(out, item->after);
	out_text(out, ": write @@ in place of @ there, and delete this line\"\n");
}

int code_fix_item(struct out *out, const struct fix_item *item)
{
	int r;

	if (!code_fix_has_code(item))
		return 0;
	r = write_title(out, item);
	if (r)
		return r;
	write_place(out, item);
	quiet_alias_warning(out, item, "push");
	quiet_alias_warning(out, item, "ignored \"-Wattribute-alias\"");
	if (item->way == FIX_PLAIN)
		write_plain(out, item);
	else if (item->way == FIX_BESIDE)
		write_beside(out, item);
	else if (item->way == FIX_DEFAULT)
		write_default(out, item);
	else
		write_pair(out, item);
	quiet_alias_warning(out, item, "pop");
	return 0;
}

int code_fix_all(struct out *out, const struct fix *fix)
{
	bool is_first = true;
	size_t i;
	int r = 0;

	for (i = 0; !r && i < fix->items.count; i++) {
		if (!code_fix_has_code(&fix->items.items[i]))
			continue;
		if (is_first)
			code_fix_prelude(out);
		is_first = false;
		out_char(out, '\n');
		r = code_fix_item(out, &fix->items.items[i]);
	}
	return r;
}
