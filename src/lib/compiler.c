/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in lib/compiler.h. */
#include "lib/compiler.h"
#include "base/array.h"
#include "base/file.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define LONGEST_RUN 120	       /* seconds of CPU */
#define MOST_BYTES (1u << 30)  /* of what it writes */
#define MOST_MESSAGE (1 << 16) /* of its errors */

extern char **environ;

struct words array_of(char *);

/* Adds the words of `text`, which are parted at spaces; they belong to the list. */
static int add_words(struct words *words, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, " \t");
		char *copy = length ? strndup(text, length) : NULL;

		if (length && (!copy || array_push(words, copy))) {
			free(copy);
			return -ENOMEM;
		}
		text += length;
		text += strspn(text, " \t");
	}
	return 0;
}

static void words_done(struct words *words)
{
	size_t i;

	for (i = 0; i < words->count; i++)
		free(words->items[i]);
	array_done(words);
}

static int in_folder(const struct compiler *compiler, const char *name, char **ret)
{
	return asprintf(ret, "%s/%s", compiler->folder, name) < 0 ? -ENOMEM : 0;
}

static int write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");
	int r;

	if (!file)
		return -errno;
	r = fputs(text, file) < 0 ? -EIO : 0;
	return fclose(file) ? -EIO : r;
}

static int read_file(const char *path, size_t most, char **ret, size_t *ret_size)
{
	struct file file;
	int r = file_map(path, &file);

	*ret = NULL;
	*ret_size = 0;
	if (r)
		return r;
	*ret_size = size_min(file.size, most);
	*ret = malloc(*ret_size + 1);
	if (*ret) {
		if (*ret_size)
			memcpy(*ret, file.bytes, *ret_size);
		(*ret)[*ret_size] = '\0';
	}
	file_unmap(&file);
	return *ret ? 0 : -ENOMEM;
}

/* Where what the compiler says goes, and nothing comes from. */
static int redirect(posix_spawn_file_actions_t *actions, const char *errors)
{
	int r = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);

	if (!r)
		r = posix_spawn_file_actions_addopen(actions, STDOUT_FILENO, "/dev/null", O_WRONLY,
						     0);
	if (!r)
		r = posix_spawn_file_actions_addopen(actions, STDERR_FILENO, errors,
						     O_WRONLY | O_CREAT | O_TRUNC, 0600);
	return -r;
}

/* It is bounded once it runs: a bound of this process could end the one that asks. */
static void bound(pid_t child)
{
	struct rlimit limit;

	if (prlimit(child, RLIMIT_CPU, NULL, &limit))
		return;
	if (limit.rlim_max > LONGEST_RUN) {
		limit.rlim_cur = LONGEST_RUN;
		prlimit(child, RLIMIT_CPU, &limit, NULL);
	}
}

/* Signals that this process holds back may end the child. */
static int spawn(struct words *words, const posix_spawn_file_actions_t *actions, pid_t *ret)
{
	posix_spawnattr_t attributes;
	sigset_t none;
	int r = -posix_spawnattr_init(&attributes);

	if (r)
		return r;
	sigemptyset(&none);
	r = -posix_spawnattr_setsigmask(&attributes, &none);
	if (!r)
		r = -posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	if (!r)
		r = -posix_spawnp(ret, words->items[0], actions, &attributes, words->items,
				  environ);
	posix_spawnattr_destroy(&attributes);
	return r;
}

/* Is the process to end as soon as it lets signals through? */
static bool is_interrupted(void)
{
	sigset_t pending;

	return !sigpending(&pending) &&
	       (sigismember(&pending, SIGINT) > 0 || sigismember(&pending, SIGTERM) > 0 ||
		sigismember(&pending, SIGHUP) > 0);
}

