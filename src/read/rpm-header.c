/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/rpm-header.h. */
#include "read/rpm-header.h"

#include <string.h>

#define LEAD_SIZE 96
#define INTRO_SIZE 16
#define ENTRY_SIZE 16

enum tag {
	TAG_NAME = 1000,
	TAG_VERSION = 1001,
	TAG_RELEASE = 1002,
	TAG_EPOCH = 1003,
	TAG_PROVIDE_NAME = 1047,
	TAG_REQUIRE_FLAGS = 1048,
	TAG_REQUIRE_NAME = 1049,
	TAG_REQUIRE_VERSION = 1050,
	TAG_PROVIDE_FLAGS = 1112,
	TAG_PROVIDE_VERSION = 1113,
};

enum type { TYPE_INT32 = 4, TYPE_STRING = 6, TYPE_STRINGS = 8 };

/* One header: its entries, then the bytes that they point into. */
struct header {
	const unsigned char *entries;
	size_t count;
	const unsigned char *store;
	size_t size;
};

static uint32_t be32(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void fail(struct fault *fault, size_t at, const char *text)
{
	*fault = (struct fault){ "input/malformed", "rpm header", at, text };
}

/* Finds the header at *at, which moves behind it. */
static bool take_header(const unsigned char *bytes, size_t size, size_t *at, struct header *ret,
			struct fault *fault)
{
	static const unsigned char magic[] = { 0x8e, 0xad, 0xe8, 1 };
	size_t left = size - *at;
	uint64_t count, store;

	if (left < INTRO_SIZE || memcmp(bytes + *at, magic, sizeof(magic)) != 0) {
		fail(fault, *at, "a header does not start where it should");
		return false;
	}
	count = be32(bytes + *at + 8);
	store = be32(bytes + *at + 12);
	left -= INTRO_SIZE;
	if (count > left / ENTRY_SIZE || store > left - count * ENTRY_SIZE) {
		fail(fault, *at, "a header is cut off");
		return false;
	}
	ret->entries = bytes + *at + INTRO_SIZE;
	ret->count = (size_t)count;
	ret->store = ret->entries + count * ENTRY_SIZE;
	ret->size = (size_t)store;
	*at += INTRO_SIZE + (size_t)(count * ENTRY_SIZE + store);
	return true;
}

/* The values of a tag of that type; *ret_count 0: there is no such tag. */
static const unsigned char *find_tag(const struct header *header, enum tag tag, enum type type,
				     size_t *ret_count)
{
	size_t i;

	*ret_count = 0;
	for (i = 0; i < header->count; i++) {
		const unsigned char *entry = header->entries + i * ENTRY_SIZE;
		uint32_t offset = be32(entry + 8);

		if (be32(entry) != (uint32_t)tag || be32(entry + 4) != (uint32_t)type ||
		    offset >= header->size)
			continue;
		*ret_count = be32(entry + 12);
		return header->store + offset;
	}
	return NULL;
}

/* The string at `at`, which moves behind it; NULL: it is not ended. */
static const char *take_string(const struct header *header, const unsigned char **at)
{
	const unsigned char *end = header->store + header->size;
	const unsigned char *stop = *at < end ? memchr(*at, 0, (size_t)(end - *at)) : NULL;
	const char *text = (const char *)*at;

	if (!stop)
		return NULL;
	*at = stop + 1;
	return text;
}

static const char *text_tag(const struct header *header, enum tag tag)
{
	size_t count;
	const unsigned char *at = find_tag(header, tag, TYPE_STRING, &count);

	return at && count ? take_string(header, &at) : NULL;
}

struct relation_tags {
	enum tag name, flags, version;
};

static int read_relations(const struct header *header, const struct relation_tags *tags,
			  struct rpm_relations *ret, struct fault *fault)
{
	const unsigned char *end = header->store + header->size;
	size_t count, flag_count, version_count;
	const unsigned char *names = find_tag(header, tags->name, TYPE_STRINGS, &count);
	const unsigned char *flags = find_tag(header, tags->flags, TYPE_INT32, &flag_count);
	const unsigned char *versions =
		find_tag(header, tags->version, TYPE_STRINGS, &version_count);
	size_t i;
	int r = 0;

	for (i = 0; !r && i < count; i++) {
		struct rpm_relation relation = { .version = "" };

		relation.name = take_string(header, &names);
		if (versions && i < version_count)
			relation.version = take_string(header, &versions);
		if (!relation.name || !relation.version) {
			fail(fault, 0, "a list of dependencies is cut off");
			return 0;
		}
		if (flags && i < flag_count && (size_t)(end - flags) >= 4) {
			relation.flags = be32(flags);
			flags += 4;
		}
		r = array_push(ret, relation);
	}
	return r;
}

static int read_main(const struct header *header, struct rpm_package *ret, struct fault *fault)
{
	static const struct relation_tags provides = { TAG_PROVIDE_NAME, TAG_PROVIDE_FLAGS,
						       TAG_PROVIDE_VERSION };
	static const struct relation_tags requires = { TAG_REQUIRE_NAME, TAG_REQUIRE_FLAGS,
						       TAG_REQUIRE_VERSION };
	const char *version = text_tag(header, TAG_VERSION);
	const char *release = text_tag(header, TAG_RELEASE);
	size_t count;
	const unsigned char *epoch = find_tag(header, TAG_EPOCH, TYPE_INT32, &count);
	int r;

	ret->name = text_tag(header, TAG_NAME);
	if (!ret->name || !version || !release) {
		fail(fault, 0, "it tells no name, version or release");
		return 0;
	}
	if (epoch && count && (size_t)(header->store + header->size - epoch) >= 4)
		ret->evr = arena_printf(&ret->arena, "%u:%s-%s", be32(epoch), version, release);
	else
		ret->evr = arena_printf(&ret->arena, "%s-%s", version, release);
	r = ret->evr ? read_relations(header, &provides, &ret->provides, fault) : -ENOMEM;
	return r || fault->rule ? r : read_relations(header, &requires, &ret->requires, fault);
}

int rpm_header_read(const unsigned char *bytes, size_t size, struct rpm_package *ret,
		    struct fault *ret_fault)
{
	static const unsigned char magic[] = { 0xed, 0xab, 0xee, 0xdb };
	size_t at = LEAD_SIZE;
	struct header header;

	*ret = (struct rpm_package){ 0 };
	*ret_fault = (struct fault){ 0 };
	if (size < LEAD_SIZE || memcmp(bytes, magic, sizeof(magic)) != 0) {
		fail(ret_fault, 0, "it is no rpm package");
		return 0;
	}
	if (!take_header(bytes, size, &at, &header, ret_fault))
		return 0;
	at += -at & 7;
	if (at > size) {
		fail(ret_fault, size, "the package ends after its signature");
		return 0;
	}
	if (!take_header(bytes, size, &at, &header, ret_fault))
		return 0;
	return read_main(&header, ret, ret_fault);
}
