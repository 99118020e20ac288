#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The forecast for musl programs against musl's own loader.

Fixtures are built here with musl-gcc; each is listed with `ld-musl-*.so.1 --list`
(which relocates and then stops) and started for real: list of libraries in its order,
the loader itself included, unresolved symbols, missing libraries, whether it starts and
the message must be what Abifit says. The fixtures are in musl_cases.py.

    musl.py --abifit PROGRAM [--keep]
"""

import argparse
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from forecast import Abifit, ForecastError  # noqa: E402
from ldso import canonical  # noqa: E402
from musl_cases import cases  # noqa: E402

LINE = re.compile(r"^\t(?:(.+) => )?(.+) \(0x[0-9a-f]+\)$")
RELOCATING = re.compile(r"^Error relocating (.+?): (.+?): symbol not found$")
LOADING = re.compile(r"^Error loading shared library (.+?): (.+?) \(needed by (.+)\)$")


class Bench:
    """Builds, starts and judges the fixtures, each in a folder of its own."""

    def __init__(self, abifit, loader, folder):
        self.abifit, self.loader, self.folder, self.place = abifit, loader, folder, folder
        self.passed = self.failed = 0

    def fresh(self, name):
        self.place = os.path.join(self.folder, name)
        os.makedirs(self.place)
        return name

    def at(self, *parts):
        path = os.path.join(self.place, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def build(self, out, source, *flags, compiler="musl-gcc"):
        out = self.at(out)
        with open(out + ".c", "w", encoding="ascii") as file:
            file.write(source)
        command = [compiler, "-w", "-fno-stack-protector", "-o", out, out + ".c",
                   "-Wl,--no-as-needed", *flags]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise OSError(f"{' '.join(command)}: {done.stderr}")
        return out

    def lib(self, out, source, *flags, soname=None, script=None):
        if script:
            path = self.at(out) + ".map"
            with open(path, "w", encoding="ascii") as file:
                file.write(script)
            flags = (*flags, f"-Wl,--version-script={path}")
        if soname is None:
            soname = os.path.basename(out)
        return self.build(out, source, "-shared", "-fPIC", *flags, f"-Wl,-soname,{soname}")

    def foo(self, out, value, *flags, **more):
        return self.lib(out, f"int foo(void) {{ return {value}; }}\n", *flags, **more)

    def judge(self, name, program, expect=None, library_path=None, preload=None, provider=None):
        """`provider`: (symbol, file) that the program's own reference must be bound to."""
        env, options = {}, []
        if library_path:
            env["LD_LIBRARY_PATH"] = library_path
            options += ["--library-path", library_path]
        if preload:
            env["LD_PRELOAD"] = preload
            options += ["--preload", preload]
        listed = subprocess.run([self.loader, "--list", program], env=env, capture_output=True,
                                text=True, check=False, cwd="/", timeout=20)
        ran = subprocess.run([program], env=env, capture_output=True, check=False, cwd="/",
                             timeout=20)
        problems = []
        if expect is not None and ran.returncode != expect:
            problems.append(f"the fixture itself: {ran.returncode}, not {expect}: {ran.stderr}")
        try:
            forecast = self.abifit.check([program], options=options)[program]
            problems += self.compare(program, listed, ran.returncode, forecast)
            bound = {(symbol, self.name(to, program)) for source, to, _, symbol, _
                     in forecast.bindings if self.name(source, program) == "MAIN"}
            if provider and provider not in bound:
                problems.append(f"binding: expected {provider}, "
                                f"got {[b for b in bound if b[0] == provider[0]]}")
        except ForecastError as error:
            problems.append(f"abifit failed: {error}")
        if problems:
            self.failed += 1
            print(f"{name}: code {ran.returncode}, {listed.stderr.strip()}")
            for problem in problems:
                print(f"  {problem}")
        else:
            self.passed += 1

    def name(self, path, program):
        if path is None:
            return None
        if canonical(None, path) == canonical(None, self.loader):
            return "LOADER"
        return "MAIN" if path == program else path

    def compare(self, program, listed, code, forecast):
        problems, libraries, undefined, missing = [], [], set(), set()
        for line in listed.stdout.splitlines()[1:]:     # the first is the loader itself
            found = LINE.match(line)
            path = self.name(found.group(2), program)
            libraries.append((path if path == "LOADER" else found.group(1) or path, path))
        said = [line for line in listed.stderr.splitlines() if line]
        for line in said:
            found = RELOCATING.match(line)
            if found:
                undefined.add((found.group(2), self.name(found.group(1), program)))
                continue
            found = LOADING.match(line)
            if found:
                missing.add(found.group(1))
                continue
            problems.append(f"loader line of unknown form: {line}")
        got = [(name, self.name(path, program)) for name, path in forecast.libraries if path]
        got = [(path if path == "LOADER" else name, path) for name, path in got]
        lost = {name for name, path in forecast.libraries if path is None}
        if libraries != got:
            problems.append(f"list: expected {libraries}, got {got}")
        if missing != lost:
            problems.append(f"missing: expected {sorted(missing)}, got {sorted(lost)}")
        references = {(symbol, self.name(obj, program)) for symbol, _, obj in forecast.undefined}
        if undefined != references:
            problems.append(f"undefined: expected {sorted(undefined)}, got {sorted(references)}")
        return problems + self.compare_outcome(code, said, forecast)

    @staticmethod
    def compare_outcome(code, said, forecast):
        problems, verdict = [], forecast.verdict
        binary = verdict.get("binary") if isinstance(verdict, dict) else verdict
        quoted = [f["loader_says"] for f in forecast.findings if f.get("loader_says")]
        if (code == 127 or code < 0) != (binary == "break"):
            problems.append(f"verdict: code {code}, got {binary} "
                            f"({[f['rule'] for f in forecast.findings]}, {quoted})")
        if code == 127 and not any(q in line or line in q for q in quoted for line in said):
            problems.append(f"the message is not quoted: {said[:1]}, quoted {quoted[:2]}")
        return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    loaders = sorted(glob.glob("/lib/ld-musl-*.so.1"))
    missing = [tool for tool in ("musl-gcc", "gcc") if shutil.which(tool) is None]
    if missing or not loaders or not os.access(options.abifit, os.X_OK):
        print(f"musl.py: missing: {missing or 'musl loader, or the program'}", file=sys.stderr)
        return 1
    folder = tempfile.mkdtemp(prefix="abifit-musl-")
    bench = Bench(Abifit(options.abifit), loaders[0], folder)
    cases(bench)
    if options.keep:
        print(f"kept in {folder}")
    else:
        shutil.rmtree(folder)
    print(f"{bench.passed} passed, {bench.failed} failed")
    return 1 if bench.failed or not bench.passed else 0


if __name__ == "__main__":
    sys.exit(main())
