# SPDX-License-Identifier: Apache-2.0
"""Random C and C++ types with fixed seeds, for passing.py."""

import random

# name in C: (weight, machines that have it or None for all)
SCALARS = {
    "signed char": (2, None), "unsigned char": (1, None), "short": (2, None), "unsigned short": (1, None),
    "int": (5, None), "unsigned": (2, None), "long": (4, None), "long long": (3, None), "void *": (2, None),
    "float": (6, None), "double": (6, None), "long double": (2, None),
    "_Complex float": (2, None), "_Complex double": (1, None), "_Complex long double": (1, None),
    "__int128": (2, ("x86-64", "aarch64", "riscv64", "ppc64le", "s390x")),
    "_Float16": (1, ("aarch64",)), "__float128": (1, ("x86-64",)),
    "v8": (1, ("x86-64", "aarch64")), "v16": (2, ("x86-64", "aarch64", "ppc64le")), "v16f": (1, ("x86-64", "aarch64")),
    "v32": (1, ("x86-64", "aarch64")),
}
VECTORS = """typedef int v8 __attribute__((vector_size(8)));
typedef int v16 __attribute__((vector_size(16)));
typedef float v16f __attribute__((vector_size(16)));
typedef int v32 __attribute__((vector_size(32)));
typedef enum { e_small = 1 } e_plain;
typedef enum { e_negative = -1 } e_signed;
"""
BIT_BASES = [("int", 32), ("unsigned", 32), ("signed char", 8), ("short", 16), ("long long", 64)]


class Type:
    """One type: `name` in C, its text, and expressions for all its leaves."""

    def __init__(self, name):
        self.name = name
        self.text = ""
        self.leaves = []  # (expression with {} for the value, is it a bit-field, type)
        self.depth = 0
        self.is_aggregate = False
        self.traits = set()  # what the test names its exceptions by
        self.has_bases = False
        self.can_copy = True


