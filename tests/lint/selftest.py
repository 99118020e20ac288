#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Feeds each lint a small right tree, which must pass, and wrong ones, which must not."""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

import support  # noqa: E402

HEADER = """#ifndef A
#define A
#ifndef ABIFIT_API
#define ABIFIT_API
#endif
#ifdef __cplusplus
extern "C" {
#endif
/* A comment; ABIFIT_API int abifit_not(void). */
ABIFIT_API int abifit_a(int x);
#ifdef __cplusplus
}
#endif
#endif
"""
MAP = "ABIFIT_0.1 {\nglobal:\n\tabifit_a; /* one */\nlocal:\n\t*;\n};\n"
CODE = "int abifit_a(int x);\nint abifit_a(int x) { return x; }\n"
RULE = ('{"id":"load/gone","summary":"a thing is gone","effect":"e","harmless":"h","fix":"f",'
        '"verdict":"break","severity":"high","status":"checked"}')
PROGRAM = """#!/bin/sh
case "$*" in
'rules --format json') echo '{"rules":[%s]}' ;;
--list-commands) echo check ;;
'check --list-options') printf '%%s\\n' --root -o --help ;;
*) exit 2 ;;
esac
"""
CASE = """[[test]]
name = "a"
command = "abifit check x"
rules = ["load/gone"]
[[test]]
name = "b"
command = "abifit check y"
absent = ["load/gone"]
"""
GOOD = {
    "include/abifit/abifit.h": HEADER,
    "src/base/a.h": "#include <stdint.h>\n",
    "src/model/a.c": '#include "base/a.h"\n',
    "src/read/a.h": '#include "model/b.h"\n',
    "src/model/b.h": "",
    "src/engine/load/a.h": '#include "model/b.h"\n#include "base/a.h"\n',
    "src/engine/load/b.c": '#include "engine/load/a.h"\n',
    "src/lib/a.c": '#include "read/a.h"\n#include "engine/load/a.h"\n#include <abifit/abifit.h>\n',
    "src/cli/a.c": '#include <abifit/abifit.h>\n#include "base/a.h"\n',
    "src/lib/libabifit.map": MAP,
    "lib.c": CODE,
    "man/abifit.1.scd": "abifit",
    "man/abifit-check.1.scd": "*--root* DIR\n\n*-o* FILE",
    "tests/cases/load/gone/case.toml": CASE,
    "tests/cases/cmd/check/case.toml": CASE,
    "abifit": PROGRAM % RULE,
}

# (lint, what is wrong, {file: new content, or None to leave it out})
WRONG = [
    ("layers", "base includes model", {"src/base/c.c": '#include "model/b.h"\n'}),
    ("layers", "a sibling", {"src/read/c.c": '#include "engine/load/a.h"\n'}),
    ("layers", "cli reaches under lib", {"src/cli/c.c": '#include "model/b.h"\n'}),
    ("layers", "cli reaches under lib with <>", {"src/cli/c.c": "#  include <model/b.h>\n"}),
    ("layers", "a relative path", {"src/read/c.c": '#include "../engine/load/a.h"\n'}),
    ("layers", "the public header below lib", {"src/read/c.c": "#include <abifit/abifit.h>\n"}),
    ("layers", "an unknown folder", {"src/misc/c.c": ""}),
    ("layers", "no sources", {name: None for name in GOOD if name.startswith("src/")}),
    ("catalogue", "no rules", {"abifit": PROGRAM % ""}),
    ("catalogue", "no case", {"tests/cases/load/gone/case.toml": None}),
    ("catalogue", "no positive case",
     {"tests/cases/load/gone/case.toml": CASE.replace("rules =", "contains =")}),
    ("catalogue", "no negative case",
     {"tests/cases/load/gone/case.toml": CASE.replace("absent =", "lacks =")}),
    ("catalogue", "an empty member", {"abifit": PROGRAM % RULE.replace('"e"', '""')}),
    ("catalogue", "an unknown area", {"abifit": PROGRAM % RULE.replace("load/", "loads/")}),
    ("catalogue", "an unknown verdict", {"abifit": PROGRAM % RULE.replace("break", "bad")}),
    ("catalogue", "a rule twice", {"abifit": PROGRAM % f"{RULE},{RULE}"}),
    ("manuals", "no manual", {"man/abifit-check.1.scd": None}),
    ("manuals", "an option left out", {"man/abifit-check.1.scd": "*--root-dir*\n*-o* FILE"}),
    ("manuals", "no case folder", {"tests/cases/cmd/check/case.toml": None}),
    ("manuals", "a manual of no command", {"man/abifit-gone.1.scd": "abifit gone"}),
    ("api", "a header that is not C99", {"include/abifit/abifit.h": HEADER + "asm(\"nop\");\n"}),
    ("api", "a header that is not C++",
     {"include/abifit/abifit.h": HEADER.replace("int x", "int class")}),
    ("api", "a header with a missing include",
     {"include/abifit/abifit.h": HEADER.replace("int x", "size_t x")}),
    ("api", "a function not in the map",
     {"include/abifit/abifit.h": HEADER.replace("/* A", "ABIFIT_API void abifit_b(void); /* A")}),
    ("api", "a function only in the map",
     {"src/lib/libabifit.map": MAP.replace("abifit_a;", "abifit_a; abifit_b;")}),
    ("api", "a leaked symbol", {"lib.c": CODE + "int leaked;\n", "no-script": ""}),
    ("api", "a symbol that is not there",
     {"lib.c": "static int abifit_a(void) { return 0; } int (*p)(void) = abifit_a;\n"}),
    ("paths", "a place outside", {"docs/a.md": "see /wor" + "k/x\n"}),
    ("paths", "a folder beside", {"docs/a.md": "see ../share" + "d/x\n"}),
    ("paths", "an open end", {"src/read/c.c": "/* TOD" + "O later */\n"}),
    ("sizes", "a long file", {"src/read/c.c": "\n" * 801}),
]


def make_tree(root, changes):
    for name, text in {**GOOD, **changes}.items():
        if text is None:
            continue
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (root / "abifit").chmod(0o755)
    if "src/lib/libabifit.map" not in {name for name, text in changes.items() if text is None}:
        script = [] if "no-script" in changes else ["-Wl,--version-script=src/lib/libabifit.map"]
        support.build(["gcc", "-shared", "-fPIC", "-o", "lib.so", *script, "lib.c"], root)


def run_lint(name, changes):
    with tempfile.TemporaryDirectory(prefix="abifit-") as folder:
        root = Path(folder)
        make_tree(root, changes)
        command = [sys.executable, "-B", HERE / f"{name}.py", "--root", root]
        if name in {"catalogue", "manuals"}:
            command += ["--abifit", root / "abifit"]
        if name == "api":
            command += ["--library", root / "lib.so"]
        return subprocess.run(command, capture_output=True, text=True)


def main():
    tap = support.Tap()
    lints = sorted({name for name, _, _ in WRONG})
    for name in lints:
        result = run_lint(name, {})
        tap.ok(result.returncode == 0, f"{name} passes a right tree", result.stdout, result.stderr)
    for name, what, changes in WRONG:
        result = run_lint(name, changes)
        found = result.returncode == 1 and result.stdout.strip() and not result.stderr
        tap.ok(found, f"{name} finds: {what}", result.stdout, result.stderr)
    return tap.close()


sys.exit(main())
