/* SPDX-License-Identifier: Apache-2.0 */
/* How the data of each question is freed. */
#ifndef LIB_KINDS_H
#define LIB_KINDS_H

struct show;
struct why;

void show_free(struct show *show);
void why_free(struct why *why);

#endif
