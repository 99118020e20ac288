/* SPDX-License-Identifier: Apache-2.0 */
/* Reads lines "A<tab>B" and prints the order of A and B, by the rules "deb" or "rpm". */
#include "model/package-version.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	bool deb = argc > 1 && !strcmp(argv[1], "deb");
	char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		char *tab = strchr(line, '\t');

		line[strcspn(line, "\n")] = '\0';
		if (!tab)
			break;
		*tab = '\0';
		printf("%d\n",
		       deb ? deb_version_compare(line, tab + 1) : rpm_evr_compare(line, tab + 1));
	}
	free(line);
	return 0;
}
