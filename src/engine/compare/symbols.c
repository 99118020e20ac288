/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each symbol that an old program can ask for, looked up in NEW as the loader
 * would: the exact version, else a definition without version; for a reference
 * without version the first node's, else the only default. What it finds is
 * compared with what OLD had; what it does not find is gone or moved.
 */
#include "engine/compare/renames.h"
#include "model/symbol-name.h"

#include <string.h>

#define LEAST_FLOOD 64

/* All symbols of one name on both sides. */
struct name_pair {
	const char *name;
	const struct corpus_symbol *old, *new;
	size_t old_count, new_count;
};

static const struct corpus_symbol *with_version(const struct corpus_symbol *symbols, size_t count,
						const char *version)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (symbols[i].version && version ? !strcmp(symbols[i].version, version)
						  : symbols[i].version == version)
			return &symbols[i];
	}
	return NULL;
}

static const struct corpus_symbol *default_of(const struct corpus_symbol *symbols, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (symbols[i].mark != MARK_HIDDEN)
			return &symbols[i];
	}
	return NULL;
}

/* What a program that was bound to `old` gets of NEW; NULL: nothing. */
static const struct corpus_symbol *resolve(const struct compare *c, const struct name_pair *pair,
					   const struct corpus_symbol *old)
{
	const struct corpus_symbol *found = NULL;
	size_t i;

	/* musl takes the default, whatever was asked for. */
	if (c->options->libc == LIBC_MUSL)
		return default_of(pair->new, pair->new_count);
	if (old->version) {
		found = with_version(pair->new, pair->new_count, old->version);
		if (!found)
			found = with_version(pair->new, pair->new_count, NULL);
		return found && !found->version && found->mark == MARK_HIDDEN ? NULL : found;
	}
	for (i = 0; i < pair->new_count && !found; i++) {
		if (pair->new[i].node < 3)
			found = &pair->new[i];
	}
	return found ? found : default_of(pair->new, pair->new_count);
}

static bool starts_with(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);

	return length >= strlen(end) && !strcmp(text + length - strlen(end), end);
}

/* Templates and inline functions of other libraries, which each user has a copy of. */
static bool is_foreign_template(const struct compare *c, const struct corpus_symbol *s)
{
	if (s->binding != STB_WEAK && s->binding != STB_GNU_UNIQUE)
		return false;
	return (!starts_with(c->out->name, "libstdc++") && symbol_is_of_standard(s->name)) ||
	       (!starts_with(c->out->name, "libboost") && symbol_is_of_boost(s->name));
}

static bool is_code(const struct corpus_symbol *s)
{
	return s->kind == SYMBOL_FUNCTION || s->kind == SYMBOL_IFUNC;
}

static bool is_data(const struct corpus_symbol *s)
{
	return s->kind == SYMBOL_VARIABLE || s->kind == SYMBOL_COMMON;
}

static const char *kind_of(const struct corpus_symbol *s)
{
	return symbol_kind_text(s->kind);
}

static int note_change(struct compare *c, const char *rule, const struct corpus_symbol *old,
		       const char *before, const char *after)
{
	const char *name = compare_symbol(c, old);
	const char *shown = compare_shown(c, old);

	if (!name || !shown || !before || !after)
		return -ENOMEM;
	return compare_note(c, rule, name, before, after,
			    compare_text(c, "%s was %s, now %s", shown, before, after));
}

static bool is_class_table(const char *name)
{
	return starts_with(name, "_ZTV") || starts_with(name, "_ZTT") || starts_with(name, "_ZTI");
}

static int compare_sizes(struct compare *c, const struct corpus_symbol *old,
			 const struct corpus_symbol *new)
{
	const char *rule = is_class_table(old->name) ? "abi/vt-size-changed-elf"
			   : new->size > old->size   ? "abi/object-size-grown"
						     : "abi/object-size-shrunk";

	/* Objects that are linked anew reserve nothing for others. */
	if (!old->size || !new->size || old->size == new->size || (c->old->flags & CORPUS_STATIC))
		return 0;
	return note_change(c, rule, old,
			   compare_text(c, "%llu bytes", (unsigned long long)old->size),
			   compare_text(c, "%llu bytes", (unsigned long long)new->size));
}

