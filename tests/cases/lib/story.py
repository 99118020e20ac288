#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a text's blocks of commands in order, in one shell; what each prints must be the block of text below it.

    story.py [--update] FILE.md
"""

import difflib
import pathlib
import re
import subprocess
import sys

BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.M | re.S)
MARK = "== end of the block =="


def main():
    update = "--update" in sys.argv
    path = pathlib.Path(sys.argv[-1])
    text = path.read_text()
    blocks = list(BLOCK.finditer(text))
    commands = [block for block in blocks if block[1] == "sh"]
    script = "".join(f"{block[2]}echo '{MARK}'\n" for block in commands)
    done = subprocess.run(["sh", "-c", script], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    outputs = done.stdout.split(MARK + "\n")
    if len(outputs) != len(commands) + 1:
        sys.exit(f"story.py: the commands ended early:\n{done.stdout}")
    failed = 0
    changes = []
    for block, output in zip(commands, outputs):
        after = blocks[blocks.index(block) + 1] if blocks.index(block) + 1 < len(blocks) else None
        wanted = after[2] if after and after[1] == "text" else ""
        if output == wanted:
            continue
        failed += 1
        line = text.count("\n", 0, block.start()) + 1
        print(f"{path.name}:{line}: the commands print something else")
        sys.stdout.writelines(difflib.unified_diff(wanted.splitlines(True), output.splitlines(True), "text", "output"))
        if after and after[1] == "text":
            changes.append((after.start(2), after.end(2), output))
    if update:
        for start, end, output in reversed(changes):
            text = text[:start] + output + text[end:]
        path.write_text(text)
    print(f"{len(commands)} blocks of commands, {failed} differ")
    return failed > 0


sys.exit(main())
