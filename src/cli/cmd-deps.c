/* SPDX-License-Identifier: Apache-2.0 */
/* `abifit deps`: metadata of packages from what their files give and need. */
#include "cli/message.h"
#include "cli/session.h"

struct deps_settings {
	struct common common;
	uint32_t questions; /* bits of ASK_… */
	uint32_t flags;	    /* ABIFIT_DEPS_… */
	const char *root;
	const char *package;
	const char *package_version;
	const char *arch;
	uint32_t level;
	struct list packages;
	struct list library_dirs;
	struct list exclude;
	const char *shlibs_local;
	const char *control;
	struct list from;
};

/* What --rpm can list. */
#define LISTS                                                                                      \
	(ABIFIT_DEPS_PROVIDES | ABIFIT_DEPS_REQUIRES | ABIFIT_DEPS_RECOMMENDS |                    \
	 ABIFIT_DEPS_SUGGESTS)
#define ASK(question) (1u << (question))
#define AT(field) .offset = offsetof(struct deps_settings, field)

static const struct option_row questions[] = {
	{ .name = "rpm",
	  .kind = OPTION_FLAG,
	  AT(questions),
	  .bit = ASK(ABIFIT_DEPS_RPM),
	  .help = "what each FILE provides or requires, as rpm's elfdeps writes it" },
	{ .name = "deb",
	  .kind = OPTION_FLAG,
	  AT(questions),
	  .bit = ASK(ABIFIT_DEPS_DEB),
	  .help = "the dependencies of a Debian package with the files, as dpkg-shlibdeps works "
		  "them out" },
	{ .name = "check",
	  .kind = OPTION_FLAG,
	  AT(questions),
	  .bit = ASK(ABIFIT_DEPS_CHECK),
	  .help = "does a package declare what its files need, and would it start?" },
	{ .name = "names",
	  .kind = OPTION_FLAG,
	  AT(questions),
	  .bit = ASK(ABIFIT_DEPS_NAMES),
	  .help = "by which names distributions know what the files need" },
	{ .name = "symbols",
	  .kind = OPTION_FLAG,
	  AT(questions),
	  .bit = ASK(ABIFIT_DEPS_SYMBOLS),
	  .help = "Debian's symbols file for libraries; a FILE that is no ELF file is the one to "
		  "update" },
	{ 0 },
};

static const struct option_row rpm_rows[] = {
	{ .name = "provides",
	  .letter = 'P',
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_DEPS_PROVIDES,
	  .help = "what libraries give" },
	{ .name = "requires",
	  .letter = 'R',
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_DEPS_REQUIRES,
	  .help = "what files need" },
	{ .name = "recommends",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_DEPS_RECOMMENDS,
	  .help = "libraries that files load when they run, by their notes" },
	{ .name = "suggests",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_DEPS_SUGGESTS,
	  .help = "those that their notes only suggest" },
	{ .name = "soname-only",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_DEPS_SONAME_ONLY,
	  .help = "libraries without their versions" },
	{ .name = "no-fake-soname",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_DEPS_NO_FAKE_SONAME,
	  .help = "a library without a soname does not provide its file's name" },
	{ .name = "no-filter-soname",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_DEPS_NO_FILTER_SONAME,
	  .help = "also names that are not like lib*.so* or ld*.so*" },
	{ .name = "require-interp",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_DEPS_REQUIRE_INTERP,
	  .help = "programs require the path of their loader" },
	{ .name = "multifile",
	  .letter = 'm',
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_DEPS_MULTIFILE,
	  .help = "a line \";FILE\" before the lines of each FILE that has some, as rpm 4.20 wants it" },
	{ 0 },
};

static const struct option_row deb_rows[] = {
	{ .name = "root",
	  .kind = OPTION_STRING,
	  AT(root),
	  .value = "DIR",
	  .complete = COMPLETE_FOLDER,
	  .help = "the system whose libraries and packages count (/)" },
	{ .name = "packages",
	  .kind = OPTION_LIST,
	  AT(packages),
	  .value = "PATH",
	  .complete = COMPLETE_FILE,
	  .help = "look in these packages before: a .deb, a folder of them, or one that has a "
		  "folder DEBIAN; repeatable" },
	{ .name = "library-dir",
	  .letter = 'l',
	  .kind = OPTION_LIST,
	  AT(library_dirs),
	  .value = "DIR",
	  .help = "look for libraries in this folder of the system before; repeatable" },
	{ .name = "shlibs-local",
	  .kind = OPTION_STRING,
	  AT(shlibs_local),
	  .value = "FILE",
	  .complete = COMPLETE_FILE,
	  .help = "a shlibs file that goes before all others" },
	{ .name = "control",
	  .kind = OPTION_STRING,
	  AT(control),
	  .value = "FILE",
	  .complete = COMPLETE_FILE,
	  .help = "debian/control of the source, for its Build-Depends" },
	{ .name = "exclude",
	  .letter = 'x',
	  .kind = OPTION_LIST,
	  AT(exclude),
	  .value = "PACKAGE",
	  .help = "leave dependencies on it out; repeatable" },
	{ .name = "ignore-missing-info",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_DEPS_IGNORE_MISSING,
	  .help = "libraries that no package tells of are notes" },
	{ .name = "substvars",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_DEPS_SUBSTVARS,
	  .help = "as variables for dpkg-gencontrol: shlibs:Depends=..." },
	{ 0 },
};

