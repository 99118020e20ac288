/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of forecast_judge(): each looks at one kind of trouble and adds findings. */
#ifndef ENGINE_LOAD_JUDGE_H
#define ENGINE_LOAD_JUDGE_H

#include "engine/load/forecast.h"
#include "engine/load/verify.h"

struct judge {
	struct forecast *forecast;
	struct forecaster *forecaster;
	const struct symbol_index *index;
	const struct forecast_options *options;
	uint32_t version; /* of the libc, 0: not known */
};

int judge_start(struct judge *judge) MUST_CHECK;    /* kernel and interpreter */
int judge_builds(struct judge *judge) MUST_CHECK;   /* one C library, from one build */
int judge_missing(struct judge *judge) MUST_CHECK;  /* libraries that do not load */
int judge_versions(struct judge *judge) MUST_CHECK; /* version needs */
int judge_files(struct judge *judge) MUST_CHECK;    /* processor, RELR, stack, static TLS, … */
int judge_symbols(struct judge *judge) MUST_CHECK;  /* bindings, copies, captures */
int judge_groups(struct judge *judge) MUST_CHECK;   /* what is loaded on demand */
int judge_lint(struct judge *judge) MUST_CHECK;

/* One reference whose provider is not the expected one. */
struct capture {
	uint32_t referrer;
	uint32_t expected;
	uint32_t actual;
	const struct index_image *entry;
	uint32_t reference;
	uint32_t symbol; /* in the actual provider */
};

struct captures {
	struct array_of(struct capture) items;
};

/* One reference that nothing defines. */
struct unresolved {
	uint32_t object;
	uint32_t reference;
	const struct index_image *entry;
	const char *file;    /* the library that had it at link time, or NULL */
	const char *version; /* or NULL */
	bool eager;
	bool used;
};

struct unresolved_list {
	struct array_of(struct unresolved) items;
};

/* Notes a reference without provider, unless it may go without. */
int unresolved_note(struct judge *judge, struct unresolved_list *list, uint32_t object,
		    const struct index_image *entry, uint32_t reference) MUST_CHECK;
int unresolved_judge(struct judge *judge, struct unresolved_list *list) MUST_CHECK;
/* For a plug-in whose host is not known: what it is expected to supply stays open. */
int unresolved_leave_open(struct judge *judge, const struct unresolved_list *list) MUST_CHECK;

/* Judges one binding: copies, protected symbols, kinds, old versions. */
int judge_bound(struct judge *judge, uint32_t object, const struct index_image *entry,
		const struct index_reference *ref, const struct binding *binding) MUST_CHECK;
/* The version that a symbol of an image has or asks for; NULL: none. */
const struct version *judge_asked_version(const struct image *image, uint32_t symbol);

/* Notes the reference if it is captured; called for references with several choices. */
int clash_note(struct judge *judge, struct captures *captures, uint32_t object,
	       const struct index_image *entry, uint32_t reference,
	       const struct binding *binding) MUST_CHECK;
int clash_judge(struct judge *judge, struct captures *captures) MUST_CHECK;

/* Helpers. */

/* Adds the imports of an object that have the version with this index. */
int judge_importers(struct judge *judge, struct finding *finding, uint32_t object,
		    uint16_t version) MUST_CHECK;

/* Adds a finding about the forecast's input; a group's priority lowers its verdict. */
struct finding *judge_add(struct judge *judge, const char *rule, uint32_t object);
const char *judge_text(struct judge *judge, const char *format, ...) PRINTF_LIKE(2, 3);
/* The file's name without its folder. */
const char *judge_name(const struct judge *judge, uint32_t object);
const char *judge_path(const struct judge *judge, uint32_t object);
/* Adds the steps "A needs B → path (rule)" that lead to an object. */
int judge_chain(struct judge *judge, struct finding *finding, uint32_t object) MUST_CHECK;
/* Says why unfit pages are only a risk: which ones the kernel has is not known. */
int judge_page_question(struct judge *judge, struct finding *finding) MUST_CHECK;
/* The process would end with this status, and say this. */
int judge_failure(struct judge *judge, struct finding *finding, unsigned exit_code,
		  const char *says) MUST_CHECK;
/* Up to `most` names as "a, b, c and 4 more". */
const char *judge_names(struct judge *judge, const char *const *names, size_t count, size_t most);

#endif
