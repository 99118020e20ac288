/* SPDX-License-Identifier: Apache-2.0 */
/* engine/compare/passing.c over hand-made types: sound ones, and what no compiler would write. */
#include "engine/compare/passing.h"

#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct passing_machine machines[] = {
	{ .elf_machine = EM_X86_64, .is_64 = true },
	{ .elf_machine = EM_386 },
	{ .elf_machine = EM_AARCH64, .is_64 = true },
	{ .elf_machine = EM_ARM, .flags = EF_ARM_ABI_FLOAT_HARD },
	{ .elf_machine = EM_ARM, .flags = EF_ARM_ABI_FLOAT_SOFT },
	{ .elf_machine = EM_RISCV, .is_64 = true, .flags = EF_RISCV_FLOAT_ABI_DOUBLE },
	{ .elf_machine = EM_PPC64, .is_64 = true, .flags = 2 },
	{ .elf_machine = EM_S390, .is_64 = true, .is_big = true },
};

/* Types to begin with. */
enum { VOID, UNKNOWN, INT, LONG, FLOAT, DOUBLE, FIRST_OWN };

static struct types *new_types(void)
{
	static const struct type first[] = {
		[VOID] = { .kind = TYPE_VOID },
		[UNKNOWN] = { .kind = TYPE_UNKNOWN },
		[INT] = { .kind = TYPE_BASE, .encoding = 5, .has_size = true, .size = 4 },
		[LONG] = { .kind = TYPE_BASE, .encoding = 5, .has_size = true, .size = 8 },
		[FLOAT] = { .kind = TYPE_BASE, .encoding = 4, .has_size = true, .size = 4 },
		[DOUBLE] = { .kind = TYPE_BASE, .encoding = 4, .has_size = true, .size = 8 },
	};
	struct types *types = calloc(1, sizeof(*types));
	size_t i;

	assert_non_null(types);
	for (i = 0; i < ARRAY_SIZE(first); i++)
		assert_int_equal(array_push(&types->items, first[i]), 0);
	return types;
}

static type_id add(struct types *types, struct type type)
{
	type.first_part = (uint32_t)types->parts.count;
	assert_int_equal(array_push(&types->items, type), 0);
	return (type_id)types->items.count - 1;
}

/* To the type that was added last. */
static void add_part(struct types *types, struct type_part part)
{
	assert_int_equal(array_push(&types->parts, part), 0);
	types->items.items[types->items.count - 1].part_count++;
}

static type_id add_struct(struct types *types, uint64_t size)
{
	return add(types, (struct type){ .kind = TYPE_STRUCT, .has_size = true, .size = size });
}

static void add_member(struct types *types, type_id type, uint64_t byte)
{
	add_part(types, (struct type_part){ .kind = PART_MEMBER, .type = type, .place = byte * 8 });
}

static type_id add_array(struct types *types, type_id element, uint64_t count)
{
	type_id id = add(types, (struct type){ .kind = TYPE_ARRAY, .target = element });

	add_part(types, (struct type_part){ .kind = PART_DIMENSION, .place = count });
	return id;
}

static struct passing passing(const struct types *types, type_id type, size_t machine,
			      bool is_result)
{
	struct passing p;

	passing_of(types, type, &machines[machine], is_result, &p);
	return p;
}

/* Nothing may be said of the type, on any machine. */
static void assert_unknown(const struct types *types, type_id type)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(machines); i++) {
		struct passing argument = passing(types, type, i, false);

		assert_int_equal(argument.how, PASSING_UNKNOWN);
		assert_int_equal(passing(types, type, i, true).how, PASSING_UNKNOWN);
		assert_false(passing_equal(&argument, &argument));
	}
}

static void test_plain(void **state)
{
	struct types *types = new_types();
	type_id pair = add_struct(types, 16);
	type_id name;
	struct passing a, b;

	(void)state;
	add_member(types, LONG, 0);
	add_member(types, DOUBLE, 8);
	name = add(types, (struct type){ .kind = TYPE_TYPEDEF, .target = pair });
	name = add(types, (struct type){ .kind = TYPE_CONST, .target = name });
	a = passing(types, pair, 0, false);
	b = passing(types, name, 0, false);
	assert_true(passing_equal(&a, &b));
	assert_int_equal(a.how, PASSING_REGISTERS);
	assert_int_equal(a.count, 2);
	assert_int_equal(a.classes[0], PASSING_INTEGER);
	assert_int_equal(a.classes[1], PASSING_SSE);
	assert_string_equal(passing_text(&types->arena, &a), "in 1 integer and 1 vector register");
	assert_int_equal(passing(types, pair, 1, false).how, PASSING_MEMORY);
	assert_int_equal(passing(types, pair, 7, false).how, PASSING_REFERENCE);
	assert_int_equal(passing(types, VOID, 2, true).how, PASSING_NOTHING);
	a = passing(types, INT, 0, false);
	b = passing(types, LONG, 0, false);
	assert_false(passing_equal(&a, &b));
	types_free(types);
}

