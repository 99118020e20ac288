/* SPDX-License-Identifier: Apache-2.0 */
/* The loader's acceptance of a file; contract in engine/load/verify.h. */
#include "engine/load/verify.h"

#include <string.h>

static struct refusal refuse(const char *rule, const char *text)
{
	return (struct refusal){ .rule = rule, .text = text };
}

static struct refusal pass_over(const char *rule, const char *text, const char *reason)
{
	return (struct refusal){ .rule = rule, .text = text, .reason = reason, .skip = true };
}

/* The loader takes it, and then dies. */
static struct refusal die(const char *rule, const char *text, enum refusal_end end)
{
	return (struct refusal){ .rule = rule, .text = text, .end = end };
}

static bool sound_ident(const unsigned char *ident, const struct image *self, unsigned most)
{
	size_t i;

	for (i = EI_PAD; i < EI_NIDENT; i++) {
		if (ident[i])
			return false;
	}
	return ident[EI_DATA] == self->bytes[EI_DATA] && ident[EI_VERSION] == EV_CURRENT &&
	       (ident[EI_OSABI] == ELFOSABI_SYSV || ident[EI_OSABI] == ELFOSABI_GNU) &&
	       ident[EI_ABIVERSION] <= (ident[EI_OSABI] == ELFOSABI_GNU ? most : 0);
}

/* As the loader reads the field: in its own byte order, whatever the file's is. */
static bool other_machine(const struct image *image, const struct image *self)
{
	return image_u16(self, image->bytes + 18) != self->elf_machine;
}

static struct refusal check_ident(const struct image *image, const struct loader *loader)
{
	const unsigned char *ident = image->bytes;
	const struct image *self = loader->image;
	unsigned most = loader->machine ? loader->machine->abi_version_max : 3;
	size_t i;

	if (memcmp(ident, ELFMAG, SELFMAG))
		return refuse("load/library-not-elf", "invalid ELF header");
	if (self && ident[EI_CLASS] != self->bytes[EI_CLASS])
		return pass_over("load/library-wrong-machine",
				 self->is_64 ? "wrong ELF class: ELFCLASS32" : "wrong ELF class: ELFCLASS64",
				 NULL);
	if (self && !sound_ident(ident, self, most) && other_machine(image, self))
		return pass_over("load/library-wrong-machine", NOT_FOUND, "for another machine");
	if (self && ident[EI_DATA] != self->bytes[EI_DATA])
		return refuse("load/library-invalid", self->is_big ?
			      "ELF file data encoding not big-endian" :
			      "ELF file data encoding not little-endian");
	if (ident[EI_VERSION] != EV_CURRENT)
		return refuse("load/library-invalid", "ELF file version ident does not match current one");
	if (ident[EI_OSABI] != ELFOSABI_SYSV && ident[EI_OSABI] != ELFOSABI_GNU)
		return refuse("load/library-invalid", "ELF file OS ABI invalid");
	if (ident[EI_ABIVERSION] > (ident[EI_OSABI] == ELFOSABI_GNU ? most : 0))
		return refuse("load/library-invalid", "ELF file ABI version invalid");
	for (i = EI_PAD; i < EI_NIDENT; i++) {
		if (ident[i])
			return refuse("load/library-invalid", "nonzero padding in e_ident");
	}
	return refuse(NULL, NULL);
}

static bool same_machine(const struct image *image, const struct loader *loader)
{
	const struct machine *machine = loader->machine;

	if (!loader->image)
		return true;
	if (image->elf_machine != loader->image->elf_machine)
		return false;
	if (!machine)
		return true;
	/* An ARM file may leave the float ABI open; the others must say the same. */
	if (image->elf_machine == EM_ARM)
		return !(image->elf_flags & (machine->flags_value ? 0x200 : 0x400));
	return (image->elf_flags & machine->flags_mask) == machine->flags_value;
}

static struct refusal check_header(const struct image *image, const struct loader *loader)
{
	const unsigned char *at = image->bytes;

	if (image_u32(image, at + 20) != EV_CURRENT)
		return refuse("load/library-invalid", "ELF file version does not match current one");
	if (!same_machine(image, loader))
		return pass_over("load/library-wrong-machine", NOT_FOUND, "for another machine");
	if (image->elf_type != ET_DYN && image->elf_type != ET_EXEC)
		return refuse("load/library-invalid", "only ET_DYN and ET_EXEC can be loaded");
	if (image_u16(image, at + (image->is_64 ? 54 : 42)) !=
	    (image->is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr)))
		return refuse("load/library-invalid", "ELF file's phentsize not the expected size");
	if (!image->segment_count && image_u16(image, at + (image->is_64 ? 56 : 44)))
		return refuse("load/library-invalid", "cannot read file data");
	return refuse(NULL, NULL);
}

static bool newer_kernel(const struct image *image, const struct environment *environment)
{
	size_t i;

	for (i = 0; i < 3; i++) {
		if (image->abi_tag.kernel[i] != environment->kernel[i])
			return image->abi_tag.kernel[i] > environment->kernel[i];
	}
	return false;
}

static struct refusal check_abi_tag(const struct image *image,
				    const struct environment *environment, uint32_t version)
{
	if (!version || version >= GLIBC(2, 36) || !image->abi_tag.present)
		return refuse(NULL, NULL);
	if (image->abi_tag.system == 0 &&
	    !(environment->kernel_known && newer_kernel(image, environment)))
		return refuse(NULL, NULL);
	return pass_over("load/kernel-too-old", NOT_FOUND, "marked for another kernel");
}

