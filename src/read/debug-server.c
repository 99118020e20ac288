/* SPDX-License-Identifier: Apache-2.0 */
/* Debug files from debuginfod servers, where the build has that; contract in read/debug-find.h. */
#include "read/debug-find.h"

#ifdef HAVE_DEBUGINFOD

#include <elfutils/debuginfod.h>
#include <unistd.h>

int debug_try_server(struct debug_files *files, const struct debug_wish *wish,
		     struct debug_file **ret)
{
	debuginfod_client *client;
	char *path = NULL;
	int fd;
	int r = 0;

	if (!files->search.use_servers || !wish->id)
		return 0;
	client = debuginfod_begin();
	if (!client)
		return -ENOMEM;
	fd = debuginfod_find_debuginfo(client, wish->id, (int)wish->id_size, &path);
	if (fd >= 0) {
		close(fd);
		r = debug_try(files, wish, path, ret);
		free(path);
	}
	debuginfod_end(client);
	return fd == -ENOMEM ? -ENOMEM : r;
}

#else

int debug_try_server(struct debug_files *files, const struct debug_wish *wish,
		     struct debug_file **ret)
{
	return 0;
}

#endif
