/* SPDX-License-Identifier: Apache-2.0 */
/* Standard output and whole files; contract in cli/output.h. */
#include "cli/output.h"

#include <abifit/abifit.h>
#include "cli/message.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES 100

static int fail(struct output *output, int error)
{
	if (!output->error) {
		output->error = error;
		if (error != -EPIPE && error != -ENOMEM)
			message("%s: cannot write: %s", output->name, strerror(-error));
	}
	return error;
}

/* A file beside the target; its permissions are those of the file that it will replace. */
static int open_temporary(struct output *output)
{
	struct stat old;
	long id = getpid();

	for (unsigned i = 0; i < TRIES; i++) {
		free(output->temporary);
		if (asprintf(&output->temporary, "%s.%ld-%u", output->target, id, i) < 0) {
			output->temporary = NULL;
			return -ENOMEM;
		}
		output->fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (output->fd >= 0 || errno != EEXIST)
			break;
	}
	if (output->fd < 0) {
		int error = -errno;

		free(output->temporary);
		output->temporary = NULL;
		return error;
	}
	if (stat(output->target, &old) == 0 && fchmod(output->fd, old.st_mode & 07777))
		return -errno;
	return 0;
}

/* "/dev/stdout" and the like: the stream that the caller has set up, not a new file. */
static int duplicate_standard(const struct stat *wanted)
{
	struct stat open_;

	for (int fd = STDOUT_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fstat(fd, &open_) == 0 && open_.st_dev == wanted->st_dev &&
		    open_.st_ino == wanted->st_ino)
			return fcntl(fd, F_DUPFD_CLOEXEC, 0);
	}
	return -1;
}

/* Devices and pipes are written as they are; a symbolic link stays one. */
static int open_file(struct output *output, const char *path)
{
	struct stat old;

	if (stat(path, &old)) {
		output->target = strdup(path);
		return output->target ? open_temporary(output) : -ENOMEM;
	}
	output->fd = duplicate_standard(&old);
	if (output->fd >= 0)
		return 0;
	if (S_ISREG(old.st_mode)) {
		output->target = realpath(path, NULL);
		return output->target ? open_temporary(output) : -errno;
	}
	output->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
	return output->fd < 0 ? -errno : 0;
}

static void discard(struct output *output)
{
	if (output->temporary)
		unlink(output->temporary);
	free(output->temporary);
	free(output->target);
	output->temporary = output->target = NULL;
}

int output_open(struct output *output, const char *path)
{
	int r;

	*output = (struct output){ .fd = STDOUT_FILENO, .name = path ? path : "standard output" };
	if (!path)
		return 0;
	r = open_file(output, path);
	if (!r)
		return 0;
	fail(output, r);
	if (output->fd > STDERR_FILENO)
		close(output->fd);
	discard(output);
	return r;
}

int output_sink(void *data, const char *bytes, size_t size)
{
	struct output *output = data;

	while (size && !output->error) {
		ssize_t n = write(output->fd, bytes, size);

		if (n >= 0) {
			bytes += n;
			size -= (size_t)n;
		} else if (errno == EAGAIN) {
			poll(&(struct pollfd){ .fd = output->fd, .events = POLLOUT }, 1, -1);
		} else if (errno != EINTR) {
			fail(output, -errno);
		}
	}
	return output->error;
}

int output_close(struct output *output, bool keep)
{
	if (close(output->fd) && errno != EINTR)
		fail(output, -errno);
	if (output->temporary && keep && !output->error) {
		if (rename(output->temporary, output->target)) {
			fail(output, -errno);
		} else {
			free(output->temporary);
			output->temporary = NULL;
		}
	}
	discard(output);
	return output->error;
}

void output_guard_standard(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDONLY);
	} while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

int output_print(const char *path, void (*write)(struct out *out, const void *data),
		 const void *data)
{
	struct output output;
	struct out out;
	int closed;
	int r = output_open(&output, path);

	if (!r) {
		out_init(&out, output_sink, &output);
		write(&out, data);
		r = out_flush(&out);
		out_done(&out);
		closed = output_close(&output, !r);
		r = r ? r : closed;
	}
	if (r == -ENOMEM)
		message_status(r);
	return r ? ABIFIT_STATUS_INTERNAL : ABIFIT_STATUS_FITS;
}
