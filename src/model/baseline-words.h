/* SPDX-License-Identifier: Apache-2.0 */
/* Words of baselines that their reader and their writer share. */
#ifndef MODEL_BASELINE_WORDS_H
#define MODEL_BASELINE_WORDS_H

#define BASELINE_HEAD "abifit-baseline 1"

/* By enum symbol_kind. */
static const char *const baseline_kinds[] = {
	"function", "variable", "ifunc", "tls", "common", "untyped", "absolute", "section", "other",
};

/* By DW_ATE_; NULL: written as a number. */
static const char *const baseline_encodings[] = {
	[0x02] = "boolean", [0x03] = "complex", [0x04] = "float",
	[0x05] = "signed",  [0x06] = "char",	[0x07] = "unsigned",
	[0x08] = "uchar",   [0x0f] = "decimal", [0x10] = "utf",
};

/* Words that begin a type where it is used; a scalar type of such a name is written with "scalar".
 */
static const char *const baseline_type_words[] = {
	"struct",      "class",	   "union",    "enum",	     "typedef",	 "scalar",
	"const",       "volatile", "restrict", "atomic",     "void",	 "of",
	"unspecified", "vector",   "noreturn", "convention", "implicit", "unprototyped",
};

/* Access of a member or base, by DW_ACCESS_. */
static const char *const baseline_accesses[] = { NULL, "public", "protected", "private" };

#endif
