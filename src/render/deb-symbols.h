/* SPDX-License-Identifier: Apache-2.0 */
/* A symbols file as text, deb-symbols(5). */
#ifndef RENDER_DEB_SYMBOLS_H
#define RENDER_DEB_SYMBOLS_H

#include "base/out.h"
#include "model/deb-symbols.h"

struct symbols_style {
	const char *package; /* what #PACKAGE# becomes */
	bool template;	     /* tags and patterns stay */
	bool verbose;	     /* missing symbols, and what patterns matched, as comments */
};

/* 0 or -ENOMEM; errors of the output stay in `out`. */
int symbols_write(struct out *out, const struct symbols_file *file,
		  const struct symbols_style *style) MUST_CHECK;

#endif
