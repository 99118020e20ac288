/* SPDX-License-Identifier: Apache-2.0 */
/* Candidates for debug files, opened and looked at; contract in read/debug-find.h. */
#include "read/debug-find.h"
#include "read/debug-id.h"

#include <libdeflate.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * Of split files there may be very many: for each less memory beyond its size than
 * what debug_sections_init() grants a file.
 */
#define SPLIT_LESS ((UINT64_C(64) << 20) - (UINT64_C(64) << 10))

char *debug_dirname(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		return strdup(".");
	return slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
}

char *debug_real(const struct debug_files *files, const char *path)
{
	return files->search.real ? files->search.real(files->search.data, path)
				  : realpath(path, NULL);
}

const char *debug_hex(struct debug_files *files, const unsigned char *bytes, size_t size)
{
	char *text = arena_alloc(&files->arena, 2 * size + 1);
	size_t i;

	for (i = 0; text && i < size; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return text;
}

/* Notes why the candidate is not the one; 0 or -ENOMEM. */
static int refuse(struct debug_files *files, const char *path, const char *format, ...)
	PRINTF_LIKE(3, 4);

static int refuse(struct debug_files *files, const char *path, const char *format, ...)
{
	AUTO_FREE char *why = NULL;
	va_list arguments;
	int length;

	if (files->refused)
		return 0;
	va_start(arguments, format);
	length = vasprintf(&why, format, arguments);
	va_end(arguments);
	if (length < 0) {
		why = NULL;
		return -ENOMEM;
	}
	files->refused = arena_printf(&files->arena, "%s does not belong to it: %s", path, why);
	return files->refused ? 0 : -ENOMEM;
}

static int refuse_id(struct debug_files *files, const char *path, struct table id)
{
	const char *hex = debug_hex(files, id.bytes, id.size);

	if (!hex)
		return -ENOMEM;
	return id.size ? refuse(files, path, "its build id is %s", hex)
		       : refuse(files, path, "it has no build id");
}

static bool has_id(const struct debug_file *file, const struct debug_wish *wish, struct table *ret)
{
	const struct debug_links *links = &file->sections.links;

	*ret = debug_build_id(&file->sections.object);
	if (ret->size == wish->id_size && !memcmp(ret->bytes, wish->id, ret->size))
		return true;
	return links->own_id && links->own_id_size == wish->id_size &&
	       !memcmp(links->own_id, wish->id, wish->id_size);
}

static bool is_of_one_kind(const struct object_file *a, const struct object_file *b)
{
	return a->is_64 == b->is_64 && a->is_big == b->is_big && a->elf_machine == b->elf_machine;
}

/* 1: it is what it must be; 0: it is not, which is noted; -ENOMEM. */
static int judge(struct debug_files *files, const struct debug_wish *wish,
		 const struct debug_file *file)
{
	const struct object_file *object = &file->sections.object;
	struct table id;
	uint32_t crc;

	if (!object->is_elf)
		return refuse(files, file->path, "it is no ELF file");
	if (!is_of_one_kind(object, &files->library.sections.object))
		return refuse(files, file->path, "it is for another machine");
	if (!debug_section_has(&file->sections, DEBUG_INFO, wish->is_split))
		return wish->is_split ? 0
				      : refuse(files, file->path, "it has no debug information");
	if (wish->id && !has_id(file, wish, &id))
		return refuse_id(files, file->path, id);
	if (!wish->crc)
		return 1;
	crc = libdeflate_crc32(0, file->file.bytes, file->file.size);
	if (crc != *wish->crc)
		return refuse(files, file->path, "its CRC is %08x, not %08x", crc, *wish->crc);
	return 1;
}

/* What tells a file from others, whatever it is called. */
static uint64_t identity(const struct file *file)
{
	uint64_t place = (uint64_t)(uintptr_t)file->bytes;

	return file->stat.st_ino ? number_mix(number_mix(file->stat.st_dev) + file->stat.st_ino)
				 : place;
}

static void drop(struct debug_files *files, struct debug_file *file)
{
	debug_sections_done(&file->sections);
	file_unmap(&file->file);
	free(file);
}

static int make_file(struct debug_files *files, const char *path, struct file *mapped,
		     struct debug_file **ret)
{
	struct debug_file *file = calloc(1, sizeof(*file));
	int r;

	if (!file) {
		file_unmap(mapped);
		return -ENOMEM;
	}
	file->file = *mapped;
	file->path = path;
	r = debug_sections_init(&file->sections, mapped->bytes, mapped->size);
	if (r == -ENOMEM) {
		drop(files, file);
		return r;
	}
	*ret = file;
	return 0;
}

static int keep(struct debug_files *files, const struct debug_wish *wish, struct debug_file *file)
{
	file->path = arena_strdup(&files->arena, file->path);
	if (!file->path || array_reserve(&files->opened, files->opened.count + 1) ||
	    numbers_add(&files->by_identity, identity(&file->file), (uint32_t)files->opened.count))
		return -ENOMEM;
	if (wish->is_split)
		file->sections.memory_left = file->sections.memory_most -= SPLIT_LESS;
	files->opened.items[files->opened.count++] = file;
	return 1;
}

static int open_candidate(struct debug_files *files, const struct debug_wish *wish,
			  const char *path, struct file *mapped, struct debug_file **ret)
{
	uint32_t known = numbers_get(&files->by_identity, identity(mapped));
	struct debug_file *file = NULL;
	int r;

	if (known != NUMBERS_NONE) {
		file_unmap(mapped);
		file = files->opened.items[known];
		r = judge(files, wish, file);
		if (r > 0)
			*ret = file;
		return r;
	}
	r = make_file(files, path, mapped, &file);
	if (r)
		return r;
	r = judge(files, wish, file);
	if (r > 0)
		r = keep(files, wish, file);
	if (r > 0)
		*ret = file;
	else
		drop(files, file);
	return r;
}

int debug_try(struct debug_files *files, const struct debug_wish *wish, const char *path,
	      struct debug_file **ret)
{
	struct file mapped = { 0 };
	int r;

	if (!path)
		return -ENOMEM;
	if (files->library.path && !strcmp(path, files->library.path))
		return 0;
	r = files->search.map ? files->search.map(files->search.data, path, &mapped)
			      : file_map(path, &mapped);
	if (r || !mapped.bytes || mapped.bytes == files->library.file.bytes)
		return r == -ENOMEM ? r : 0;
	return open_candidate(files, wish, path, &mapped, ret);
}

int debug_try_format(struct debug_files *files, const struct debug_wish *wish,
		     struct debug_file **ret, const char *format, ...)
{
	AUTO_FREE char *path = NULL;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vasprintf(&path, format, arguments);
	va_end(arguments);
	if (length < 0)
		path = NULL;
	return debug_try(files, wish, path, ret);
}

int debug_try_build_id(struct debug_files *files, const struct debug_wish *wish,
		       struct debug_file **ret)
{
	const char *hex;
	size_t i;
	int r = 0;

	if (wish->id_size < 2 || wish->id_size > DEBUG_ID_MOST)
		return 0;
	hex = debug_hex(files, wish->id, wish->id_size);
	for (i = 0; !r && i < files->folders.count; i++)
		r = hex ? debug_try_format(files, wish, ret, "%s/.build-id/%.2s/%s.debug",
					   files->folders.items[i], hex, hex + 2)
			: -ENOMEM;
	return r;
}
