# SPDX-License-Identifier: Apache-2.0
"""What the lints share: arguments, files of the tree, counting complaints."""

import argparse
import json
import subprocess
from pathlib import Path

SKIPPED = {".git", "__pycache__"}


class Lint:
    def __init__(self, description):
        self.complaints = 0
        self.parser = argparse.ArgumentParser(description=description)
        self.parser.add_argument("--root", type=Path, required=True, help="the source tree")

    def parse(self):
        args = self.parser.parse_args()
        self.root = args.root.resolve()
        return args

    def complain(self, place, text):
        self.complaints += 1
        if isinstance(place, Path) and place.is_absolute():
            place = place.relative_to(self.root)
        print(f"{place}: {text}")

    def files(self, *folders):
        """All files below the given folders, without build folders."""
        for folder in folders:
            start = self.root / folder
            for path in sorted(start.rglob("*")) if start.is_dir() else [start]:
                parts = path.relative_to(self.root).parts
                if path.is_file() and not path.is_symlink() and not SKIPPED & set(parts) \
                        and not (len(parts) > 1 and parts[0].startswith("build")):
                    yield path

    def done(self, seen):
        """The exit status; `seen` counts what was looked at, so that nothing is not a pass."""
        if not seen:
            self.complain(".", "nothing to look at")
        return 1 if self.complaints else 0


def text_of(path):
    return path.read_text(encoding="utf-8", errors="replace")


def ask(program, *arguments):
    """Standard output of the program under test, which must succeed."""
    result = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60,
                            stdin=subprocess.DEVNULL)
    if result.returncode:
        raise SystemExit(f"{' '.join(map(str, arguments))}: status {result.returncode}\n"
                         f"{result.stderr}")
    return result.stdout


def ask_json(program, *arguments):
    return json.loads(ask(program, *arguments))
