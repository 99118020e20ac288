#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Abifit's comparison of types beside what happens: random pairs of releases, built and run.

A program that uses all of a library is built against its old release and run with both;
what the compiler says of both headers (sizes, places, bits, values, slots of virtual
functions) is compared too. What is shown broken must be a break, or a risk where debug
information cannot know what programs do; where nothing is shown, a break is a false alarm.
Each change also says what it must show here, so that this program is tested as well.

    truth.py --abifit PROGRAM [--count N] [--seed N] [--only CHANGE] [--keep DIR]
    truth.py --truth-only [--count N]
"""

import argparse
import collections
import concurrent.futures
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import truth_c_changes  # noqa: E402
import truth_cxx_changes  # noqa: E402
from compare import late  # noqa: E402
from truth_pair import BROKEN, EITHER, FINE  # noqa: E402

MAKERS = [truth_c_changes, truth_cxx_changes]
BATCH = 24
ATTEMPTS = 30  # to make a library that has a place for a change
RANK = {"ok": 0, "risk": 1, "break": 2}
SONAME = "libpair.so.1"
COMPILERS = {"c": ("gcc", "clang"), "c++": ("g++", "clang++")}
SUFFIX = {"c": ".c", "c++": ".cc"}


def run(command, timeout=20, **more):
    return subprocess.run(command, capture_output=True, text=True, errors="replace", check=False, timeout=timeout,
                          stdin=subprocess.DEVNULL, **more)


def build(command):
    done = run(command, timeout=300)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: {done.stderr[:2000]}")


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
    return path


class Case:
    """A pair on disk, and what was found out about it."""

    def __init__(self, seed, pair, folder):
        self.seed, self.pair, self.folder = seed, pair, folder
        self.shown, self.facts, self.faults = [], [], []
        self.verdict, self.findings = "", []
        rng = random.Random(seed)
        # Sources that this program writes look into private members.
        access = ["-fno-access-control"] if pair.language == "c++" else []
        options = ["-g", rng.choice(["-O0", "-O1"]), *rng.choice([[], [], ["-gdwarf-4"]]), *access]
        compilers = COMPILERS[pair.language]
        # The second one is three times as slow.
        first, second = rng.choices(compilers, [2, 1], k=2)
        if rng.random() < 0.8:
            second = first
        if any("gcc" in change.features for change in pair.changes):
            first = second = "gcc"
        self.builds = [[first, *options], [second, *options]]
        ways = [["-fPIC"], ["-no-pie", "-fno-pie"]]
        if not pair.name.startswith(("variable", "base-added-empty")):
            ways = [rng.choice([[], *ways])]
        # The default linker takes twice as long for libstdc++.
        linker = ["-fuse-ld=gold", "-Wl,--no-as-needed"] if pair.language == "c++" else ["-fno-use-linker-plugin"]
        self.programs = [[compilers[rng.random() < 0.2], "-O0", *way, *access, *linker] for way in ways]

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def libraries(self):
        return [self.path(side, SONAME) for side in ("old", "new")]

    def make(self):
        suffix = SUFFIX[self.pair.language]
        for side, source, header, compiler in zip(("old", "new"), self.pair.libraries, self.pair.headers, self.builds):
            os.makedirs(self.path(side))
            write(self.path(side, "api.h"), header)
            unit = self.path(side, "library.o")
            build([*compiler, "-w", "-fPIC", "-c", "-o", unit, write(self.path(side, "library" + suffix), source)])
            build(["ld", "-shared", "--eh-frame-hdr", "-soname", SONAME, "-o", self.path(side, SONAME), unit])
        source = write(self.path("program" + suffix), self.pair.client)
        for number, compiler in enumerate(self.programs):
            build([*compiler, "-w", "-o", self.path(f"program{number}"), source, self.path("old", SONAME)])

    def start(self):
        """Runs the programs with both releases; what goes wrong with the new one is shown."""
        for number in range(len(self.programs)):
            for side in ("old", "new"):
                environment = {"LD_LIBRARY_PATH": self.path(side), "LC_ALL": "C"}
                try:
                    done = run([self.path(f"program{number}")], env=environment)
                    status, text = done.returncode, (done.stdout + done.stderr).strip()
                except subprocess.TimeoutExpired:
                    status, text = "endless", ""
                if not status:
                    continue
                lines = [f"status {status}", *text.splitlines()[:6]]
                if side == "old":
                    self.faults.append(f"fails with OLD: {lines}")
                else:
                    self.shown += lines

    def take_facts(self, old, new):
        for key in old.keys() & new.keys():
            if old[key] != new[key]:
                self.facts.append(f"{key}: {old[key]}, now {new[key]}")
        self.facts.sort()

    @property
    def broken(self):
        return bool(self.shown or self.facts)

    def judge(self, abifit):
        done = run([abifit, "diff", "--format", "json", *self.libraries()], timeout=120)
        try:
            report = json.loads(done.stdout)
        except ValueError:
            self.faults.append(f"abifit: status {done.returncode}: {done.stderr[:300]}")
            return
        # The libraries do not name libstdc++, the programs do.
        found = [one for one in report["findings"]
                 if one["verdict"]["binary"] != "ok" and one["rule"] != "abi/import-added"]
        self.verdict = max((one["verdict"]["binary"] for one in found), key=RANK.get, default="ok")
        self.findings = [f"{one['rule']} {one['subject']}: {one['verdict']['binary']}: {one['message']}" for one in found]
        if self.broken and RANK[self.verdict] < RANK[self.pair.floor]:
            self.faults.append(f"missed: {self.verdict}, at least {self.pair.floor} is right")
        elif not self.broken and self.verdict == "break":
            self.faults.append("false alarm: break, nothing shows it")

    def check_change(self):
        expected = self.pair.expected
        if expected != EITHER and (expected == BROKEN) != self.broken:
            self.faults.append(f"the change was to be {expected}")

    def tell(self):
        print(f"--seed {self.seed} --only {self.pair.name} ({' '.join(self.builds[0])} | {' '.join(self.builds[1])})")
        for text in self.faults:
            print(f"    {text[:600]}")
        for text in [*self.shown[:4], *self.facts[:4]]:
            print(f"    truth: {text[:200]}")
        for text in self.findings[:6]:
            print(f"    abifit: {text[:200]}")


def facts_of(cases, language, side, folder):
    """What the compiler says of many headers, by one program: {seed: {what: value}}."""
    lines = [cases[0].pair.facts_head]
    for case in cases:
        lines += [case.pair.headers[side], f"static void facts_{case.seed}(void)\n{{\n{case.pair.facts[side]}\n}}"]
    calls = "".join(f'puts("@ {case.seed}"); facts_{case.seed}();\n' for case in cases)
    program = os.path.join(folder, f"facts-{language}-{side}")
    source = write(program + SUFFIX[language], "\n".join([*lines, f"int main(void)\n{{\n{calls}return 0;\n}}\n"]))
    options = ["-fno-access-control", "-Wl,--unresolved-symbols=ignore-all"] if language == "c++" else []
    build([COMPILERS[language][0], "-w", *options, "-o", program, source])
    found = collections.defaultdict(dict)
    for line in run([program]).stdout.splitlines():
        words = line.split(" ")
        if words[0] == "@":
            current = found[int(words[1])]
            continue
        # The name of what it is about ends where the numbers start.
        numbers = next(i for i, word in enumerate(words) if word.lstrip("-").isdigit())
        current[" ".join(words[:numbers])] = " ".join(words[numbers:])
    return found


def check_batch(wanted, arguments, folder):
    cases = []
    for seed, names, maker in wanted:
        attempts = (maker.make_pair(seed, names, attempt) for attempt in range(ATTEMPTS))
        pair = next((pair for pair in attempts if pair), None)
        if not pair and len(names) == 1:
            raise SystemExit(f"{names[0]}: no library has a place for it")
        if pair:
            cases.append(Case(seed, pair, os.path.join(folder, f"{seed}-{pair.name}")))
    for case in cases:
        case.make()
        case.start()
    for language in COMPILERS:
        group = [case for case in cases if case.pair.language == language]
        if group:
            old, new = (facts_of(group, language, side, folder) for side in (0, 1))
            for case in group:
                case.take_facts(old[case.seed], new[case.seed])
    for case in cases:
        case.check_change()
        if not arguments.truth_only:
            case.judge(arguments.abifit)
    return cases


def plan(arguments):
    """(seed, names of the changes, module): each change in turn, now and then with another one."""
    changes = [(name, maker) for maker in MAKERS for name in maker.CHANGES]
    if arguments.only:
        names = arguments.only.split("+")
        changes = [(name, maker) for name, maker in changes if name == names[0]]
        if not changes:
            raise SystemExit(f"no such change: {names[0]}")
    for seed in range(arguments.seed, arguments.seed + arguments.count):
        rng = random.Random(seed)
        name, maker = changes[seed % len(changes)]
        others = [other for other, owner in changes if owner is maker and other != name]
        if arguments.only:
            yield seed, names, maker
        elif rng.random() < 0.2:
            yield seed, [name, rng.choice(others)], maker
        else:
            yield seed, [name], maker


def table(cases):
    rows = collections.defaultdict(list)
    for case in cases:
        rows[case.pair.name if len(case.pair.changes) == 1 else "two at once"].append(case)
    print(f"{'change':28} {'expected':9} pairs  broken  run  facts only")
    for name, group in rows.items():
        expected = group[0].pair.expected if len(group[0].pair.changes) == 1 else ""
        by_run = sum(1 for case in group if case.shown)
        broken = sum(1 for case in group if case.broken)
        print(f"{name:28} {expected:9} {len(group):5} {broken:7} {by_run:4} {broken - by_run:11}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit")
    parser.add_argument("--truth-only", action="store_true", help="do not ask abifit, print a table of the changes")
    parser.add_argument("--count", type=int, default=300, metavar="N", help="pairs")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="the first pair")
    parser.add_argument("--only", metavar="CHANGE[+CHANGE]")
    parser.add_argument("--keep", metavar="DIR", help="leave sources and files there")
    parser.add_argument("--time", type=float, metavar="SECONDS")
    arguments = parser.parse_args()
    if not arguments.abifit and not arguments.truth_only:
        parser.error("--abifit or --truth-only")
    start = time.monotonic()
    everything, quiet = [], 0
    wanted = list(plan(arguments))
    with tempfile.TemporaryDirectory() as scratch, \
            concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        folder = arguments.keep or scratch
        batches = [wanted[i:i + BATCH] for i in range(0, len(wanted), BATCH)]

        def work(number):
            if late(start, arguments.time):
                return []
            place = os.path.join(folder, f"batch-{number}")
            os.makedirs(place)
            cases = check_batch(batches[number], arguments, place)
            if not arguments.keep:
                shutil.rmtree(place)
            return cases
        for cases in pool.map(work, range(len(batches))):
            everything += cases
            for case in cases:
                if case.faults:
                    case.tell()
    if arguments.truth_only:
        table(everything)
    failed = sum(1 for case in everything if case.faults)
    if not arguments.truth_only:
        quiet = sum(1 for case in everything if case.pair.expected == FINE and case.verdict == "risk")
        print(f"{quiet} harmless pairs are called a risk")
    print(f"{sum(case.broken for case in everything)} pairs shown broken, of {len(everything)}")
    print(f"{len(everything) - failed} passed, {failed} failed")
    return 1 if failed or not everything else 0


if __name__ == "__main__":
    sys.exit(main())
