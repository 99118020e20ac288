/* SPDX-License-Identifier: Apache-2.0 */
/* abifit_show(): images, objects and archives; needs no system but the one it runs on. */
#include "engine/inspect/show.h"
#include "lib/inputs.h"
#include "lib/objects.h"
#include "read/archive.h"

#include <string.h>

_Static_assert(ABIFIT_SHOW_HEADER == SHOW_HEADER && ABIFIT_SHOW_NEEDED == SHOW_NEEDED &&
		       ABIFIT_SHOW_VERSIONS == SHOW_VERSIONS &&
		       ABIFIT_SHOW_EXPORTS == SHOW_EXPORTS && ABIFIT_SHOW_IMPORTS == SHOW_IMPORTS &&
		       ABIFIT_SHOW_HARDENING == SHOW_HARDENING &&
		       ABIFIT_SHOW_FLOORS == SHOW_FLOORS && ABIFIT_SHOW_DLOPEN == SHOW_DLOPEN,
	       "the public bits are those of the model");

static int note_fault(struct abifit_report *report, size_t number, const struct fault *fault)
{
	if (!fault->rule || report->report.inputs.items[number].error)
		return 0;
	return report_input_error(report, number, fault->rule, fault, NULL);
}

static int show_objects(struct abifit_report *report, size_t number, const struct image *image)
{
	struct show *show;
	int r = objects_read(report->system->source, image, &show);

	if (r)
		return r;
	report->report.inputs.items[number].show = show;
	return note_fault(report, number, objects_damage(show));
}

/* What could be read of a damaged image is shown, beside what is wrong with it. */
static int show_elf(struct abifit_report *report, size_t number, struct image *image)
{
	struct show *show;
	int r = show_image(image, &show);

	if (r)
		return r;
	report->report.inputs.items[number].show = show;
	r = note_fault(report, number, &image->fault);
	return r ? r : note_fault(report, number, &show->fault);
}

static int show_input(struct abifit_report *report, struct input_file *file)
{
	struct image *image = file->image;
	size_t number;
	int r;

	if (file->error)
		return input_file_fail(report, file);
	r = report_add_input(report, file->path, &number);
	if (r)
		return r;
	if (archive_is(image->bytes, image->size))
		return show_objects(report, number, image);
	if (!image->is_elf && image->fault.rule)
		return note_fault(report, number, &image->fault);
	if (!image->is_elf)
		return report_input_error(report, number, "input/not-elf", NULL,
					  "is neither an ELF file nor an archive");
	report->report.inputs.items[number].image = image;
	return image->elf_type == ET_REL ? show_objects(report, number, image)
					 : show_elf(report, number, image);
}

static int show_all(struct abifit_report *report, const char *const *files, size_t count)
{
	struct input_files list;
	size_t i;
	int r = input_files_list(report->system->source, files, count, 0, &list);

	for (i = 0; !r && i < list.items.count; i++) {
		r = input_file_open(report->system, &list.items.items[i]);
		if (!r)
			r = show_input(report, &list.items.items[i]);
	}
	if (!r && list.has_package && !list.items.count)
		r = report_add_input(report, files[0], &i);
	if (!r && list.has_package && !list.items.count)
		r = report_input_error(report, i, "input/not-elf", NULL, "holds no ELF file");
	input_files_done(&list);
	if (!r)
		report_conclude(report);
	return r;
}

int abifit_show(struct abifit_context *context, const char *const *files, size_t count,
		const struct abifit_show_options *options, struct abifit_report **ret)
{
	struct abifit_show_options copy = { .size = sizeof(copy) };
	struct abifit_report *report = NULL;
	struct abifit_system *system;
	int r = options_check(options, options ? options->size : 0, sizeof(copy));

	if (r)
		return context_fail(context, r, "show options of an unknown size");
	if (options)
		memcpy(&copy, options, size_min(options->size, sizeof(copy)));
	r = abifit_system_open(context, "/", &system);
	if (r)
		return r;
	r = report_new(context, system, "show", &report);
	abifit_system_unref(system);
	if (!r) {
		report->report.sections = copy.sections;
		r = show_all(report, files, count);
	}
	if (r) {
		abifit_report_unref(report);
		return context_fail(context, r, "out of memory");
	}
	*ret = report;
	return 0;
}
