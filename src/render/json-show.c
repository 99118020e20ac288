/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in render/json-show.h. */
#include "render/json-show.h"
#include "model/show.h"

static const char *kind_word(enum file_kind kind)
{
	static const char *const words[] = {
		[FILE_PROGRAM] = "program",	  [FILE_PIE] = "pie",
		[FILE_LIBRARY] = "library",	  [FILE_STATIC] = "static",
		[FILE_STATIC_PIE] = "static-pie", [FILE_OBJECT] = "object",
		[FILE_ARCHIVE] = "archive",	  [FILE_CORE] = "core",
		[FILE_OTHER] = "other",
	};

	return words[kind];
}

static const char *binding_word(uint8_t binding)
{
	switch (binding) {
	case STB_LOCAL:
		return "local";
	case STB_GLOBAL:
		return "global";
	case STB_WEAK:
		return "weak";
	case STB_GNU_UNIQUE:
		return "unique";
	default:
		return "other";
	}
}

static const char *visibility_word(uint8_t visibility)
{
	static const char *const words[] = {
		[STV_DEFAULT] = "default",
		[STV_INTERNAL] = "internal",
		[STV_HIDDEN] = "hidden",
		[STV_PROTECTED] = "protected",
	};

	return words[visibility & 3];
}

static void write_build_id(struct json *json, const struct image *image)
{
	char text[129];
	size_t i;

	json_name(json, "build_id");
	if (!image->build_id || image->build_id_size > 64) {
		json_null(json);
		return;
	}
	for (i = 0; i < image->build_id_size; i++)
		__builtin_snprintf(text + 2 * i, 3, "%02x", image->build_id[i]);
	text[2 * i] = '\0';
	json_string(json, text);
}

static void write_header(struct json *json, const struct show *show)
{
	const struct image *image = show->image;

	json_name_string(json, "soname", image->soname);
	json_name_string(json, "interpreter", image->interpreter);
	write_build_id(json, image);
	json_name_strings(json, "flags", show->flags);
}

static void write_needed(struct json *json, const struct show *show)
{
	const struct image *image = show->image;
	size_t i;

	json_name(json, "needed");
	json_array(json);
	for (i = 0; i < image->needs.count; i++) {
		if (image->needs.items[i].kind == NEED_LIBRARY)
			json_string(json, image->needs.items[i].name);
	}
	json_array_end(json);
	json_name(json, "filters");
	json_array(json);
	for (i = 0; i < image->needs.count; i++) {
		if (image->needs.items[i].kind == NEED_LIBRARY)
			continue;
		json_object(json);
		json_name_string(json, "library", image->needs.items[i].name);
		json_name_bool(json, "auxiliary", image->needs.items[i].kind == NEED_AUXILIARY);
		json_object_end(json);
	}
	json_array_end(json);
	json_name_string(json, "rpath", image->rpath);
	json_name_string(json, "runpath", image->runpath);
}

static void write_versions(struct json *json, const struct show *show)
{
	const struct image *image = show->image;
	size_t i;

	json_name(json, "versions");
	json_object(json);
	json_name(json, "defined");
	json_array(json);
	for (i = 0; i < show->nodes.count; i++) {
		const struct version_definition *d = show->nodes.items[i].definition;

		json_object(json);
		json_name_string(json, "name", d->name);
		json_name_bool(json, "base", d->base);
		json_name_bool(json, "weak", d->weak);
		json_name_strings(json, "parents", d->parents);
		json_name_unsigned(json, "exports", show->nodes.items[i].export_count);
		json_object_end(json);
	}
	json_array_end(json);
	json_name(json, "needed");
	json_array(json);
	for (i = 0; i < image->version_needs.count; i++) {
		const struct version_need *need = &image->version_needs.items[i];

		json_object(json);
		json_name_string(json, "library", need->file);
		json_name_string(json, "name", need->name);
		json_name_bool(json, "weak", need->weak);
		json_object_end(json);
	}
	json_array_end(json);
	json_object_end(json);
}

