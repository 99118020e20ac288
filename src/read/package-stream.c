/* SPDX-License-Identifier: Apache-2.0 */
/* Tar and cpio archives by libarchive; contract in read/package-stream.h. */
#include "read/package-stream.h"

#include "model/baseline-words.h"
#include "read/package-gzip.h"

#include <elf.h>
#include <string.h>
#include <sys/stat.h>

#ifdef HAVE_LIBARCHIVE

#define BLOCK 512
#define SOUND (UINT64_C(1) << 30) /* bytes that any package may come to */
/* Files of any kind up to this size are kept: headers, what package managers and pkg-config read.
 */
#define SMALL (UINT64_C(4) << 20)

struct reader {
	const struct package_stream *stream;
	struct package_tree *tree;
	struct fault *fault;
	struct package_library lib;
	struct archive *archive;
	uint64_t total;	     /* bytes that all may come to */
	uint64_t kept;	     /* bytes of contents so far */
	uint64_t data_end;   /* where the last member's data ended, uncompressed */
	uint64_t place;	     /* in the stream as it is in the package, when it was last known */
	const char *at_path; /* the member at hand; NULL: none yet */
	bool has_members;
	struct package_gzip *gzip; /* NULL: libarchive reads it itself */
};

/* How far it got: after some errors libarchive does not know. */
static uint64_t place(struct reader *r)
{
	int64_t at = r->archive && !r->gzip ? r->lib.archive_filter_bytes(r->archive, -1) : 0;

	if (r->gzip)
		return r->gzip->at;
	if (at > 0)
		r->place = (uint64_t)at;
	return r->place;
}

static int fail_at(struct reader *r, const char *rule, const char *text)
{
	if (r->at_path)
		text = arena_printf(r->stream->texts, "%s: %s", r->at_path, text);
	if (!text)
		return -ENOMEM;
	*r->fault = (struct fault){ rule, r->stream->name, place(r), text };
	return -EBADMSG;
}

/* In libarchive's own words. */
static int fail_reading(struct reader *r)
{
	static const char *const cut[] = { "runcated", "nexpected end", "ncomplete",
					   "No progress" };
	const char *words = r->lib.archive_error_string(r->archive);
	bool is_cut = !words; /* so a cpio archive that just ends */
	const char *text;
	size_t i;

	/* It asks for what the file claims to need. */
	if (r->lib.archive_errno(r->archive) == ENOMEM)
		return fail_at(r, "input/limit", "asks for more memory than there is");
	if (r->gzip && r->gzip->problem) {
		words = r->gzip->problem;
		is_cut = r->gzip->is_cut;
	} else if (!r->has_members && words && strstr(words, "Unrecognized")) {
		return fail_at(
			r, strcmp(r->stream->name, "archive") ? "input/malformed" : "input/not-elf",
			r->stream->is_cpio ? "is no cpio archive" : "is no tar archive");
	}
	for (i = 0; words && i < ARRAY_SIZE(cut); i++)
		is_cut |= strstr(words, cut[i]) != NULL;
	text = arena_printf(r->stream->texts, "%s (%s)", is_cut ? "is cut off" : "is damaged",
			    words ? words : "it ends without an end mark");
	if (!text)
		return -ENOMEM;
	return fail_at(r, is_cut ? "input/truncated" : "input/malformed", text);
}

/* The error of putting an entry in its place, or of keeping its content. */
static int fail_placing(struct reader *r, int error)
{
	const char *text;

	switch (error) {
	case -ENOMEM:
		return error;
	case -E2BIG:
		return fail_at(r, "input/limit", "one member too many");
	case -EFBIG:
		return fail_at(r, "input/limit", "the contents are too large");
	case -ENAMETOOLONG:
		return fail_at(r, "input/limit", "the name is too long");
	case -ENOTDIR:
		return fail_at(r, "input/malformed", "lies in a file, not in a folder");
	default:
		text = arena_strdup(r->stream->texts, strerror(-error));
		return text ? fail_at(r, "input/malformed", text) : -ENOMEM;
	}
}

