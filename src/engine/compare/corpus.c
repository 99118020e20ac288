/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in engine/compare/corpus.h. */
#include "engine/compare/corpus.h"
#include "engine/inspect/symbols.h"

#include <string.h>

/* Compilers align large arrays to 32, whatever is asked of them: each second one is at 64 by
 * chance. */
#define USUAL_ALIGN 64

static bool is_data(enum symbol_kind kind)
{
	return kind == SYMBOL_VARIABLE || kind == SYMBOL_TLS || kind == SYMBOL_COMMON;
}

/* Not writable, or made so after relocation. */
static bool is_read_only(const struct image *image, uint64_t address)
{
	bool known = false;
	bool writable = false;
	size_t i;

	for (i = 0; i < image->segment_count; i++) {
		const struct segment *s = &image->segments[i];

		if (address < s->address || address - s->address >= s->memory_size)
			continue;
		if (s->type == PT_GNU_RELRO)
			return true;
		if (s->type == PT_LOAD) {
			known = true;
			writable |= (s->flags & PF_W) != 0;
		}
	}
	return known && !writable;
}

/*
 * What a copy relocation in a program would be aligned to, as linkers work it out:
 * by the section and the address. An address can be round by chance: only an object
 * whose size fits is taken at its word.
 */
static uint32_t data_align(const struct object_file *file, const struct symbol *symbol)
{
	struct object_section section;
	uint64_t align;

	if (symbol->section == SHN_UNDEF || symbol->section >= SHN_LORESERVE ||
	    !object_section(file, symbol->section, &section))
		return 0;
	align = section.align;
	while (align > USUAL_ALIGN && symbol->value % align)
		align /= 2;
	return align > USUAL_ALIGN && align <= UINT32_MAX && symbol->size &&
			       symbol->size % align == 0
		       ? (uint32_t)align
		       : 0;
}

/* The list of exports is in this order already, but for some names with several versions. */
static bool is_sorted(const struct corpus *corpus)
{
	size_t i;

	for (i = 1; i < corpus->symbols.count; i++) {
		if (corpus_symbol_compare(&corpus->symbols.items[i - 1],
					  &corpus->symbols.items[i]) > 0)
			return false;
	}
	return true;
}

/* The functions of its own that an image refers to through the symbol table. */
struct own_calls {
	const struct image *image;
	bool *called; /* by index; NULL: the first one ends the search */
	uint32_t count;
	bool (*is_wanted)(void *data, const char *name);
	void *data;
};

static bool find_calls(const struct own_calls *calls, const struct table *table, bool has_addend)
{
	const struct image *image = calls->image;
	size_t word = image->is_64 ? 8 : 4;
	size_t size = word * (has_addend ? 3 : 2);
	size_t i;

	for (i = 0; i < table->size / size; i++) {
		uint64_t info = image_word(image, table->bytes + i * size + word);
		uint32_t index = (uint32_t)(image->is_64 ? info >> 32 : info >> 8);
		struct symbol s;

		if (!index || !image_symbol(image, index, &s) || s.section == SHN_UNDEF ||
		    s.binding == STB_LOCAL || s.type != STT_FUNC || s.visibility != STV_DEFAULT)
			continue;
		if (!calls->called && calls->is_wanted(calls->data, s.name))
			return true;
		if (calls->called && index < calls->count)
			calls->called[index] = true;
	}
	return false;
}

bool corpus_calls_own(const struct image *image, bool (*is_wanted)(void *data, const char *name),
		      void *data)
{
	struct own_calls calls = { .image = image, .is_wanted = is_wanted, .data = data };

	return find_calls(&calls, &image->jump, image->jump_rela) ||
	       find_calls(&calls, &image->rela, true) || find_calls(&calls, &image->rel, false);
}

/* AArch64's and RISC-V's mark of another calling convention, PowerPC's place of the local entry. */
static uint8_t calling_marks(uint16_t machine)
{
	return machine == EM_AARCH64 || machine == EM_RISCV ? 0x80 : machine == EM_PPC64 ? 0xe0 : 0;
}

