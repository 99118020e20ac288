/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of dynamic symbols; contract in engine/inspect/symbols.h. */
#include "engine/inspect/symbols.h"
#include "engine/load/lookup.h"
#include "model/version-name.h"

#include <string.h>

struct name_budget name_budget(const struct image *image)
{
	return (struct name_budget){ (uint64_t)image->size * 8 + (1u << 20) };
}

bool name_budget_take(struct name_budget *budget, const char *text)
{
	size_t length = text ? strnlen(text, budget->left) : 0;

	if (length >= budget->left)
		return false;
	budget->left -= length;
	return true;
}

void fault_set(struct fault *fault, const char *rule, const char *section, const char *text)
{
	if (!fault->rule)
		*fault = (struct fault){ .rule = rule, .section = section, .text = text };
}

static void fault_names(struct fault *fault)
{
	fault_set(fault, "input/limit", ".dynstr", "the names of its symbols overlap too often");
}

static size_t table_limit(const struct image *image)
{
	return size_min(image->symbols.size / image_symbol_size(image), UINT32_MAX);
}

/* DT_HASH has a chain entry for each symbol. */
static bool sysv_count(const struct image *image, size_t *ret)
{
	bool wide = image->is_64 &&
		    (image->elf_machine == EM_S390 || image->elf_machine == EM_ALPHA);
	const unsigned char *at = image->hash.bytes;
	uint64_t count;

	if (!at || image->hash.size < (wide ? 16u : 8u))
		return false;
	count = wide ? image_u64(image, at + 8) : image_u32(image, at + 4);
	if (count > table_limit(image))
		return false;
	*ret = (size_t)count;
	return true;
}

static int note_highest(void *data, uint32_t symbol, uint32_t half_hash)
{
	uint32_t *highest = data;

	if (symbol > *highest)
		*highest = symbol;
	return 0;
}

/* Entries up to the next table that the dynamic section knows of. */
static size_t gap_count(const struct image *image)
{
	const struct table *others[] = {
		&image->strings, &image->hash, &image->gnu_hash, &image->versym, &image->verdef,
		&image->verneed, &image->rela, &image->rel,	 &image->relr,	 &image->jump,
	};
	size_t size = image->symbols.size;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(others); i++) {
		const unsigned char *at = others[i]->bytes;

		if (at > image->symbols.bytes && (size_t)(at - image->symbols.bytes) < size)
			size = (size_t)(at - image->symbols.bytes);
	}
	return size_min(size / image_symbol_size(image), UINT32_MAX);
}

/*
 * In a GNU hash table the reachable symbols come last; but one that reaches
 * none does not tell how many there are. *ret_exact: the count was written down.
 */
static uint32_t count_symbols(const struct image *image, bool *ret_exact)
{
	uint32_t highest = 0;
	size_t count;

	*ret_exact = true;
	if (sysv_count(image, &count))
		return (uint32_t)count;
	if (image->gnu_hash.bytes && lookup_exports(image, note_highest, &highest) != -EBADMSG &&
	    highest && highest < table_limit(image))
		return highest + 1;
	*ret_exact = false;
	return (uint32_t)gap_count(image);
}

uint32_t symbols_count(const struct image *image)
{
	bool exact;

	return count_symbols(image, &exact);
}

/* -EBADMSG is in the image's own fault; what was read before it is used. */
static int load_versions(struct image *image)
{
	int r = image_load_versions(image);

	return r == -ENOMEM ? r : 0;
}

static const struct version *version_of(const struct image *image, uint16_t versym)
{
	uint16_t index = versym & VERSION_MASK;

	if (index <= VER_NDX_GLOBAL || index >= image->version_count ||
	    !image->versions[index].name)
		return NULL;
	return &image->versions[index];
}

/*
 * One mark for each symbol: a COPY relocation names it. On a machine whose
 * relocations are not known there are none. -ENOMEM; the array is the caller's.
 */
static int load_copies(struct image *image, uint32_t count, uint8_t **ret)
{
	size_t i;

	if (image_load_references(image) == -ENOMEM)
		return -ENOMEM;
	*ret = calloc((size_t)count + 1, 1);
	if (!*ret)
		return -ENOMEM;
	for (i = 0; i < image->references.count; i++) {
		const struct reference *reference = &image->references.items[i];

		if (reference->class == CLASS_COPY && reference->symbol < count)
			(*ret)[reference->symbol] = 1;
	}
	return 0;
}

struct exports_walk {
	const struct image *image;
	struct name_budget *budget;
	const uint8_t *copies;
	uint32_t count;
	struct show_exports *list;
	struct fault *fault;
};

/* As the loader's look-up sees it: a definition with an address, of a usual type. */
static bool is_export(const struct symbol *s)
{
	static const unsigned types = 1u << STT_NOTYPE | 1u << STT_OBJECT | 1u << STT_FUNC |
				      1u << STT_COMMON | 1u << STT_TLS | 1u << STT_GNU_IFUNC;

	if (s->section == SHN_UNDEF || !((types >> s->type) & 1))
		return false;
	if (s->value == 0 && s->type != STT_TLS && s->section != SHN_ABS)
		return false;
	if (s->binding != STB_GLOBAL && s->binding != STB_WEAK && s->binding != STB_GNU_UNIQUE)
		return false;
	return s->visibility != STV_HIDDEN && s->visibility != STV_INTERNAL;
}

