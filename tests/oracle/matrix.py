#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Small programs, one rule of the loader each: what really happens, and what Abifit says.

Every fixture is built here with gcc (without a libc wherever that is possible, so that
any glibc loads it), then started for real, in another root with --root, and its exit
code and the loader's message are compared with Abifit's verdict, exit code and quoted
message; lists and bindings with the loader's trace. A fixture that runs ends by itself
with a code below 100, which tells whose definition it got. The fixtures themselves are
in matrix_cases.py.

    matrix.py --abifit PROGRAM [--root DIR] [--only NAME] [--keep]
"""

import argparse
import errno
import os
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from elfpatch import Elf  # noqa: E402
from forecast import Abifit, Comparison, ForecastError, says  # noqa: E402
from ldso import TRACE, Loader, OracleError, parse_trace  # noqa: E402
from matrix_cases import CALLS_FOO, GROUPS, WRONG  # noqa: E402


# Findings about a process that starts, and ends with 127 at a call.
DIES_AT_A_CALL = ("load/symbol-missing-lazy", "load/version-info-abort")


class Bench:
    """Builds, starts and judges the fixtures of one scratch folder."""

    def __init__(self, abifit, loader, folder, only):
        self.abifit, self.loader, self.folder, self.only = abifit, loader, folder, only
        self.passed = self.failed = 0
        self.notes = []
        self.label = ""

    # Building. Paths of fixtures are those inside the root.
    def host(self, path):
        return self.loader.host(path)

    def at(self, *parts):
        path = os.path.join(self.place, *parts)
        os.makedirs(os.path.dirname(self.host(path)), exist_ok=True)
        return path

    def gcc(self, out, source, *flags, libs=()):
        out = self.at(out)
        text = self.host(out) + ".c"
        with open(text, "w", encoding="ascii") as file:
            file.write(source)
        command = ["gcc", "-O1", "-w", "-fno-stack-protector", "-fcf-protection=none", "-o",
                   self.host(out), text, *flags, *[self.host(lib) for lib in libs]]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise OracleError(f"{' '.join(command)}: {done.stderr}")
        return out

    def lib(self, out, source, *flags, libs=(), soname=None, script=None):
        if script is not None:
            path = self.host(self.at(out)) + ".map"
            with open(path, "w", encoding="ascii") as file:
                file.write(script)
            flags = (*flags, f"-Wl,--version-script={path}")
        soname = os.path.basename(out) if soname is None else soname
        if soname:
            flags = (*flags, f"-Wl,-soname,{soname}")
        return self.gcc(out, source, "-shared", "-fPIC", "-nostdlib", "-Wl,--no-as-needed",
                        *flags, libs=libs)

    def program(self, out, source=CALLS_FOO, *flags, libs=()):
        return self.gcc(out, source, "-nostdlib", "-fPIE", "-pie", "-Wl,-e,_start",
                        "-Wl,--no-as-needed", "-Wl,--allow-shlib-undefined",
                        "-Wl,--unresolved-symbols=ignore-in-shared-libs", *flags, libs=libs)

    def foo(self, out, value, *flags, **more):
        return self.lib(out, f"int foo(void) {{ return {value}; }}\n", *flags, **more)

    def patch(self, path, function):
        elf = Elf(self.host(path))
        function(elf)
        elf.save(self.host(path))
        os.chmod(self.host(path), 0o755)

    # Running.
    def start(self, program, env, cwd):
        """(exit code as a shell gives it, standard error) of a fixture."""
        root = self.loader.root
        try:
            done = subprocess.run(
                [program], env={"LC_ALL": "C", **env}, stdin=subprocess.DEVNULL,
                capture_output=True, timeout=20, check=False,
                preexec_fn=lambda: (os.chroot(root) if root else None, os.chdir(cwd)))
        except OSError as error:
            return (127 if error.errno == errno.ENOENT else 126), error.strerror
        code = done.returncode if done.returncode >= 0 else 128 - done.returncode
        return code, done.stderr.decode("utf-8", "replace")

    def judge(self, name, program, expect=None, library_path=None, preload=(), cwd="/",
              options=(), trace=True, env=None):
        """Runs one fixture and compares. `expect`: the code it has with every glibc."""
        label = f"{self.label}: {name}"
        env = dict(env or {})
        if library_path is not None:
            env["LD_LIBRARY_PATH"] = library_path
            options = (*options, "--library-path", library_path)
        for entry in preload:
            options = (*options, "--preload", entry)
        if preload:
            env["LD_PRELOAD"] = ":".join(preload)
        if cwd != "/":
            options = (*options, "--cwd", cwd)
        code, message = self.start(program, env, cwd)
        problems = []
        if expect is not None and code != expect:
            problems.append(f"the fixture itself: code {code}, not {expect}: {message.strip()}")
        try:
            forecast = self.abifit.check([program], options=options)[program]
            problems += self.outcome(program, code, message, forecast)
            if trace:
                problems += self.traced(program, forecast, env, cwd)
        except ForecastError as error:
            problems.append(f"abifit failed: {error}")
        if problems:
            self.failed += 1
            print(f"{label}: {message.strip().splitlines()[-1:] or ''} code {code}")
            for problem in problems:
                print(f"  {problem}")
        else:
            self.passed += 1

    def outcome(self, program, code, message, forecast):
        verdict = forecast.verdict
        binary = verdict.get("binary") if isinstance(verdict, dict) else verdict
        rules = [(f["rule"], f.get("exit_code"), f.get("loader_says")) for f in forecast.findings
                 if f.get("exit_code")]
        # An exit code of 1 is a fixture's own, or the loader's for a version that is not there.
        if code == WRONG:
            return [] if binary != "ok" else ["its memory is damaged, but the verdict is ok"]
        if code < 100 and not (code == 1 and "not found (required by" in message):
            return [] if binary != "break" else [f"it runs, but the verdict is break: {rules}"]
        problems = []
        if binary != "break":
            problems.append(f"it fails, but the verdict is {binary}")
        # Of a process that starts, and dies at a call, the finding tells no exit code.
        if not any(f.get("exit_code") == code or (code == 127 and f["rule"] in DIES_AT_A_CALL)
                   for f in forecast.findings):
            problems.append(f"no finding with exit code {code}: {rules}")
        said = [line for line in message.splitlines() if line.strip()]
        if code in (1, 127) and said and not says(forecast.findings, said[-1],
                                                  {program, self.host(program)}):
            problems.append(f"the message is not quoted: {rules}")
        return problems

    def traced(self, program, forecast, env, cwd):
        """Lists and bindings; the environment is the one that the fixture was started in."""
        loader = self.loader
        root = loader.root
        if Elf(self.host(program)).interpreter != loader.path:
            return []
        done = subprocess.run(
            [loader.path, program], env={**TRACE, "LD_DEBUG": "bindings", **env},
            stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False,
            preexec_fn=lambda: (os.chroot(root) if root else None, os.chdir(cwd)))
        trace = parse_trace(done.stdout.decode(), done.stderr.decode(), done.returncode)
        if done.returncode < 0:
            return []
        trace.other = [line for line in trace.other if "has different size" not in line]
        return [f"{kind}: {text}" for kind, text in
                Comparison(loader, program).run(trace, forecast)]

    def judge_lazy(self, name, program, library_path):
        """Starts, but has a function that nothing defines: break, by a finding with code 127."""
        code, message = self.start(program, {"LD_LIBRARY_PATH": library_path}, "/")
        forecast = self.abifit.check([program], options=("--library-path", library_path))[program]
        lazy = [f for f in forecast.findings if f["rule"] == "load/symbol-missing-lazy"]
        if code == 1 and lazy and lazy[0].get("exit_code") in (0, 127, None):
            self.passed += 1
            return
        self.failed += 1
        print(f"{self.label}: {name}: code {code} {message.strip()}, "
              f"findings {[(f['rule'], f.get('exit_code')) for f in forecast.findings]}")

    def judge_plugin(self, name, program, plugin):
        """dlopen() fails (101, with dlerror's text) exactly when --load tells of a refusal."""
        code, message = self.start(program, {}, "/")
        try:
            forecast = self.abifit.check([program], options=("--load", plugin))[program]
        except ForecastError as error:
            self.failed += 1
            print(f"{self.label}: {name}: abifit failed: {error}")
            return
        verdict = forecast.verdict
        binary = verdict.get("binary") if isinstance(verdict, dict) else verdict
        rules = [(f["rule"], f.get("loader_says")) for f in forecast.findings]
        problems = []
        if code == 101:
            if binary == "ok":
                problems.append(f"dlopen fails, but the verdict is ok: {message.strip()}")
            if not says(forecast.findings, message.strip(), {program}):
                problems.append(f"the message is not quoted: {message.strip()}; {rules}")
        elif binary == "break":
            problems.append(f"dlopen works, but the verdict is break: {rules}")
        if problems:
            self.failed += 1
            print(f"{self.label}: {name}: code {code}")
            for problem in problems:
                print(f"  {problem}")
        else:
            self.passed += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True)
    parser.add_argument("--root", help="run the fixtures in this root (x86-64, glibc)")
    parser.add_argument("--only", help="one group")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    for tool in ("gcc",):
        if shutil.which(tool) is None:
            print(f"matrix.py: no {tool}", file=sys.stderr)
            return 1
    try:
        loader = Loader(root=options.root)
    except OracleError as error:
        print(f"matrix.py: {error}", file=sys.stderr)
        return 1
    if loader.kind[0] != 62 or loader.qemu:
        print("matrix.py: the fixtures are for x86-64", file=sys.stderr)
        return 1
    os.makedirs(loader.host("/tmp"), exist_ok=True)
    folder = tempfile.mkdtemp(prefix="abifit-matrix-", dir=loader.host("/tmp"))
    os.chmod(folder, 0o755)
    bench = Bench(Abifit(options.abifit, root=loader.root), loader,
                  folder[len(loader.root or ""):], options.only)
    print(f"glibc {loader.version[0]}.{loader.version[1]}")
    for name, function in GROUPS:
        if options.only and name != options.only:
            continue
        bench.label, bench.place = name, bench.folder
        before = bench.passed, bench.failed
        function(bench)
        print(f"{name}: {bench.passed - before[0]} passed, {bench.failed - before[1]} failed", flush=True)
    for note in bench.notes:
        print(f"not covered: {note}")
    if options.keep:
        print(f"kept in {folder}")
    else:
        os.chdir("/")
        shutil.rmtree(folder)
    print(f"{bench.passed} passed, {bench.failed} failed")
    return 1 if bench.failed or not bench.passed else 0


if __name__ == "__main__":
    sys.exit(main())
