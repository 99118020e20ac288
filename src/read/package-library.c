/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in read/package-library.h. */
#include "read/package-library.h"

#ifdef HAVE_LIBARCHIVE

#include <dlfcn.h>

#define SONAME "libarchive.so.13"
#define ZLIB "libz.so.1"

/* What is loaded so, who makes packages can read of this: the note of dlopen metadata. */
#define NOTE_TEXT                                                                                  \
	"[{\"feature\":\"packages\",\"description\":\"reads .deb, .rpm and tar files\","           \
	"\"priority\":\"recommended\",\"soname\":[\"" SONAME "\"]},"                               \
	"{\"feature\":\"packages\",\"description\":\"reads what gzip compressed\","                \
	"\"priority\":\"recommended\",\"soname\":[\"" ZLIB "\"]}]"

static const struct {
	uint32_t name_size, size, type;
	char name[4];
	char text[(sizeof(NOTE_TEXT) + 3) / 4 * 4];
} note __attribute__((used, section(".note.dlopen"), aligned(4))) = {
	4, sizeof(note.text), 0x407c0c0a, "FDO", NOTE_TEXT,
};

struct call {
	const char *name;
	size_t offset;
};

static int load(const char *soname, const struct call *calls, size_t count,
		struct package_library *ret)
{
	void *handle = dlopen(soname, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	size_t i;

	for (i = 0; handle && i < count; i++) {
		void *address = dlsym(handle, calls[i].name);

		if (!address)
			break;
		*(void **)((char *)ret + calls[i].offset) = address;
	}
	if (handle)
		dlclose(handle);
	return handle && i == count ? 0 : -ENOTSUP;
}

#define CALL(call) { #call, offsetof(struct package_library, call) },

int package_library_load(struct package_library *ret)
{
	static const struct call archive[] = { PACKAGE_LIBRARY_CALLS(CALL) };
	static const struct call zlib[] = { PACKAGE_ZLIB_CALLS(CALL) };
	int r = load(SONAME, archive, ARRAY_SIZE(archive), ret);

	return r ? r : load(ZLIB, zlib, ARRAY_SIZE(zlib), ret);
}

#endif
