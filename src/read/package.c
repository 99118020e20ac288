/* SPDX-License-Identifier: Apache-2.0 */
/* The outside of packages: deb(5), and the lead and headers of an .rpm; contract in read/package.h.
 */
#include "read/package.h"

#include "base/file.h"
#include "read/archive.h"
#include "read/package-stream.h"

#include <string.h>
#include <sys/mman.h>

#define DEB_START "!<arch>\ndebian-binary"
#define RPM_LEAD 96

const struct package_limits package_default_limits = {
	.file = UINT64_C(1) << 30,
	.total = UINT64_C(16) << 30,
	.ratio = 500,
	.nodes = 1000000,
	.names = (size_t)256 << 20,
};

struct opening {
	struct package *package;
	const struct package_limits *limits;
	struct spool *spool;
	struct arena *texts;
	struct fault *fault;
};

static bool starts(const unsigned char *head, size_t size, const char *magic, size_t length)
{
	return size >= length && !memcmp(head, magic, length);
}

/* The sum over the header of a tar member, with blanks in its place. */
static bool has_tar_sum(const unsigned char *head)
{
	unsigned long told = 0, sum = 0;
	size_t i;

	for (i = 0; i < PACKAGE_HEAD; i++)
		sum += i >= 148 && i < 156 ? ' ' : head[i];
	for (i = 148; i < 156 && head[i] == ' '; i++)
		;
	for (; i < 156 && head[i] >= '0' && head[i] <= '7'; i++)
		told = told * 8 + (unsigned long)(head[i] - '0');
	return head[0] && told == sum;
}

enum package_kind package_kind(const unsigned char *head, size_t size)
{
	static const struct {
		const char *magic;
		size_t length;
		enum package_kind kind;
	} starts_of[] = {
		{ DEB_START, sizeof(DEB_START) - 1, PACKAGE_DEB },
		{ "\xed\xab\xee\xdb", 4, PACKAGE_RPM },
		{ "\x1f\x8b\x08", 3, PACKAGE_COMPRESSED },
		{ "\xfd"
		  "7zXZ\0",
		  6, PACKAGE_COMPRESSED },
		{ "\x28\xb5\x2f\xfd", 4, PACKAGE_COMPRESSED },
		{ "BZh", 3, PACKAGE_COMPRESSED },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(starts_of); i++) {
		if (starts(head, size, starts_of[i].magic, starts_of[i].length))
			return starts_of[i].kind;
	}
	return size >= PACKAGE_HEAD && has_tar_sum(head) ? PACKAGE_TAR : PACKAGE_NONE;
}

static int fail(const struct opening *o, const char *rule, const char *section, uint64_t at,
		const char *text)
{
	*o->fault = (struct fault){ rule, section, at, text };
	return -EBADMSG;
}

static int read_part(const struct opening *o, const unsigned char *bytes, size_t size,
		     const char *name, bool is_cpio, struct package_tree *tree)
{
	struct package_stream stream = {
		.bytes = bytes,
		.size = size,
		.name = name,
		.is_cpio = is_cpio,
		.limits = o->limits,
		.spool = o->spool,
		.texts = o->texts,
	};

	return package_stream_read(&stream, tree, o->fault);
}

static bool is_named(const struct archive_member *member, const char *start)
{
	size_t length = strlen(start);

	return member->name_length >= length && !memcmp(member->name, start, length) &&
	       (member->name_length == length || member->name[length] == '.');
}

static int read_deb(const struct opening *o, const unsigned char *bytes, size_t size,
		    unsigned parts)
{
	struct archive archive;
	struct archive_member member;
	bool has_control = false, has_data = false;
	int r = 0;

	archive_init(&archive, bytes, size);
	while (!r && !has_data && archive_next(&archive, &member)) {
		const char *name = arena_strndup(o->texts, member.name, member.name_length);

		if (!name)
			return -ENOMEM;
		if (!has_control && is_named(&member, "control.tar")) {
			has_control = true;
			if (parts & PACKAGE_CONTROL)
				r = read_part(o, member.bytes, member.size, name, false,
					      &o->package->control);
		} else if (is_named(&member, "data.tar")) {
			has_data = true;
			if (parts & PACKAGE_DATA)
				r = read_part(o, member.bytes, member.size, name, false,
					      &o->package->data);
		}
	}
	if (r)
		return r;
	if (archive.fault.rule)
		return fail(o, archive.fault.rule, archive.fault.section, archive.fault.offset,
			    archive.fault.text);
	return has_data ? 0
			: fail(o, "input/truncated", "archive", archive.at,
			       "it ends before its member data.tar");
}

