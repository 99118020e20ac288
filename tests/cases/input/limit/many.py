#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes a library with very many DT_NEEDED entries: `many.py FILE COUNT NAMES`.

Of the COUNT entries NAMES are different; all that is named is missing.
"""

import struct
import sys

path, count, names = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
strings = b"\0" + b"".join(b"libm%05d.so\0" % i for i in range(names))
length = len(b"libm00000.so\0")

HEADER, SEGMENT, SYMBOL = 64, 56, 24
dynamic_at = HEADER + 2 * SEGMENT
dynamic_size = 16 * (count + 4)
symbols_at = dynamic_at + dynamic_size
strings_at = symbols_at + SYMBOL
size = strings_at + len(strings)

dynamic = b"".join(struct.pack("<qQ", 1, 1 + length * (i % names)) for i in range(count))
for tag, value in (5, strings_at), (6, symbols_at), (10, len(strings)), (0, 0):
    dynamic += struct.pack("<qQ", tag, value)

with open(path, "wb") as file:
    file.write(b"\x7fELF\2\1\1".ljust(16, b"\0"))
    file.write(struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, HEADER, 0, 0, 64, 56, 2, 64, 0, 0))
    file.write(struct.pack("<IIQQQQQQ", 1, 6, 0, 0, 0, size, size, 4096))
    file.write(struct.pack("<IIQQQQQQ", 2, 6, dynamic_at, dynamic_at, dynamic_at,
                           dynamic_size, dynamic_size, 8))
    file.write(dynamic + bytes(SYMBOL) + strings)
