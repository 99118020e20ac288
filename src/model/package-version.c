/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in model/package-version.h. */
#include "model/package-version.h"

#include <string.h>

struct part {
	const char *text;
	size_t length;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct part digits_of(struct part *rest)
{
	struct part digits;
	size_t length = 0;

	while (rest->length && *rest->text == '0') {
		rest->text++;
		rest->length--;
	}
	while (length < rest->length && is_digit(rest->text[length]))
		length++;
	digits = (struct part){ rest->text, length };
	rest->text += length;
	rest->length -= length;
	return digits;
}

/* Numbers of any length, without leading zeros. */
static int compare_digits(struct part a, struct part b)
{
	if (a.length != b.length)
		return a.length < b.length ? -1 : 1;
	return a.length ? memcmp(a.text, b.text, a.length) : 0;
}

/* "~" before the end, the end before letters, letters before all else. */
static int deb_weight(struct part rest)
{
	unsigned char c = rest.length ? (unsigned char)*rest.text : 0;

	if (!rest.length || is_digit((char)c))
		return 0;
	if (c == '~')
		return -1;
	return is_letter((char)c) ? c : c + 256;
}

static bool has_other(struct part rest)
{
	return rest.length && !is_digit(*rest.text);
}

static int compare_deb_part(struct part a, struct part b)
{
	while (a.length || b.length) {
		int order;

		while (has_other(a) || has_other(b)) {
			order = deb_weight(a) - deb_weight(b);
			if (order)
				return order;
			a.text++, a.length--;
			b.text++, b.length--;
		}
		order = compare_digits(digits_of(&a), digits_of(&b));
		if (order)
			return order;
	}
	return 0;
}

struct deb_version {
	struct part epoch, upstream, revision;
};

static struct deb_version deb_split(const char *version)
{
	const char *colon = strchr(version, ':');
	struct deb_version ret = { .epoch = { version, 0 } };
	const char *dash;

	if (colon) {
		ret.epoch.length = (size_t)(colon - version);
		version = colon + 1;
	}
	dash = strrchr(version, '-');
	ret.upstream = (struct part){ version, dash ? (size_t)(dash - version) : strlen(version) };
	if (dash)
		ret.revision = (struct part){ dash + 1, strlen(dash + 1) };
	return ret;
}

/* What is not there is like what is empty. */
static struct part given(struct part part)
{
	return part.text ? part : (struct part){ "", 0 };
}

int deb_version_compare(const char *a, const char *b)
{
	struct deb_version one = deb_split(a);
	struct deb_version other = deb_split(b);
	int order = compare_deb_part(one.epoch, other.epoch);

	if (!order)
		order = compare_deb_part(one.upstream, other.upstream);
	return order ? order : compare_deb_part(given(one.revision), given(other.revision));
}

static bool consists_of(struct part part, const char *others)
{
	size_t i;

	for (i = 0; i < part.length; i++) {
		char c = part.text[i];

		if (!is_digit(c) && !is_letter(c) && !strchr(others, c))
			return false;
	}
	return true;
}

const char *deb_version_fault(const char *version)
{
	struct deb_version v = deb_split(version);
	size_t i;

	if (!*version)
		return "it is empty";
	for (i = 0; i < v.epoch.length; i++) {
		if (!is_digit(v.epoch.text[i]))
			return "its epoch is not a number";
	}
	if (strchr(version, ':') && !v.epoch.length)
		return "its epoch is empty";
	if (!v.upstream.length)
		return "nothing stands before the revision";
	if (!is_digit(v.upstream.text[0]))
		return "it does not start with a digit";
	if (v.revision.text && !v.revision.length)
		return "its revision is empty";
	if (!consists_of(v.upstream, ".+-~:"))
		return "a character cannot stand in a version";
	return consists_of(v.revision, ".+~") ? NULL : "a character cannot stand in a revision";
}

static void skip_separators(struct part *rest)
{
	while (rest->length && !is_digit(*rest->text) && !is_letter(*rest->text) &&
	       *rest->text != '~' && *rest->text != '^')
		rest->text++, rest->length--;
}

static bool starts_with(struct part rest, char c)
{
	return rest.length && *rest.text == c;
}

static struct part letters_of(struct part *rest)
{
	struct part letters = { rest->text, 0 };

	while (letters.length < rest->length && is_letter(rest->text[letters.length]))
		letters.length++;
	rest->text += letters.length;
	rest->length -= letters.length;
	return letters;
}

static int compare_letters(struct part a, struct part b)
{
	int order = memcmp(a.text, b.text, size_min(a.length, b.length));

	if (order)
		return order;
	return (a.length > b.length) - (a.length < b.length);
}

/* "~" sorts before all, also the end; "^" before all but the end. 1: both had the mark. */
static int compare_marks(struct part *a, struct part *b, int *ret)
{
	bool tilde[2] = { starts_with(*a, '~'), starts_with(*b, '~') };
	bool caret[2] = { starts_with(*a, '^'), starts_with(*b, '^') };

	*ret = 0;
	if ((tilde[0] && tilde[1]) || (caret[0] && caret[1] && !tilde[0] && !tilde[1])) {
		a->text++, a->length--;
		b->text++, b->length--;
		return 1;
	}
	if (tilde[0] || tilde[1])
		*ret = tilde[0] ? -1 : 1;
	else if (caret[0] || caret[1])
		*ret = caret[0] ? (b->length ? -1 : 1) : (a->length ? 1 : -1);
	return 0;
}

static int compare_rpm_part(struct part a, struct part b)
{
	while (a.length || b.length) {
		int order;

		skip_separators(&a);
		skip_separators(&b);
		if (compare_marks(&a, &b, &order))
			continue;
		if (order)
			return order;
		if (!a.length || !b.length)
			break;
		if (is_digit(*a.text)) {
			if (!is_digit(*b.text))
				return 1;
			order = compare_digits(digits_of(&a), digits_of(&b));
		} else {
			if (is_digit(*b.text))
				return -1;
			order = compare_letters(letters_of(&a), letters_of(&b));
		}
		if (order)
			return order;
	}
	return (a.length > 0) - (b.length > 0);
}

int rpm_version_compare(const char *a, const char *b)
{
	return compare_rpm_part((struct part){ a, strlen(a) }, (struct part){ b, strlen(b) });
}

/* Only digits are an epoch; else the colon belongs to the version. */
static struct deb_version rpm_split(const char *evr)
{
	size_t digits = strspn(evr, "0123456789");
	struct deb_version ret = { .epoch = { "0", 1 } };
	const char *dash;

	if (evr[digits] == ':') {
		if (digits)
			ret.epoch = (struct part){ evr, digits };
		evr += digits + 1;
	}
	dash = strrchr(evr, '-');
	ret.upstream = (struct part){ evr, dash ? (size_t)(dash - evr) : strlen(evr) };
	if (dash)
		ret.revision = (struct part){ dash + 1, strlen(dash + 1) };
	return ret;
}

int rpm_evr_compare(const char *a, const char *b)
{
	struct deb_version one = rpm_split(a);
	struct deb_version other = rpm_split(b);
	int order = compare_rpm_part(one.epoch, other.epoch);

	if (!order)
		order = compare_rpm_part(one.upstream, other.upstream);
	if (order)
		return order;
	if (!one.revision.text || !other.revision.text)
		return (one.revision.text != NULL) - (other.revision.text != NULL);
	return compare_rpm_part(one.revision, other.revision);
}