static int add_symbols(struct corpus *corpus, const struct image *image,
		       const struct object_file *file, const struct show_exports *exports)
{
	uint32_t count = symbols_count(image);
	AUTO_FREE bool *called = calloc((size_t)count + 1, sizeof(bool));
	struct own_calls calls = { .image = image, .called = called, .count = count };
	size_t i;

	if (!called || array_reserve(&corpus->symbols, exports->count))
		return -ENOMEM;
	find_calls(&calls, &image->jump, image->jump_rela);

	for (i = 0; i < exports->count; i++) {
		const struct show_export *export = &exports->items[i];
		uint16_t versym = image_versym(image, export->index) & VERSION_MASK;
		struct symbol s;
		struct corpus_symbol symbol = {
			.name = export->name,
			.version = export->version,
			.mark = export->mark,
			.kind = export->kind,
			.binding = export->binding,
			.visibility = export->visibility,
			.node = versym,
		};

		/* A hidden one without version: only who asks for no version finds it. */
		if (!export->version && (image_versym(image, export->index) & VERSION_HIDDEN))
			symbol.mark = MARK_HIDDEN;
		/* A library's own copy of another's variable is no interface of it. */
		if (export->copied || !image_symbol(image, export->index, &s))
			continue;
		/* The name of a node as an absolute symbol is what old linkers left behind. */
		if (export->kind == SYMBOL_ABSOLUTE && !export->size && export->version &&
		    !strcmp(export->name, export->version))
			continue;
		if (is_data(export->kind))
			symbol.size = export->size;
		symbol.marks = s.marks & calling_marks(image->elf_machine);
		symbol.open = export->index < count && called[export->index];
		if (is_data(export->kind) && export->kind != SYMBOL_TLS)
			symbol.align = data_align(file, &s);
		symbol.address = s.section == SHN_ABS ? 0 : s.value;
		symbol.read_only = is_data(export->kind) && export->kind != SYMBOL_TLS &&
				   is_read_only(image, s.value);
		if (array_push(&corpus->symbols, symbol))
			return -ENOMEM;
	}
	if (!is_sorted(corpus))
		qsort(corpus->symbols.items, corpus->symbols.count, sizeof(struct corpus_symbol),
		      corpus_symbol_compare);
	return 0;
}

static int by_address(const void *a, const void *b)
{
	const struct corpus_symbol *x = *(struct corpus_symbol *const *)a;
	const struct corpus_symbol *y = *(struct corpus_symbol *const *)b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return x < y ? -1 : x > y; /* by name: they are sorted */
}

/* Variables that share one place are named by the first of them. */
static int find_aliases(struct corpus *corpus)
{
	AUTO_FREE struct corpus_symbol **order =
		malloc((corpus->symbols.count + 1) * sizeof(struct corpus_symbol *));
	size_t count = 0;
	size_t first = 0;
	size_t i;

	if (!order)
		return -ENOMEM;
	for (i = 0; i < corpus->symbols.count; i++) {
		struct corpus_symbol *s = &corpus->symbols.items[i];

		if ((s->kind == SYMBOL_VARIABLE || s->kind == SYMBOL_COMMON) && s->address &&
		    s->size)
			order[count++] = s;
	}
	if (count)
		qsort(order, count, sizeof(struct corpus_symbol *), by_address);
	for (i = 1; i < count; i++) {
		if (order[i]->address != order[first]->address)
			first = i;
		else if (strcmp(order[i]->name, order[first]->name))
			order[i]->alias = order[first]->name;
	}
	return 0;
}

/* Nodes are numbered from 2 in the order of the file, whatever indices it gives them. */
static int add_nodes(struct corpus *corpus, const struct image *image)
{
	AUTO_FREE uint16_t *number_of = calloc(image->version_count + 1, sizeof(*number_of));
	size_t i;

	if (!number_of)
		return -ENOMEM;
	for (i = 0; i < image->definitions.count; i++) {
		const struct version_definition *d = &image->definitions.items[i];
		struct corpus_node node = { .name = d->name, .parents = d->parents };

		if (d->base) {
			corpus->base_name = d->name;
			continue;
		}
		if (array_push(&corpus->nodes, node))
			return -ENOMEM;
		if ((d->index & VERSION_MASK) < image->version_count)
			number_of[d->index & VERSION_MASK] = (uint16_t)(corpus->nodes.count + 1);
	}
	for (i = 0; i < corpus->symbols.count; i++) {
		struct corpus_symbol *s = &corpus->symbols.items[i];

		s->node = s->node < image->version_count ? number_of[s->node] : 0;
		if (s->node)
			corpus->nodes.items[s->node - 2].export_count++;
	}
	return 0;
}

static int compare_needs(const void *a, const void *b)
{
	const struct corpus_need *x = a;
	const struct corpus_need *y = b;
	int order = strcmp(x->library, y->library);

	return order ? order : strcmp(x->version, y->version);
}

static int add_needs(struct corpus *corpus, const struct image *image)
{
	size_t i;

	for (i = 0; i < image->needs.count; i++) {
		if (image->needs.items[i].kind == NEED_LIBRARY &&
		    array_push(&corpus->needed, image->needs.items[i].name))
			return -ENOMEM;
	}
	for (i = 0; i < image->version_needs.count; i++) {
		const struct version_need *need = &image->version_needs.items[i];

		if (array_push(&corpus->needs,
			       (struct corpus_need){ need->file, need->name, need->weak }))
			return -ENOMEM;
	}
	if (corpus->needs.count)
		qsort(corpus->needs.items, corpus->needs.count, sizeof(struct corpus_need),
		      compare_needs);
	return 0;
}

static int add_imports(struct corpus *corpus, const struct show_imports *imports)
{
	size_t i;

	/* They are sorted by library, version and name: those without version come by name. */
	for (i = 0; i < imports->count; i++) {
		const struct show_import *import = &imports->items[i];

		if (!strcmp(import->name, "__gxx_personality_v0"))
			corpus->flags |= CORPUS_EXCEPTIONS;
		if (!import->version && !import->weak && !import->copied &&
		    array_push(&corpus->imports, import->name))
			return -ENOMEM;
	}
	return 0;
}

