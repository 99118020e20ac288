/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the loader refuses in one file of the closure besides its symbols:
 * processor level, RELR, unknown relocations, stack, thread-local storage.
 */
#include "engine/load/judge.h"

#include <string.h>

/* Static TLS that glibc keeps free for libraries loaded later (dl-tls tunables). */
#define STATIC_TLS_SURPLUS 1664

int judge_page_question(struct judge *j, struct finding *finding)
{
	const uint32_t *sizes = j->forecaster->search.environment->page_sizes;

	return finding_why(&j->forecast->findings, finding,
			   "kernels of this machine have pages of 4, 16 or 64 KiB; it fits those of %u KiB: "
			   "--page-size settles it",
			   sizes[0] / 1024);
}

/* The program's own pages are judged at its start; a library can still be unfit for larger ones. */
static int judge_pages(struct judge *j, uint32_t object)
{
	const struct image *image = j->forecast->closure.objects.items[object].image;
	uint32_t size = verify_page_size(image, j->forecaster->search.environment);
	struct finding *finding;

	if (!object || !size)
		return 0;
	finding = judge_add(j, "load/segment-misaligned", object);
	if (!finding)
		return -ENOMEM;
	if (finding->verdict == VERDICT_BREAK)
		finding->verdict = VERDICT_RISK;
	finding->subject = judge_text(j, "%u KiB pages", size / 1024);
	finding->message = judge_text(j, "the segments of %s do not fit pages of %u KiB",
				      judge_name(j, object), size / 1024);
	if (!finding->subject || !finding->message || judge_page_question(j, finding))
		return -ENOMEM;
	return judge_failure(j, finding, 127,
			     judge_text(j, "%s: ELF load command address/offset not page-aligned",
					judge_path(j, object)));
}

static int judge_isa(struct judge *j, uint32_t object)
{
	const struct image *image = j->forecast->closure.objects.items[object].image;
	unsigned level = j->forecaster->search.environment->isa_level;
	uint32_t usable = (1u << level) - 1;
	uint32_t lacking = image->properties.isa_needed & ~usable;
	bool is_static = !object && !image->interpreter && image_is_program(image);
	unsigned highest;
	struct finding *finding;
	int r;

	if (!image->properties.has_isa_needed || !lacking ||
	    j->forecast->closure.loader->kind != LIBC_GLIBC)
		return 0;
	highest = 32u - (unsigned)__builtin_clz(lacking);
	finding = judge_add(j, "load/isa-level", object);
	if (!finding)
		return -ENOMEM;
	finding->subject = judge_name(j, object);
	finding->before = highest == 1 ? "x86-64-baseline" : judge_text(j, "x86-64-v%u", highest);
	finding->after = judge_text(j, "x86-64-v%u", level);
	finding->message = judge_text(j, "%s needs a processor of level %s; assumed is %s",
				      judge_name(j, object), finding->before,
				      level == 1 ? "the baseline" : finding->after);
	if (!finding->before || !finding->after || !finding->message)
		return -ENOMEM;
	if (is_static || (j->version && j->version < GLIBC(2, 33))) {
		finding->verdict = finding->verdict == VERDICT_BREAK ? VERDICT_RISK : finding->verdict;
		return finding_why(&j->forecast->findings, finding,
				   "%s: it ends with an illegal instruction instead",
				   is_static ? "nothing checks a static program" :
					       "this glibc does not check");
	}
	r = judge_chain(j, finding, object);
	return r ? r
		 : judge_failure(j, finding, 127,
				 judge_text(j, "%s: CPU ISA level is lower than required",
					    judge_path(j, object)));
}

/* Sound at first sight, but its versions or relocations lead nowhere. */
static int judge_damage(struct judge *j, uint32_t object)
{
	const struct object *o = &j->forecast->closure.objects.items[object];
	struct finding *finding;
	int r;

	if (!image_is_undecodable(o->image) || !object)
		return 0;
	finding = judge_add(j, "load/library-damaged", object);
	if (!finding)
		return -ENOMEM;
	finding->subject = o->requested;
	finding->message = judge_text(j, "needs %s, but %s: %s", o->requested, judge_path(j, object),
				      o->image->fault_line);
	if (!finding->message)
		return -ENOMEM;
	r = judge_chain(j, finding, object);
	if (r)
		return r;
	if (!o->image->unknown_revision)
		return judge_failure(j, finding, 139, "Segmentation fault");
	return judge_failure(j, finding, 1,
			     judge_text(j, "%s: %s: %s", judge_path(j, 0), judge_path(j, object),
					o->image->fault.text));
}