class Types:
    """`runs`: values must be made of any bytes, and copied."""

    def __init__(self, seed, count, machine, is_cxx, runs):
        self.random = random.Random(f"{seed} {machine} {is_cxx} {runs}")
        self.machine, self.is_cxx, self.runs = machine, is_cxx, runs
        # Compilers of C++ have no type for it.
        self.scalars = [(name, weight) for name, (weight, where) in SCALARS.items()
                        if (where is None or machine in where) and not (is_cxx and name == "_Float16")]
        self.types = []
        for name, _ in self.scalars:
            self.add_scalar(name)
        for name in [] if runs else ["_Bool" if not is_cxx else "bool", "e_plain", "e_signed"]:
            self.add_scalar(name)
        if is_cxx and not runs:
            self.add_scalar("decltype(nullptr)")
            self.add_special()
        self.add_fixed()
        while len(self.types) < count:
            self.add_aggregate()

    def new(self, text, **more):
        name = f"t{len(self.types)}"
        result = Type(name)
        result.text = text.replace("@", name)
        for key, value in more.items():
            setattr(result, key, value)
        self.types.append(result)
        return result

    def add_scalar(self, name):
        self.new(f"typedef {name} @;", leaves=[("{}", False, name)], traits={name})

    def add_special(self):
        self.new("struct holder; typedef int (holder::*@)(int);", traits={"method"})
        self.new("typedef int holder::*@;")

    def add_fixed(self):
        """What chance would seldom make."""
        scalar = {name for name, _ in self.scalars}
        texts = [("float a; float b; float c; float d;", "abcd", "float"), ("double a; double b; double c;", "abc", "double"),
                 ("float a; float b; float c; float d; float e;", "abcde", "float"), ("float a[2]; int b;", ["a[0]", "a[1]", "b"], "float"),
                 ("void *a; float b;", "ab", "float"), ("long a; long b;", "ab", "long"), ("char a;", "a", "char"),
                 ("char a[3];", ["a[0]", "a[1]", "a[2]"], "char"), ("short a; char b;", "ab", "short"), ("int a;", "a", "int"),
                 ("float a;", "a", "float"), ("double a;", "a", "double"), ("int a; float b;", "ab", "float"),
                 ("float a; int b;", "ab", "float"), ("long a; double b;", "ab", "double"), ("double a; float b;", "ab", "double")]
        if "__int128" in scalar:
            texts.append(("__int128 a;", "a", "__int128"))
        for text, names, kind in texts:
            self.new(f"typedef struct {{ {text} }} @;", is_aggregate=True, depth=1,
                     leaves=[("{}." + name, False, kind) for name in names])
        for size, kind in ((2, "long"), (3, "long"), (5, "double"), (8, "double"), (9, "double"), (9, "float"), (20, "long")):
            self.new(f"typedef struct {{ {kind} a[{size}]; }} @;", is_aggregate=True, depth=1,
                     leaves=[("{}." + f"a[{i}]", False, kind) for i in range(size)])
        self.new("typedef struct { } @;", is_aggregate=True, traits={"empty"})
        self.new("typedef struct { long a; } __attribute__((aligned(16))) @;", is_aggregate=True, depth=1,
                 leaves=[("{}.a", False, "long")], traits={"aligned"})
        self.new("typedef struct { long a __attribute__((aligned(16))); long b; } @;", is_aggregate=True, depth=1,
                 leaves=[("{}.a", False, "long"), ("{}.b", False, "long")], traits={"aligned"})
        if not self.runs and not self.is_cxx:
            self.new("typedef struct { int a; float b[]; } @;", is_aggregate=True, depth=9, traits={"flexible"})
            self.new("typedef struct { double a; int b[]; } @;", is_aggregate=True, depth=9, traits={"flexible"})

    def pick(self, most):
        if self.random.random() < 0.25:
            inner = [t for t in self.types if t.is_aggregate and t.text and t.depth <= most]
            if inner:
                return self.random.choice(inner)
        name = self.random.choices(*zip(*self.scalars))[0]
        return next(t for t in self.types if name in t.traits and not t.is_aggregate)

    def add_member(self, result, members, union):
        name = f"m{len(members)}"
        if self.random.random() < 0.12 and not (union and self.runs):
            base, most = self.random.choice(BIT_BASES)
            members.append(f"{base} {name} : {self.random.randint(1, most)};")
            result.leaves.append(("{}." + name, True, base))
            result.traits.add("bits")
            return
        inner = self.pick(2)
        count = self.random.choice([0, 0, 0, 0, 0, 1, 2, 2, 3, 4])
        align = self.random.choice([""] * 24 + ["__attribute__((aligned(16)))", "__attribute__((aligned(8)))"])
        members.append(f"{inner.name} {name}{f'[{count}]' if count else ''} {align};")
        places = [f"{name}[{i}]" for i in range(count)] if count else [name]
        for place in places:
            result.leaves += [(leaf.replace("{}", "{}." + place), bits, kind) for leaf, bits, kind in inner.leaves]
        self.take(result, inner)
        if inner.is_aggregate and not inner.leaves and "holds nothing" not in inner.traits:
            result.traits.add("empty member")
        if align:
            result.traits.add("aligned")

    def take(self, result, inner):
        result.depth = max(result.depth, inner.depth + 1)
        result.traits |= {t for t in inner.traits if t != "empty"}
        result.can_copy &= inner.can_copy

    def add_bases(self, result):
        bases = []
        for _ in range(self.random.choice([0, 0, 0, 1, 1, 2]) if self.is_cxx else 0):
            base = self.random.choice([t for t in self.types if t.is_aggregate and t.text and t.depth <= 2])
            if base in bases or base.has_bases or "union" in base.traits:
                continue
            bases.append(base)
            result.leaves += [(leaf.replace("{}", f"(({base.name}&){{}})"), bits, kind)
                              for leaf, bits, kind in base.leaves]
            self.take(result, base)
            result.traits.add("empty base" if "empty" in base.traits else "base")
        result.has_bases = bool(bases)
        return (" : " + ", ".join(b.name for b in bases)) if bases else ""

    def functions(self, result):
        """What makes a class of C++ one that is passed by reference, or only looks so."""
        if not self.is_cxx or self.random.random() < 0.75:
            return ""
        copy = "{ __builtin_memcpy((void *)this, (const void *)&o, sizeof(*this)); }" if self.runs else ";"
        kind = self.random.choice(["dtor", "copy", "defaulted", "virtual"] + ([] if self.runs else ["move", "deleted", "other", "late"]))
        result.traits.add(kind)
        if kind in ("move", "deleted"):
            result.can_copy = False
        empty = "{ }" if self.runs else ";"
        return {
            "dtor": f"~@() {empty}", "copy": f"@() {'{ }' if self.runs else ';'} @(const @ &o) {copy}",
            "defaulted": "@() = default; @(const @ &) = default; ~@() = default;",
            "virtual": f"virtual void v@() {empty}", "move": "@(@ &&);", "deleted": "@(const @ &) = delete;",
            "other": "@(int); explicit @(const int &, @ *);", "late": "@(const @ &);",
        }[kind]

    def add_aggregate(self):
        result = self.new("", is_aggregate=True, depth=1)
        union = self.random.random() < 0.15
        members = []
        bases = "" if union else self.add_bases(result)
        for _ in range(self.random.choice([1, 1, 2, 2, 2, 3, 3, 4, 5])):
            self.add_member(result, members, union)
        extra = "" if union else self.functions(result)
        if union:
            result.traits.add("union")
            # Constructors of members are none of a union's.
            if self.is_cxx and result.traits & {"dtor", "copy", "defaulted", "virtual", "move", "deleted", "late", "other"}:
                self.types.pop()
                return
        if not self.is_cxx and not result.leaves and result.traits <= {"aligned", "empty member"}:
            result.traits.add("empty")
        packed = self.random.choice([""] * 9 + ["__attribute__((packed))"])
        align = self.random.choice([""] * 18 + ["__attribute__((aligned(16)))", "__attribute__((aligned(32)))"])
        if align:
            result.traits.add("aligned")
        if packed:
            result.traits.add("packed")
            if self.is_cxx and self.runs:
                packed = ""
        word = "union" if union else "struct"
        name = result.name
        body = f"{word} {packed} {align} {name}{bases} {{ {' '.join(members)} {extra.replace('@', name)} }};"
        result.text = body if self.is_cxx else f"{body} typedef {word} {name} {name};"

    def text(self):
        return VECTORS + "\n".join(t.text for t in self.types) + "\n"

    def probe(self):
        members = " ".join(f"{t.name} {t.name}_;" for t in self.types)
        return f"struct probe {{ {members} }};\nvoid use_probe(struct probe *p) {{ (void)p->t0_; }}\n"