static int add_export(void *data, uint32_t index, uint32_t half_hash)
{
	struct exports_walk *walk = data;
	uint16_t versym = image_versym(walk->image, index);
	const struct version *version = version_of(walk->image, versym);
	struct symbol s;
	struct show_export export;

	if (!image_symbol(walk->image, index, &s) || !is_export(&s))
		return 0;
	export = (struct show_export){
		.name = s.name,
		.version = version ? version->name : NULL,
		.size = s.size,
		.index = index,
		.kind = symbol_kind(&s),
		.binding = s.binding,
		.visibility = s.visibility,
		.copied = (version && version->file) ||
			  (index < walk->count && walk->copies[index]),
	};
	if (version)
		export.mark = version->file || (versym & VERSION_HIDDEN) ? MARK_HIDDEN
									 : MARK_DEFAULT;
	if (!name_budget_take(walk->budget, export.name) ||
	    !name_budget_take(walk->budget, export.version)) {
		fault_names(walk->fault);
		return -EOVERFLOW;
	}
	return array_push(walk->list, export);
}

static int compare_versions(const char *a, const char *b)
{
	if (a == b)
		return 0;
	if (!a || !b)
		return a ? 1 : -1;
	return version_name_compare(a, b);
}

static int compare_exports(const void *a, const void *b)
{
	const struct show_export *ea = a;
	const struct show_export *eb = b;
	int order = strcmp(ea->name, eb->name);

	if (!order)
		order = compare_versions(ea->version, eb->version);
	return order ? order : (ea->index > eb->index) - (ea->index < eb->index);
}

/* A damaged hash table can reach a symbol twice. */
static void drop_repeated_exports(struct show_exports *list)
{
	size_t used = 0;
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (!used || list->items[used - 1].index != list->items[i].index)
			list->items[used++] = list->items[i];
	}
	list->count = used;
}

int symbols_exports(struct image *image, struct name_budget *budget, struct show_exports *ret,
		    struct fault *fault)
{
	AUTO_FREE uint8_t *copies = NULL;
	struct exports_walk walk = {
		.image = image,
		.budget = budget,
		.count = symbols_count(image),
		.list = ret,
		.fault = fault,
	};
	int r = load_versions(image);

	if (!r)
		r = load_copies(image, walk.count, &copies);
	walk.copies = copies;
	if (!r)
		r = array_reserve(ret, walk.count);
	if (!r)
		r = lookup_exports(image, add_export, &walk);
	if (r == -EBADMSG)
		fault_set(fault, "input/malformed", image->gnu_hash.bytes ? ".gnu.hash" : ".hash",
			  "its chains run into each other");
	if (r == -ENOMEM)
		return r;
	if (ret->count)
		qsort(ret->items, ret->count, sizeof(*ret->items), compare_exports);
	drop_repeated_exports(ret);
	return 0;
}

struct imports_walk {
	const struct image *image;
	struct name_budget *budget;
	struct show_imports *list;
	const uint8_t *copies;
};

static bool is_import(const struct imports_walk *walk, const struct symbol *s,
		      const struct version *version)
{
	if (!s->name[0] ||
	    (s->binding != STB_GLOBAL && s->binding != STB_WEAK && s->binding != STB_GNU_UNIQUE))
		return false;
	return s->section == SHN_UNDEF || walk->copies[s->index] || (version && version->file);
}

static int add_import(struct imports_walk *walk, const struct symbol *s)
{
	uint16_t versym = image_versym(walk->image, s->index);
	const struct version *version = version_of(walk->image, versym);
	struct show_import import;

	if (!is_import(walk, s, version))
		return 0;
	import = (struct show_import){
		.name = s->name,
		.version = version ? version->name : NULL,
		.library = version ? version->file : NULL,
		.index = s->index,
		.version_index = versym & VERSION_MASK,
		.kind = symbol_kind(s),
		.weak = s->binding == STB_WEAK && s->section == SHN_UNDEF,
		.copied = s->section != SHN_UNDEF,
	};
	if (!name_budget_take(walk->budget, import.name) ||
	    !name_budget_take(walk->budget, import.version) ||
	    !name_budget_take(walk->budget, import.library))
		return -EOVERFLOW;
	return array_push(walk->list, import);
}

static int compare_texts(const char *a, const char *b)
{
	if (a == b)
		return 0;
	if (!a || !b)
		return a ? -1 : 1;
	return strcmp(a, b);
}

/* Those without a library come last. */
static int compare_imports(const void *a, const void *b)
{
	const struct show_import *ia = a;
	const struct show_import *ib = b;
	int order = compare_texts(ia->library, ib->library);

	if (!order)
		order = compare_versions(ia->version, ib->version);
	if (!order)
		order = strcmp(ia->name, ib->name);
	return order ? order : (ia->index > ib->index) - (ia->index < ib->index);
}

static int walk_imports(struct imports_walk *walk, uint32_t count, bool exact)
{
	uint32_t i;
	int r = 0;

	for (i = 1; i < count && !r; i++) {
		struct symbol s;

		if (image_symbol(walk->image, i, &s))
			r = add_import(walk, &s);
		else if (!exact)
			break; /* past the table's end */
	}
	return r;
}

int symbols_imports(struct image *image, struct name_budget *budget, struct show_imports *ret,
		    struct fault *fault)
{
	bool exact;
	uint32_t count = count_symbols(image, &exact);
	AUTO_FREE uint8_t *copies = NULL;
	struct imports_walk walk = { .image = image, .budget = budget, .list = ret };
	int r = load_versions(image);

	if (!r)
		r = load_copies(image, count, &copies);
	walk.copies = copies;
	if (!r)
		r = walk_imports(&walk, count, exact);
	if (r == -ENOMEM)
		return r;
	if (r)
		fault_names(fault);
	if (ret->count)
		qsort(ret->items, ret->count, sizeof(*ret->items), compare_imports);
	return 0;
}