static bool needs_libc(const struct image *image)
{
	size_t i;

	for (i = 0; i < image->needs.count; i++) {
		if (!strncmp(image->needs.items[i].name, "libc.so.", 8))
			return image->verneed.bytes != NULL;
	}
	return false;
}

static bool needs_relr_version(const struct image *image)
{
	size_t i;

	for (i = 0; i < image->version_needs.count; i++) {
		if (!strcmp(image->version_needs.items[i].name, "GLIBC_ABI_DT_RELR"))
			return true;
	}
	return false;
}

static int judge_relr(struct judge *j, uint32_t object)
{
	const struct object *o = &j->forecast->closure.objects.items[object];
	bool old_glibc = j->version && j->version < GLIBC(2, 36);
	bool marked = needs_relr_version(o->image);
	struct finding *finding;

	/* A marked file on an old glibc is a missing version, found there. */
	if (!o->image->relr.bytes || o->is_loader || marked ||
	    j->forecast->closure.loader->kind != LIBC_GLIBC || (!old_glibc && !needs_libc(o->image)))
		return 0;
	finding = judge_add(j, old_glibc ? "load/relr-ignored" : "load/relr-unmarked", object);
	if (!finding)
		return -ENOMEM;
	finding->subject = judge_name(j, object);
	finding->message = old_glibc
				   ? judge_text(j, "%s has DT_RELR relocations, which glibc before 2.36 ignores",
						judge_name(j, object))
				   : judge_text(j, "%s has DT_RELR but does not need GLIBC_ABI_DT_RELR",
						judge_name(j, object));
	if (!finding->message)
		return -ENOMEM;
	return old_glibc ? 0
			 : judge_failure(j, finding, 127,
					 judge_text(j, "%s: DT_RELR without GLIBC_ABI_DT_RELR dependency",
						    judge_path(j, object)));
}

static int judge_relocation_types(struct judge *j, uint32_t object)
{
	const struct image *image = j->forecast->closure.objects.items[object].image;
	const struct loader *loader = j->forecast->closure.loader;
	struct finding *finding;

	if (!image->unknown_relocation)
		return 0;
	/* musl reads a file by its own machine's table, whatever machine the file names. */
	if (loader->kind == LIBC_MUSL && loader->image && image->machine != loader->machine)
		return unchecked_add(&j->forecast->findings, j->forecast->input,
				     judge_text(j, "relocations of %s", judge_path(j, object)),
				     "it is marked for another machine, which musl does not look at",
				     "a library for this machine", 1, true);
	finding = judge_add(j, "load/unexpected-relocation", object);
	if (!finding)
		return -ENOMEM;
	finding->subject = judge_name(j, object);
	finding->message = judge_text(j, "%s has a relocation of type 0x%x, which its loader does not know",
				      judge_name(j, object), image->unknown_relocation);
	if (!finding->message)
		return -ENOMEM;
	return judge_failure(j, finding, 127,
			     judge_text(j, "%s: unexpected %sreloc type 0x%02x", judge_path(j, object),
					image->unknown_is_lazy &&
							!j->forecaster->search.environment->bind_now
						? "PLT "
						: "",
					image->unknown_relocation));
}

static bool wants_exec_stack(const struct image *image)
{
	if (image->has_stack)
		return image->stack_exec;
	return image->machine && image->machine->stack_exec_default;
}

