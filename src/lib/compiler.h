/* SPDX-License-Identifier: Apache-2.0 */
/* The compiler that public headers are read with. */
#ifndef LIB_COMPILER_H
#define LIB_COMPILER_H

#include "base/arena.h"
#include "base/common.h"

struct compiler {
	const char *command; /* "cc", "gcc -m32"; words are parted at spaces */
	const char *const
		*flags; /* of the caller, NULL-terminated, each parted at spaces; or NULL */
	bool is_cxx;
	bool is_clang;
	char *folder; /* where it works; removed by compiler_done() */
};

/*
 * Makes a folder to work in and finds out which compiler it is. 0, -ENOMEM, or
 * another negative errno with *ret_problem, in `arena`, when there is none.
 */
int compiler_open(struct compiler *compiler, struct arena *arena,
		  const char **ret_problem) MUST_CHECK;
/*
 * Compiles `source` with further `arguments` (NULL-terminated); what they call "OUT"
 * is a file in its folder, whose bytes are given back in *ret, to be freed. 0;
 * -ENOMEM; -EINTR: a signal that is held back is to end the process; -EBADMSG: it does not compile,
 * and *ret_problem is the first error.
 */
int compiler_run(const struct compiler *compiler, const char *source, const char *const *arguments,
		 struct arena *arena, char **ret, size_t *ret_size,
		 const char **ret_problem) MUST_CHECK;
void compiler_done(struct compiler *compiler);

#endif