static int fail_spooling(struct reader *r, int error)
{
	const char *folder = r->stream->spool->folder;
	const char *text;

	if (error == -ENOMEM || error == -EFBIG)
		return fail_placing(r, error);
	text = arena_printf(r->stream->texts, "no room for a temporary file%s%s: %s",
			    folder ? " in " : "", folder ? folder : "", strerror(-error));
	return text ? fail_at(r, "input/unreadable", text) : -ENOMEM;
}

/* What packs a byte of hundreds is no library. */
static uint64_t most_of(const struct package_stream *stream)
{
	uint64_t packed = stream->size;
	uint64_t most = stream->limits->total;

	if (packed > most / stream->limits->ratio)
		return most;
	packed *= stream->limits->ratio;
	if (packed < SOUND)
		packed = SOUND;
	return packed < most ? packed : most;
}

/* Of one compression only: so none is left to a program that libarchive would run for it. */
static int set_filter(struct reader *r)
{
	const struct {
		const char *magic;
		size_t length;
		int (*support)(struct archive *);
	} filters[] = {
		{ "\xfd"
		  "7zXZ\0",
		  6, r->lib.archive_read_support_filter_xz },
		{ "\x28\xb5\x2f\xfd", 4, r->lib.archive_read_support_filter_zstd },
		{ "BZh", 3, r->lib.archive_read_support_filter_bzip2 },
		{ "\x5d\0\0", 3, r->lib.archive_read_support_filter_lzma },
	};
	const struct package_stream *s = r->stream;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(filters); i++) {
		if (s->size < filters[i].length ||
		    memcmp(s->bytes, filters[i].magic, filters[i].length))
			continue;
		return filters[i].support(r->archive) == ARCHIVE_OK
			       ? 0
			       : fail_at(r, "input/unsupported",
					 "libarchive was built without what this is compressed with");
	}
	return 0;
}

static ssize_t read_gzip(struct archive *archive, void *data, const void **ret)
{
	struct reader *r = data;
	ssize_t n = package_gzip_next(r->gzip, ret);

	if (n < 0)
		r->lib.archive_set_error(archive, EILSEQ, "%s", r->gzip->problem);
	return n;
}

static int open_gzip(struct reader *r)
{
	int error = package_gzip_init(r->gzip, &r->lib, r->stream->bytes, r->stream->size);

	if (error)
		return error;
	return r->lib.archive_read_open2(r->archive, r, NULL, read_gzip, NULL, NULL) == ARCHIVE_OK
		       ? 0
		       : fail_reading(r);
}

/* What follows the archive belongs to the checksum, too. */
static int end_gzip(struct reader *r)
{
	const void *bytes;
	uint64_t read = 0;
	ssize_t n;

	do {
		n = package_gzip_next(r->gzip, &bytes);
		read += n > 0 ? (uint64_t)n : 0;
		if (read > r->total)
			return fail_placing(r, -EFBIG);
	} while (n > 0);
	return n < 0 ? fail_at(r, r->gzip->is_cut ? "input/truncated" : "input/malformed",
			       r->gzip->problem)
		     : 0;
}

static int open_stream(struct reader *r)
{
	int error;

	r->archive = r->lib.archive_read_new();
	if (!r->archive)
		return -ENOMEM;
	error = set_filter(r);
	if (error)
		return error;
	if ((r->stream->is_cpio ? r->lib.archive_read_support_format_cpio(r->archive)
				: r->lib.archive_read_support_format_tar(r->archive)) != ARCHIVE_OK)
		return fail_reading(r);
	if (r->gzip)
		return open_gzip(r);
	return r->lib.archive_read_open_memory(r->archive, r->stream->bytes, r->stream->size) ==
			       ARCHIVE_OK
		       ? 0
		       : fail_reading(r);
}

static int check_total(struct reader *r)
{
	uint64_t read = (uint64_t)r->lib.archive_filter_bytes(r->archive, 0);
	const char *text;

	if (read <= r->total)
		return 0;
	text = arena_printf(r->stream->texts, "the package unpacks to more than %llu bytes",
			    (unsigned long long)r->total);
	return text ? fail_at(r, "input/limit", text) : -ENOMEM;
}