static const struct option_row names_rows[] = {
	{ .name = "from",
	  .kind = OPTION_LIST,
	  AT(from),
	  .value = "DIR",
	  .complete = COMPLETE_FOLDER,
	  .help = "a distribution: a root folder, or a folder of .deb or .rpm packages; repeatable" },
	{ 0 },
};

static const struct option_choice levels[] = {
	{ "0", 1 }, { "1", 2 }, { "2", 3 }, { "3", 4 }, { "4", 5 }, { 0 },
};

static const struct option_row symbols_rows[] = {
	{ .name = "package",
	  .kind = OPTION_STRING,
	  AT(package),
	  .value = "NAME",
	  .help = "name of the libraries' package" },
	{ .name = "package-version",
	  .kind = OPTION_STRING,
	  AT(package_version),
	  .value = "VERSION",
	  .help = "its version: that of new symbols" },
	{ .name = "level",
	  .letter = 'c',
	  .kind = OPTION_CHOICE,
	  AT(level),
	  .choices = levels,
	  .value = "N",
	  .help = "what breaks: 1 lost symbols, 2 also new ones, 3 also lost libraries, 4 also new "
		  "ones; 0 nothing (1)" },
	{ .name = "arch",
	  .kind = OPTION_STRING,
	  AT(arch),
	  .value = "ARCH",
	  .help = "Debian's name of the architecture that tags are about (that of the library)" },
	{ .name = "template",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_DEPS_TEMPLATE,
	  .help = "with tags and patterns" },
	{ .name = "missing",
	  .kind = OPTION_FLAG,
	  AT(flags),
	  .bit = ABIFIT_DEPS_MISSING,
	  .help = "with what is missing and what patterns matched, as comments" },
	{ 0 },
};

static const struct option_table tables[] = {
	{ .title = "Questions, one of", .rows = questions },
	{ .title = "With --rpm", .rows = rpm_rows },
	{ .title = "With --deb and --check", .rows = deb_rows },
	{ .title = "With --names", .rows = names_rows },
	{ .title = "With --symbols", .rows = symbols_rows },
	COMMON_TABLE(struct deps_settings),
	{ 0 },
};

/* The one question that is asked; 0 is none, or more. */
static uint32_t question_of(const struct deps_settings *settings)
{
	uint32_t bits = settings->questions;

	return bits && !(bits & (bits - 1)) ? (uint32_t)__builtin_ctz(bits) : 0;
}

static int check_settings(const struct deps_settings *settings)
{
	uint32_t question = question_of(settings);

	if (!question) {
		message("which question? One of --rpm, --deb, --check, --names, --symbols; see 'abifit deps --help'");
		return -EINVAL;
	}
	if (question == ABIFIT_DEPS_RPM && !(settings->flags & LISTS)) {
		message("--rpm needs --provides or --requires");
		return -EINVAL;
	}
	return 0;
}

/* Lines for a package manager go to standard output alone: what was wrong is said beside it. */
static void say_errors(const struct session *session)
{
	const struct abifit_report *report = session->report;

	for (size_t i = 0; i < abifit_report_finding_count(report); i++) {
		const struct abifit_finding *finding = abifit_report_finding(report, i);

		if (!finding)
			continue;
		message("%s: %s%s%s%s%s", finding->input, finding->message,
			finding->why ? ": " : "", finding->why ? finding->why[0] : "",
			finding->why && finding->why[1] ? ", " : "",
			finding->why && finding->why[1] ? finding->why[1] : "");
	}
}

static int ask(const struct deps_settings *settings, struct session *session,
	       const struct list *files)
{
	struct abifit_deps_options options = {
		.size = sizeof(options),
		.question = question_of(settings),
		.flags = settings->flags,
		.package = settings->package,
		.package_version = settings->package_version,
		.arch = settings->arch,
		.level = settings->level,
		.packages = settings->packages.items,
		.library_dirs = settings->library_dirs.items,
		.exclude = settings->exclude.items,
		.shlibs_local = settings->shlibs_local,
		.control = settings->control,
		.from = settings->from.items,
	};

	return session_check(session, abifit_deps(session->system, files->items, files->count,
						  &options, &session->report));
}

static int run(void *data, struct invocation *invocation)
{
	const struct deps_settings *settings = data;
	struct session session = { 0 };
	int r = check_settings(settings);

	/* rpm writes the names to standard input; that there are none is fine. */
	if (!r && !invocation->operands.count && question_of(settings) == ABIFIT_DEPS_RPM) {
		r = list_read(&invocation->operands, invocation->arena, "-");
		if (!r && !invocation->operands.count)
			return ABIFIT_STATUS_FITS;
	} else if (!r) {
		r = session_files(invocation, settings->root);
	}
	if (!r)
		r = session_begin_system(&session, settings->root);
	if (!r)
		r = ask(settings, &session, &invocation->operands);
	if (!r && question_of(settings) != ABIFIT_DEPS_CHECK &&
	    strcmp(common_format(&settings->common), "text") == 0)
		say_errors(&session);
	return session_end(&session, &settings->common, r);
}

const struct command command_deps = {
	.name = "deps",
	.summary = "package metadata from what files give and need",
	.usage = "QUESTION [OPTION]... [FILE]...",
	.about =
		"Writes the dependencies of packages from the symbols, versions and libraries that each FILE\n"
		"gives and needs, as the tools of rpm and Debian do, without running them.",
	.options = tables,
	.operands = COMPLETE_FILE,
	.settings_size = sizeof(struct deps_settings),
	.run = run,
};
