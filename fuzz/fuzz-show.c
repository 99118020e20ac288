/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes through the ELF reader, the question `show` and its two renderings. */
#include "base/out.h"
#include "engine/inspect/members.h"
#include "engine/inspect/show.h"
#include "read/archive.h"
#include "read/elf.h"
#include "read/object.h"
#include "render/json-show.h"
#include "render/text-show.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void render(const struct report *report)
{
	const struct render_options options = { .color = true, .verbosity = 2 };
	struct json json;
	struct out out;

	out_init(&out, NULL, NULL);
	if (text_show(report, &out, &options))
		abort();
	json_init(&json, &out);
	json_object(&json);
	if (json_show(report, &json))
		abort();
	json_object_end(&json);
	out_done(&out);
}

static int add_member(struct show *show, const struct archive_member *member,
		      struct name_budget *budget)
{
	static const struct fault thin = { .rule = "input/unreadable",
					   .section = "member",
					   .text = "is not there" };
	struct object_file object;

	if (!member->bytes)
		return show_member(show, "member", NULL, &thin, budget);
	object_read(member->bytes, member->size, &object);
	return show_member(show, "member", &object, NULL, budget);
}

static struct show *show_members(const struct image *image)
{
	struct name_budget budget = name_budget(image);
	struct show *show = show_objects_new(NULL);
	struct archive_member member;
	struct archive archive;

	archive_init(&archive, image->bytes, image->size);
	while (show && archive_next(&archive, &member)) {
		if (add_member(show, &member, &budget))
			abort();
	}
	return show;
}

static struct show *show_object(const struct image *image)
{
	struct name_budget budget = name_budget(image);
	struct show *show = show_objects_new(image);
	struct object_file object;

	object_read(image->bytes, image->size, &object);
	if (show && show_member(show, NULL, &object, NULL, &budget))
		abort();
	return show;
}

static struct show *show_any(struct image *image)
{
	struct show *show = NULL;

	if (archive_is(image->bytes, image->size))
		return show_members(image);
	if (!image->is_elf)
		return NULL;
	if (image->elf_type == ET_REL)
		return show_object(image);
	return show_image(image, &show) ? NULL : show;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct image *image = image_new("fuzz");
	struct report_input input = { .path = "fuzz", .image = image };
	struct report report = { .command = "show" };

	if (!image)
		return 0;
	image->bytes = bytes;
	image->size = size;
	if (!elf_read(image))
		input.show = show_any(image);
	if (input.show && !array_push(&report.inputs, input))
		render(&report);
	array_done(&report.inputs);
	show_free(input.show);
	image_free(image);
	return 0;
}
