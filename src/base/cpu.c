/* SPDX-License-Identifier: Apache-2.0 */
/* x86-64 psABI, "micro-architecture levels", by CPUID. */
#include "base/cpu.h"
#include "base/common.h"

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>

enum { EAX, EBX, ECX, EDX };

/* One feature bit that a level asks for. */
struct feature {
	unsigned level;
	unsigned leaf;
	unsigned subleaf;
	unsigned word;
	unsigned bit;
};

static const struct feature features[] = {
	{ 2, 1, 0, ECX, 0 },	      { 2, 1, 0, ECX, 9 },	  { 2, 1, 0, ECX, 13 },
	{ 2, 1, 0, ECX, 19 },	      { 2, 1, 0, ECX, 20 },	  { 2, 1, 0, ECX, 23 },
	{ 2, 0x80000001, 0, ECX, 0 }, { 3, 1, 0, ECX, 12 },	  { 3, 1, 0, ECX, 22 },
	{ 3, 1, 0, ECX, 27 },	      { 3, 1, 0, ECX, 28 },	  { 3, 1, 0, ECX, 29 },
	{ 3, 7, 0, EBX, 3 },	      { 3, 7, 0, EBX, 5 },	  { 3, 7, 0, EBX, 8 },
	{ 3, 0x80000001, 0, ECX, 5 }, { 4, 7, 0, EBX, 16 },	  { 4, 7, 0, EBX, 17 },
	{ 4, 7, 0, EBX, 28 },	      { 4, 7, 0, EBX, 30 },	  { 4, 7, 0, EBX, 31 },
};

unsigned cpu_x86_level(void)
{
	unsigned level = 4;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(features); i++) {
		const struct feature *f = &features[i];
		unsigned words[4] = { 0 };

		if (!__get_cpuid_count(f->leaf, f->subleaf, &words[EAX], &words[EBX], &words[ECX],
				       &words[EDX]) ||
		    !(words[f->word] >> f->bit & 1)) {
			if (f->level <= level)
				level = f->level - 1;
		}
	}
	return level;
}
#else
unsigned cpu_x86_level(void)
{
	return 1;
}
#endif
