/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a package: each path of the tree leads to its node again, and contents are whole. */
#include "read/package.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/*
 * libarchive asks for as much memory as the name of a cpio member claims to be long. It does not
 * touch it, but it costs a sanitizer much.
 */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "max_allocation_size_mb=256:allocator_may_return_null=1";
}

static const struct package_limits limits = {
	.file = 1 << 20,
	.total = 8 << 20,
	.ratio = 500,
	.nodes = 2000,
	.names = 1 << 16,
};

static void look_at(const struct package_tree *tree, const struct package_node *node)
{
	const struct package_node *found, *child;
	char *path = package_tree_path(node);

	if (!path)
		return;
	if (strlen(path) < PATH_MAX &&
	    (package_tree_find(tree, path, false, &found) || found != node))
		abort();
	if (node->kind == SOURCE_LINK && !package_tree_find(tree, path, true, &found) &&
	    found->kind == SOURCE_LINK)
		abort();
	free(path);
	if ((node->kind == SOURCE_FILE) != (node->file != NULL) ||
	    (node->kind == SOURCE_LINK) != (node->target != NULL))
		abort();
	if (node->file && node->file->bytes) {
		unsigned char sum = 0;
		uint64_t i;

		for (i = 0; i < node->file->size; i++)
			sum ^= node->file->bytes[i];
		__asm__ volatile("" : : "r"(sum)); /* read, whatever it is */
	}
	for (child = node->children; child; child = child->next) {
		if (child->parent != node || strchr(child->name, '/') || !*child->name ||
		    !strcmp(child->name, ".") || !strcmp(child->name, ".."))
			abort();
		look_at(tree, child);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct arena texts = { 0 };
	struct fault fault = { 0 };
	struct package *package;
	struct spool spool;
	int r;

	/* A small memory: large contents go through the file. */
	spool_init(&spool, 4096);
	r = package_read(bytes, size, &limits, PACKAGE_DATA | PACKAGE_CONTROL, &spool, &texts,
			 &fault, &package);
	if (r == -EBADMSG && (!fault.rule || !fault.section || !fault.text))
		abort();
	if (!r) {
		look_at(&package->data, &package->data.root);
		look_at(&package->control, &package->control.root);
		package_free(package);
	}
	spool_done(&spool);
	arena_done(&texts);
	return 0;
}