static int judge_stack(struct judge *j, uint32_t object)
{
	const struct closure *closure = &j->forecast->closure;
	const struct object *o = &closure->objects.items[object];
	bool late = o->group && (!j->version || j->version >= GLIBC(2, 41)) &&
		    closure->loader->kind == LIBC_GLIBC && !wants_exec_stack(closure->objects.items[0].image);
	struct finding *finding;

	if (!wants_exec_stack(o->image) || o->is_loader || (!late && !j->options->lint))
		return 0;
	finding = judge_add(j, late ? "load/dlopen-refused" : "load/executable-stack", object);
	if (!finding)
		return -ENOMEM;
	finding->subject = judge_name(j, object);
	finding->message = judge_text(j, "%s asks for an executable stack", judge_name(j, object));
	if (!finding->message)
		return -ENOMEM;
	return late ? judge_failure(j, finding, 127,
				    judge_text(j, "%s: cannot enable executable stack as shared object "
						  "requires: Invalid argument",
					       judge_path(j, object)))
		    : 0;
}

static int judge_noopen(struct judge *j, uint32_t object)
{
	const struct object *o = &j->forecast->closure.objects.items[object];
	struct finding *finding;
	int r;

	if (!o->group || !(o->image->flags_1 & DF_1_NOOPEN) ||
	    j->forecast->closure.loader->kind != LIBC_GLIBC)
		return 0;
	finding = judge_add(j, "load/dlopen-refused", object);
	if (!finding)
		return -ENOMEM;
	finding->subject = judge_name(j, object);
	finding->message = judge_text(j, "%s is marked DF_1_NOOPEN", judge_name(j, object));
	if (!finding->message)
		return -ENOMEM;
	r = judge_chain(j, finding, object);
	return r ? r
		 : judge_failure(j, finding, 127,
				 judge_text(j, "%s: shared object cannot be dlopen()ed", o->requested));
}

/* Thread-local data of libraries loaded later that is addressed by a fixed offset. */
static int judge_static_tls(struct judge *j)
{
	const struct closure *closure = &j->forecast->closure;
	struct finding *finding;
	uint64_t sum = 0;
	uint64_t start_align = 64;
	bool over_aligned = false;
	uint32_t last = NO_OBJECT;
	uint32_t i;

	for (i = 0; i < closure->objects.count; i++) {
		const struct object *o = &closure->objects.items[i];
		uint64_t align;

		if (o->image && !o->group && o->image->has_tls && o->image->tls_align > start_align)
			start_align = o->image->tls_align;
		if (!o->image || !o->group || !o->image->has_tls ||
		    !(o->image->static_tls || o->image->has_tp_offsets))
			continue;
		align = o->image->tls_align ? o->image->tls_align : 1;
		if (__builtin_add_overflow(sum, o->image->tls_size + (-o->image->tls_size % align), &sum))
			sum = UINT64_MAX;
		/* The block at start is aligned for what was there then. */
		over_aligned |= align > start_align;
		last = i;
	}
	if (last == NO_OBJECT || (sum <= STATIC_TLS_SURPLUS && !over_aligned) || closure->loader->kind != LIBC_GLIBC)
		return 0;
	finding = judge_add(j, "load/static-tls", last);
	if (!finding)
		return -ENOMEM;
	finding->subject = judge_name(j, last);
	finding->before = judge_text(j, "%llu bytes", (unsigned long long)sum);
	finding->after = judge_text(j, "%d bytes", STATIC_TLS_SURPLUS);
	finding->message = judge_text(j, "%s needs static thread-local storage: %llu bytes in all, %d are free",
				      judge_name(j, last), (unsigned long long)sum, STATIC_TLS_SURPLUS);
	if (!finding->before || !finding->after || !finding->message)
		return -ENOMEM;
	return judge_failure(j, finding, 127,
			     judge_text(j, "%s: cannot allocate memory in static TLS block",
					judge_path(j, last)));
}

int judge_files(struct judge *j)
{
	static int (*const checks[])(struct judge *, uint32_t) = {
		judge_damage, judge_pages, judge_isa, judge_relr, judge_relocation_types, judge_stack, judge_noopen,
	};
	const struct closure *closure = &j->forecast->closure;
	uint32_t i;
	size_t c;

	for (i = 0; i < closure->objects.count; i++) {
		if (!closure->objects.items[i].image)
			continue;
		for (c = 0; c < ARRAY_SIZE(checks); c++) {
			int r = checks[c](j, i);

			if (r)
				return r;
		}
	}
	return judge_static_tls(j);
}