/* The name that `old` shared its place with is there still, but stands for something else. */
static bool splits(const struct compare *c, const struct corpus_symbol *old,
		   const struct corpus_symbol *new)
{
	const struct corpus_symbol *other;
	size_t count;

	if (!is_data(new))
		return false;
	other = corpus_find(c->new, old->alias, &count);
	if (!other || !is_data(other))
		return false;
	/* Both are named by the first of the names at their place. */
	return strcmp(new->alias ? new->alias : new->name,
		      other->alias ? other->alias : other->name) != 0;
}

/* `new` is what an old program gets for `old`. */
static int compare_pair(struct compare *c, const struct corpus_symbol *old,
			const struct corpus_symbol *new)
{
	bool is_protected = new->visibility == STV_PROTECTED && old->visibility != STV_PROTECTED;
	int r = 0;

	if ((is_code(old) && !is_code(new) && new->kind != SYMBOL_UNTYPED) ||
	    (is_code(new) && !is_code(old) && old->kind != SYMBOL_UNTYPED))
		return note_change(c, "abi/sym-func-to-object", old, kind_of(old), kind_of(new));
	if ((old->kind == SYMBOL_TLS) != (new->kind == SYMBOL_TLS))
		return note_change(c, "abi/sym-data-to-tls", old, kind_of(old), kind_of(new));
	if ((old->kind == SYMBOL_IFUNC) != (new->kind == SYMBOL_IFUNC))
		r = note_change(c, "abi/sym-ifunc-changed", old, kind_of(old), kind_of(new));
	if (!r && is_code(old) && old->marks != new->marks)
		r = note_change(c, "abi/pcs-marker-changed", old,
				compare_text(c, "called with the mark 0x%x", old->marks),
				compare_text(c, "with 0x%x", new->marks));
	if (!r && old->binding != new->binding) {
		if (new->binding == STB_GNU_UNIQUE)
			r = note_change(c, "abi/sym-unique-gained", old, "its library's own",
					"unique in the process");
		else if (old->binding == STB_GNU_UNIQUE)
			r = note_change(c, "abi/sym-unique-lost", old, "unique in the process",
					"its library's own");
		else
			r = note_change(c, "abi/sym-binding-weak-changed", old,
					old->binding == STB_WEAK ? "weak" : "strong",
					new->binding == STB_WEAK ? "weak" : "strong");
	}
	if (!r)
		r = compare_sizes(c, old, new);
	if (!r && is_data(old) && new->align > old->align && old->size == new->size)
		r = note_change(c, "abi/object-align-raised", old,
				old->align ? compare_text(c, "aligned to %u", old->align)
					   : "aligned as usual",
				compare_text(c, "to %u bytes", new->align));
	if (!r && is_data(old) && !old->read_only && new->read_only)
		r = note_change(c, "abi/object-moved-readonly", old, "writable", "read-only");
	if (!r && old->alias && splits(c, old, new))
		r = compare_note(c, "abi/sym-alias-split", old->name, old->alias, NULL,
				 compare_text(c, "%s and %s were one variable, now they are two",
					      old->name, old->alias));
	if (!r && is_protected)
		r = note_change(c,
				is_code(old) ? "abi/vis-default-to-protected-func"
					     : "abi/vis-default-to-protected-data",
				old, "of default visibility", "protected");
	return r;
}

/*
 * The library that defines what NEW lost, NULL: none. Its node must be there
 * still, for old programs ask this library for it.
 */
static int find_provider(struct compare *c, const struct corpus_symbol *old, const char **ret)
{
	const char *found = NULL;

	if (c->options->provider && (!old->version || corpus_node_find(c->new, old->version)))
		found = c->options->provider(c->options->data, old->name, old->version);
	/* The answer does not outlive the question. */
	*ret = found ? arena_strdup(&c->out->findings.arena, found) : NULL;
	return found && !*ret ? -ENOMEM : 0;
}

