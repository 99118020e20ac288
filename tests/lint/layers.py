#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Includes follow the layers: base <- model <- {read, engine, ...} <- lib <- cli."""

import re
import sys

from lint import Lint, text_of

MAY_INCLUDE = {
    "base": {"base"},
    "model": {"base", "model"},
    "lib": {"base", "model", "read", "engine", "write", "render", "store", "lib", "abifit"},
    "cli": {"abifit", "base", "cli"},
}
for sibling in "read", "engine", "write", "render", "store":
    MAY_INCLUDE[sibling] = {"base", "model", sibling}

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
GENERATED = {"command-list.h": "cli"}  # headers that the build writes, and their layer


def layer_of(root, path, quote, name):
    """The layer that the included header belongs to, None for a header of the system."""
    first = name.split("/")[0]
    if first == "abifit":
        return "abifit"
    if name in GENERATED:
        return GENERATED[name]
    if quote == "<" and first not in MAY_INCLUDE:
        return None
    if "/" in name and (root / "src" / name).is_file():
        return first
    if name.split("/", 1)[-1] in GENERATED and first in MAY_INCLUDE:
        return first
    return ""


def main():
    lint = Lint(__doc__)
    lint.parse()
    seen = 0
    for path in lint.files("src"):
        if not (path.suffix in {".c", ".h"} or path.name.endswith((".c.in", ".h.in"))):
            continue
        seen += 1
        layer = path.relative_to(lint.root / "src").parts[0]
        if layer not in MAY_INCLUDE:
            lint.complain(path, f"'{layer}' is not a layer")
            continue
        for match in INCLUDE.finditer(text_of(path)):
            target = layer_of(lint.root, path, *match.groups())
            if target == "":
                lint.complain(path, f'"{match[2]}" is not a file src/<layer>/…')
            elif target and target not in MAY_INCLUDE[layer]:
                lint.complain(path, f'{layer} must not include "{match[2]}"')
    return lint.done(seen)


sys.exit(main())
