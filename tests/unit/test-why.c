/* SPDX-License-Identifier: Apache-2.0 */
/* engine/inspect/why.c and its parts: causes, other users, objects to blame. */
#include "base/demangle.h"
#include "elf-maker.h"
#include "engine/inspect/why.h"
#include "read/elf.h"
#include "read/linkmap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define FILES 3u

/* A program, libx that it needs, libz that libx needs. */
struct world {
	unsigned char *bytes[FILES];
	struct image *images[FILES];
	uint32_t needed[FILES][2];
	struct object_bindings bindings[FILES];
	struct binding_record records[4];
	struct forecast forecast;
};

static const struct elf_maker made[FILES] = {
	{
		.interpreter = "/ld",
		.needed = { "libx.so.1" },
		.needs_version = { "X_1.0", "X_1.1", "X_1.2" },
		.symbols = {
			{ .name = "start", .binding = STB_GLOBAL, .type = STT_FUNC, .undefined = true,
			  .version = 2 },
			{ .name = "late", .binding = STB_WEAK, .type = STT_FUNC, .undefined = true,
			  .version = 3 },
			{ .name = "_ZN1a1bEi", .binding = STB_GLOBAL, .undefined = true, .version = 2 },
			{ .name = "bare", .binding = STB_GLOBAL, .undefined = true, .version = 1 },
			{ .name = "main", .binding = STB_GLOBAL, .type = STT_FUNC, .version = 1 },
		},
	},
	{
		.soname = "libx.so.1",
		.needed = { "libz.so.1" },
		.needs_version = { "Z_2" },
		.symbols = {
			{ .name = "inflate", .binding = STB_GLOBAL, .undefined = true, .version = 2 },
			{ .name = "bare", .binding = STB_GLOBAL, .type = STT_FUNC, .version = 1 },
		},
	},
	{ .soname = "libz.so.1" },
};

static struct world *make_world(void)
{
	static const char *const paths[FILES] = { "/bin/prog", "/lib/libx.so.1", "/lib/libz.so.1" };
	static const char *const requested[FILES] = { NULL, "libx.so.1", "libz.so.1" };
	struct world *w = calloc(1, sizeof(*w));
	uint32_t i;

	assert_non_null(w);
	for (i = 0; i < FILES; i++) {
		struct object object = { .path = paths[i],
					 .requested = requested[i],
					 .requester = i ? i - 1 : NO_OBJECT };
		size_t size;

		w->bytes[i] = elf_make(&made[i], &size);
		w->images[i] = image_new(paths[i]);
		assert_non_null(w->images[i]);
		w->images[i]->bytes = w->bytes[i];
		w->images[i]->size = size;
		assert_int_equal(elf_read(w->images[i]), 0);
		w->needed[i][0] = i + 1;
		object.image = w->images[i];
		object.needed = w->needed[i];
		object.needed_count = i + 1 < FILES;
		assert_int_equal(array_push(&w->forecast.closure.objects, object), 0);
	}
	for (i = 0; i < 4; i++)
		w->records[i] = (struct binding_record){ .symbol = i + 1, .provider = 1 };
	w->records[1].provider = NO_OBJECT;
	w->bindings[0] = (struct object_bindings){ w->records, 4 };
	w->forecast.bindings = w->bindings;
	return w;
}

static void world_done(struct world *w)
{
	uint32_t i;

	array_done(&w->forecast.closure.objects);
	for (i = 0; i < FILES; i++) {
		image_free(w->images[i]);
		free(w->bytes[i]);
	}
	free(w);
}

static struct why *ask(const struct world *w, const char *what, bool with_closure)
{
	struct why_question question = { .image = w->images[0],
					 .path = "prog",
					 .what = what,
					 .forecast = with_closure ? &w->forecast : NULL };
	struct why *why;

	assert_int_equal(why_image(&question, &why), 0);
	return why;
}

static void a_version(void **state)
{
	struct world *w = make_world();
	struct why *why = ask(w, "X_1.0", true);

	assert_int_equal(why->kinds, WHY_VERSION);
	assert_string_equal(why->entry_library, "libx.so.1");
	assert_int_equal(why->causes.count, 2);
	assert_string_equal(why->causes.items[0].import.name, "_ZN1a1bEi");
	assert_string_equal(why->causes.items[1].import.name, "start");
	assert_string_equal(why->causes.items[1].provider, "/lib/libx.so.1");
	assert_false(why->is_highest);
	assert_int_equal(why->users.count, 0);
	why_free(why);
	world_done(w);
}