int compare_gone(struct compare *c, const struct corpus_symbol *old, const char *rule)
{
	const char *name = compare_symbol(c, old);
	const char *shown = compare_shown(c, old);
	const char *plain = !is_data(old) && old->kind != SYMBOL_TLS ? "abi/sym-function-removed"
			    : old->binding == STB_WEAK		     ? "abi/sym-weak-data-removed"
								     : "abi/sym-data-removed";

	struct finding *finding = compare_add(c, rule ? rule : plain, name,
					      shown ? compare_text(c, "%s is gone", shown) : NULL);

	if (!finding)
		return -ENOMEM;
	finding->before = name;
	return is_code(old) ? renames_weigh_loss(c, old, finding) : 0;
}

/*
 * A library that NEW needs has the symbol. Up to glibc 2.29 the loader insisted on
 * finding a version in the library that the program names.
 */
static int add_provided(struct compare *c, const struct corpus_symbol *old, const char *name,
			const char *shown, const char *provider)
{
	uint32_t glibc = c->options->glibc ? c->options->glibc(c->options->data) : 0;
	struct finding *finding = compare_add(
		c,
		old->version ? "abi/ver-symbol-to-other-library"
			     : "abi/sym-removed-provided-by-needed",
		name, compare_text(c, "%s is defined by %s now, which it needs", shown, provider));

	if (!finding)
		return -ENOMEM;
	finding->before = name;
	finding->after = provider;
	if (old->version && glibc)
		finding->verdict = glibc >= GLIBC(2, 30) ? VERDICT_OK : VERDICT_BREAK;
	return 0;
}

/* The name is no longer exported at all. */
static int add_removed(struct compare *c, const struct corpus_symbol *old)
{
	const char *name = compare_symbol(c, old);
	const char *shown = compare_shown(c, old);
	const char *provider;

	if (!name || !shown)
		return -ENOMEM;
	c->out->removed++;
	if (symbol_is_of_runtime(old->name))
		return compare_note(c, "abi/leak-runtime-symbol", name, name, NULL,
				    compare_text(c, "%s is no longer exported", shown));
	if (is_foreign_template(c, old))
		return compare_note(c, "abi/leak-std-instantiation", name, name, NULL,
				    compare_text(c, "%s is no longer exported", shown));
	if (find_provider(c, old, &provider))
		return -ENOMEM;
	if (provider)
		return add_provided(c, old, name, shown, provider);
	return array_push(&c->gone, old);
}

/* The name is there, but not with the version that old programs ask for. */
static int add_moved(struct compare *c, const struct name_pair *pair,
		     const struct corpus_symbol *old)
{
	const struct corpus_symbol *now = default_of(pair->new, pair->new_count);
	const char *name = compare_symbol(c, old);
	const char *after;
	struct finding *finding;
	bool is_backport;
	size_t i;

	for (i = 0; old->version && i < c->old->nodes.count; i++) {
		/* The node went as a whole: that has been said. */
		if (!strcmp(c->old->nodes.items[i].name, old->version) && c->fates[i] != NODE_KEPT)
			return 0;
	}
	after = compare_symbol(c, now ? now : &pair->new[0]);
	if (!name)
		return -ENOMEM;
	is_backport = c->options->was_backported &&
		      c->options->was_backported(c->options->data, name);
	finding = compare_add(
		c, is_backport ? "abi/ver-backport-other-node" : "abi/ver-symbol-moved", name,
		after ? compare_text(c,
				     "%s is gone; NEW has %s: old programs die at the first call",
				     name, after)
		      : NULL);
	if (!finding)
		return -ENOMEM;
	finding->before = name;
	finding->after = after;
	return 0;
}

static bool is_private(const struct corpus_symbol *s)
{
	return s->version && compare_is_private(s->version);
}

static int compare_old_symbol(struct compare *c, const struct name_pair *pair,
			      const struct corpus_symbol *old)
{
	const struct corpus_symbol *new = resolve(c, pair, old);

	if (!new && !pair->new_count)
		return add_removed(c, old);
	if (!new)
		return c->options->libc == LIBC_MUSL ? add_removed(c, old)
						     : add_moved(c, pair, old);
	if (old->version && !new->version && c->new->nodes.count) {
		const char *name = compare_symbol(c, old);

		if (compare_note(c, "abi/ver-symbol-to-base", name, old->version, NULL,
				 compare_text(c, "%s has no version any more", name ? name : "")))
			return -ENOMEM;
	}
	if (c->old->types && c->new->types && !is_foreign_template(c, old) &&
	    array_push(&c->kept, (struct symbol_pair){ old, new }))
		return -ENOMEM;
	return compare_pair(c, old, new);
}

