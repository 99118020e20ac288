/* SPDX-License-Identifier: Apache-2.0 */
/* Contract in model/symbol-name.h. */
#include "model/symbol-name.h"

#include <string.h>

bool symbol_is_of_runtime(const char *name)
{
	static const char *const names[] = {
		"_init",   "_fini",	  "_edata",	   "edata",	   "_end",
		"end",	   "__bss_start", "__bss_start__", "__bss_end__",  "_bss_end__",
		"__end__", "_etext",	  "etext",	   "__data_start", "__dso_handle",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (!strcmp(name, names[i]))
			return true;
	}
	return false;
}

static bool starts_with_any(const char *text, const char *const *prefixes)
{
	for (; *prefixes; prefixes++) {
		if (!strncmp(text, *prefixes, strlen(*prefixes)))
			return true;
	}
	return false;
}

bool symbol_is_of_standard(const char *name)
{
	static const char *const prefixes[] = {
		"_ZNSt",   "_ZNKSt",	    "_ZSt",	      "_ZTVNSt",  "_ZTINSt",
		"_ZTSNSt", "_ZTVSt",	    "_ZTISt",	      "_ZTSSt",	  "_ZTTSt",
		"_ZTTNSt", "_ZN9__gnu_cxx", "_ZNK9__gnu_cxx", "_ZGVNSt",  "_ZGVNKSt",
		"_ZZNSt",  "_ZZNKSt",	    "_ZGVZNSt",	      "_ZNSa",	  "_ZNSs",
		"_ZNKSs",  "_ZNVSt",	    "_ZNOSt",	      "_ZNKRSt",  "_ZnwmPv",
		"_ZnamPv", "_ZnwjPv",	    "_ZnajPv",	      "_ZdlPvS_", "_ZdaPvS_",
		NULL,
	};

	return starts_with_any(name, prefixes);
}

bool symbol_is_of_boost(const char *name)
{
	static const char *const prefixes[] = {
		"_ZN5boost",   "_ZNK5boost",   "_ZTVN5boost", "_ZTIN5boost",
		"_ZTSN5boost", "_ZTTN5boost",  "_ZZN5boost",  "_ZZNK5boost",
		"_ZGVN5boost", "_ZGVZN5boost", NULL,
	};

	return starts_with_any(name, prefixes);
}
