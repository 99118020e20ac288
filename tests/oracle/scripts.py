#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Version scripts beside GNU ld and lld: which node each symbol gets, and which script is refused.

The scripts of the folder `scripts`, in the styles that are found in the wild, and scripts at
random are linked with both linkers; the node of every symbol in what comes out must be the one
that Abifit works out, and a linker must fail exactly where Abifit says that it refuses.

    scripts.py --dump PROGRAM --abifit PROGRAM [--seed N] [--count N] [--keep]
"""

import argparse
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

LINKERS = {"bfd": "ld.bfd", "lld": "ld.lld"}
HERE = pathlib.Path(__file__).resolve().parent
WORD = re.compile(r'[A-Za-z_.$][\w.$]*')

# Plain names, names of C++ (functions of a namespace, a class with what the compiler adds, templates).
NAMES = """foo foo_a foo_b foo_ab foobar bar bar_x baz qux quux a ab abc aXc a1 a2 local global extern
_foo __bar foo.part foo$x Foo FOO_1 lib_init lib_open lib_close lib_internal_x
_Z3foov _Z3fooi _Z3barPKc _ZN2ns3fooEv _ZN2ns3barEid _ZN2ns1AC1Ev _ZN2ns1AC2Ev _ZN2ns1AD0Ev _ZN2ns1AD1Ev
_ZN2ns1A3getEv _ZNK2ns1A3getEi _ZTVN2ns1AE _ZTIN2ns1AE _ZTSN2ns1AE _ZN2ns1TIiE3runEv _ZN2ns1TIcE3runERKS1_
_ZN5other3fooENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE _ZlsRSoRKN2ns1AE""".split()

PATTERNS = """foo foo_a foo_b bar baz qux a ab lib_init lib_open nosuch local _foo _Z3foov _ZN2ns3fooEv
* * foo* foo_* f* *o ?oo a? a?c [ab]* [!f]* [^a]* *a* b*r foo_[ab] foo_[a-c]* lib_* *internal* _Z* _ZN2ns* **
*_* [a-z]oo fo\\o \\foo f[o]o ba[rz] _ZN*C1* ?* ??? *[xyz] [fb]* foo_? [[]x *.* f[!a]o*""".split()
CXX_PATTERNS = """ns::* ns::foo* foo* *A* ns::A::* vtable*for*ns* *::get* other::* "ns::foo()" "foo(int)"
"ns::A::A()" "ns::A::get(int) const" "vtable for ns::A" "typeinfo for ns::A" "ns::T<int>::run()" "foo*" bar lib_*
"operator<<(std::ostream&, ns::A const&)" "bar(char const*)" *A::A* * foo "foo()" """.strip()
CXX_PATTERNS = re.findall(r'"[^"]*"|\S+', CXX_PATTERNS)
NEW = "a_new_symbol"
CRASHED = object()  # GNU ld 2.40 does for a name that stands twice, and once more as a C++ name
BLANKS = ["", " ", "\n", "\n\t", " /* a comment; { */ ", " # to the end; }\n", "\r\n  "]


def assemble(folder, names, versioned):
    """An object that defines `names`, and each NAME@VERSION of `versioned`."""
    text = ".text\n"
    for name in names:
        text += f'.globl "{name}"\n.type "{name}", @function\n"{name}": ret\n'
    for number, name in enumerate(versioned):
        text += f".globl impl_{number}\nimpl_{number}: ret\n.symver impl_{number}, {name}\n"
    (folder / "a.s").write_text(text)
    subprocess.run(["as", "-o", folder / "a.o", folder / "a.s"], check=True)


def link(folder, script, linker):
    """None if the linker refuses, CRASHED if it does, else the set of (name, version or "", is hidden)."""
    out = folder / "out.so"
    out.unlink(missing_ok=True)
    done = subprocess.run([LINKERS[linker], "-shared", "-o", out, "--version-script", script, folder / "a.o"],
                          capture_output=True, check=False)
    if done.returncode < 0:
        return CRASHED, ""
    if done.returncode:
        return None, done.stderr.decode("latin-1")
    table = subprocess.run(["readelf", "-W", "--dyn-syms", out], capture_output=True, text=True, check=True).stdout
    found = set()
    for line in table.splitlines():
        parts = line.split()
        if len(parts) < 8 or not parts[0].rstrip(":").isdigit() or parts[6] in ("UND", "ABS"):
            continue
        name, mark, version = re.match(r"([^@]*)(@*)(.*)", parts[7]).groups()
        found.add((name, version, mark == "@"))
    return found, ""


def ask(dump, script, symbols):
    done = subprocess.run([dump, script], input="\n".join(symbols) + "\n", capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or "Sanitizer" in done.stderr:
        sys.exit(f"scripts.py: {dump}: status {done.returncode}: {done.stderr}")
    refused, nodes, error = {}, {}, None
    for line in done.stdout.splitlines():
        if line.startswith("error "):
            error = line
        elif line.startswith("refused "):
            _, linker, text = line.split(" ", 2)
            refused.setdefault(linker, []).append(text)
        else:
            name, *answers = line.split("\t")
            nodes[name] = dict(zip(LINKERS, answers))
    return error, refused, nodes


def expected(found, symbol):
    """What Abifit must say of the symbol."""
    name, mark, version = re.match(r"([^@]*)(@*)(.*)", symbol).groups()
    mine = [v for n, v, hidden in found if n == name and (not mark or (v == version and hidden == (mark == "@")))]
    if not mark and len(mine) > 1:
        return None  # several versions of one name: each is asked for by itself
    return (mine[0] or ".") if mine else "-"


class Checker:
    def __init__(self, args):
        self.dump = args.dump
        self.abifit = args.abifit
        self.keep = args.keep
        self.passed = self.failed = self.symbols = 0
        self.refused = self.crashed = 0

    def complain(self, what, script, details):
        self.failed += 1
        print(f"not ok {what}")
        for line in [*details, *script.read_text(errors="replace").splitlines()]:
            print("#  " + line)

    def check(self, what, folder, script, names, versioned):
        assemble(folder, names, versioned)
        error, refused, nodes = ask(self.dump, script, [*names, *versioned])
        details = []
        for linker in LINKERS:
            found, message = link(folder, script, linker)
            if found is CRASHED:
                self.crashed += 1
                continue
            if found is None:
                self.refused += 1
                if not error and linker not in refused:
                    details.append(f"{linker} refuses: {message.splitlines()[0] if message else ''}")
                continue
            if error or linker in refused:
                details.append(f"{linker} takes it: {error or refused[linker]}")
                continue
            for symbol in [*names, *versioned]:
                want = expected(found, symbol)
                self.symbols += 1
                if want is not None and nodes[symbol][linker] != want:
                    details.append(f"{linker}: {symbol} is {want}, not {nodes[symbol][linker]}")
        if details:
            self.complain(what, script, details)
        else:
            self.passed += 1


    def check_update(self, what, folder, script, names):
        """A new symbol comes in: all else stays byte for byte, and what the linkers make of it, too."""
        assemble(folder, [NEW], [])
        subprocess.run(["ld", "-shared", "-o", folder / "new.so", folder / "a.o"], check=True)
        before = script.read_bytes()
        done = subprocess.run([self.abifit, "map", "update", script, "--lib", folder / "new.so", "--last", script,
                               "--release", "9999.9"], capture_output=True, check=False)
        error, refused, nodes = ask(self.dump, script, names)
        if error or done.returncode:
            if not error or done.returncode != 3:
                self.complain(f"{what}: update", script, [f"status {done.returncode}", done.stderr.decode()])
            return
        if done.stdout == before and NEW + " is exported, but the script hides it" in done.stderr.decode():
            return
        updated = folder / "updated.map"
        updated.write_bytes(done.stdout)
        details = []
        start = next((i for i, c in enumerate(before) if done.stdout[i:i + 1] != before[i:i + 1]), len(before))
        added = len(done.stdout) - len(before)
        # What is common may go on into the text that came in.
        if added <= 0 or not any(done.stdout[:at] + done.stdout[at + added:] == before
                                 for at in range(max(start - added, 0), start + 1)):
            details.append("more than one insertion")
        error, refused_now, nodes_now = ask(self.dump, updated, [*names, NEW])
        # A section that had no names may have one now, and be taken.
        if error or any(len(why) > len(refused.get(linker, [])) for linker, why in refused_now.items()):
            details.append(f"refused otherwise: {error or refused_now}")
        if not error:
            details += [f"{name}: {nodes[name]} became {nodes_now[name]}" for name in names if nodes[name] != nodes_now[name]]
            details += [f"{linker} hides the new symbol" for linker in LINKERS if nodes_now[NEW][linker] == "-"]
        if details:
            self.complain(f"{what}: update", updated, details)
        else:
            self.passed += 1
        self.check(f"{what}: updated", folder, updated, [*names, NEW], [])


def names_of(text):
    """Symbols that a script speaks of, and some that its wildcards may mean."""
    text = re.sub(r"/\*.*?\*/|#[^\n]*", " ", text, flags=re.S)
    nodes = set(re.findall(r"([\w.$]+)\s*\{", text)) - {"C"}  # GNU ld makes a symbol of each
    names = set(WORD.findall(re.sub(r'"[^"]*"', " ", text))) - nodes
    for pattern in re.findall(r"[\w.$*?\[\]!^:-]*[*?\[][\w.$*?\[\]!^:-]*", text):
        plain = re.sub(r"\[!?\^?(.)[^\]]*\]", r"\1", pattern).replace("?", "x")
        for text_of_star in ("", "_more", "1"):
            names.add(plain.replace("*", text_of_star))
    return sorted(name for name in (names | set(NAMES)) - nodes if re.fullmatch(r"[A-Za-z_.$][\w.$]*", name))


def random_words(rng, patterns, count):
    return [rng.choice(patterns) if rng.random() < 0.9 else '"%s"' % rng.choice(patterns).strip('"') for _ in range(count)]


def random_entries(rng, odd):
    text = ""
    for word in random_words(rng, PATTERNS, rng.randint(1, 4)):
        text += rng.choice(BLANKS[1:]) + word + rng.choice(["", "", " "]) + ";"
    if rng.random() < 0.35:
        words = random_words(rng, CXX_PATTERNS, rng.randint(0 if odd else 1, 3))
        language = rng.choice(['"C++"'] * 6 + ['"C"', '"c++"' if odd else '"C++"'])
        text += f" extern {language} {{ " + "; ".join(words) + rng.choice(["", ";"] if words else [""]) + " };"
    return text


def random_body(rng, odd):
    has_local = rng.random() < 0.6
    text = ""
    if rng.random() < 0.85 or (has_local and not odd):
        text += "global:" + (rng.choice(BLANKS) if odd else " ") + random_entries(rng, odd)
    elif rng.random() < 0.7:
        text += random_entries(rng, odd)
    if has_local:
        text += rng.choice(BLANKS) + "local" + rng.choice(["", "", " "] if odd else [""]) + ":"
        text += rng.choice([" ", "\t"]) if not odd or rng.random() < 0.6 else ""
        text += rng.choice(["*;", "*;", "*;", random_entries(rng, odd).strip()])
    if odd and rng.random() < 0.15:
        text = rng.choice(["", "local: bar;", "global: foo; global: bar;", "global: local: *;"])
    return text


def random_script(rng):
    odd = rng.random() < 0.2
    if rng.random() < 0.12:
        return f"{{ {random_body(rng, odd)} }};\n", []
    nodes = []
    text = rng.choice(["", "/* head */\n", "# head\n"])
    for number in range(rng.randint(1, 4)):
        name = rng.choice([f"V{number}", f"LIB_{number}.0", f"$V{number}"]) if not odd or rng.random() < 0.9 else "V0"
        parents = [rng.choice(nodes)] if nodes and rng.random() < 0.7 else []
        if odd and rng.random() < 0.1:
            parents.append(rng.choice([*nodes, name, "NONE"]))
        text += name + rng.choice(BLANKS) + "{" + rng.choice(BLANKS) + random_body(rng, odd) + rng.choice(BLANKS)
        text += "}" + "".join(" " + p for p in parents) + rng.choice(["", " "]) + ";" + rng.choice(["\n", " ", "\n\n"])
        nodes.append(name)
    return text, nodes


def random_versioned(rng, nodes):
    """NAME@NODE for names that are not in NAMES, so that no base symbol meddles."""
    if not nodes or rng.random() < 0.5:
        return []
    found = []
    for name in rng.sample(["foo_old", "bar_old", "lib_old", "a3", "zap"], rng.randint(1, 3)):
        chosen = rng.sample(sorted(set(nodes)), rng.randint(1, min(2, len(set(nodes)))))
        found += [f"{name}@{node}" for node in chosen[1:]]
        found.append(f"{name}{rng.choice(['@', '@@'])}{chosen[0]}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dump", required=True)
    parser.add_argument("--abifit", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--time", type=float, help="seconds, after which no further script is made")
    parser.add_argument("--keep", action="store_true", help="stop at the first failure")
    args = parser.parse_args()
    checker = Checker(args)
    start, made = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        wild = sorted((HERE / "scripts").glob("*.map"))
        if len(wild) < 30:
            sys.exit(f"scripts.py: {len(wild)} scripts in {HERE / 'scripts'}, 30 at least are expected")
        for script in wild:
            names = names_of(script.read_text(errors="replace"))
            checker.check(script.name, folder, script, names, [])
            checker.check_update(script.name, folder, script, names)
        for number in range(args.seed, args.seed + args.count):
            rng = random.Random(number)
            text, nodes = random_script(rng)
            script = folder / "random.map"
            script.write_text(text, newline="")
            checker.check(f"seed {number}", folder, script, NAMES, random_versioned(rng, nodes))
            if number % 3 == 0:
                checker.check_update(f"seed {number}", folder, script, NAMES)
            made += 1
            if (args.keep and checker.failed) or (args.time and time.monotonic() - start > args.time):
                break
    print(f"{len(wild)} scripts, {made} at random, {checker.symbols} symbols compared, {checker.refused} refusals, "
          f"{checker.crashed} crashes of a linker")
    print(f"{checker.passed} passed, {checker.failed} failed")
    return checker.failed > 0


sys.exit(main())
