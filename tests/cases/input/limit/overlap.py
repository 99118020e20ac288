#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lets all names of a library's symbols be parts of the longest one: `overlap.py TESTS IN OUT`."""

import sys

sys.path.insert(0, sys.argv[1] + "/oracle")
import elfpatch  # noqa: E402

elf = elfpatch.Elf(sys.argv[2])
symbols = [symbol for symbol in elf.symbols() if symbol.defined]
longest = max(symbols, key=lambda symbol: len(symbol.name))
start = elf.name_offset(longest)
for number, symbol in enumerate(symbols):
    elf.put("I", symbol.offset, start + number)
elf.save(sys.argv[3])
