#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Are the layouts that Abifit reads from debug information those that the compiler uses?

Random C structs, unions, bit-fields, arrays and enums with fixed seeds, built by gcc and
clang in DWARF 2 to 5, for 32 and 64 bits and both byte orders; the program itself tells
sizeof, offsetof and which bits a bit-field takes. Then every named struct of installed
debug files, beside pahole.

    layouts.py --dump PROGRAM [--count N]
    layouts.py --dump PROGRAM FILE…     (any files with debug information, such as those of a -dbg package)
"""

import argparse
import collections
import glob
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from compare import late  # noqa: E402

BASES = ["char", "unsigned char", "short", "unsigned int", "int", "long", "unsigned long long", "float", "double",
         "void *", "long double", "_Bool"]
BIT_BASES = [("unsigned int", 32), ("int", 32), ("unsigned char", 8), ("unsigned short", 16),
             ("unsigned long long", 64)]
# (compiler, options, how to run what it builds)
BUILDS = [
    (["gcc", "-gdwarf-2", "-gstrict-dwarf"], []), (["gcc", "-gdwarf-3"], []), (["gcc", "-gdwarf-4"], []),
    (["gcc", "-gdwarf-5"], []), (["gcc", "-gdwarf-4", "-fdebug-types-section"], []), (["gcc", "-gdwarf-5", "-gz"], []),
    (["gcc", "-g", "-O2", "-flto"], []), (["clang", "-gdwarf-2"], []), (["clang", "-gdwarf-4"], []),
    (["clang", "-gdwarf-5"], []), (["i686-linux-gnu-gcc", "-static", "-gdwarf-5"], ["qemu-i386-static"]),
    (["i686-linux-gnu-gcc", "-static", "-gdwarf-2"], ["qemu-i386-static"]),
    (["aarch64-linux-gnu-gcc", "-static", "-g"], ["qemu-aarch64-static"]),
    (["s390x-linux-gnu-gcc", "-static", "-gdwarf-5"], ["qemu-s390x-static"]),
    (["s390x-linux-gnu-gcc", "-static", "-gdwarf-3"], ["qemu-s390x-static"]),
    (["arm-linux-gnueabihf-gcc", "-static", "-g"], ["qemu-arm-static"]),
]


class Source:
    """Random definitions, and what the program has to print of them."""

    def __init__(self, seed, count):
        self.random = random.Random(seed)
        self.text, self.checks = [], []
        self.depths = {}  # how deep types are in each other: sizes multiply
        for number in range(count):
            self.add(f"t{number}")

    def member_type(self):
        names = [name for name, depth in self.depths.items() if depth < 2]
        if names and self.random.random() < 0.3:
            return self.random.choice(names)
        return self.random.choice(BASES)

    def add(self, name):
        kind = self.random.choices(["struct", "union", "enum"], [7, 2, 1])[0]
        if kind == "enum":
            values = [self.random.choice([0, 1, -1, 255, 65536, -70000, 2**31 - 1]) for _ in range(3)]
            body = ", ".join(f"{name}_{i} = {value}" for i, value in enumerate(values))
            self.text.append(f"enum {name} {{ {body} }};")
            for i, value in enumerate(values):
                self.checks.append(f'printf("enum {name} = {name}_{i} %d\\n", {name}_{i});')
            self.depths[f"enum {name}"] = 0
            self.text.append(f"enum {name} use_{name};")
            return
        packed = self.random.choice([""] * 6 + ["__attribute__((packed))"])
        lines = []
        depth = 0
        for i in range(self.random.randint(1, 7)):
            member = f"m{i}"
            if kind == "struct" and self.random.random() < 0.3:
                base, most = self.random.choice(BIT_BASES)
                # clang's debug information gives one that fills its type a whole byte's place, packed or not.
                most -= bool(packed)
                lines.append(f"{base} {member} : {self.random.randint(1, most)};")
                self.checks.append(
                    f'{{ static union {{ {kind} {name} s; unsigned char b[sizeof({kind} {name})]; }} u; '
                    f'u.s.{member} = -1; bits("{kind} {name}", "{member}", u.b, sizeof(u.b)); }}')
                continue
            base = self.member_type()
            depth = max(depth, self.depths.get(base, 0) + 1)
            count = self.random.choice(["", "", "", "[3]", "[2][5]"])
            align = self.random.choice([""] * 9 + ["__attribute__((aligned(32)))"])
            lines.append(f"{base} {member}{count} {align};")
            self.checks.append(f'printf("{kind} {name} {member} %zu 0\\n", offsetof({kind} {name}, {member}) * 8);')
        self.text.append(f"{kind} {packed} {name} {{ {' '.join(lines)} }};\n{kind} {name} use_{name};")
        self.checks.append(f'printf("{kind} {name} %zu\\n", sizeof({kind} {name}));')
        self.depths[f"{kind} {name}"] = depth

    def program(self):
        # Bits are counted in the order of the target: from the least significant one, or from the most.
        head = r"""