static void a_version_that_weak_imports_alone_force(void **state)
{
	struct world *w = make_world();
	struct why *why = ask(w, "X_1.1", true);

	assert_int_equal(why->strong_count, 0);
	assert_int_equal(why->weak_count, 1);
	assert_null(why->causes.items[0].provider);
	assert_true(why->causes.items[0].is_missing);
	assert_false(why->entry_weak);
	why_free(why);
	world_done(w);
}

static void a_version_that_nothing_imports(void **state)
{
	struct world *w = make_world();
	struct why *why = ask(w, "X_1.2", false);

	assert_int_equal(why->kinds, WHY_VERSION);
	assert_int_equal(why->causes.count, 0);
	assert_true(why->is_highest);
	assert_string_equal(why->without, "X_1.1");
	assert_string_equal(why->without_weak, "X_1.0");
	assert_false(why->knows_closure);
	why_free(why);
	world_done(w);
}

static void a_library(void **state)
{
	struct world *w = make_world();
	struct why *why = ask(w, "libx.so.1", true);

	assert_int_equal(why->kinds, WHY_LIBRARY);
	assert_true(why->is_needed);
	assert_string_equal(why->resolved, "/lib/libx.so.1");
	assert_int_equal(why->causes.count, 4); /* the one without version too: it is bound there */
	why_free(why);
	why = ask(w, "/lib/libx.so.1", true);
	assert_true(why->is_needed);
	assert_int_equal(why->causes.count, 3);
	why_free(why);
	world_done(w);
}

static void a_library_of_a_library(void **state)
{
	struct world *w = make_world();
	struct why *why = ask(w, "libz.so.1", true);
	const struct why_user *user;

	assert_int_equal(why->kinds, WHY_LIBRARY);
	assert_false(why->is_needed);
	assert_int_equal(why->causes.count, 0);
	assert_int_equal(why->users.count, 1);
	user = &why->users.items[0];
	assert_string_equal(user->path, "/lib/libx.so.1");
	assert_string_equal(user->chain[0], "prog");
	assert_string_equal(user->chain[1], "libx.so.1");
	assert_null(user->chain[2]);
	assert_int_equal(user->strong_count, 1);
	assert_string_equal(user->symbols[0], "inflate");
	why_free(why);
	why = ask(w, "Z_2", true);
	assert_int_equal(why->kinds, WHY_VERSION);
	assert_null(why->entry_library);
	assert_int_equal(why->users.count, 1);
	why_free(why);
	world_done(w);
}

static void a_symbol(void **state)
{
	static const char *const names[] = { "start", "start@X_1.0", "start@@X_1.0", "_ZN1a1bEi" };
	struct world *w = make_world();
	struct why *why;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		why = ask(w, names[i], true);
		assert_int_equal(why->kinds, WHY_SYMBOL);
		assert_int_equal(why->causes.count, 1);
		why_free(why);
	}
	why = ask(w, "start@X_1.1", true);
	assert_int_equal(why->kinds, 0);
	why_free(why);
	why = ask(w, "main", true);
	assert_true(why->is_defined);
	assert_int_equal(why->causes.count, 0);
	why_free(why);
	world_done(w);
}

static void a_name_as_in_the_source(void **state)
{
	struct world *w = make_world();
	struct why *why = ask(w, "a::b(int)", false);

	if (demangle_available())
		assert_int_equal(why->causes.count, 1);
	why_free(why);
	world_done(w);
}

static void nothing_of_that_name(void **state)
{
	struct world *w = make_world();
	struct why *why = ask(w, "libq.so.3", true);

	assert_int_equal(why->kinds, 0);
	assert_int_equal(why->causes.count, 0);
	assert_int_equal(why->users.count, 0);
	assert_false(why->is_defined);
	why_free(why);
	world_done(w);
}

/* An object with one undefined symbol, as the accessors of model/object.h want it. */
struct made_object {
	Elf64_Sym symbols[2];
	char names[32];
	struct object_file file;
};

