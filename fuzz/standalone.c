/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target without libFuzzer: over the empty input, and over every file
 * below the given folders, whole and cut off at up to 512 lengths.
 */
#include <errno.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MOST_CUTS 512

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static unsigned long inputs;

/* A copy of the exact size, so that AddressSanitizer sees each byte read past it. */
static void run_one(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size);

	if (!copy && size)
		abort();
	if (size)
		memcpy(copy, bytes, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
	inputs++;
}

static uint8_t *read_file(const char *path, size_t size)
{
	uint8_t *bytes = malloc(size ? size : 1);
	FILE *file = fopen(path, "rb");

	if (!bytes || !file || fread(bytes, 1, size, file) != size) {
		fprintf(stderr, "%s: cannot be read\n", path);
		exit(1);
	}
	fclose(file);
	return bytes;
}

static int visit(const char *path, const struct stat *stat, int type, struct FTW *place)
{
	size_t size = (size_t)stat->st_size;
	size_t step = size / MOST_CUTS + 1;
	uint8_t *bytes;

	(void)place;
	if (type != FTW_F)
		return 0;
	bytes = read_file(path, size);
	for (size_t cut = 0; cut < size; cut += step)
		run_one(bytes, cut);
	run_one(bytes, size);
	free(bytes);
	return 0;
}

int main(int argc, char **argv)
{
	run_one((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++) {
		if (nftw(argv[i], visit, 8, FTW_PHYS) && errno != ENOENT) {
			perror(argv[i]);
			return 1;
		}
	}
	printf("%lu inputs\n", inputs);
	return 0;
}
