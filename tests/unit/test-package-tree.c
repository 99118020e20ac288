/* SPDX-License-Identifier: Apache-2.0 */
#include "read/package-tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void add(struct package_tree *tree, const char *path, enum source_kind kind,
		const char *target)
{
	struct package_node *node;

	assert_int_equal(package_tree_add(tree, path, kind, &node), 0);
	if (node && kind == SOURCE_FILE)
		node->file = package_tree_new_file(tree);
	if (node)
		node->target = target;
}

/* Where a path leads; the error when it leads nowhere. */
static void expect(const struct package_tree *tree, const char *path, int error, const char *place)
{
	const struct package_node *node;
	char *real;

	assert_int_equal(package_tree_find(tree, path, true, &node), error);
	if (error)
		return;
	real = package_tree_path(node);
	assert_string_equal(real, place);
	free(real);
}

static struct package_tree *make(size_t nodes)
{
	static struct package_tree tree;

	package_tree_init(&tree, nodes, 100000);
	return &tree;
}

static void nothing_leads_out(void **state)
{
	struct package_tree *tree = make(100);

	(void)state;
	add(tree, "../../usr/./lib//a", SOURCE_FILE, NULL);
	add(tree, "/usr/lib/up", SOURCE_LINK, "../../../../usr/lib/a");
	add(tree, "usr/lib/whole", SOURCE_LINK, "/usr/lib/a");
	add(tree, "usr/lib/away", SOURCE_LINK, "/etc/passwd");
	add(tree, "lib", SOURCE_LINK, "usr/lib/");
	add(tree, "usr/root", SOURCE_LINK, "..");
	expect(tree, "usr/lib/a", 0, "/usr/lib/a");
	expect(tree, "/usr/lib/up", 0, "/usr/lib/a");
	expect(tree, "/../lib/whole", 0, "/usr/lib/a");
	expect(tree, "lib/away", -ENOENT, NULL);
	expect(tree, "usr/root/lib/../lib/a", 0, "/usr/lib/a");
	expect(tree, "usr/root", 0, "/");
	expect(tree, "", 0, "/");
	expect(tree, "usr/lib/a/", -ENOTDIR, NULL);
	expect(tree, "usr/lib/a/..", -ENOTDIR, NULL);
	expect(tree, "usr/none", -ENOENT, NULL);
	package_tree_done(tree);
}

static void entries_go_where_links_lead(void **state)
{
	struct package_tree *tree = make(100);
	struct package_node *node;

	(void)state;
	add(tree, "lib", SOURCE_LINK, "usr/lib");
	add(tree, "lib/a", SOURCE_FILE, NULL);
	expect(tree, "usr/lib/a", 0, "/usr/lib/a");
	/* A folder that is there already stays what it is, a link to one too. */
	add(tree, "lib", SOURCE_FOLDER, NULL);
	add(tree, "usr/lib", SOURCE_FILE, NULL);
	expect(tree, "lib/a", 0, "/usr/lib/a");
	/* The last of a name counts. */
	add(tree, "lib/a", SOURCE_LINK, "b");
	expect(tree, "lib/a", -ENOENT, NULL);
	add(tree, "lib/b", SOURCE_FILE, NULL);
	expect(tree, "lib/a", 0, "/usr/lib/b");
	assert_int_equal(package_tree_add(tree, "lib/b/c", SOURCE_FILE, &node), -ENOTDIR);
	package_tree_done(tree);
}

static void all_is_bounded(void **state)
{
	struct package_tree *tree = make(10);
	struct package_node *node;
	char name[PATH_MAX + 8];

	(void)state;
	add(tree, "a", SOURCE_LINK, "b");
	add(tree, "b", SOURCE_LINK, "a");
	expect(tree, "a", -ELOOP, NULL);
	assert_int_equal(package_tree_add(tree, "a/c", SOURCE_FILE, &node), -ELOOP);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(package_tree_add(tree, name, SOURCE_FILE, &node), -ENAMETOOLONG);
	expect(tree, name, -ENAMETOOLONG, NULL);
	assert_int_equal(package_tree_add(tree, "1/2/3/4/5/6/7/8", SOURCE_FILE, &node), 0);
	assert_int_equal(package_tree_add(tree, "9", SOURCE_FILE, &node), -E2BIG);
	package_tree_done(tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_leads_out),
		cmocka_unit_test(entries_go_where_links_lead),
		cmocka_unit_test(all_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