static bool is_of_interest(const char *bytes, size_t size)
{
	static const char *const magics[] = { ELFMAG, "!<arch>\n", "!<thin>\n", BASELINE_HEAD };
	size_t i;

	/* Of a short first piece it cannot be told. */
	if (size < sizeof(BASELINE_HEAD))
		return true;
	for (i = 0; i < ARRAY_SIZE(magics); i++) {
		if (!memcmp(bytes, magics[i], strlen(magics[i])))
			return true;
	}
	return false;
}

/* Makes room for a content. */
static int keep_file(struct reader *r, struct package_file *file)
{
	int error;

	if (file->size > r->stream->limits->file)
		return fail_at(r, "input/limit", "is larger than a file of a package may be");
	if (file->size > r->total - r->kept)
		return fail_placing(r, -EFBIG);
	r->kept += file->size;
	file->is_kept = true;
	if (spool_fits(r->stream->spool, file->size)) {
		file->bytes = calloc(1, (size_t)file->size);
		file->is_owned = true;
		return file->bytes ? 0 : -ENOMEM;
	}
	error = spool_reserve(r->stream->spool, file->size, &file->spooled);
	file->spooled++;
	return error ? fail_spooling(r, error) : 0;
}

static int put(struct reader *r, struct package_file *file, uint64_t at, const void *bytes,
	       size_t size)
{
	int error;

	if (at > file->size || size > file->size - at)
		return fail_at(r, "input/malformed", "has more bytes than it tells");
	if (!file->spooled) {
		memcpy((char *)file->bytes + at, bytes, size);
		return 0;
	}
	error = spool_write(r->stream->spool, file->spooled - 1 + at, bytes, size);
	return error ? fail_spooling(r, error) : 0;
}

/* `file` NULL: the content is passed over. */
static int read_content(struct reader *r, struct package_file *file)
{
	const void *bytes;
	size_t size;
	int64_t at;
	int status, error;

	if (file && file->size && file->size <= SMALL) {
		error = keep_file(r, file);
		if (error)
			return error;
	}
	for (;;) {
		status = r->lib.archive_read_data_block(r->archive, &bytes, &size, &at);
		if (status == ARCHIVE_EOF)
			break;
		if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
			return fail_reading(r);
		error = check_total(r);
		if (!error && file && !file->is_kept && size && is_of_interest(bytes, size))
			error = keep_file(r, file);
		/* Decided by what it starts with, once. */
		if (!error && file && !file->is_kept && size)
			file = NULL;
		if (!error && file && size)
			error = put(r, file, (uint64_t)at, bytes, size);
		if (error)
			return error;
	}
	r->data_end = (uint64_t)r->lib.archive_filter_bytes(r->archive, 0);
	return 0;
}

/* Another name of a file; in cpio archives the content comes with the last one. */
static int add_hard_link(struct reader *r, const char *target, struct package_node *node,
			 uint64_t size)
{
	const struct package_node *other;
	int error = package_tree_find(r->tree, target, false, &other);
	const char *text;

	if (error || !other->file) {
		text = arena_printf(r->stream->texts, "is a link to %s, which is no file there",
				    target);
		return text ? fail_at(r, "input/malformed", text) : -ENOMEM;
	}
	if (other == node)
		return read_content(r, NULL);
	node->file = other->file;
	if (size && !node->file->size) {
		node->file->size = size;
		return read_content(r, node->file);
	}
	return read_content(r, NULL);
}

static int add_file(struct reader *r, struct archive_entry *entry, struct package_node *node)
{
	const char *target = r->lib.archive_entry_hardlink(entry);
	int64_t size = r->lib.archive_entry_size(entry);

	if (size < 0)
		return fail_at(r, "input/malformed", "its size is negative");
	if (!target)
		target = r->lib.archive_entry_hardlink_utf8(entry);
	if (target)
		return add_hard_link(r, target, node, (uint64_t)size);
	node->file = package_tree_new_file(r->tree);
	if (!node->file)
		return -ENOMEM;
	node->file->size = (uint64_t)size;
	node->file->mode = (uint32_t)r->lib.archive_entry_mode(entry);
	return read_content(r, node->file);
}