static void write_exports(struct json *json, const char *name, const struct show_export *exports,
			  size_t count)
{
	size_t i;

	json_name(json, name);
	json_array(json);
	for (i = 0; i < count; i++) {
		const struct show_export *export = &exports[i];

		json_break(json);
		json_object(json);
		json_name_string(json, "name", export->name);
		json_name_string(json, "version", export->version);
		json_name(json, "default");
		if (export->mark == MARK_NONE)
			json_null(json);
		else
			json_bool(json, export->mark == MARK_DEFAULT);
		json_name_string(json, "kind", symbol_kind_text(export->kind));
		json_name_string(json, "binding", binding_word(export->binding));
		json_name_string(json, "visibility", visibility_word(export->visibility));
		json_name_unsigned(json, "size", export->size);
		json_name_bool(json, "copied", export->copied);
		json_object_end(json);
	}
	json_array_end(json);
}

static void write_imports(struct json *json, const char *name, const struct show_import *imports,
			  size_t count)
{
	size_t i;

	json_name(json, name);
	json_array(json);
	for (i = 0; i < count; i++) {
		const struct show_import *import = &imports[i];

		json_break(json);
		json_object(json);
		json_name_string(json, "name", import->name);
		json_name_string(json, "version", import->version);
		json_name_string(json, "library", import->library);
		json_name_string(json, "kind", symbol_kind_text(import->kind));
		json_name_bool(json, "weak", import->weak);
		json_name_bool(json, "copied", import->copied);
		json_object_end(json);
	}
	json_array_end(json);
}

static void write_export_section(struct json *json, const struct show *show)
{
	write_exports(json, "exports", show->exports.items, show->exports.count);
}

static void write_import_section(struct json *json, const struct show *show)
{
	write_imports(json, "imports", show->imports.items, show->imports.count);
}

static void write_names(struct json *json, const char *name, const struct show *show,
			const uint32_t *numbers, size_t count)
{
	size_t i;

	json_name(json, name);
	json_array(json);
	for (i = 0; i < count; i++)
		json_string(json, show->imports.items[numbers[i]].name);
	json_array_end(json);
}

static void write_hardening(struct json *json, const struct show *show)
{
	const struct show_hardening *h = &show->hardening;
	size_t i;

	json_name(json, "hardening");
	json_object(json);
	json_name(json, "pie");
	if (h->is_program)
		json_bool(json, h->is_pie);
	else
		json_null(json);
	json_name_string(json, "relro", relro_text(h->relro));
	json_name_bool(json, "bind_now", h->bind_now);
	json_name_bool(json, "executable_stack", h->stack_exec);
	json_name_bool(json, "stack_unmarked", h->stack_unmarked);
	json_name_bool(json, "text_relocations", h->text_relocations);
	json_name_bool(json, "writable_code", h->writable_code);
	json_name(json, "branch_protection");
	json_array(json);
	for (i = 0; i < ARRAY_SIZE(h->branch) && h->branch[i]; i++)
		json_string(json, h->branch[i]);
	json_array_end(json);
	json_name(json, "stack_protector");
	if (h->imports_known)
		json_bool(json, h->stack_protector);
	else
		json_null(json);
	write_names(json, "fortified", show, h->fortified, h->fortified_count);
	json_name_bool(json, "run_path", show->image->rpath || show->image->runpath);
	json_object_end(json);
}

static void write_floor(struct json *json, const struct show *show, const struct show_floor *floor)
{
	json_object(json);
	json_name_string(json, "family", floor->family);
	json_name_string(json, "version", floor->version);
	json_name_string(json, "meaning", floor->meaning);
	json_name_unsigned(json, "strong", floor->strong_count);
	json_name_unsigned(json, "weak", floor->weak_count);
	json_name_bool(json, "only_warns", floor->need_weak);
	json_name_string(json, "without_weak", floor->without_weak);
	write_names(json, "imports", show, floor->imports, floor->strong_count + floor->weak_count);
	json_object_end(json);
}

static void write_kernel(struct json *json, const struct abi_tag *tag)
{
	char text[48];

	json_name(json, "kernel");
	if (!tag->present || tag->system != ELF_NOTE_OS_LINUX) {
		json_null(json);
		return;
	}
	__builtin_snprintf(text, sizeof(text), "%u.%u.%u", tag->kernel[0], tag->kernel[1],
			   tag->kernel[2]);
	json_string(json, text);
}