/* Which version new programs are linked with. */
static int compare_defaults(struct compare *c, const struct name_pair *pair)
{
	const struct corpus_symbol *old = default_of(pair->old, pair->old_count);
	const struct corpus_symbol *new = default_of(pair->new, pair->new_count);
	bool is_kept = new &&new->version &&old &&
		       old->version &&strcmp(old->version, new->version) &&
		       with_version(pair->new, pair->new_count, old->version);
	const char *name;

	if (!old || !old->version || !pair->new_count || (new && !is_kept))
		return 0;
	name = compare_symbol(c, old);
	if (!name)
		return -ENOMEM;
	if (!new)
		return compare_note(
			c, "abi/ver-default-dropped", name, name, compare_symbol(c, &pair->new[0]),
			compare_text(c, "%s has no default version any more", pair->name));
	return compare_note(c, "abi/ver-symbol-moved-alias-kept", name, name,
			    compare_symbol(c, new),
			    compare_text(c, "%s: new programs take %s; %s@%s is kept for old ones",
					 pair->name, new->version, pair->name, old->version));
}

static bool is_allocator(const char *name)
{
	static const char *const names[] = {
		"malloc",	  "free",	   "calloc", "realloc", "memalign",
		"posix_memalign", "aligned_alloc", "valloc", "_Znwm",	"_Znam",
		"_ZdlPv",	  "_ZdaPv",	   "_Znwj",  "_Znaj",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(name, names[i]))
			return true;
	}
	return false;
}

/* Added to a node that OLD had released. */
static int compare_backport(struct compare *c, bool is_fresh, const struct corpus_symbol *new,
			    const char *name)
{
	const struct corpus_symbol plain = { .name = new->name, .mark = MARK_DEFAULT };
	const char *shown;
	const struct corpus_node *node = new->version ? corpus_node_find(c->old, new->version)
						      : NULL;

	/* A library of glibc that was merged into libc.so.6 keeps its nodes by such names. */
	if (ends_with(new->name, "_version_placeholder"))
		return 0;
	if (!c->has_releases || !node || !node->export_count || compare_is_private(node->name) ||
	    is_foreign_template(c, new) || symbol_is_of_runtime(new->name))
		return 0;
	if (is_fresh && c->options->known_elsewhere &&
	    c->options->known_elsewhere(c->options->data, new->name))
		return 0;
	shown = compare_shown(c, &plain);
	return shown ? compare_note(
			       c, "map/backport", name, NULL, node->name,
			       compare_text(c, "%s was added to %s, which OLD had already released",
					    shown, node->name))
		     : -ENOMEM;
}

/* A library that NEW needs has one of that name too: which of them a program gets depends on the
 * order. */
static const char *clashes_with(const struct compare *c, const struct corpus_symbol *new)
{
	const struct compare_options *options = c->options;

	/* A version keeps them apart; copies of inline functions and templates are meant to be
	 * alike. */
	if (new->version || new->binding == STB_WEAK || new->binding == STB_GNU_UNIQUE ||
	    !options->provider)
		return NULL;
	return options->provider(options->data, new->name, NULL);
}

static bool is_unnamed(const char *name)
{
	return starts_with(name, "_Z") &&
	       (strstr(name, "_GLOBAL__N_") || strstr(name, "EUl") || strstr(name, "EUt"));
}

static const char *rule_of_new(struct compare *c, const struct corpus_symbol *new,
			       const char **ret_where)
{
	*ret_where = NULL;
	if (symbol_is_of_runtime(new->name))
		return "abi/leak-runtime-symbol";
	if (is_foreign_template(c, new))
		return "abi/leak-std-instantiation";
	if (is_allocator(new->name))
		return "abi/allocator-exported";
	*ret_where = clashes_with(c, new);
	if (*ret_where)
		return "abi/sym-added-clash";
	if (is_unnamed(new->name))
		return "abi/class-anonymous-leak";
	return starts_with(new->name, "_Z") && renames_has_overload(c, c->old, new->name)
		       ? "abi/func-overload-added"
		       : "abi/sym-added";
}

