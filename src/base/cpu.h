/* SPDX-License-Identifier: Apache-2.0 */
/* The processor that this runs on. */
#ifndef BASE_CPU_H
#define BASE_CPU_H

/* Its x86-64 level as the psABI defines them, 1 to 4; 1 on other machines. */
unsigned cpu_x86_level(void);

#endif