#include <stddef.h>
#include <stdio.h>
#include <string.h>
static void bits(const char *type, const char *name, const unsigned char *b, size_t size)
{
	size_t first = (size_t)-1, count = 0, i;
	for (i = 0; i < size * 8; i++) {
		int is_set = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? b[i / 8] >> (i % 8) & 1 : b[i / 8] >> (7 - i % 8) & 1;
		if (is_set && first == (size_t)-1) first = i;
		count += is_set;
	}
	printf("%s %s %zu %zu\n", type, name, first, count);
}
"""
        return head + "\n".join(self.text) + "\nint main(void)\n{\n" + "\n".join(self.checks) + "\nreturn 0;\n}\n"


def read_dump(dump, path):
    """[(kind and name, size, [(member, bits, width)])], enumerators as ("=" name, value, 0)."""
    text = subprocess.run([dump, path], capture_output=True, text=True, check=True, errors="replace").stdout
    types = []
    for line in text.splitlines():
        if line.startswith("\t"):
            words = line[1:].split(" ")
            if words[0] == "m":
                types[-1][2].append((words[1], int(words[2]), int(words[3])))
            elif words[0] == "=":
                types[-1][2].append(("= " + words[1], int(words[2]), 0))
        elif "\t" in line:
            name, size = line.split("\t")
            types.append((name, int(size), []))
    return types, text.splitlines()[-1]


def wanted_of(output):
    types = collections.defaultdict(lambda: [0, []])
    for line in output.splitlines():
        words = line.split(" ")
        entry = types[" ".join(words[:2])]
        if words[2] == "=":
            entry[1].append(("= " + words[3], int(words[4]), 0))
        elif len(words) == 3:
            entry[0] = int(words[2])
        else:
            entry[1].append((words[2], int(words[3]), int(words[4])))
    return types


def alike(found, wanted):
    """clang tells no width of a bit-field that fills its type."""
    return len(found) == len(wanted) and all(
        name == other and place == at and (width == bits or (not width and bits in (8, 16, 32, 64) and at % 8 == 0))
        for (name, place, width), (other, at, bits) in zip(sorted(found), sorted(wanted)))


def check_build(dump, folder, source, compiler, runner):
    path = os.path.join(folder, "program")
    with open(path + ".c", "w", encoding="utf-8") as file:
        file.write(source.program())
    subprocess.run([*compiler, "-w", "-o", path, path + ".c"], check=True,
                   stderr=subprocess.DEVNULL)
    wanted = wanted_of(subprocess.run([*runner, path], capture_output=True, text=True, check=True).stdout)
    types, _ = read_dump(dump, path)
    found = {name: (size, members) for name, size, members in types}
    wrong = []
    for name, (size, members) in wanted.items():
        have = found.get(name)
        if not have:
            wrong.append(f"{name}: not found")
        elif (not name.startswith("enum") and have[0] != size) or not alike(have[1], members):
            wrong.append(f"{name}: {have}, the program says {size} {members}")
    return len(wanted), wrong


# Two units of one library, and the types that it has in all: (kind and name, size, how many).
UNITS = [
    ("c", ["""struct foo { int a; }; struct bar { struct foo *p; int n; }; struct same { int x; struct later *l; };
              typedef struct { short s; } plain; plain pa;
              int fa(struct bar *b, struct same *s) { return b->n + s->x; }""",
           """struct foo { long a; }; struct bar { struct foo *p; int n; }; struct later { char c[7]; };
              struct same { int x; struct later *l; }; typedef struct { short s; } plain; plain pb;
              int fb(struct bar *b, struct same *s, struct later *l) { return b->n + s->x + l->c[0]; }"""],
     [("struct foo", 4, 1), ("struct foo", 8, 1), ("struct bar", 16, 2), ("struct same", 16, 1), ("struct later", 7, 1),
      ("struct plain", 2, 1)]),
    ("c++", ["""namespace n { struct A { virtual ~A(); int a; struct In { char c; } in; }; A::~A() { }
                  namespace { struct Own { int o; }; Own own; } int f(A &a, A::In) { return a.a + own.o; } }""",
             """namespace n { struct A { virtual ~A(); int a; struct In { char c; } in; }; struct B : virtual A { long b; virtual void k(); }; void B::k() { }
                  namespace { struct Own { long o; }; Own own; } long g(B &b) { return b.b + own.o; } }"""],
     [("struct n::A", 16, 1), ("struct n::A::In", 1, 1), ("struct n::B", 32, 1), ("struct n::(anonymous)::Own", 4, 1),
      ("struct n::(anonymous)::Own", 8, 1)]),
]


def check_units(dump, folder, compiler, options):
    wrong, count = [], 0
    for language, sources, wanted in UNITS:
        path = os.path.join(folder, "units.so")
        objects = []
        for number, source in enumerate(sources):
            objects.append(os.path.join(folder, f"unit{number}.o"))
            subprocess.run([compiler, *options, "-w", "-fPIC", "-x", language, "-c", "-", "-o", objects[-1]],
                           input=source, text=True, check=True)
        subprocess.run([compiler, *options, "-w", "-shared", "-nostdlib", "-o", path, *objects], check=True)
        types, _ = read_dump(dump, path)
        for name, size, times in wanted:
            count += 1
            found = sum(1 for have, bytes_, _ in types if (have, bytes_) == (name, size))
            # Type units of one name and content are one, whatever their pointers point to.
            if found != times and not (name == "struct bar" and found and "-fdebug-types-section" in options):
                wrong.append(f"{name} of {size}: {found} times, not {times}; {sorted(types)[:9]}")
    return count, wrong


MEMBER = re.compile(r"([A-Za-z_][\w.$]*)(?:\[[^]]*\])*(?::\d+)?(?: __attribute__\(\([^;]*\)\))?; +/\* +(\d+)(?:: *(\d+))? ")
FUNCTION = re.compile(r"\(\*+([A-Za-z_]\w*)(?:\[[^]]*\])*\)\(.*; +/\* +(\d+) ")


def read_pahole(path):
    """Structs of C at the top level, members by name with bits from the start."""
    text = subprocess.run(["pahole", path], capture_output=True, text=True, check=False, errors="replace").stdout
    types, name, depth, size, members, sure = [], None, 0, None, [], True
    for line in text.splitlines():
        if not line.startswith("\t") and line.endswith("{"):
            head = re.match(r"(struct|union|class) (?:typedef \w+ )?([\w:]+)[^<>()]*\{$", line)
            name, depth, size, members, sure = (head[2] if head else None), 1, None, [], True
            continue
        if name is None:
            continue
        if line.startswith("}"):
            types.append((name, size, members, sure))
            name = None
            continue
        size_line = re.match(r"\t/\* size: (\d+),", line)
        if size_line:
            size = int(size_line[1])
        elif line.endswith("{") and line.strip().split(" ")[0] in ("struct", "union", "enum", "class"):
            depth += 1
        elif line.strip().startswith("}") and not line.strip().startswith("} */") and depth > 1:
            depth -= 1
            closing = re.match(r"\t+\} *(.*)$", line)[1]
            match = MEMBER.search(closing)
            if depth == 1 and match:
                members.append((match[1], int(match[2]) * 8 + int(match[3] or 0)))
        elif depth == 1 and (match := FUNCTION.search(line) or MEMBER.search(line)):
            bit = match[3] if match.re is MEMBER else None
            members.append((match[1], int(match[2]) * 8 + int(bit or 0)))
        elif depth == 1 and ";" in line and "/*" in line and not line.strip().startswith("/*"):
            sure = False
    return types


def check_file(dump, path):
    ours, summary = read_dump(dump, path)
    by_name = collections.defaultdict(list)
    for name, size, members in ours:
        # gcc calls one "typedef __va_list_tag __va_list_tag".
        by_name[name.split("::")[-1].split(" ")[-1]].append(
            (size, [(m, bits) for m, bits, _ in members if m != "-" and not m.startswith("= ")]))
    wrong = []
    count = 0
    for name, size, members, sure in read_pahole(path):
        if not sure:
            continue
        count += 1
        # Of a union pahole tells no size.
        ours = by_name[name.split("::")[-1]]
        if not any(have == members and size in (None, bytes_) for bytes_, have in ours):
            near = next((have for bytes_, have in ours if bytes_ == size), [])
            wrong.append(f"{name} of {size}: pahole {[m for m in members if m not in near][:4]}, "
                         f"found {[m for m in near if m not in members][:4]}, {len(ours)} of that name")
    return count, wrong, summary


def check_files(dump, files, start, seconds, shown, passed=0, failed=0):
    """Beside pahole; the exit status."""
    for path in files:
        if late(start, seconds):
            print("no time left")
            break
        count, wrong, summary = check_file(dump, path)
        passed += count - len(wrong)
        failed += len(wrong)
        print(f"{os.path.basename(path)}: {count} structs, {len(wrong)} wrong; {summary}", flush=True)
        for text in wrong[:shown]:
            print(f"    {text[:500]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dump", required=True)
    parser.add_argument("--count", type=int, default=60, metavar="N", help="types in each program")
    parser.add_argument("--files", type=int, default=40, metavar="N", help="installed debug files")
    parser.add_argument("--time", type=float, metavar="SECONDS")
    parser.add_argument("given", nargs="*", metavar="FILE", help="files with debug information, to be looked at alone")
    arguments = parser.parse_args()
    passed = failed = 0
    start = time.monotonic()
    if arguments.given:
        return check_files(arguments.dump, arguments.given, start, arguments.time, 40)
    with tempfile.TemporaryDirectory() as folder:
        for seed, (compiler, runner) in enumerate(BUILDS):
            if not shutil.which(compiler[0]) or (runner and not shutil.which(runner[0])):
                print(f"unchecked: {compiler[0]} is not there")
                continue
            count, wrong = check_build(arguments.dump, folder, Source(seed, arguments.count), compiler, runner)
            passed += count - len(wrong)
            failed += len(wrong)
            for text in wrong[:5]:
                print(f"{' '.join(compiler)}: {text[:500]}")
        for compiler, *options in (["gcc", "-g"], ["gcc", "-gdwarf-4", "-fdebug-types-section"], ["gcc", "-gdwarf-2"],
                                   ["gcc", "-g", "-flto", "-O1"], ["clang", "-g"], ["clang", "-gdwarf-4"]):
            count, wrong = check_units(arguments.dump, folder, compiler, options)
            passed += count - len(wrong)
            failed += len(wrong)
            for text in wrong[:5]:
                print(f"{compiler} {' '.join(options)}: {text[:500]}")
    files = sorted(glob.glob("/usr/lib/debug/.build-id/*/*.debug"))[:arguments.files]
    return check_files(arguments.dump, files, start, arguments.time, 5, passed, failed)


if __name__ == "__main__":
    sys.exit(main())