int compare_added(struct compare *c, const struct corpus_symbol *new)
{
	const struct corpus_symbol plain = { .name = new->name, .mark = MARK_DEFAULT };
	const char *name = compare_symbol(c, new);
	const char *shown = compare_shown(c, &plain);
	const char *where;
	const char *rule = rule_of_new(c, new, &where);
	int r;

	if (!name || !shown)
		return -ENOMEM;
	r = compare_note(c, rule, name, NULL, name,
			 compare_text(c, "%s is new%s%s%s%s", shown, new->version ? ", in " : "",
				      new->version ? new->version : "",
				      where ? ", and there is one in " : "", where ? where : ""));
	return r ? r : compare_backport(c, true, new, name);
}

/* Many names came up at once that no version script let out. */
static int compare_flood(struct compare *c)
{
	size_t count = c->unversioned_added;

	if (count < LEAST_FLOOD || count < c->old->symbols.count / 2)
		return 0;
	return compare_note(
		c, "abi/vis-export-flood", c->out->name,
		compare_text(c, "%zu", c->old->symbols.count),
		compare_text(c, "%zu", c->new->symbols.count),
		compare_text(c,
			     "%zu names came up at once without a version; before there were %zu",
			     count, c->old->symbols.count));
}

/* What it is the new form of, if of anything, is found out when all names are known. */
static int add_fresh(struct compare *c, const struct corpus_symbol *new)
{
	c->out->added++;
	c->unversioned_added += !new->version;
	return array_push(&c->fresh, new);
}

/* One finding for all that changed in the private nodes. */
struct private_churn {
	size_t count;
	const char *node;
};

static int compare_name(struct compare *c, const struct name_pair *pair,
			struct private_churn *churn)
{
	size_t i;
	int r = 0;

	for (i = 0; !r && i < pair->old_count; i++) {
		const struct corpus_symbol *old = &pair->old[i];

		if (is_private(old)) {
			if (!with_version(pair->new, pair->new_count, old->version)) {
				churn->count++;
				churn->node = old->version;
			}
			continue;
		}
		r = compare_old_symbol(c, pair, old);
	}
	for (i = 0; !r && i < pair->new_count; i++) {
		const struct corpus_symbol *new = &pair->new[i];

		if (is_private(new)) {
			if (!with_version(pair->old, pair->old_count, new->version)) {
				churn->count++;
				churn->node = new->version;
			}
			continue;
		}
		if (!pair->old_count)
			r = add_fresh(c, new);
		else if (new->version && c->old->nodes.count &&
			 !with_version(pair->old, pair->old_count, new->version))
			r = compare_backport(c, false, new, compare_symbol(c, new));
	}
	return r ? r : compare_defaults(c, pair);
}

static size_t run_length(const struct corpus *corpus, size_t at)
{
	size_t end = at;

	while (end < corpus->symbols.count &&
	       !strcmp(corpus->symbols.items[end].name, corpus->symbols.items[at].name))
		end++;
	return end - at;
}

int compare_symbols(struct compare *c)
{
	const struct corpus *old = c->old;
	const struct corpus *new = c->new;
	struct private_churn churn = { 0 };
	size_t i = 0;
	size_t k = 0;

	while (i < old->symbols.count || k < new->symbols.count) {
		int order = i == old->symbols.count   ? 1
			    : k == new->symbols.count ? -1
						      : strcmp(old->symbols.items[i].name,
							       new->symbols.items[k].name);
		struct name_pair pair = { 0 };
		int r;

		if (order <= 0) {
			pair.old = &old->symbols.items[i];
			pair.old_count = run_length(old, i);
			pair.name = pair.old->name;
			i += pair.old_count;
		}
		if (order >= 0) {
			pair.new = &new->symbols.items[k];
			pair.new_count = run_length(new, k);
			pair.name = pair.new->name;
			k += pair.new_count;
		}
		r = compare_name(c, &pair, &churn);
		if (r)
			return r;
	}
	if (compare_flood(c))
		return -ENOMEM;
	if (!churn.count)
		return 0;
	return compare_note(c, "abi/ver-private-node-churn", churn.node, NULL, NULL,
			    compare_text(c, "%zu private symbol%s came or went (%s)", churn.count,
					 churn.count == 1 ? "" : "s", churn.node));
}