uint32_t verify_page_size(const struct image *image, const struct environment *environment)
{
	size_t i, p;

	for (p = 0; p < ARRAY_SIZE(environment->page_sizes) && environment->page_sizes[p]; p++) {
		for (i = 0; i < image->segment_count; i++) {
			const struct segment *s = &image->segments[i];

			if (s->type == PT_LOAD &&
			    ((s->address - s->offset) & (environment->page_sizes[p] - 1)))
				return environment->page_sizes[p];
		}
	}
	return 0;
}

static struct refusal check_segments(const struct image *image,
				     const struct environment *environment, uint32_t version)
{
	bool loads = false;
	bool dynamic = false;
	size_t i;

	for (i = 0; i < image->segment_count; i++) {
		const struct segment *s = &image->segments[i];

		if (s->type == PT_DYNAMIC)
			dynamic = s->file_size != 0;
		if (s->type != PT_LOAD)
			continue;
		loads = true;
		if (version && version < GLIBC(2, 35) && environment->page_sizes[0] &&
		    (s->align & (environment->page_sizes[0] - 1)))
			return refuse("load/segment-misaligned",
				      "ELF load command alignment not page-aligned");
	}
	if (verify_page_size(image, environment) == environment->page_sizes[0] &&
	    environment->page_sizes[0])
		return refuse("load/segment-misaligned",
			      version && version < GLIBC(2, 35)
				      ? "ELF load command address/offset not properly aligned"
				      : "ELF load command address/offset not page-aligned");
	if (!loads)
		return refuse("load/library-invalid", "object file has no loadable segments");
	if (image->elf_type != ET_DYN)
		return refuse("load/library-is-program", "cannot dynamically load executable");
	if (!dynamic)
		return refuse("load/library-no-dynamic", "object file has no dynamic section");
	return refuse(NULL, NULL);
}

static struct refusal verify_glibc(const struct image *image, const struct loader *loader,
				   const struct environment *environment, uint32_t version)
{
	struct refusal r;

	if (image->size < (loader->image && !loader->image->is_64 ? sizeof(Elf32_Ehdr)
								   : sizeof(Elf64_Ehdr)))
		return refuse("load/library-not-elf", "file too short");
	r = check_ident(image, loader);
	if (!r.rule && image->is_elf)
		r = check_header(image, loader);
	if (!r.rule)
		r = check_abi_tag(image, environment, version);
	if (r.rule)
		return r;
	r = check_segments(image, environment, version);
	if (!r.rule && (image->flags_1 & DF_1_PIE) && (!version || version >= GLIBC(2, 30)))
		r = refuse("load/library-is-program",
			   "cannot dynamically load position-independent executable");
	r.by_name = true;
	return r;
}

static struct refusal verify_musl(const struct image *image)
{
	if (!image->is_elf || (image->elf_type != ET_DYN && image->elf_type != ET_EXEC) ||
	    !image->has_dynamic)
		return refuse("load/library-invalid", "Exec format error");
	return refuse(NULL, NULL);
}

static uint64_t page_size(const struct environment *environment)
{
	return environment->page_sizes[0] ? environment->page_sizes[0] : 4096;
}

/* Does a segment reach past the end of the file? */
static bool is_cut_off(const struct image *image)
{
	size_t i;

	for (i = 0; i < image->segment_count; i++) {
		const struct segment *s = &image->segments[i];

		if (s->type == PT_LOAD && s->file_size && !image_range(image, s->offset, s->file_size))
			return true;
	}
	return false;
}

bool verify_lacks_page(const struct image *image, const struct environment *environment)
{
	uint64_t page = page_size(environment);
	uint64_t end = (image->size + page - 1) / page * page;
	size_t i;

	for (i = 0; i < image->segment_count; i++) {
		const struct segment *s = &image->segments[i];

		if (s->type == PT_LOAD && s->file_size && s->offset + s->file_size > end)
			return true;
	}
	return false;
}

/* The room for a library ends where its last segment ends in memory: what is mapped behind that hits a neighbour. */
static bool reaches_too_far(const struct image *image, const struct environment *environment)
{
	uint64_t page = page_size(environment);
	const struct segment *last = NULL;
	size_t i;

	for (i = 0; i < image->segment_count; i++) {
		if (image->segments[i].type == PT_LOAD)
			last = &image->segments[i];
	}
	return last && last->file_size > last->memory_size &&
	       (last->address + last->file_size - 1) / page > (last->address + last->memory_size - 1) / page;
}

struct refusal verify_library(const struct image *image, const struct loader *loader,
			      const struct environment *environment, uint32_t version)
{
	struct refusal r = loader->kind == LIBC_MUSL
				   ? verify_musl(image)
				   : verify_glibc(image, loader, environment, version);

	if (r.rule)
		return r;
	if (is_cut_off(image))
		return die("load/library-truncated", "the file ends before its segments do",
			   verify_lacks_page(image, environment) ? END_SIGBUS : END_UNSURE);
	if (image->fault.rule)
		return die("load/library-damaged", image->fault_line, END_SIGSEGV);
	if (reaches_too_far(image, environment))
		return die("load/library-damaged",
			   "its last segment is larger in the file than in memory", END_SIGSEGV);
	return r;
}
