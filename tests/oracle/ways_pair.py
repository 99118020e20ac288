# SPDX-License-Identifier: Apache-2.0
"""The pairs of releases that ways.py builds: made ones of truth.py, and one that holds the rest."""

import copy
import os
import random
import re
import subprocess
import tempfile

import truth_c_changes
import truth_cxx_changes
from truth_types import Values

HEADER = r"""
namespace outer {
enum class level : unsigned char { low, middle = ENUM, high = 200 };
enum plain { plain_a, plain_b = 1 << SHIFT, plain_c };
struct opaque;
struct forward;
template <typename T, int N> struct holder { T value[N]; struct inner { T *at; } in; };
template <typename K, typename V = K> class table { public: table(); V find(const K &) const; private: K *keys; V *values; int used; };
template <template <typename, int> class H> struct wrap { H<int, 2> held; };
struct base { virtual ~base(); virtual int f(int) const = 0; MORE_VIRTUAL virtual void g() volatile; int b; };
struct other { virtual ~other(); virtual other *clone(); long o; };
struct virtual_base { virtual ~virtual_base(); LONG shared; };
struct derived : base, virtual virtual_base, private other {
	int f(int) const override; derived *clone() override;
	holder<LONG, 3> h; level l : 3; unsigned bits : BITS; unsigned rest : 5; int derived::*field; int (derived::*method)(level);
	static int count; static const LONG limit = 4;
	enum { inside = ENUM }; enum class state { off, on } now;
protected: mutable double cached; private: MORE_MEMBER char tail[TAIL];
};
struct value { float x, y; VALUE_MEMBER };
struct owned { owned(const owned &); ~owned(); LONG w; };
union both { int i; float f; struct { char name[7]; short tail; }; struct { unsigned low : 4, high : BITS; } part; UNION_MEMBER };
typedef int (*callback)(const both *, level, LONG, ...);
typedef struct { short s; union { LONG w; double d; }; struct { int deep[2][TAIL]; } named; } untagged;
struct hooks { callback call; void (*done)(struct hooks *, untagged *); int (*sort[2])(const void *, const void *); MORE_HOOK };
struct flexible { unsigned count; value items[]; };
struct __attribute__((packed)) packed { char c; LONG w; };
struct alignas(ALIGN) aligned { char c; };
struct list { list *next; const volatile list *const other; opaque *hidden; };
namespace { struct own { LONG o; } mine; }
inline namespace v1 { struct versioned { int v; LONG w; }; }
using shortcut = const holder<char, 2>::inner *;
}
"""
CXX_UNITS = [r"""
extern "C" { __attribute__((visibility("hidden"))) void *__dso_handle; }
namespace outer {
base::~base() { } void base::g() volatile { } other::~other() { } other *other::clone() { return this; } virtual_base::~virtual_base() { }
EXTRA_VIRTUAL
int derived::f(int n) const { struct local { long a; } x = { n }; return b + (int)h.value[0] + (int)mine.o + (int)x.a; }
derived *derived::clone() { return this; }
int derived::count;
level ask(const derived &d, shortcut i) { return i->at ? d.l : level::high; }
derived global_derived;
extern const int numbers[TAIL] = { 1, 2 };
value give(value a, value *b, RESULT c) { a.x += b->y + c; return a; }
int take(owned o, both u, untagged *t, LONG n) { return (int)(o.w + u.i + t->s + n); }
owned::owned(const owned &o) : w(o.w) { } owned::~owned() { }
}
""", r"""
namespace outer {
struct opaque { long secret; };
int call(callback f, hooks *h, flexible *x) { return f ? f(0, level::low, 0) : h->sort[0](x, x) + (int)x->count; }
long see(packed *p, aligned *a, list *l, versioned *v) { return p->w + a->c + (l->hidden ? l->hidden->secret : 0) + v->v; }
template <typename K, typename V> table<K, V>::table() : keys(), values(), used() { }
template <typename K, typename V> V table<K, V>::find(const K &k) const { return values[used] + k; }
template class table<int>; template class table<char, LONG>;
int wrapped(wrap<holder> w, holder<level, 2> &&x) { return w.held.value[0] + (int)x.value[1]; }
auto nothing(int n) -> decltype(nullptr) { mine.o = n; return nullptr; }
plain which(plain p, derived::state s, bool b, wchar_t w, char16_t c, signed char d) { return b ? plain_b : s == derived::state::on || w == c || d ? p : plain_c; }
_Complex double turn(_Complex double c, long double l, __int128 w) { return c * (double)(l + w); }
extern "C" int plain_c_function(const char *, PARAMETER n, ...) { return (int)n; }
void arrays(int (*a)[TAIL], const char *const (&b)[3], int &&c, LONG *restrict_like) { (*a)[0] = c + !b[0] + !!restrict_like; }
struct forward *maker(struct forward *f) { return f; }
int derived_only(derived *d) { return d->now == derived::state::on; }
}
"""]
# What each word is in OLD, and in NEW.
SIDES = {"LONG": ("int", "long"), "ENUM": ("3", "4"), "SHIFT": ("3", "20"), "BITS": ("4", "6"), "TAIL": ("5", "9"), "ALIGN": ("16", "32"),
         "MORE_VIRTUAL": ("", "virtual int added(level) const;"), "MORE_MEMBER": ("", "short more;"),
         "VALUE_MEMBER": ("", "int z;"), "UNION_MEMBER": ("", "long wide;"), "MORE_HOOK": ("", "void (*free)(void *);"),
         "EXTRA_VIRTUAL": ("", "int base::added(level) const { return 1; }"), "RESULT": ("float", "double"),
         "PARAMETER": ("int", "long")}

