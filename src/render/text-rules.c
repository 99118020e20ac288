/* SPDX-License-Identifier: Apache-2.0 */
/* Text of `rules`, `explain` and `features`. */
#include "render/render.h"

const char *const render_features[] = {
	"version", ABIFIT_VERSION,
#ifdef HAVE_DEMANGLE
	"demangle", "yes",
#else
	"demangle", "no",
#endif
#ifdef HAVE_LIBARCHIVE
	"packages", "deb rpm tar",
#else
	"packages", "none: built without libarchive",
#endif
	"relocations", "x86-64 x32 i386 aarch64 aarch64be armhf armel ppc64le s390x riscv64 loongarch64",
	"loaders", "glibc musl",
	"caches", "ld.so-1.7.0 compat glibc-ld.so.cache1.1 ld.so.conf",
	"formats", "text json",
	NULL,
};

static void write_row(struct out *out, const char *label, const char *text)
{
	out_printf(out, "  %-13s %s\n", label, text);
}

static void explain(struct out *out, const struct rule *rule)
{
	out_printf(out, "%s: %s\n", rule->id, rule->summary);
	out_printf(out, "  %-13s %s, severity %s\n", "verdict", verdict_text(rule->verdict),
		   severity_text(rule->severity));
	write_row(out, "effect", rule->effect);
	write_row(out, "harmless", rule->harmless);
	write_row(out, "fix", rule->fix);
	write_row(out, "lowered if", rule->lowered_if);
	write_row(out, "raised if", rule->raised_if);
	write_row(out, "status", rule->status);
	if (rule->lint)
		write_row(out, "shown", "with --lint or -v");
}

int text_rules(const struct report *report, struct out *out, const struct render_options *options)
{
	const struct rule *rule;
	size_t i;

	if (report->rule) {
		explain(out, report->rule);
		return 0;
	}
	for (i = 0; (rule = rule_at(i)) != NULL; i++)
		out_printf(out, "%-30s %-5s %s\n", rule->id, verdict_text(rule->verdict), rule->summary);
	return 0;
}

int text_features(const struct report *report, struct out *out,
		  const struct render_options *options)
{
	size_t i;

	for (i = 0; render_features[i]; i += 2)
		out_printf(out, "%-12s %s\n", render_features[i], render_features[i + 1]);
	return 0;
}