static int add_link(struct reader *r, struct archive_entry *entry, struct package_node *node)
{
	const char *target = r->lib.archive_entry_symlink(entry);
	size_t length;

	if (!target)
		target = r->lib.archive_entry_symlink_utf8(entry);
	length = target ? strlen(target) : 0;
	if (!length || length >= PATH_MAX)
		return fail_at(r, "input/malformed",
			       "a link without a target, or with one too long");
	if (length > r->tree->name_most - r->tree->name_bytes)
		return fail_placing(r, -E2BIG);
	r->tree->name_bytes += length;
	node->target = arena_strndup(&r->tree->arena, target, length);
	return node->target ? read_content(r, NULL) : -ENOMEM;
}

static enum source_kind kind_of(const struct reader *r, struct archive_entry *entry)
{
	if (r->lib.archive_entry_hardlink(entry) || r->lib.archive_entry_hardlink_utf8(entry))
		return SOURCE_FILE;
	switch (r->lib.archive_entry_filetype(entry)) {
	case AE_IFREG:
		return SOURCE_FILE;
	case AE_IFDIR:
		return SOURCE_FOLDER;
	case AE_IFLNK:
		return SOURCE_LINK;
	default:
		return SOURCE_OTHER;
	}
}

static int add_entry(struct reader *r, struct archive_entry *entry)
{
	const char *path = r->lib.archive_entry_pathname(entry);
	enum source_kind kind = kind_of(r, entry);
	struct package_node *node;
	int error;

	r->at_path = NULL;
	if (!path)
		path = r->lib.archive_entry_pathname_utf8(entry);
	if (!path || !*path)
		return fail_at(r, "input/malformed", "a member without a name");
	r->at_path = path;
	error = package_tree_add(r->tree, path, kind, &node);
	if (error)
		return fail_placing(r, error);
	if (node && kind == SOURCE_FILE)
		return add_file(r, entry, node);
	if (node && kind == SOURCE_LINK)
		return add_link(r, entry, node);
	return read_content(r, NULL);
}

/* Without its end mark, whole members may be gone: what is missing would seem never to have been.
 */
static int check_end(struct reader *r)
{
	uint64_t end = (uint64_t)r->lib.archive_filter_bytes(r->archive, 0);
	uint64_t padding = (BLOCK - r->data_end % BLOCK) % BLOCK;

	r->at_path = NULL;
	if (r->stream->is_cpio || end >= r->data_end + padding + BLOCK)
		return 0;
	return fail_at(r, "input/truncated", "it ends without an end mark");
}

static int read_members(struct reader *r)
{
	struct archive_entry *entry;
	int error;

	for (;;) {
		int status = r->lib.archive_read_next_header(r->archive, &entry);

		if (status == ARCHIVE_EOF) {
			error = check_end(r);
			return error || !r->gzip ? error : end_gzip(r);
		}
		if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
			r->at_path = NULL;
			return fail_reading(r);
		}
		r->has_members = true;
		place(r);
		error = add_entry(r, entry);
		if (!error)
			error = check_total(r);
		if (error)
			return error;
	}
}

int package_stream_read(const struct package_stream *stream, struct package_tree *tree,
			struct fault *ret_fault)
{
	struct reader r = { .stream = stream, .tree = tree, .fault = ret_fault };
	int error = package_library_load(&r.lib);

	if (error)
		return fail_at(&r, "input/unsupported",
			       "packages are read with libarchive.so.13, which cannot be loaded");
	if (stream->size >= 2 && !memcmp(stream->bytes, "\x1f\x8b", 2)) {
		r.gzip = calloc(1, sizeof(*r.gzip));
		if (!r.gzip)
			return -ENOMEM;
	}
	r.total = most_of(stream);
	error = open_stream(&r);
	if (!error)
		error = read_members(&r);
	if (r.archive)
		r.lib.archive_read_free(r.archive);
	if (r.gzip)
		package_gzip_done(r.gzip);
	free(r.gzip);
	return error;
}

#else

int package_stream_read(const struct package_stream *stream, struct package_tree *tree,
			struct fault *ret_fault)
{
	(void)tree;
	*ret_fault =
		(struct fault){ "input/unsupported", stream->name, 0,
				"this build cannot read packages: it was made without libarchive" };
	return -EBADMSG;
}

#endif