static void test_classes(void **state)
{
	struct types *types = new_types();
	type_id class = add_struct(types, 4), holder, array, virtual;
	size_t i;

	(void)state;
	types->items.items[class].call = TYPE_CALL_BY_REFERENCE;
	add_member(types, INT, 0);
	array = add_array(types, class, 2);
	holder = add_struct(types, 8);
	add_member(types, array, 0);
	virtual = add_struct(types, 8);
	add_member(types, LONG, 0);
	add_part(types, (struct type_part){ .kind = PART_METHOD });
	for (i = 0; i < ARRAY_SIZE(machines); i++) {
		assert_int_equal(passing(types, class, i, false).how, PASSING_REFERENCE);
		assert_int_equal(passing(types, holder, i, false).how, PASSING_REFERENCE);
		assert_int_equal(passing(types, holder, i, true).how, PASSING_MEMORY);
		assert_int_equal(passing(types, virtual, i, false).how, PASSING_REFERENCE);
	}
	types->items.items[virtual].call = TYPE_CALL_BY_VALUE;
	assert_int_equal(passing(types, virtual, 0, false).how, PASSING_REGISTERS);
	types_free(types);
}

static void test_unknown(void **state)
{
	struct types *types = new_types();
	type_id holder = add_struct(types, 16);
	type_id pointer;

	(void)state;
	add_member(types, UNKNOWN, 0);
	assert_unknown(types, UNKNOWN);
	assert_unknown(types, holder);
	assert_unknown(types, 12345);
	assert_unknown(types,
		       add(types, (struct type){ .kind = TYPE_STRUCT, .is_declared = true }));
	assert_unknown(types, add(types, (struct type){ .kind = TYPE_FUNCTION }));
	assert_unknown(types, add_array(types, INT, 2));
	pointer = add(types, (struct type){ .kind = TYPE_POINTER, .target = UNKNOWN });
	assert_int_equal(passing(types, pointer, 0, false).how, PASSING_REGISTERS);
	types_free(types);
}

/* Types that are inside of themselves. */
static void test_circles(void **state)
{
	struct types *types = new_types();
	type_id id = (type_id)types->items.count;

	(void)state;
	assert_int_equal(add_struct(types, 8), id);
	add_member(types, id, 0);
	assert_unknown(types, id);
	id = (type_id)types->items.count;
	assert_unknown(types, add(types, (struct type){ .kind = TYPE_TYPEDEF, .target = id }));
	id = (type_id)types->items.count;
	assert_unknown(types, add_array(types, id, 1));
	id = (type_id)types->items.count;
	add(types, (struct type){ .kind = TYPE_ARRAY, .is_vector = true, .target = id });
	assert_unknown(types, id);
	types_free(types);
}

static void test_huge(void **state)
{
	struct types *types = new_types();
	type_id empty = add_struct(types, 0);
	type_id ids[4];
	size_t i, k;

	(void)state;
	ids[0] = add_array(types, INT, UINT64_MAX - 1);
	ids[1] = add_array(types, empty, UINT64_MAX - 1);
	ids[2] = add_array(types, FLOAT, UINT64_C(1) << 40);
	ids[3] = add_array(types, ids[2], UINT64_C(1) << 30);
	for (i = 0; i < ARRAY_SIZE(ids); i++) {
		/* As true to its size as damage may be, or lying. */
		type_id holder = add_struct(types, i == 2 ? UINT64_C(4) << 40 : 16);

		add_member(types, ids[i], 0);
		add_member(types, INT, UINT64_C(1) << 58);
		for (k = 0; k < ARRAY_SIZE(machines); k++) {
			passing(types, holder, k, false);
			passing(types, holder, k, true);
		}
	}
	types_free(types);
}

/* Each holds the one before twice: two to the power of their number in all. */
static void test_deep(void **state)
{
	struct types *types = new_types();
	type_id id = INT;
	unsigned i;

	(void)state;
	for (i = 0; i < 40; i++) {
		type_id inner = id;

		id = add(types, (struct type){ .kind = TYPE_UNION, .has_size = true, .size = 4 });
		add_member(types, inner, 0);
		add_member(types, inner, 0);
	}
	assert_unknown(types, id);
	for (i = 0, id = INT; i < 5000; i++) {
		type_id inner = id;

		id = add_struct(types, 4);
		add_member(types, inner, 0);
	}
	assert_unknown(types, id);
	types_free(types);
}

static void test_machines(void **state)
{
	static const struct passing_machine others[] = {
		{ .elf_machine = EM_MIPS },
		{ .elf_machine = EM_X86_64 },
		{ .elf_machine = EM_S390, .is_big = true },
		{ .elf_machine = EM_PPC64, .is_64 = true, .is_big = true, .flags = 1 },
	};
	struct types *types = new_types();
	struct passing p;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		passing_of(types, INT, &others[i], false, &p);
		assert_int_equal(p.how, PASSING_UNKNOWN);
	}
	/* With neither of the bits an arm file does not say where floats are. */
	passing_of(types, FLOAT, &(struct passing_machine){ .elf_machine = EM_ARM }, false, &p);
	assert_int_equal(p.how, PASSING_UNKNOWN);
	types_free(types);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),	 cmocka_unit_test(test_classes),
		cmocka_unit_test(test_unknown),	 cmocka_unit_test(test_circles),
		cmocka_unit_test(test_huge),	 cmocka_unit_test(test_deep),
		cmocka_unit_test(test_machines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
