#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs data-only cases: folders with a case.toml. CONTRIBUTING.md describes the format.

usage: run-case.py --abifit PROGRAM [--update] [--keep] FOLDER...
"""

import argparse
import difflib
import os
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

import support

KEYS = {
    "build": ({"run"}, {"needs"}),
    "test": ({"name", "command"},
             {"status", "stdout", "contains", "lacks", "rules", "absent"}),
    "real": ({"command"}, {"name", "status", "contains", "lacks"}),
}


class CaseError(Exception):
    """The case itself is wrong."""


def load(folder):
    """The case's description, checked, so that a misspelt key cannot switch a test off."""
    with open(folder / "case.toml", "rb") as file:
        case = tomllib.load(file)
    unknown = set(case) - set(KEYS) - {"about"}
    if unknown:
        raise CaseError(f"unknown key {sorted(unknown)[0]}")
    names = []
    for kind, (required, optional) in KEYS.items():
        for entry in case.setdefault(kind, []):
            wrong = set(entry) - required - optional
            if wrong:
                raise CaseError(f"[[{kind}]]: unknown key {sorted(wrong)[0]}")
            if required - set(entry):
                raise CaseError(f"[[{kind}]]: no {sorted(required - set(entry))[0]}")
            names.append(entry.get("name"))
    if not case["test"]:
        raise CaseError("no [[test]]")
    names = [name for name in names if name]
    if len(names) != len(set(names)):
        raise CaseError("two entries with the same name")
    for entry in case["test"]:
        if not set(entry) & {"status", "stdout", "contains", "lacks", "rules", "absent"}:
            raise CaseError(f"{entry['name']}: nothing is expected")
    return case


class Runner:
    def __init__(self, folder, program, scratch, update):
        self.folder = folder
        self.update = update
        self.scratch = scratch / "case"
        tools = scratch / "bin"
        tools.mkdir()
        (tools / "abifit").symlink_to(program)
        patcher = tools / "elfpatch"
        patcher.write_text(f"#!/bin/sh\nexec {sys.executable} -B {support.TESTS}/oracle/elfpatch.py \"$@\"\n")
        patcher.chmod(0o755)
        shutil.copytree(folder, self.scratch, symlinks=True)
        self.environment = support.environment(HOME=str(self.scratch))
        self.environment["PATH"] = f"{tools}:{self.environment['PATH']}"

    def expand(self, command):
        for word, value in (("@DIR@", self.scratch), ("@LDSO@", support.LDSO),
                            ("@TESTS@", support.TESTS)):
            command = command.replace(word, str(value))
        return command

    def shell(self, command, timeout=60):
        return support.run(["sh", "-c", self.expand(command)], env=self.environment,
                           cwd=self.scratch, timeout=timeout)

    def hide(self, data):
        """Output as text, without what differs from run to run."""
        return data.decode("utf-8", "replace").replace(str(self.scratch), "@DIR@")

    def build(self, step):
        """What is wrong, or None."""
        for tool in step.get("needs", []):
            if not shutil.which(tool, path=self.environment["PATH"]):
                return f"{tool} is missing; tools/setup.sh test installs what the tests need"
        result = self.shell("set -e\n" + step["run"], timeout=300)
        if result.status:
            return f"{step['run']}\nstatus {result.status}\n{result.text}"
        return None

    def check_output(self, entry, result):
        """Problems with status and text."""
        crash = result.crash()
        if crash:
            yield crash
        expected = entry.get("status", 0)
        if result.status != expected:
            yield f"status {result.status}, expected {expected}"
        text = self.hide(result.out) + self.hide(result.err)
        for part in entry.get("contains", []):
            if part not in text:
                yield f"lacks: {part}"
        for part in entry.get("lacks", []):
            if part in text:
                yield f"must not contain: {part}"

    def check_golden(self, entry, result):
        name = entry["stdout"]
        text = self.hide(result.out)
        if self.update:
            golden = self.folder / name
            if not golden.exists() or golden.read_text() != text:
                golden.write_text(text)
                print(f"# {golden}: updated")
            return
        golden = self.scratch / name
        if not golden.exists():
            yield f"{name} does not exist; --update makes it"
            return
        wanted = golden.read_text()
        if wanted != text:
            yield "".join(difflib.unified_diff(
                wanted.splitlines(True), text.splitlines(True), name, "standard output"))

    def check_rules(self, entry):
        command = entry["command"]
        if "--format json" not in command and "--format=json" not in command:
            command += " --format json"
        result = self.shell(command)
        expected = entry.get("status", 0)
        if result.status != expected:
            yield f"as JSON: status {result.status}, expected {expected}"
        report, wrong = support.report_of(result)
        if wrong:
            yield wrong
            return
        found = {finding["rule"] for finding in report.get("findings", [])}
        for rule in entry.get("rules", []):
            if rule not in found:
                yield f"no finding of {rule}; found: {', '.join(sorted(found)) or 'nothing'}"
        for rule in entry.get("absent", []):
            if rule in found:
                yield f"a finding of {rule}, which must not be"

    def problems(self, entry, real):
        result = self.shell(entry["command"])
        problems = list(self.check_output(entry, result))
        if problems:
            problems.append("output:\n" + self.hide(result.out) + self.hide(result.err))
        if not real and result.out.startswith(b'{"schema":'):
            problems += filter(None, [support.report_of(result)[1]])
        if not real and "stdout" in entry:
            problems += self.check_golden(entry, result)
        if not real and (entry.get("rules") or entry.get("absent")):
            problems += self.check_rules(entry)
        return problems


def run_case(folder, args, tap):
    try:
        case = load(folder)
    except (CaseError, OSError, tomllib.TOMLDecodeError) as error:
        tap.ok(False, "case.toml", error)
        return
    with tempfile.TemporaryDirectory(prefix="abifit-") as name:
        scratch = Path(name).resolve()
        if args.keep:
            scratch = Path(tempfile.mkdtemp(prefix="abifit-")).resolve()
            print(f"# {folder}: built in {scratch}/case")
        runner = Runner(folder, args.abifit, scratch, args.update)
        broken = None
        for step in case["build"]:
            broken = broken or runner.build(step)
        if broken:
            tap.ok(False, "build", broken)
        for kind in "test", "real":
            for entry in case[kind]:
                name = entry.get("name", entry["command"].strip().splitlines()[0])
                if kind == "real":
                    name = "real: " + name
                if broken:
                    tap.ok(False, name, "not built")
                    continue
                problems = runner.problems(entry, kind == "real")
                tap.ok(not problems, name, f"$ {entry['command']}", *problems)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True, type=support.program, help="the program under test")
    parser.add_argument("--update", action="store_true", help="rewrite the expected output")
    parser.add_argument("--keep", action="store_true", help="leave the scratch folder")
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    args = parser.parse_args()
    if args.update and os.environ.get("CI"):
        print("run-case.py: --update is refused where CI is set", file=sys.stderr)
        return 2
    tap = support.Tap()
    for folder in args.folders:
        run_case(folder.resolve(), args, tap)
    return tap.close()


sys.exit(main())
