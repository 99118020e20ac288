#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the reader of headers finds, beside what compilers say of the same headers.

C, by gcc and by clang: the functions are those of gcc's -aux-info, the macros those of -dM.
C++: each name is one that clang knows (-ast-list), and nothing is left unread.

    declared.py --dump PROGRAM [--all]
"""

import argparse
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

C_HEADERS = """aio arpa/inet assert complex ctype dirent dlfcn elf errno fcntl fenv fnmatch ftw getopt glob grp iconv
ifaddrs inttypes langinfo libgen limits link locale math monetary mqueue net/if netdb netinet/in nl_types obstack poll
printf pthread pty pwd regex resolv sched search semaphore setjmp shadow signal spawn stdio stdlib string strings
sys/epoll sys/mman sys/ptrace sys/socket sys/stat sys/time sys/types sys/wait syslog tar termios tgmath time ucontext
unistd utmp wchar wctype jansson zlib xxhash cmocka deflate gelf libelf elfutils/libdw""".split()
CXX_HEADERS = """algorithm any array atomic bitset charconv chrono complex condition_variable deque exception filesystem
forward_list fstream functional future initializer_list iomanip ios iostream iterator limits list locale map memory mutex
new numeric optional ostream queue random ratio regex scoped_allocator set shared_mutex sstream stack stdexcept
streambuf string string_view system_error thread tuple type_traits typeindex unordered_map utility valarray variant
vector""".split()
TOKEN = re.compile(r"[A-Za-z_$][\w$]*|\.?\d(?:[eEpP][+-]|[\w.])*|\"(?:\\.|[^\"])*\"|'(?:\\.|[^'])*'|\S")


def run(command, text=""):
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def items(dump, language, text):
    done = run([dump, language], text)
    if done.returncode:
        sys.exit(f"declared.py: {dump} ended with {done.returncode}")
    found = {}
    for line in done.stdout.splitlines():
        kind, name, *rest = line.split("\t")
        found.setdefault(kind, {})[name] = rest[0] if rest else ""
    return found


def difference(what, ours, theirs):
    lacks, more = sorted(theirs - ours)[:5], sorted(ours - theirs)[:5]
    return [f"{what}: not found {lacks}, not there {more}"] if lacks or more else []


def functions_of(text):
    """In "/* file:line:NC */ extern int *f (int (*) (void));" the name before the first list; what that
    returns a function by comes in parentheses."""
    names = set()
    for line in text.splitlines():
        declaration = line.split("*/", 1)[-1]
        match = re.search(r"\(\*([A-Za-z_]\w*) \(|([A-Za-z_]\w*) \(", declaration)
        if match and line.startswith("/*"):
            names.add(match[1] or match[2])
    return names - {"void"}


def macros_of(text):
    """Name: tokens behind it; parameters of a macro without and with their parentheses are told apart."""
    found = {}
    for line in text.splitlines():
        match = re.match(r"#define ([A-Za-z_$][\w$]*)(.*)", line)
        if match:
            called = match[2].startswith("(")
            found[match[1]] = (called, tuple(TOKEN.findall(match[2])))
    return found


def check_c(dump, compiler, header, folder):
    source = folder / "unit.c"
    source.write_text(f"#define _GNU_SOURCE 1\n#include <{header}.h>\n")
    done = run([compiler, "-w", "-E", "-dD", source])
    if done.returncode:
        return None
    ours = items(dump, "c", done.stdout)
    aux = folder / "aux"
    aux.write_text("")
    run(["gcc", "-w", "-c", "-o", "/dev/null", "-aux-info", aux, source])
    wrong = []
    if compiler == "gcc":
        wrong += difference("functions", set(ours.get("function", {})), functions_of(aux.read_text()))
    known = macros_of(run([compiler, "-w", "-E", "-dM", source]).stdout)
    known_before = macros_of(run([compiler, "-w", "-E", "-dM", "-x", "c", "/dev/null"]).stdout)
    theirs = {(name, *value) for name, value in known.items() if known_before.get(name) != value}
    mine = {(name, value.startswith("("), tuple(TOKEN.findall(value))) for name, value in ours.get("macro", {}).items()}
    # A value in parentheses looks like parameters here: only the tokens count.
    theirs, mine = ({(name, tokens) for name, _, tokens in side} for side in (theirs, mine))
    mine = {(name, tokens) for name, tokens in mine if known_before.get(name, (0, None))[1] != tokens}
    wrong += difference("macros", mine, theirs)
    if list(ours["unread"]) != ["0"]:
        wrong.append(f"{list(ours['unread'])[0]} unread")
    return wrong


def plain(name):
    """Without arguments of templates; the last two components."""
    depth, text = 0, ""
    if "operator" not in name:
        for character in name:
            depth += character == "<"
            text += character if not depth else ""
            depth -= character == ">"
        name = text
    return "::".join(name.split("::")[-2:])


def check_cxx(dump, compiler, header, folder):
    source = folder / "unit.cc"
    source.write_text(f"#include <{header}>\n")
    done = run([compiler, "-std=c++17", "-w", "-E", "-dD", source])
    if done.returncode:
        return None
    ours = items(dump, "c++", done.stdout)
    wrong = [f"{list(ours['unread'])[0]} unread"] if list(ours["unread"]) != ["0"] else []
    if compiler == "clang++":
        listed = run([compiler, "-std=c++17", "-w", "-fsyntax-only", "-Xclang", "-ast-list", source]).stdout
        known = {plain(line) for line in listed.splitlines()} | {plain(line).split("::")[-1] for line in listed.splitlines()}
        for kind in "function", "variable", "enumerator", "typedef", "record":
            for name in ours.get(kind, {}):
                short = plain(name)
                last = short.split("::")[-1]
                # Guides of templates, and conversions, which clang names by their types.
                if short in known or last in known or "operator" in name:
                    continue
                wrong.append(f"{kind} {name}: clang knows none")
    return wrong[:8]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dump", required=True, type=Path)
    parser.add_argument("--all", action="store_true", help="all headers, not a sample")
    args = parser.parse_args()
    choose = random.Random(1)
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="abifit-") as name:
        for headers, compilers, check in ((C_HEADERS, ("gcc", "clang"), check_c),
                                          (CXX_HEADERS, ("g++", "clang++"), check_cxx)):
            for header in headers if args.all else choose.sample(headers, 16):
                for compiler in compilers:
                    wrong = check(args.dump, compiler, header, Path(name))
                    if wrong is None:
                        continue
                    passed, failed = passed + (not wrong), failed + bool(wrong)
                    for text in wrong:
                        print(f"{compiler} {header}: {text}")
    print(f"{passed} passed, {failed} failed")
    return failed > 0 or not passed


sys.exit(main())