static void write_floors(struct json *json, const struct show *show)
{
	size_t i;

	json_name(json, "floors");
	json_array(json);
	for (i = 0; i < show->floors.count; i++)
		write_floor(json, show, &show->floors.items[i]);
	json_array_end(json);
	write_kernel(json, &show->image->abi_tag);
	json_name_string(json, "processor", show->isa_needed);
	json_name_bool(json, "packed_relocations", show->uses_relr);
	json_name(json, "static");
	if (show->kind == FILE_STATIC || show->kind == FILE_STATIC_PIE) {
		json_object(json);
		json_name_bool(json, "glibc", show->static_glibc);
		json_name_bool(json, "looks_up_names", show->static_nss);
		json_object_end(json);
	} else {
		json_null(json);
	}
}

static void write_dlopen(struct json *json, const struct show *show)
{
	static const char *const priorities[] = {
		[DLOPEN_SUGGESTED] = "suggested",
		[DLOPEN_RECOMMENDED] = "recommended",
		[DLOPEN_REQUIRED] = "required",
	};
	size_t i;

	json_name(json, "dlopen");
	json_array(json);
	for (i = 0; i < show->image->dlopen_notes.count; i++) {
		const struct dlopen_note *note = &show->image->dlopen_notes.items[i];

		json_object(json);
		json_name_strings(json, "sonames", note->sonames);
		json_name_string(json, "feature", note->feature);
		json_name_string(json, "description", note->description);
		json_name_string(json, "priority", priorities[note->priority]);
		json_object_end(json);
	}
	json_array_end(json);
}

static void write_members(struct json *json, const struct show *show, uint32_t sections)
{
	size_t i;

	json_name(json, "members");
	json_array(json);
	for (i = 0; i < show->members.count; i++) {
		const struct show_member *member = &show->members.items[i];

		json_break(json);
		json_object(json);
		json_name_string(json, "name", member->name);
		json_name_string(json, "machine", member->machine);
		json_name_string(json, "error", member->fault.rule ? member->fault.text : NULL);
		json_name_bool(json, "lto", member->has_lto);
		if (sections & SHOW_EXPORTS)
			write_exports(json, "defined", member->defined, member->defined_count);
		if (sections & SHOW_IMPORTS)
			write_imports(json, "undefined", member->undefined,
				      member->undefined_count);
		json_object_end(json);
	}
	json_array_end(json);
}

static void write_image(struct json *json, const char *path, const struct show *show,
			uint32_t sections)
{
	static const struct {
		uint32_t section;
		void (*write)(struct json *json, const struct show *show);
	} parts[] = {
		{ SHOW_HEADER, write_header },		{ SHOW_NEEDED, write_needed },
		{ SHOW_VERSIONS, write_versions },	{ SHOW_EXPORTS, write_export_section },
		{ SHOW_IMPORTS, write_import_section }, { SHOW_HARDENING, write_hardening },
		{ SHOW_FLOORS, write_floors },		{ SHOW_DLOPEN, write_dlopen },
	};
	bool is_image = show->image && show->kind != FILE_OBJECT;
	size_t i;

	json_break(json);
	json_object(json);
	json_name_string(json, "path", path);
	json_name_string(json, "kind", kind_word(show->kind));
	json_name_string(json, "machine", show->machine);
	if (show->image) {
		json_name_unsigned(json, "class", show->image->is_64 ? 64 : 32);
		json_name_string(json, "byte_order", show->image->is_big ? "big" : "little");
	}
	for (i = 0; is_image && i < ARRAY_SIZE(parts); i++) {
		if (sections & parts[i].section)
			parts[i].write(json, show);
	}
	if (!is_image)
		write_members(json, show, sections);
	json_object_end(json);
}

int json_show(const struct report *report, struct json *json)
{
	uint32_t sections = report->sections ? report->sections : UINT32_MAX;
	size_t i;

	json_name(json, "images");
	json_array(json);
	for (i = 0; i < report->inputs.count; i++) {
		const struct report_input *input = &report->inputs.items[i];

		if (input->show)
			write_image(json, input->path, input->show, sections);
	}
	json_array_end(json);
	return 0;
}