static uint32_t big_u32(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* Steps over the header section at *at, whose name is for messages. */
static int skip_header(const struct opening *o, const unsigned char *bytes, size_t size,
		       const char *name, size_t *at)
{
	uint64_t length;

	if (*at > size || size - *at < 16)
		return fail(o, "input/truncated", name, size, "the package ends before it");
	if (memcmp(bytes + *at, "\x8e\xad\xe8\x01", 4))
		return fail(o, "input/malformed", name, *at, "is no header of an .rpm");
	length = 16 + UINT64_C(16) * big_u32(bytes + *at + 8) + big_u32(bytes + *at + 12);
	if (length > size - *at)
		return fail(o, "input/truncated", name, *at, "is cut off");
	*at += (size_t)length;
	return 0;
}

static int read_rpm(const struct opening *o, const unsigned char *bytes, size_t size)
{
	size_t at = RPM_LEAD;
	int r = skip_header(o, bytes, size, "signature", &at);

	at = (at + 7) & ~(size_t)7;
	if (!r)
		r = skip_header(o, bytes, size, "header", &at);
	return r ? r : read_part(o, bytes + at, size - at, "payload", true, &o->package->data);
}

/* What went to the spool is mapped once, now that all is there. */
static int map_spooled(const struct opening *o, uint64_t start)
{
	struct package_tree *const trees[] = { &o->package->data, &o->package->control };
	size_t i, k;
	int r;

	if (o->spool->size == start)
		return 0;
	r = spool_map(o->spool, start, &o->package->mapped);
	if (r)
		return r;
	o->package->mapped_size = (size_t)(o->spool->size - start);
	for (i = 0; i < ARRAY_SIZE(trees); i++) {
		for (k = 0; k < trees[i]->files.count; k++) {
			struct package_file *file = trees[i]->files.items[k];

			if (file->spooled)
				file->bytes = o->package->mapped + (file->spooled - 1 - start);
		}
	}
	return 0;
}

static int read_all(const struct opening *o, const unsigned char *bytes, size_t size,
		    unsigned parts)
{
	uint64_t start;
	int r;

	spool_align(o->spool);
	start = o->spool->size;
	switch (o->package->kind) {
	case PACKAGE_DEB:
		r = read_deb(o, bytes, size, parts);
		break;
	case PACKAGE_RPM:
		r = read_rpm(o, bytes, size);
		break;
	case PACKAGE_NONE:
		return fail(o, "input/not-elf", "package", 0, "is no package");
	default:
		r = read_part(o, bytes, size, "archive", false, &o->package->data);
		break;
	}
	return r ? r : map_spooled(o, start);
}

int package_read(const unsigned char *bytes, size_t size, const struct package_limits *limits,
		 unsigned parts, struct spool *spool, struct arena *texts, struct fault *ret_fault,
		 struct package **ret)
{
	struct package *package = calloc(1, sizeof(*package));
	struct opening o = { package, limits, spool, texts, ret_fault };
	int r;

	if (!package)
		return -ENOMEM;
	package->kind = package_kind(bytes, size_min(size, PACKAGE_HEAD));
	package_tree_init(&package->data, limits->nodes, limits->names);
	package_tree_init(&package->control, limits->nodes, limits->names);
	r = read_all(&o, bytes, size, parts);
	if (r) {
		package_free(package);
		return r;
	}
	*ret = package;
	return 0;
}

int package_open(const char *path, const struct package_limits *limits, unsigned parts,
		 struct spool *spool, struct arena *texts, struct fault *ret_fault,
		 struct package **ret)
{
	struct file file;
	int r = file_map(path, &file);

	if (r)
		return r;
	r = package_read(file.bytes, file.size, limits, parts, spool, texts, ret_fault, ret);
	file_unmap(&file);
	return r;
}

void package_free(struct package *package)
{
	if (!package)
		return;
	package_tree_done(&package->data);
	package_tree_done(&package->control);
	if (package->mapped)
		munmap((void *)package->mapped, package->mapped_size);
	free(package);
}
