#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds the given build folders, runs their tests and counts them together.

The last line of output is `N passed, N failed`; the exit status is 0 only when
nothing failed and every folder ran at least one test. A test that speaks TAP
counts with each of its lines, one that ends with such a line itself with those.
A skipped test is a failure: what the tests need is in tools/packages.txt.
"""

import argparse
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SUM = re.compile(r"(\d+) passed, (\d+) failed")
TAIL = 60  # lines shown of each failed test


def say(text):
    print(text, flush=True)


def tests_digest():
    """Stands for the set of files that Meson turns into tests."""
    listing = subprocess.run([sys.executable, "tests/list.py", "all"], cwd=ROOT, check=True,
                             capture_output=True)
    return hashlib.sha256(listing.stdout).hexdigest()


def prepare(folder):
    """Configures and builds; whether that worked."""
    stamp = ROOT / folder / "tests-digest.txt"
    digest = tests_digest()
    ninja = f"{folder}/build.ninja"
    fresh = not (ROOT / ninja).exists()
    if fresh:
        # The options of each folder stand in the Makefile.
        result = subprocess.run(["make", "-s", "--no-print-directory", ninja], cwd=ROOT,
                                capture_output=True, text=True)
        if result.returncode:
            say(result.stdout + result.stderr)
            return False
    elif not stamp.exists() or stamp.read_text() != digest:
        subprocess.run(["meson", "setup", "--reconfigure", folder], cwd=ROOT,
                       stdout=subprocess.DEVNULL, check=False)
    stamp.write_text(digest)
    result = subprocess.run(["ninja", "--quiet", "-C", folder], cwd=ROOT, capture_output=True, text=True)
    if result.returncode:
        start = max(result.stdout.find("FAILED"), 0)  # Meson's own words come before
        say(result.stdout[start:start + 20000] + result.stderr)
    return result.returncode == 0


def long_share(folder, limit):
    """Seconds that each long test of the folder may take."""
    listing = subprocess.run(["meson", "introspect", "--tests", folder], cwd=ROOT, check=True,
                             capture_output=True)
    count = sum(any(suite.endswith(":long") for suite in test["suite"])
                for test in json.loads(listing.stdout))
    jobs = min(len(os.sched_getaffinity(0)), max(count, 1))
    return max(limit * jobs / max(count, 1), 1)


def stop(process):
    """Ends a process group that this program started."""
    for sign in signal.SIGTERM, signal.SIGKILL:
        try:
            os.killpg(process.pid, sign)
            process.wait(timeout=20)
            return
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            pass


def run_meson(folder, long, limit):
    """Runs the tests; False when they had to be stopped."""
    command = ["meson", "test", "--no-rebuild", "--quiet", "-C", folder]
    command += ["--suite", "long"] if long else ["--no-suite", "long"]
    if "asan" in folder:
        command += ["--timeout-multiplier", "4"]
    environment = dict(os.environ, MALLOC_PERTURB_="165")
    timeout = None
    if limit:
        environment["ABIFIT_TEST_SECONDS"] = str(int(long_share(folder, limit)))
        timeout = limit * 1.25 + 300
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # through the clean-up below
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True,
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        process.wait(timeout=timeout)
    except subprocess.TimeoutExpired:
        say(f"{folder}: stopped after {timeout:.0f} s")
        stop(process)
        return False
    except BaseException:
        stop(process)
        raise
    return True


def count(entry):
    """(passed, failed) of one test in Meson's log."""
    lines = entry.get("stdout", "").splitlines()
    passed = sum(line.startswith("ok ") for line in lines)
    failed = sum(line.startswith("not ok") for line in lines)
    if not any(line.startswith("1..") for line in lines):
        sums = [match for match in map(SUM.fullmatch, lines) if match]
        passed, failed = map(int, sums[-1].groups()) if sums else (0, 0)
    good = entry["result"] in ("OK", "EXPECTEDFAIL")
    if not good and not failed:
        failed = 1
    if good and not passed:
        passed = 1
    return passed, failed


def show_failure(folder, entry):
    say(f"\n--- {folder}: {entry['name']}: {entry['result']}")
    lines = [line for line in entry.get("stdout", "").splitlines() if not line.startswith("ok ")]
    lines += entry.get("stderr", "").splitlines()
    if len(lines) > TAIL:
        say(f"    … {len(lines) - TAIL} lines before")
    for line in lines[-TAIL:]:
        say("    " + line)


def run_folder(folder, long, limit):
    """(passed, failed) of one build folder."""
    start = time.monotonic()
    log = ROOT / folder / "meson-logs/testlog.json"
    log.unlink(missing_ok=True)
    passed, failed = 0, 0
    if not run_meson(folder, long, limit):
        failed += 1
    entries = []
    if log.exists():
        entries = [json.loads(line) for line in log.read_text().splitlines() if line.strip()]
    for entry in entries:
        good, bad = count(entry)
        passed += good
        failed += bad
        if bad:
            show_failure(folder, entry)
    if not entries:
        say(f"{folder}: no test ran")
        failed += 1
    say(f"{folder}: {len(entries)} tests with {passed} passed, {failed} failed checks "
        f"in {time.monotonic() - start:.0f} s")
    return passed, failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--long", action="store_true", help="the long tests, and only those")
    parser.add_argument("--time", default="", help="seconds for all of it (long tests)")
    parser.add_argument("folders", nargs="+")
    args = parser.parse_args()
    start = time.monotonic()
    limit = float(args.time) if args.time else 0

    built, passed, failed = [], 0, 0
    for folder in args.folders:
        say(f"{folder}: building")
        if prepare(folder):
            built.append(folder)
        else:
            say(f"{folder}: the build failed")
            failed += 1
    for number, folder in enumerate(built):
        share = 0
        if limit:
            left = limit - (time.monotonic() - start)
            share = max(left / (len(built) - number), 30)
        good, bad = run_folder(folder, args.long, share)
        passed += good
        failed += bad
    if not passed and not failed:
        failed = 1
    say(f"\n{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
