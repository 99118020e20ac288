/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/versions-package.h. */
#include "lib/versions-package.h"
#include "base/file.h"
#include "read/deb-control.h"
#include "read/package.h"
#include "read/rpm-header.h"

#include <string.h>

/* "1.2" of "1:1.2-3"; NULL: memory is out. */
static const char *upstream_part(struct arena *arena, const char *version)
{
	const char *colon = strchr(version, ':');
	const char *start = colon ? colon + 1 : version;
	const char *dash = strrchr(start, '-');

	return arena_strndup(arena, start, dash ? (size_t)(dash - start) : strlen(start));
}

static int fail(struct abifit_report *report, const char *path, int error,
		const struct fault *fault)
{
	size_t number;
	int r = report_add_input(report, path, &number);

	if (r)
		return r;
	return fault->rule ? report_input_error(report, number, fault->rule, fault, NULL)
			   : report_open_error(report, number, error);
}

static int take_control(struct arena *arena, const struct package_tree *tree, const char **ret)
{
	const struct package_node *node;
	struct deb_paragraph paragraph;
	struct deb_control control;
	const char *copy, *version;
	int r;

	if (package_tree_find(tree, "control", false, &node) || node->kind != SOURCE_FILE ||
	    !node->file->bytes)
		return 0;
	copy = arena_strndup(arena, (const char *)node->file->bytes, (size_t)node->file->size);
	if (!copy)
		return -ENOMEM;
	control = (struct deb_control){ copy, copy + strlen(copy) };
	if (!deb_control_next(&control, &paragraph))
		return 0;
	r = deb_field(arena, &paragraph, "Version", &version);
	if (r || !version)
		return r;
	*ret = upstream_part(arena, version);
	return *ret ? 0 : -ENOMEM;
}

static int take_deb(struct abifit_report *report, struct arena *arena, const char *path,
		    const char **ret)
{
	struct package *package = NULL;
	struct fault fault = { 0 };
	struct spool spool;
	int r;

	spool_init(&spool, PACKAGE_MEMORY);
	r = package_open(path, &package_default_limits, PACKAGE_CONTROL, &spool, arena, &fault,
			 &package);
	if (r && r != -ENOMEM)
		r = fail(report, path, r, &fault);
	else if (!r)
		r = take_control(arena, &package->control, ret);
	package_free(package);
	spool_done(&spool);
	return r;
}

static int take_rpm(struct abifit_report *report, struct arena *arena, const char *path,
		    const struct file *file, const char **ret)
{
	struct rpm_package package = { 0 };
	struct fault fault = { 0 };
	int r = rpm_header_read(file->bytes, file->size, &package, &fault);

	if (!r && fault.rule)
		r = fail(report, path, 0, &fault);
	else if (!r && package.evr) {
		*ret = upstream_part(arena, package.evr);
		r = *ret ? 0 : -ENOMEM;
	}
	rpm_package_done(&package);
	return r;
}

int package_upstream_version(struct abifit_report *report, struct arena *arena, const char *path,
			     const char **ret)
{
	static const struct fault no_fault;
	enum package_kind kind;
	struct file file;
	int r = file_map(path, &file);

	*ret = NULL;
	if (r)
		return r == -ENOMEM ? r : fail(report, path, r, &no_fault);
	kind = package_kind(file.bytes, size_min(file.size, PACKAGE_HEAD));
	if (kind == PACKAGE_RPM)
		r = take_rpm(report, arena, path, &file, ret);
	file_unmap(&file);
	return kind == PACKAGE_DEB ? take_deb(report, arena, path, ret) : r;
}
