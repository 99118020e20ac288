#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cost of the forecast beside what else one would run, on the same files in one run.

usage: run.py --abifit PROGRAM [--runs N] [--folder DIR...]

CPU seconds are user + system time of finished child processes; memory is the peak of
private (not file-backed) memory, read from the process while it ends, or the peak
resident set where it says so. The least of N runs is printed: the machine may be busy.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
import time

LDSO = "/lib64/ld-linux-x86-64.so.2"
TRACE = {"LD_TRACE_LOADED_OBJECTS": "1", "LD_WARN": "yes", "LD_BIND_NOW": "yes"}


def run(command, env=None):
    """CPU seconds, wall seconds, peak resident kB of one process; output thrown away."""
    start = time.perf_counter()
    with open(os.devnull, "wb") as null:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=null, stderr=null,
                                 env=env)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - start
    if child.returncode < 0:
        raise SystemExit(f"{command[0]} died of signal {-child.returncode}")
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss


def private_peak(command):
    """Peak of anonymous memory in kB, sampled every few milliseconds."""
    peak = 0
    with open(os.devnull, "wb") as null:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=null, stderr=null)
        while child.poll() is None:
            try:
                with open(f"/proc/{child.pid}/status", encoding="ascii") as file:
                    for line in file:
                        if line.startswith("RssAnon:"):
                            peak = max(peak, int(line.split()[1]))
            except OSError:
                pass
            time.sleep(0.002)
    return peak


def least(runs, command, env=None):
    return tuple(min(column) for column in zip(*(run(command, env) for _ in range(runs))))


def programs(folders):
    """Dynamic programs: what the loader itself says it can start."""
    found = []
    seen = set()
    for folder in folders:
        for name in sorted(os.listdir(folder)):
            path = os.path.realpath(os.path.join(folder, name))
            if path in seen or not os.path.isfile(path):
                continue
            seen.add(path)
            with open(path, "rb") as file:
                if file.read(4) != b"\x7fELF":
                    continue
            if subprocess.run([LDSO, "--verify", path], check=False).returncode == 0:
                found.append(path)
    return found


def trace_all(files, relocate):
    """CPU seconds of the loader's own traces, one process a program."""
    env = dict(TRACE) if relocate else {"LD_TRACE_LOADED_OBJECTS": "1"}
    return sum(run([LDSO, path], env)[0] for path in files)


def row(name, value, note=""):
    print(f"{name:<52} {value:>12}  {note}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--abifit", required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--folder", action="append")
    args = parser.parse_args()
    if not shutil.which("libtree"):
        raise SystemExit("libtree is not installed: nothing to compare with")
    files = programs(args.folder or ["/usr/bin", "/usr/sbin"])
    count = len(files)
    with tempfile.NamedTemporaryFile("w", suffix=".list") as listing:
        listing.write("\n".join(files) + "\n")
        listing.flush()
        names = "@" + listing.name
        abifit = args.abifit
        print(f"{count} dynamic programs; CPU seconds unless said otherwise, least of {args.runs} runs")
        full = least(args.runs, [abifit, "tree", names])
        brief = least(args.runs, [abifit, "tree", "--no-repeats", names])
        peer_full = least(args.runs, ["libtree", "-vvv", *files])
        peer_brief = least(args.runs, ["libtree", *files])
        row("abifit tree", f"{full[0]:.3f}", f"{1000 * full[0] / count:.3f} ms a program")
        row("libtree -vvv", f"{peer_full[0]:.3f}", f"abifit takes {full[0] / peer_full[0]:.2f} of it")
        row("abifit tree --no-repeats", f"{brief[0]:.3f}", f"{1000 * brief[0] / count:.3f} ms a program")
        row("libtree", f"{peer_brief[0]:.3f}", f"{1000 * peer_brief[0] / count:.3f} ms a program")
        one = least(args.runs, [abifit, "check", "--threads", "1", names])
        two = least(args.runs, [abifit, "check", "--threads", "2", names])
        loader = trace_all(files, True)
        row("abifit check, every binding", f"{one[0]:.3f}", f"{1000 * one[0] / count:.3f} ms a program")
        row("ld.so traces with relocation", f"{loader:.3f}",
            f"{1000 * loader / count:.3f} ms a program, {loader / one[0]:.1f} times abifit's")
        row("abifit check, wall, one thread", f"{one[1]:.3f}")
        row("abifit check, wall, two threads", f"{two[1]:.3f}", f"{two[1] / one[1]:.2f} of one")
        for part in (4, 2, 1):
            with tempfile.NamedTemporaryFile("w", suffix=".list") as some:
                some.write("\n".join(files[::part]) + "\n")
                some.flush()
                cost = least(args.runs, [abifit, "check", "--threads", "1", "@" + some.name])[0]
            row(f"abifit check, every {part}. program" if part > 1 else "abifit check, all",
                f"{cost:.3f}", f"{1000 * cost * part / count:.3f} ms a program")
        row("private memory, check (MB)", f"{private_peak([abifit, 'check', names]) / 1024:.0f}")
        row("private memory, check --bindings, JSON (MB)",
            f"{private_peak([abifit, 'check', '--bindings', '--format', 'json', names]) / 1024:.0f}")


if __name__ == "__main__":
    main()
