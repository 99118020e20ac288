/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a file of waivers, and what they cover of a few findings. */
#include "lib/waivers.h"
#include "read/waivers.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void try_all(struct waivers *waivers)
{
	static const char *const rows[][2] = {
		{ "abi/sym-function-removed", "foo@@V_1" },
		{ "abi/sym-added", "_ZN2ns1fEi" },
		{ "load/library-missing",
		  "libaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.so.1" },
	};
	static struct corpus_symbol symbols[] = {
		{ .name = "_ZN2ns1fEi", .kind = SYMBOL_FUNCTION },
		{ .name = "foo", .version = "V_1", .kind = SYMBOL_FUNCTION },
	};
	struct corpus corpus = { .path = "lib/libfoo.so.1", .soname = "libfoo.so.1" };
	struct waiver_target target = { .old = &corpus, .new = &corpus };
	struct findings list = { 0 };
	size_t i;

	corpus.symbols.items = symbols;
	corpus.symbols.count = ARRAY_SIZE(symbols);
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct finding *finding = finding_add(&list, rows[i][0], "libfoo.so.1");

		check(finding != NULL);
		finding->subject = rows[i][1];
	}
	check(!waivers_apply(waivers, &target, &list, 0));
	for (i = 0; i < list.items.count; i++)
		check(!list.items.items[i].waived || list.items.items[i].verdict == VERDICT_OK);
	findings_done(&list);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct waivers *waivers = calloc(1, sizeof(*waivers));
	size_t i;

	check(waivers != NULL);
	check(!waivers_read((const char *)bytes, size, "fuzz", waivers));
	for (i = 0; i < waivers->items.count; i++) {
		const struct waiver *waiver = &waivers->items.items[i];

		check(waiver->line && waiver->reason && waiver->subject &&
		      (waiver->rule || waiver->scope));
		check(!waiver->rule || !waiver_rule_fault(waiver->rule));
		check(!waiver->expires || waiver_is_day(waiver->expires));
	}
	for (i = 0; i < waivers->problems.count; i++)
		check(waivers->problems.items[i].line && waivers->problems.items[i].text);
	try_all(waivers);
	waivers_free(waivers);
	return 0;
}
