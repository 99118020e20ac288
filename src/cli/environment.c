/* SPDX-License-Identifier: Apache-2.0 */
/* The assumed environment of the loader; contract in cli/environment.h. */
#include "cli/environment.h"

#include "cli/message.h"

#include <string.h>

#define SMALLEST_PAGE (4u << 10)
#define LARGEST_PAGE (256u << 10)

/* Suggestions for shells; the library knows more. */
static const struct option_choice cpus[] = {
	{ "native", 0 },    { "x86-64", 0 },	{ "x86-64-v2", 0 },
	{ "x86-64-v3", 0 }, { "x86-64-v4", 0 }, { 0 },
};

static const struct option_choice page_sizes[] = { { "4K", 0 }, { "16K", 0 }, { "64K", 0 }, { 0 } };

static const struct option_choice libcs[] = { { "musl", 0 }, { 0 } };

#define AT(field) .offset = offsetof(struct environment, field)

const struct option_row environment_rows[] = {
	{ .name = "root",
	  .alias = "sysroot",
	  .kind = OPTION_STRING,
	  AT(root),
	  .value = "DIR",
	  .complete = COMPLETE_FOLDER,
	  .help = "the system is the one in DIR (/)" },
	{ .name = "library-path",
	  .kind = OPTION_STRING,
	  AT(library_path),
	  .value = "PATH",
	  .complete = COMPLETE_FOLDER,
	  .help = "LD_LIBRARY_PATH is PATH" },
	{ .name = "preload",
	  .kind = OPTION_LIST,
	  AT(preload),
	  .value = "LIB",
	  .complete = COMPLETE_FILE,
	  .help = "LIB is in LD_PRELOAD; repeatable" },
	{ .name = "env-from",
	  .kind = OPTION_STRING,
	  AT(env_from),
	  .value = "FILE",
	  .complete = COMPLETE_FILE,
	  .help = "take LD_LIBRARY_PATH, LD_PRELOAD, LD_BIND_NOW from NAME=VALUE lines of FILE" },
	{ .name = "cpu",
	  .kind = OPTION_STRING,
	  AT(cpu),
	  .value = "NAME",
	  .choices = cpus,
	  .help = "the processor is a NAME, such as x86-64-v3 or native (the baseline)" },
	{ .name = "page-size",
	  .kind = OPTION_SIZE,
	  AT(page_size),
	  .value = "SIZE",
	  .min = SMALLEST_PAGE,
	  .max = LARGEST_PAGE,
	  .choices = page_sizes,
	  .help = "memory pages have SIZE: 4K, 16K, 64K or bytes (4K; aarch64: each of them)" },
	{ .name = "kernel-version",
	  .kind = OPTION_VERSION,
	  AT(kernel_version),
	  .value = "VERSION",
	  .help = "the kernel is VERSION, such as 5.10 (unknown)" },
	{ .name = "libc",
	  .kind = OPTION_VERSION,
	  AT(libc),
	  .value = "VERSION",
	  .choices = libcs,
	  .help = "judge by the rules of this C library: 2.36 is a glibc, 1.2.5 or musl a musl "
		  "(that of the system)" },
	{ .name = "cwd",
	  .kind = OPTION_STRING,
	  AT(cwd),
	  .value = "DIR",
	  .complete = COMPLETE_FOLDER,
	  .help = "programs are started in DIR (/)" },
	{ .name = "secure",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_ENVIRONMENT_SECURE,
	  .help = "as for a set-user-id program" },
	{ .name = "bind-now",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_ENVIRONMENT_BIND_NOW,
	  .help = "LD_BIND_NOW is set" },
	{ 0 },
};

/* What --env-from has said. */
struct variables {
	const char *library_path;
	const char *preload;
	const char *bind_now;
};

/* The value when `line` is "NAME=VALUE" with this name, else NULL. */
static const char *value_of(const char *line, const char *name)
{
	size_t length = strlen(name);

	return strncmp(line, name, length) == 0 && line[length] == '=' ? line + length + 1 : NULL;
}

static void take_line(struct variables *variables, const char *line, const char *path, bool verbose)
{
	const struct {
		const char *name;
		const char **field;
	} known[] = {
		{ "LD_LIBRARY_PATH", &variables->library_path },
		{ "LD_PRELOAD", &variables->preload },
		{ "LD_BIND_NOW", &variables->bind_now },
	};

	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		const char *value = value_of(line, known[i].name);

		if (value) {
			*known[i].field = *value ? value : NULL;
			return;
		}
	}
	if (verbose && strncmp(line, "LD_", 3) == 0)
		message("%s: %.*s is not used", path, (int)strcspn(line, "="), line);
}

static int read_variables(struct variables *variables, const char *path, bool verbose,
			  struct arena *arena)
{
	struct list lines = { 0 };
	int r = list_read(&lines, arena, path);

	for (size_t i = 0; !r && i < lines.count; i++)
		take_line(variables, lines.items[i], path, verbose);
	array_done(&lines);
	return r;
}

/* The names of LD_PRELOAD stand before those of the options, as the loader has it. */
static int merge_preload(struct environment *environment, const char *names, struct arena *arena)
{
	struct list merged = { 0 };
	char *name = arena_strdup(arena, names);
	char *rest = NULL;
	int r = name ? 0 : -ENOMEM;

	for (name = r ? NULL : strtok_r(name, " :", &rest); !r && name;
	     name = strtok_r(NULL, " :", &rest))
		r = list_add(&merged, name);
	for (size_t i = 0; !r && i < environment->preload.count; i++)
		r = list_add(&merged, environment->preload.items[i]);
	if (r) {
		array_done(&merged);
		return r;
	}
	array_done(&environment->preload);
	environment->preload = merged;
	return 0;
}

static int take_variables(struct environment *environment, bool verbose, struct arena *arena)
{
	struct variables variables = { 0 };
	int r = read_variables(&variables, environment->env_from, verbose, arena);

	if (r)
		return r;
	if (variables.bind_now)
		environment->flags |= ABIFIT_ENVIRONMENT_BIND_NOW;
	if (!environment->library_path)
		environment->library_path = variables.library_path;
	return variables.preload ? merge_preload(environment, variables.preload, arena) : 0;
}

static struct abifit_environment for_library(const struct environment *environment)
{
	return (struct abifit_environment){
		.size = sizeof(struct abifit_environment),
		.flags = environment->flags,
		.library_path = environment->library_path,
		.preload = environment->preload.items,
		.cwd = environment->cwd,
		.cpu = environment->cpu,
		.page_size = environment->page_size,
		.kernel_version = environment->kernel_version,
		.libc = environment->libc,
	};
}

int environment_begin(struct environment *environment, const struct common *common,
		      struct arena *arena, struct session *session, struct abifit_environment *ret)
{
	int r = 0;

	if (environment->cwd && environment->cwd[0] != '/') {
		message("--cwd: '%s' is not an absolute path", environment->cwd);
		return -EINVAL;
	}
	if (environment->env_from)
		r = take_variables(environment, common->flags & COMMON_VERBOSE, arena);
	*ret = for_library(environment);
	return r ? r : session_begin_system(session, environment->root);
}