static uint32_t security_flags(const struct image *image)
{
	static const struct {
		uint16_t machine;
		uint32_t bit;
		uint32_t flag;
	} bits[] = {
		{ EM_X86_64, 1, CORPUS_IBT },  { EM_X86_64, 2, CORPUS_SHSTK },
		{ EM_386, 1, CORPUS_IBT },     { EM_386, 2, CORPUS_SHSTK },
		{ EM_AARCH64, 1, CORPUS_BTI }, { EM_AARCH64, 2, CORPUS_PAC },
		{ EM_AARCH64, 4, CORPUS_GCS },
	};
	uint32_t flags = 0;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bits); i++) {
		if (bits[i].machine == image->elf_machine &&
		    (image->properties.features & bits[i].bit))
			flags |= bits[i].flag;
	}
	return flags;
}

static uint32_t flags_of(const struct image *image)
{
	bool exec_stack = image->has_stack ? image->stack_exec
					   : image->machine && image->machine->stack_exec_default;
	const struct {
		bool is_set;
		uint32_t flag;
	} all[] = {
		{ image->bind_now, CORPUS_BIND_NOW },
		{ image->symbolic, CORPUS_SYMBOLIC },
		{ image->text_relocations, CORPUS_TEXT_RELOCATIONS },
		{ image->static_tls, CORPUS_STATIC_TLS },
		{ image->flags_1 & DF_1_NODELETE, CORPUS_NO_DELETE },
		{ image->flags_1 & DF_1_NOOPEN, CORPUS_NO_OPEN },
		{ image->hash.bytes != NULL, CORPUS_SYSV_HASH },
		{ image->relr.bytes != NULL, CORPUS_RELR },
		{ exec_stack, CORPUS_EXEC_STACK },
		{ image->properties.needed & 1, CORPUS_INDIRECT_ACCESS },
		{ image->flags_1 & DF_1_PIE, CORPUS_PIE },
		{ image->versym.bytes != NULL, CORPUS_VERSYM },
	};
	uint32_t flags = security_flags(image);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(all); i++)
		flags |= all[i].is_set ? all[i].flag : 0;
	return flags;
}

static uint64_t least_align(const struct image *image)
{
	uint64_t least = 0;
	size_t i;

	for (i = 0; i < image->segment_count; i++) {
		const struct segment *s = &image->segments[i];

		if (s->type == PT_LOAD && (!least || s->align < least))
			least = s->align;
	}
	return least;
}

static void take_facts(struct corpus *corpus, const struct image *image)
{
	uint32_t isa = image->properties.has_isa_needed ? image->properties.isa_needed : 0;

	corpus->machine =
		machine_describe(image->elf_machine, image->is_64, image->is_big, image->elf_flags);
	corpus->elf_machine = image->elf_machine;
	corpus->is_64 = image->is_64;
	corpus->is_big = image->is_big;
	corpus->elf_flags = image->elf_flags;
	corpus->os_abi = image->bytes[EI_OSABI];
	corpus->soname = image->soname;
	corpus->rpath = image->rpath;
	corpus->runpath = image->runpath;
	corpus->flags = flags_of(image);
	corpus->isa_level = isa ? 32u - (unsigned)__builtin_clz(isa) : 0;
	if (image->abi_tag.present && image->abi_tag.system == ELF_NOTE_OS_LINUX)
		memcpy(corpus->kernel, image->abi_tag.kernel, sizeof(corpus->kernel));
	corpus->least_align = least_align(image);
	corpus->tls_size = image->has_tls ? image->tls_size : 0;
}

static int fill(struct corpus *corpus, struct image *image, const struct object_file *file,
		struct fault *fault)
{
	struct name_budget budget = name_budget(image);
	struct show_exports exports = { 0 };
	struct show_imports imports = { 0 };
	int r = symbols_exports(image, &budget, &exports, fault);

	if (!r)
		r = symbols_imports(image, &budget, &imports, fault);
	if (!r)
		r = add_symbols(corpus, image, file, &exports);
	if (!r)
		r = find_aliases(corpus);
	if (!r)
		r = add_nodes(corpus, image);
	if (!r)
		r = add_needs(corpus, image);
	if (!r)
		r = add_imports(corpus, &imports);
	if (!r)
		r = corpus_add_classes(corpus);
	array_done(&exports);
	array_done(&imports);
	return r;
}

int corpus_from_image(struct image *image, const struct object_file *file, const char *path,
		      struct fault *ret_fault, struct corpus **ret)
{
	struct corpus *corpus = calloc(1, sizeof(*corpus));
	int r;

	*ret_fault = (struct fault){ 0 };
	if (!corpus)
		return -ENOMEM;
	corpus->path = arena_strdup(&corpus->arena, path);
	corpus->image = image;
	take_facts(corpus, image);
	r = corpus->path ? fill(corpus, image, file, ret_fault) : -ENOMEM;
	if (r) {
		corpus_free(corpus);
		return r;
	}
	*ret = corpus;
	return 0;
}