static void make_object(struct made_object *o, const char *name, unsigned binding)
{
	*o = (struct made_object){
		.symbols = { { 0 }, { .st_name = 1, .st_info = (unsigned char)(binding << 4) } }
	};
	strcpy(o->names + 1, name);
	o->file = (struct object_file){
		.bytes = (const unsigned char *)o,
		.size = sizeof(*o),
		.is_elf = true,
		.is_64 = true,
		.swap = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__,
		.symbols = { (const unsigned char *)o->symbols, sizeof(o->symbols) },
		.symbol_count = 2,
		.symbol_names = { (const unsigned char *)o->names, sizeof(o->names) },
	};
}

static void objects_that_refer_to_it(void **state)
{
	struct world *w = make_world();
	struct why *why = ask(w, "libx.so.1", true);
	const struct why_objects *objects = NULL;
	struct why_blame blame;
	struct made_object o;
	size_t i;

	assert_int_equal(why_blame_init(&blame, why), 0);
	make_object(&o, "start", STB_GLOBAL);
	assert_int_equal(why_object(&blame, "main.o", NULL, &o.file, NULL), 0);
	make_object(&o, "start@X_1.0", STB_WEAK);
	assert_int_equal(why_object(&blame, "libu.a", "u.o", &o.file, NULL), 0);
	make_object(&o, "start@X_9", STB_GLOBAL);
	assert_int_equal(why_object(&blame, "other.o", NULL, &o.file, NULL), 0);
	assert_int_equal(why_finish(&blame), 0);
	for (i = 0; i < why->causes.count; i++) {
		if (!strcmp(why->causes.items[i].import.name, "start"))
			objects = &why->causes.items[i].objects;
	}
	assert_non_null(objects);
	assert_int_equal(why->object_count, 3);
	assert_int_equal(objects->count, 2);
	assert_string_equal(objects->items[0].file, "main.o");
	assert_null(objects->items[0].member);
	assert_string_equal(objects->items[1].member, "u.o");
	assert_true(objects->items[1].weak);
	why_free(why);
	world_done(w);
}

static const char map_text[] = "Archive member included to satisfy reference by file (symbol)\n"
			       "\n"
			       "./libu.a(u.o)                 ./libv.a(v.o) (u_open)\n"
			       "./libv.a(v.o)                 main.o (v_open)\n"
			       "\n"
			       "Memory Configuration\n"
			       "\n"
			       "Linker script and memory map\n"
			       "\n"
			       ".text           0x0000000000001000       0x10\n"
			       " .text          0x0000000000001000       0x10 main.o\n"
			       "\n"
			       "Cross Reference Table\n"
			       "\n"
			       "Symbol                                            File\n"
			       "start                                             /lib/libx.so.1\n"
			       "                                                  ./libu.a(u.o)\n";

static void the_linkers_map_tells_the_way(void **state)
{
	struct world *w = make_world();
	struct why *why = ask(w, "start", true);
	struct why_blame blame;
	struct linkmap *map;
	struct fault fault;
	const struct why_object *object;

	assert_int_equal(linkmap_read(map_text, sizeof(map_text) - 1, &map, &fault), 0);
	assert_int_equal(why_blame_init(&blame, why), 0);
	assert_int_equal(why_linker_map(&blame, map), 0);
	assert_int_equal(why_finish(&blame), 0);
	linkmap_free(map);
	assert_int_equal(why->causes.items[0].objects.count, 1);
	object = &why->causes.items[0].objects.items[0];
	assert_string_equal(object->file, "./libu.a(u.o)");
	assert_int_equal(object->pull_count, 2);
	assert_string_equal(object->pulls[0].referrer, "./libv.a(v.o)");
	assert_string_equal(object->pulls[0].symbol, "u_open");
	assert_string_equal(object->pulls[1].referrer, "main.o");
	why_free(why);
	world_done(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_version),
		cmocka_unit_test(a_version_that_weak_imports_alone_force),
		cmocka_unit_test(a_version_that_nothing_imports),
		cmocka_unit_test(a_library),
		cmocka_unit_test(a_library_of_a_library),
		cmocka_unit_test(a_symbol),
		cmocka_unit_test(a_name_as_in_the_source),
		cmocka_unit_test(nothing_of_that_name),
		cmocka_unit_test(objects_that_refer_to_it),
		cmocka_unit_test(the_linkers_map_tells_the_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
