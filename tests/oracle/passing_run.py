# SPDX-License-Identifier: Apache-2.0
"""A program that tries which types can stand for each other, for passing.py."""

# Integers, floats and doubles in front of the value.
PLACES = [(0, 0, 0), (1, 0, 0), (2, 0, 0), (3, 0, 0), (4, 0, 0), (5, 0, 0), (7, 0, 0), (0, 1, 0), (0, 0, 7), (1, 0, 8), (8, 0, 14), (9, 0, 8)]
NEIGHBOURS = 12  # of one size, that a type is tried with

HEAD = r"""
#ifdef __cplusplus
extern "C" {
#endif
int printf(const char *, ...); int fork(void); int waitpid(int, int *, int); void _exit(int); unsigned alarm(unsigned);
int fflush(void *); int main(void);
#ifdef __cplusplus
}
#endif
#define NOINLINE __attribute__((noinline, noclone, noipa))
#ifdef __clang__
#undef NOINLINE
#define NOINLINE __attribute__((noinline))
#endif
#define SIZE 4096
typedef __SIZE_TYPE__ size;
typedef void (*any)(void);
static unsigned char sent[SIZE], got[SIZE], both[SIZE];
static long got_long;
static double got_double;
static int calls;
static void take(const void *x, size n, long l, double d)
{
	__builtin_memcpy(got, x, n); got_long = l; got_double = d; calls++;
}
struct entry { size bytes; any takers[PLACES]; void (*givers[PLACES])(any); any maker; void (*user)(any); void (*mask)(unsigned char *); };
"""

MAIN = r"""
#define COUNT (sizeof(entries) / sizeof(*entries))
static unsigned state = 1;
static void fill(void)
{
	for (size i = 0; i < SIZE; i++) { state = state * 1103515245 + 12345; sent[i] = 1 + (state >> 16) % 62; }
}
static int arrived(size n)
{
	for (size i = 0; i < n; i++) if ((got[i] ^ sent[i]) & both[i]) return 0;
	return 1;
}
static void set_both(const struct entry *a, const struct entry *b)
{
	static unsigned char other[SIZE];
	__builtin_memset(both, 0, SIZE); __builtin_memset(other, 0, SIZE);
	a->mask(both); b->mask(other);
	for (size i = 0; i < SIZE; i++) both[i] &= other[i];
}
static int argument(const struct entry *from, const struct entry *to)
{
	for (int round = 0; round < 2; round++)
		for (int p = 0; p < PLACES; p++) {
			fill(); __builtin_memset(got, 0xa5, SIZE); calls = 0; got_long = 0; got_double = 0;
			from->givers[p](to->takers[p]);
			if (calls != 1 || got_long != 123456789 || got_double != 0.375 || !arrived(from->bytes)) return 0;
		}
	return 1;
}
static int result(const struct entry *from, const struct entry *to)
{
	for (int round = 0; round < 2; round++) {
		fill(); __builtin_memset(got, 0xa5, SIZE);
		from->user(to->maker);
		if (!arrived(from->bytes)) return 0;
	}
	return 1;
}
/* In a process of its own: what does not fit may write anywhere. */
static int apart(int (*test)(const struct entry *, const struct entry *), const struct entry *a, const struct entry *b)
{
	int status = 0, child;
	fflush(0);
	child = fork();
	if (!child) { alarm(20); set_both(a, b); _exit(test(a, b) && test(b, a) ? 42 : 1); }
	waitpid(child, &status, 0);
	return (status & 0x7f) == 0 && (status >> 8 & 0xff) == 42;
}
int main(void)
{
	for (size i = 0; i < COUNT; i++)
		for (size k = i, done = 0; k < COUNT && done < NEIGHBOURS; k++) {
			if (entries[i].bytes != entries[k].bytes || entries[i].bytes > SIZE) continue;
			done++;
			printf("argument %d %d %s\n", (int)i, (int)k, apart(argument, &entries[i], &entries[k]) ? "same" : "other");
			printf("result %d %d %s\n", (int)i, (int)k, apart(result, &entries[i], &entries[k]) ? "same" : "other");
		}
	return 0;
}
"""


def mask_of(t, is_cxx):
    lines = []
    for leaf, bits, kind in t.leaves:
        place = leaf.replace("{}", "u.x")
        if bits:
            lines.append(f"{place} = -1;")
        elif "long double" in kind:
            # x87 has ten bytes of the twelve or sixteen.
            lines.append(f"mask_long((unsigned char *)&{place}, sizeof({place}), {2 if 'Complex' in kind else 1});")
        else:
            lines.append(f"__builtin_memset((void *)&{place}, 255, sizeof({place}));")
    return " ".join(lines)


def program(types, is_cxx):
    text = [f"#define PLACES {len(PLACES)}\n#define NEIGHBOURS {NEIGHBOURS}", HEAD, r"""
static void mask_long(unsigned char *at, size n, int parts)
{
	for (int i = 0; i < parts; i++)
		__builtin_memset(at + i * (n / parts), 255, __LDBL_MANT_DIG__ == 64 ? 10 : n / parts);
}
"""]
    more = " holder_@() { } ~holder_@() { }" if is_cxx else ""
    for t in types:
        name = t.name
        holder = f"union holder_{name}"
        text.append(f"{holder} {{ {name} x; unsigned char b[sizeof({name}) + 1];{more.replace('@', name)} }};")
        if is_cxx:
            text[-1] += "\n"
        for place, (longs, floats, doubles) in enumerate(PLACES):
            kinds = ["long"] * longs + ["float"] * floats + ["double"] * doubles
            before = "".join(f"{kind}, " for kind in kinds)
            named = "".join(f"{kind} p{i}, " for i, kind in enumerate(kinds))
            values = "".join("77, " if kind == "long" else "0.625, " for kind in kinds)
            text.append(f"NOINLINE static void take_{name}_{place}({named}{name} x, long l, double d) "
                        f"{{ take(&x, sizeof(x), l, d); }}")
            text.append(f"NOINLINE static void give_{name}_{place}(any f) {{ {holder} u; __builtin_memcpy(u.b, sent, sizeof({name})); "
                        f"((void (*)({before}{name}, long, double))f)({values}u.x, 123456789, 0.375); }}")
        text.append(f"NOINLINE static {name} make_{name}(void) {{ {holder} u; __builtin_memcpy(u.b, sent, sizeof({name})); return u.x; }}")
        use = f"{name} x = (({name} (*)(void))f)(); __builtin_memcpy(got, (const void *)&x, sizeof(x));"
        text.append(f"NOINLINE static void use_{name}(any f) {{ {use} }}")
        text.append(f"static void mask_{name}(unsigned char *to) {{ {holder} u; __builtin_memset(u.b, 0, sizeof({name})); {mask_of(t, is_cxx)} "
                    f"if (sizeof({name}) <= SIZE) __builtin_memcpy(to, u.b, sizeof({name})); }}")
    text.append("static const struct entry entries[] = {")
    for t in types:
        takers = ", ".join(f"(any)take_{t.name}_{p}" for p in range(len(PLACES)))
        givers = ", ".join(f"give_{t.name}_{p}" for p in range(len(PLACES)))
        text.append(f"{{ sizeof({t.name}), {{ {takers} }}, {{ {givers} }}, (any)make_{t.name}, use_{t.name}, mask_{t.name} }},")
    text.append("};")
    return "\n".join(text) + MAIN