C_UNITS = [r"""
struct list { struct list *next; unsigned bits : BITS; unsigned more : 9; enum { RED = -1, BLUE = ENUM } color; };
typedef struct { short tail; union { LONG i; float f; }; struct { char deep[TAIL]; }; } plain;
struct opaque; typedef struct opaque *handle;
struct ops { int (*open)(handle, const char *restrict, ...); void (*close)(handle); plain *(*state)(const struct ops *, LONG); };
struct flexible { unsigned count; struct { LONG x; } items[]; };
struct __attribute__((packed, aligned(ALIGN))) packed { char c; LONG w; };
struct only_a { plain p[3]; volatile char c; _Atomic int at; _Complex float z; };
plain shared_value; struct only_a table[4]; const char *const names[] = { "one", "two" }; _Thread_local LONG per_thread;
extern __attribute__((noreturn)) void stop(const char *);
int walk(struct list *l, struct only_a *a) { int n = 0; for (; l; l = l->next) { if (!a) stop("x"); n += l->bits + a->c; } return n; }
int peek(handle o, const plain *p) { return o ? (int)p->i : 0; }
int run(const struct ops *o, struct flexible *f, struct packed p) { return (int)(o->open(0, "") + f->items[0].x + p.w); }
""", r"""
struct opaque { long secret; };
struct list { struct list *next; unsigned bits : BITS; unsigned more : 9; enum { RED = -1, BLUE = ENUM } color; };
typedef struct { short tail; union { LONG i; float f; }; struct { char deep[TAIL]; }; } plain;
struct only_b { struct list l; double d; plain p; }; static struct only_b hidden;
struct only_b *give(int n, ...) { hidden.d = n; return &hidden; }
__attribute__((noreturn)) void stop(const char *why) { for (;;) hidden.d += *why; }
long open_it(struct opaque *o, struct list *l, LONG m[static 3]) { return o->secret + l->color + m[0]; }
int sorted(int (*compare)(const void *, const void *), RESULT *restrict y, RESULT x, _Bool b) { return b ? compare(&x, &x) : 0; }
typedef RESULT vector __attribute__((vector_size(16))); vector sum(vector a, vector b) { return a + b; }
typedef LONG quick_t; typedef quick_t quicker_t; quicker_t fast(quicker_t a, const quick_t *b) { return a + *b; }
int old_style(a, b) int a; LONG b; { return a + (int)b; }
"""]


class Pair:
    """name, language ("c" or "cc"), sources of OLD and of NEW: a list of units each."""

    def __init__(self, name, language, old, new):
        self.name, self.language, self.sides = name, language, (old, new)


def compiles(source, language):
    # -std=gnu++17 and gnu17 are what both compilers take by themselves.
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x." + language)
        with open(path, "w", encoding="ascii") as file:
            file.write(source)
        return all(subprocess.run([compiler, "-w", "-fsyntax-only", path], capture_output=True, check=False).returncode == 0
                   for compiler in {"c": ["gcc", "clang"], "cc": ["g++", "clang++"]}[language])


def made(module, language, seed, count):
    """A library of truth.py with as many changes at once as find a place."""
    rng = random.Random(seed)
    names = [name for name in module.CHANGES if "gcc" not in module.CHANGES[name].features]
    rng.shuffle(names)
    features = set().union(*(module.CHANGES[name].features for name in names[:len(names) // 2]))
    values = Values(seed)
    # A class that only the library can make is no base.
    wanted = sorted(features - {"closed"})
    old = module.Maker(rng, f"w{seed}_", set(wanted))
    # Some features rule each other out: what one makes private, another looks at.
    while wanted and not compiles(old.api.library(values), language):
        wanted.pop(rng.randrange(len(wanted)))
        old = module.Maker(rng, f"w{seed}_", set(wanted))
    new, done = copy.deepcopy(old), []
    for name in names:
        if len(done) == count:
            break
        tried = copy.deepcopy(new)
        try:
            if module.CHANGES[name].apply(tried) and compiles(tried.api.library(values), language):
                new = tried
                done.append(name)
        except (IndexError, KeyError, StopIteration, ValueError, AttributeError, TypeError):
            continue
    return Pair(f"{language} {seed} ({', '.join(done)})", language, [old.api.library(values)], [new.api.library(values)])


def side_of(text, newer):
    """The release in which the words of `newer` are as in NEW."""
    return re.sub(r"\b[A-Z_]{4,}\b", lambda match: SIDES[match[0]][match[0] in newer] if match[0] in SIDES else match[0], text)


def written(each):
    """With all changes at once, and with `each` also one by one."""
    for language, head, units in (("c", "", C_UNITS), ("cc", HEADER, CXX_UNITS)):
        words = [word for word in SIDES if re.search(rf"\b{word}\b", head + units[0] + units[1])]
        # A function that is declared has its body in another word.
        alone = [[word, "EXTRA_VIRTUAL"] if word == "MORE_VIRTUAL" else [word] for word in words if word != "EXTRA_VIRTUAL"]
        for newer in [words, *(alone if each else [])]:
            old, new = ([side_of(head + unit, side) for unit in units] for side in ([], newer))
            yield Pair(f"{language} by hand: {' '.join(newer)}", language, old, new)


def pairs(count, seed, each):
    """Functions that give a pair each: those by hand, and `count` made ones of each language, which take their time."""
    found = [lambda pair=pair: pair for pair in written(each)]
    for number in range(seed, seed + count):
        found.append(lambda number=number: made(truth_c_changes, "c", number, 14))
        found.append(lambda number=number: made(truth_cxx_changes, "cc", number, 10))
    return found