/* The exit status of the words, run as a command; a negative errno: it did not start. */
static int run(struct words *words, const char *errors)
{
	posix_spawn_file_actions_t actions;
	pid_t child;
	int status;
	int r = -posix_spawn_file_actions_init(&actions);

	if (r)
		return r;
	r = redirect(&actions, errors);
	if (!r)
		r = spawn(words, &actions, &child);
	if (!r)
		bound(child);
	posix_spawn_file_actions_destroy(&actions);
	if (r)
		return r;
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	if (is_interrupted())
		return -EINTR;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

/* The line that says what is wrong. */
static const char *first_error(struct arena *arena, const char *text)
{
	const char *error = strstr(text, "error:");
	const char *start = error;

	if (!error)
		return arena_strndup(arena, text, strcspn(text, "\n"));
	while (start > text && start[-1] != '\n')
		start--;
	return arena_strndup(arena, start, strcspn(start, "\n"));
}

static int add_all(struct words *words, const struct compiler *compiler, const char *source,
		   const char *out, const char *const *arguments)
{
	const char *const *flag;
	int r = add_words(words, compiler->command);

	for (flag = compiler->flags; !r && flag && *flag; flag++)
		r = add_words(words, *flag);
	for (flag = arguments; !r && *flag; flag++) {
		char *copy = strdup(strcmp(*flag, "OUT") ? *flag : out);

		r = copy && !array_push(words, copy) ? 0 : -ENOMEM;
		if (r)
			free(copy);
	}
	if (!r)
		r = add_words(words, compiler->is_cxx ? "-x c++" : "-x c");
	if (!r) {
		char *copy = strdup(source);

		r = copy && !array_push(words, copy) ? 0 : -ENOMEM;
		if (r)
			free(copy);
	}
	return r ? r : array_push(words, NULL);
}

int compiler_run(const struct compiler *compiler, const char *source, const char *const *arguments,
		 struct arena *arena, char **ret, size_t *ret_size, const char **ret_problem)
{
	AUTO_FREE char *path = NULL;
	AUTO_FREE char *out = NULL;
	AUTO_FREE char *errors = NULL;
	AUTO_FREE char *text = NULL;
	struct words words = { 0 };
	size_t size;
	int r = in_folder(compiler, compiler->is_cxx ? "probe.cc" : "probe.c", &path);

	*ret = NULL;
	*ret_problem = NULL;
	if (!r)
		r = in_folder(compiler, "out", &out);
	if (!r)
		r = in_folder(compiler, "errors", &errors);
	if (!r)
		r = write_file(path, source);
	if (!r)
		r = add_all(&words, compiler, path, out, arguments);
	if (!r) {
		unlink(out);
		r = run(&words, errors);
	}
	words_done(&words);
	if (r == -ENOMEM || r == -EINTR)
		return r;
	if (r < 0) {
		*ret_problem = arena_printf(arena, "%s: %s", compiler->command, strerror(-r));
		return *ret_problem ? -EBADMSG : -ENOMEM;
	}
	if (r) {
		if (read_file(errors, MOST_MESSAGE, &text, &size) == -ENOMEM)
			return -ENOMEM;
		*ret_problem = text && *text ? first_error(arena, text) : "the compiler failed";
		return *ret_problem ? -EBADMSG : -ENOMEM;
	}
	r = read_file(out, MOST_BYTES, ret, ret_size);
	/* Nothing was written where nothing was asked for. */
	return r == -ENOMEM ? r : 0;
}

int compiler_open(struct compiler *compiler, struct arena *arena, const char **ret_problem)
{
	static const char *const show_macros[] = { "-dM", "-E", "-o", "OUT", NULL };
	const char *base = getenv("TMPDIR");
	AUTO_FREE char *text = NULL;
	size_t size;
	int r;

	*ret_problem = NULL;
	if (asprintf(&compiler->folder, "%s/abifit-XXXXXX", base && *base ? base : "/tmp") < 0) {
		compiler->folder = NULL;
		return -ENOMEM;
	}
	if (!mkdtemp(compiler->folder)) {
		*ret_problem = arena_printf(arena, "%s: %s", compiler->folder, strerror(errno));
		free(compiler->folder);
		compiler->folder = NULL;
		return *ret_problem ? -EBADMSG : -ENOMEM;
	}
	r = compiler_run(compiler, "", show_macros, arena, &text, &size, ret_problem);
	if (!r)
		compiler->is_clang = text && strstr(text, "__clang__");
	return r;
}

/* Needs no memory: what is left behind would stay. */
void compiler_done(struct compiler *compiler)
{
	static const char *const names[] = { "probe.c", "probe.cc", "out", "errors" };
	size_t i;
	int folder;

	if (!compiler->folder)
		return;
	folder = open(compiler->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (i = 0; folder >= 0 && i < ARRAY_SIZE(names); i++)
		unlinkat(folder, names[i], 0);
	if (folder >= 0)
		close(folder);
	rmdir(compiler->folder);
	free(compiler->folder);
	compiler->folder = NULL;
}
