#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Does `abifit layout` tell the structs that other machines lay out in another way?

Random structs with fixed seeds, built by gcc for four machines. A program of each says
sizes and places, under emulation. A struct that differs must be told, or one in it; one
that does not must not be, but for the format of long double.
"""

import argparse
import random
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import support  # noqa: E402

MACHINES = {
    "gcc": "",
    "i686-linux-gnu-gcc": "qemu-i386-static -L /usr/i686-linux-gnu ",
    "arm-linux-gnueabihf-gcc": "qemu-arm-static -L /usr/arm-linux-gnueabihf ",
    "s390x-linux-gnu-gcc": "qemu-s390x-static -L /usr/s390x-linux-gnu ",
}
HEADERS = "".join(f"#include <{name}.h>\n" for name in ("stdint", "stddef", "stdio", "time", "wchar", "sys/types"))
SCALARS = ["int8_t", "uint16_t", "int32_t", "int64_t", "uint64_t", "double", "float", "long", "long long", "void *",
           "size_t", "time_t", "off_t", "dev_t", "wchar_t", "_Bool", "short", "unsigned char", "struct timespec",
           "_Complex double", "long double", "int (*)(void)"]
UNITS = ["unsigned", "unsigned long", "uint64_t", "unsigned char"]


def declare(kind, name):
    return kind.replace("(*)", f"(*{name})") if "(*)" in kind else f"{kind} {name}"


class Struct:
    """A struct, the places that can be asked for, and the structs in it."""

    def __init__(self, dice, number):
        self.number = number
        self.names, self.holds, members = [], [], []
        for k in range(dice.randint(1, 5)):
            members.append(self.member(dice, f"m{k}"))
        packed = " __attribute__((packed))" if dice.random() < 0.1 else ""
        self.code = f"struct s{number} {{ {' '.join(members)} }}{packed};\n"

    def member(self, dice, name):
        what = dice.random()
        if what < 0.08:
            return f"{dice.choice(UNITS)} {name} : {dice.randint(1, 8)};"
        self.names.append(name)
        if what < 0.28 and self.number:
            self.holds.append(dice.randrange(self.number))
            return f"struct s{self.holds[-1]} {name};"
        kind = dice.choice(SCALARS)
        if what < 0.38:
            return declare(kind, f"{name}[{dice.randint(1, 4)}]") + ";"
        if what < 0.45:
            self.names.append(f"other_{name}")
            return f"union {{ {declare(kind, name)}; {dice.choice(UNITS)} other_{name}; }};"
        return declare(kind, name) + ";"

    def ask(self):
        places = "".join(f'printf(" %zu:%zu", offsetof(struct s{self.number}, {name}), '
                         f"sizeof(((struct s{self.number} *)0)->{name})); " for name in self.names)
        return f'printf("%zu", sizeof(struct s{self.number})); {places}puts("");\n'


def build(structs, folder):
    """What each machine says, a line for each struct."""
    code = HEADERS + "".join(s.code for s in structs)
    functions = "".join(f"int f{s.number}(struct s{s.number} *p) {{ return p != 0; }}\n" for s in structs)
    (folder / "lib.c").write_text(code + functions)
    (folder / "main.c").write_text(code + "int main(void)\n{\n" + "".join(s.ask() for s in structs) + "return 0;\n}\n")
    said = {}
    for compiler, emulator in MACHINES.items():
        support.build(f"{compiler} -w -g -shared -fPIC -nostdlib -o {compiler}.so lib.c", folder)
        support.build(f"{compiler} -w -o {compiler}.exe main.c", folder)
        said[compiler] = support.run(f"{emulator}./{compiler}.exe", cwd=folder, shell=True).out.decode().splitlines()
    return said


def judge(structs, said, report):
    """(how many differ, what is wrong)."""
    differ = {s.number for s, one, other in zip(structs, *said) if one != other}
    told = {}
    for finding in report["findings"]:
        match = re.match(r"struct s(\d+): ", finding["message"])
        if match:
            told[int(match.group(1))] = finding
    wrong = []
    covered = set()
    for s in structs:
        if s.number in told or any(k in covered for k in s.holds):
            covered.add(s.number)
        if s.number in differ and s.number not in covered:
            wrong.append(f"not told: {s.code}")
    for number in told.keys() - differ:
        if told[number]["rule"] != "abi/type-long-double-format":
            wrong.append(f"{structs[number].code}  does not differ: {told[number]['message']}")
    return len(differ), wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True, type=support.program)
    parser.add_argument("--count", type=int, default=150, help="structs of a round")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()
    tap = support.Tap()
    with tempfile.TemporaryDirectory(prefix="abifit-") as name:
        folder = Path(name)
        for seed in range(args.rounds):
            dice = random.Random(seed)
            structs = [Struct(dice, number) for number in range(args.count)]
            said = build(structs, folder)
            for compiler in MACHINES:
                lines = said["gcc"], said[compiler]
                result = support.run([args.abifit, "layout", "--format", "json", "gcc.so", f"{compiler}.so"], cwd=folder)
                report, problem = support.report_of(result)
                count, wrong = judge(structs, lines, report) if report else (0, [problem])
                whole = all(len(x) == len(structs) for x in lines)
                tap.ok(whole and not wrong and (count > 0) == (compiler != "gcc"),
                       f"seed {seed}, {compiler}: {count} of {len(structs)} differ", *wrong[:10])
    return tap.close()


sys.exit(main())
