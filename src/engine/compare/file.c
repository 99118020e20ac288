/* SPDX-License-Identifier: Apache-2.0 */
/* ELF header, notes and the flags of the dynamic section, side by side. */
#include "engine/compare/corpus.h"
#include "engine/compare/parts.h"
#include "model/version-name.h"

#include <string.h>

int compare_machine(struct compare *c, bool *ret_stop)
{
	const struct corpus *old = c->old;
	const struct corpus *new = c->new;
	const struct {
		bool differs;
		const char *rule;
	} checks[] = {
		{ old->elf_machine != new->elf_machine, "abi/elf-machine-changed" },
		{ old->is_64 != new->is_64, "abi/elf-class-changed" },
		{ old->is_big != new->is_big, "abi/elf-byte-order-changed" },
		{ strcmp(old->machine, new->machine) != 0, "abi/elf-abi-flags-changed" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		if (!checks[i].differs)
			continue;
		*ret_stop = true;
		return compare_note(c, checks[i].rule, c->out->name, old->machine, new->machine,
				    compare_text(c, "%s was built for %s, now for %s", c->out->name,
						 old->machine, new->machine));
	}
	return 0;
}

/* Between System V and GNU only marks of single symbols differ. */
static int compare_os(struct compare *c)
{
	uint8_t old = c->old->os_abi;
	uint8_t new = c->new->os_abi;
	bool known = (old == ELFOSABI_SYSV || old == ELFOSABI_GNU) &&
		     (new == ELFOSABI_SYSV || new == ELFOSABI_GNU);
	struct finding *finding;

	if (old == new)
		return 0;
	finding = compare_add(
		c, "abi/elf-osabi-changed", c->out->name,
		compare_text(c, "the file was marked for operating system %u, now for %u", old,
			     new));
	if (!finding)
		return -ENOMEM;
	finding->verdict = known ? VERDICT_OK : VERDICT_BREAK;
	return 0;
}

static bool has_data(const struct corpus *corpus, bool writable, uint8_t visibility)
{
	size_t i;

	for (i = 0; i < corpus->symbols.count; i++) {
		const struct corpus_symbol *s = &corpus->symbols.items[i];

		if ((s->kind == SYMBOL_VARIABLE || s->kind == SYMBOL_COMMON) &&
		    (!writable || !s->read_only) &&
		    (visibility == STV_DEFAULT || s->visibility == visibility))
			return true;
	}
	return false;
}

static bool is_public_function(void *data, const char *name)
{
	const struct compare *c = data;
	size_t count;
	const struct corpus_symbol *s = corpus_find(c->new, name, &count);

	return s && s->kind == SYMBOL_FUNCTION && !(s->version && compare_is_private(s->version));
}

static bool has_open(struct compare *c, const struct corpus *corpus)
{
	size_t i;

	for (i = 0; i < corpus->symbols.count; i++) {
		if (corpus->symbols.items[i].open &&
		    is_public_function(c, corpus->symbols.items[i].name))
			return true;
	}
	return false;
}

/* The symbols tell of calls by the linkage table; in a file it shows that there are no others. */
static bool lost_open_calls(struct compare *c)
{
	const struct image *new = c->new->image;

	return !(c->new->flags &CORPUS_SYMBOLIC) && has_open(c, c->old) && !has_open(c, c->new) &&
	       (!new || !corpus_calls_own(new, is_public_function, c));
}

static bool has_cxx(const struct corpus *corpus)
{
	size_t i;

	for (i = 0; i < corpus->symbols.count; i++) {
		if (!strncmp(corpus->symbols.items[i].name, "_ZN", 3))
			return true;
	}
	return false;
}

static int compare_flags(struct compare *c)
{
	uint32_t gained = c->new->flags & ~c->old->flags;
	uint32_t lost = c->old->flags & ~c->new->flags;
	const struct {
		bool fires;
		const char *rule;
		const char *text;
	} checks[] = {
		{ gained & CORPUS_PIE, "abi/elf-became-pie", "is an executable now (DF_1_PIE)" },
		{ lost & (CORPUS_IBT | CORPUS_SHSTK), "abi/elf-cet-lost",
		  "is no longer marked for Intel CET" },
		{ lost & (CORPUS_BTI | CORPUS_PAC | CORPUS_GCS), "abi/elf-bti-pac-lost",
		  "is no longer marked for branch protection" },
		{ gained & CORPUS_EXEC_STACK, "abi/elf-stack-exec-gained",
		  "asks for an executable stack now" },
		{ (gained & CORPUS_INDIRECT_ACCESS) && has_data(c->new, false, STV_PROTECTED),
		  "abi/elf-indirect-extern-access",
		  "has protected variables that no program may copy any more" },
		{ (gained & CORPUS_SYMBOLIC) && has_data(c->new, true, STV_DEFAULT),
		  "abi/symbolic-added-data",
		  "binds its own variables to itself now (DT_SYMBOLIC)" },
		{ lost_open_calls(c), "abi/symbolic-functions-bound",
		  "calls its own functions directly now" },
		{ (lost & CORPUS_EXCEPTIONS) && has_cxx(c->old) && has_cxx(c->new),
		  "abi/flag-rtti-exceptions", "no longer has code that exceptions pass through" },
		{ gained & CORPUS_TEXT_RELOCATIONS, "abi/textrel-added",
		  "has text relocations now" },
		{ gained & CORPUS_BIND_NOW, "abi/bind-now-added",
		  "binds all its imports at start now" },
		{ gained & CORPUS_NO_DELETE, "abi/nodelete-added",
		  "can no longer be unloaded (DF_1_NODELETE)" },
		{ gained & CORPUS_NO_OPEN, "abi/nodlopen-added",
		  "can no longer be opened with dlopen()" },
		{ lost & CORPUS_SYSV_HASH, "abi/hash-sysv-lost", "has no DT_HASH any more" },
		{ gained & CORPUS_RELR, "abi/relr-added", "has packed relocations now (DT_RELR)" },
		{ (c->new->flags &CORPUS_STATIC_TLS) &&
			  ((gained & CORPUS_STATIC_TLS) || c->new->tls_size > c->old->tls_size),
		  "abi/static-tls-added", "needs more static thread-local storage" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(checks); i++) {
		if (checks[i].fires &&
		    compare_note(c, checks[i].rule, c->out->name, NULL, NULL,
				 compare_text(c, "%s %s", c->out->name, checks[i].text)))
			return -ENOMEM;
	}
	return 0;
}

static const char *kernel_text(struct compare *c, const uint32_t *kernel)
{
	return compare_text(c, "%u.%u.%u", kernel[0], kernel[1], kernel[2]);
}

static int compare_floors(struct compare *c)
{
	const struct corpus *old = c->old;
	const struct corpus *new = c->new;
	size_t i;
	int r = 0;

	for (i = 0; i < 3 && old->kernel[i] == new->kernel[i]; i++)
		;
	if (i < 3 && new->kernel[i] > old->kernel[i])
		r = compare_note(
			c, "abi/elf-kernel-floor-raised", c->out->name, kernel_text(c, old->kernel),
			kernel_text(c, new->kernel),
			compare_text(c, "it asks for kernel %s", kernel_text(c, new->kernel)));
	if (!r && new->isa_level > old->isa_level &&new->isa_level > 1)
		r = compare_note(c, "abi/elf-x86-isa-raised", c->out->name,
				 old->isa_level > 1 ? compare_text(c, "x86-64-v%u", old->isa_level)
						    : NULL,
				 compare_text(c, "x86-64-v%u", new->isa_level),
				 compare_text(c, "it needs a processor of level x86-64-v%u",
					      new->isa_level));
	/* Where kernels come with pages of several sizes. */
	if (!r && new->least_align < old->least_align &&new->least_align < 65536 &&
	    (new->elf_machine == EM_AARCH64 || new->elf_machine == EM_PPC64 ||
	     new->elf_machine == 258 /* EM_LOONGARCH */))
		r = compare_note(c, "abi/elf-segment-align-lowered", c->out->name,
				 compare_text(c, "%llu", (unsigned long long)old->least_align),
				 compare_text(c, "%llu", (unsigned long long)new->least_align),
				 compare_text(c, "its segments fit pages of %llu KiB at most",
					      (unsigned long long)new->least_align / 1024));
	return r;
}

static int compare_sonames(struct compare *c)
{
	const char *old = c->old->soname;
	const char *new = c->new->soname;

	if (!old && !new)
		return 0;
	if (!old)
		return compare_note(
			c, "abi/soname-added", new, NULL, new,
			compare_text(c, "the library is called %s now; before it had no soname",
				     new));
	if (!new)
		return compare_note(c, "abi/soname-removed", old, old, NULL,
				    compare_text(c, "the library is no longer called %s", old));
	return strcmp(old, new) ? compare_note(c, "abi/soname-changed", old, old, new,
					       compare_text(c, "%s is called %s now", old, new))
				: 0;
}

static int compare_paths(struct compare *c)
{
	const char *old = c->old->runpath ? c->old->runpath : c->old->rpath;
	const char *new = c->new->runpath ? c->new->runpath : c->new->rpath;

	if (!old || (new && !strcmp(old, new) && !c->old->runpath == !c->new->runpath))
		return 0;
	if (new && !strcmp(old, new))
		return compare_note(c, "abi/rpath-to-runpath", old,
				    c->old->runpath ? "DT_RUNPATH" : "DT_RPATH",
				    c->new->runpath ? "DT_RUNPATH" : "DT_RPATH",
				    compare_text(c, "the run path %s became %s", old,
						 c->new->runpath ? "a DT_RUNPATH" : "a DT_RPATH"));
	return compare_note(c, "abi/runpath-lost", old, old, new,
			    new ? compare_text(c, "the run path %s became %s", old, new)
				: compare_text(c, "the run path %s is gone", old));
}

int compare_file(struct compare *c)
{
	static int (*const parts[])(struct compare *) = {
		compare_sonames, compare_os, compare_floors, compare_flags, compare_paths,
	};
	size_t i;
	int r = 0;

	for (i = 0; !r && i < ARRAY_SIZE(parts); i++)
		r = parts[i](c);
	return r;
}

static bool has_needed(const struct corpus *corpus, const char *name)
{
	size_t i;

	for (i = 0; i < corpus->needed.count; i++) {
		if (!strcmp(corpus->needed.items[i], name))
			return true;
	}
	return false;
}

/* Length of "libssl" in "libssl.so.3", 0 when the name has no such form. */
static size_t stem_length(const char *soname)
{
	const char *so = strstr(soname, ".so.");

	return so ? (size_t)(so - soname) : 0;
}

/* The needed library of the other side with the same stem, that this side has not. */
static const char *other_major(const struct corpus *of, const struct corpus *other,
			       const char *name)
{
	size_t length = stem_length(name);
	size_t i;

	for (i = 0; length && i < of->needed.count; i++) {
		const char *candidate = of->needed.items[i];

		if (stem_length(candidate) == length && !strncmp(candidate, name, length) &&
		    !has_needed(other, candidate))
			return candidate;
	}
	return NULL;
}

static int compare_libraries(struct compare *c)
{
	size_t i;

	for (i = 0; i < c->new->needed.count; i++) {
		const char *name = c->new->needed.items[i];
		const char *before = other_major(c->old, c->new, name);
		int r;

		if (has_needed(c->old, name))
			continue;
		r = before ? compare_note(c, "abi/needed-soname-bumped", name, before, name,
					  compare_text(c, "it needs %s now, before it was %s", name,
						       before))
			   : compare_note(c, "abi/needed-added", name, NULL, name,
					  compare_text(c, "it needs %s now", name));
		if (r)
			return r;
	}
	for (i = 0; i < c->old->needed.count; i++) {
		const char *name = c->old->needed.items[i];

		if (has_needed(c->new, name) || other_major(c->new, c->old, name))
			continue;
		if (compare_note(c, "abi/needed-removed", name, name, NULL,
				 compare_text(c, "it no longer needs %s", name)))
			return -ENOMEM;
	}
	return 0;
}

static bool has_number(const char *version)
{
	struct version_name name;

	version_name_split(version, &name);
	return name.count > 0;
}

/* The highest version of the same family that `corpus` asks of the same library; NULL: none. */
static const char *floor_of(const struct corpus *corpus, const struct corpus_need *like)
{
	const char *best = NULL;
	size_t i;

	for (i = 0; i < corpus->needs.count; i++) {
		const struct corpus_need *need = &corpus->needs.items[i];

		if (strcmp(need->library, like->library) || !has_number(need->version) ||
		    !version_name_same_family(need->version, like->version))
			continue;
		if (!best || version_name_compare(need->version, best) > 0)
			best = need->version;
	}
	return best;
}

static int name_importers(struct compare *c, struct finding *finding, const char *version)
{
	const struct image *image = c->new->image;
	const char *names = NULL;
	size_t count = image ? image->symbols.size / image_symbol_size(image) : 0;
	size_t shown = 0;
	uint32_t i;

	for (i = 1; i < count && shown < 6; i++) {
		uint16_t index = image_versym(image, i) & VERSION_MASK;
		struct symbol s;

		if (index < 2 || index >= image->version_count || !image->versions[index].name ||
		    strcmp(image->versions[index].name, version) || !image_symbol(image, i, &s) ||
		    s.section != SHN_UNDEF || !*s.name)
			continue;
		names = names ? compare_text(c, "%s, %s", names, s.name) : s.name;
		if (!names)
			return -ENOMEM;
		shown++;
	}
	return names ? finding_why(&c->out->findings, finding, "raised by %s", names) : 0;
}

static int compare_floor(struct compare *c, const struct corpus_need *need)
{
	const char *before = floor_of(c->old, need);
	struct finding *finding;

	if (!has_number(need->version) || strcmp(floor_of(c->new, need), need->version) ||
	    !has_needed(c->old, need->library) ||
	    (before && version_name_compare(before, need->version) >= 0))
		return 0;
	finding = compare_add(
		c, "abi/ver-need-floor-raised",
		compare_text(c, "%s(%s)", need->library, need->version),
		before ? compare_text(c, "it needs %s of %s, before %s was enough", need->version,
				      need->library, before)
		       : compare_text(c, "it needs %s of %s", need->version, need->library));
	if (!finding)
		return -ENOMEM;
	finding->before = before;
	finding->after = need->version;
	return name_importers(c, finding, need->version);
}

static int compare_private_need(struct compare *c, const struct corpus_need *need)
{
	size_t i;

	if (!compare_is_private(need->version))
		return 0;
	for (i = 0; i < c->old->needs.count; i++) {
		if (!strcmp(c->old->needs.items[i].version, need->version) &&
		    !strcmp(c->old->needs.items[i].library, need->library))
			return 0;
	}
	return compare_note(c, "abi/ver-need-private",
			    compare_text(c, "%s(%s)", need->library, need->version), NULL,
			    need->version,
			    compare_text(c, "it uses private symbols of %s (%s)", need->library,
					 need->version));
}

static bool has_import(const struct corpus *corpus, const char *name)
{
	size_t low = 0;
	size_t high = corpus->imports.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, corpus->imports.items[middle]);

		if (!order)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

/* Strong references without version that OLD had not; those with one are told by their needs. */
static int compare_imports(struct compare *c)
{
	const struct compare_options *options = c->options;
	bool is_static = c->new->flags &CORPUS_STATIC;
	size_t unknown = 0;
	size_t i;

	for (i = 0; i < c->new->imports.count; i++) {
		const char *name = c->new->imports.items[i];

		if (has_import(c->old, name) ||
		    (options->provider && options->provider(options->data, name, NULL)))
			continue;
		if (!options->all_known || !options->all_known(options->data)) {
			unknown++;
			continue;
		}
		if (compare_note(
			    c, "abi/import-added", name, NULL, name,
			    compare_text(
				    c, "it expects %s now, which no library that it needs defines",
				    name)))
			return -ENOMEM;
	}
	if (!unknown)
		return 0;
	return unchecked_add(
		&c->out->findings, c->out->name,
		compare_text(c, "%zu new import%s without version", unknown,
			     unknown == 1 ? "" : "s"),
		is_static ? "an archive does not tell what it needs"
			  : "the libraries that NEW needs are not all there",
		is_static ? "a link with all that belongs to it"
			  : "--root DIR with all of them, and NEW itself in place of a baseline",
		unknown, !is_static);
}

/* Runtimes of sanitizers and of coverage, which a program does not bring along. */
static const char *instrumented_by(const struct corpus *corpus)
{
	static const char *const prefixes[] = {
		"__asan_",  "__tsan_", "__msan_",	  "__hwasan_",
		"__ubsan_", "__gcov_", "__llvm_profile_", "__sanitizer_",
	};
	size_t i, k;

	for (i = 0; i < corpus->imports.count; i++) {
		for (k = 0; k < ARRAY_SIZE(prefixes); k++) {
			if (!strncmp(corpus->imports.items[i], prefixes[k], strlen(prefixes[k])))
				return corpus->imports.items[i];
		}
	}
	return NULL;
}

static int compare_instruments(struct compare *c)
{
	const char *name = instrumented_by(c->new);

	if (!name || instrumented_by(c->old))
		return 0;
	return compare_note(
		c, "abi/flag-sanitizer-lto", c->out->name, NULL, name,
		compare_text(c, "%s was built with a sanitizer or with coverage: it expects %s",
			     c->out->name, name));
}

int compare_needs(struct compare *c)
{
	size_t i;
	int r = compare_libraries(c);

	if (!r)
		r = compare_imports(c);
	if (!r)
		r = compare_instruments(c);

	for (i = 0; !r && i < c->new->needs.count; i++) {
		r = compare_floor(c, &c->new->needs.items[i]);
		if (!r)
			r = compare_private_need(c, &c->new->needs.items[i]);
	}
	return r;
}
