/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an archive; what is inside goes through the readers of its members. */
#include "read/archive.h"
#include "read/object.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static bool lies_in(const uint8_t *bytes, size_t size, const void *part, size_t part_size)
{
	const uint8_t *start = part;

	return start >= bytes && part_size <= size && (size_t)(start - bytes) <= size - part_size;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct archive archive;
	struct archive_member member;
	struct object_file object;
	size_t count = 0;

	if (!archive_is(bytes, size))
		return 0;
	archive_init(&archive, bytes, size);
	while (archive_next(&archive, &member)) {
		if (!lies_in(bytes, size, member.name, member.name_length))
			abort();
		if (member.bytes && !lies_in(bytes, size, member.bytes, member.size))
			abort();
		if (member.bytes)
			object_read(member.bytes, member.size, &object);
		if (++count > size / 60)
			abort();
	}
	return 0;
}
