# SPDX-License-Identifier: Apache-2.0
"""What readelf prints, as data in the terms of `abifit show --format json`."""

import re
import subprocess

COMMAND = ["readelf", "-dVWhln", "--dyn-syms", "-r"]
# Files that use GNU's types and bindings without saying so in their header.
UNNAMED = "<OS specific>: 10"
KINDS = {"FUNC": "function", "OBJECT": "variable", "IFUNC": "ifunc", "TLS": "tls",
         "NOTYPE": "untyped", "COMMON": "common", UNNAMED: "ifunc"}
BINDINGS = {"GLOBAL": "global", "WEAK": "weak", "UNIQUE": "unique", UNNAMED: "unique"}

SYMBOL = re.compile(
    r"^ *\d+: ([0-9a-f]+) +(\w+) +(\w+|<.*?>: \d+) +(\w+|<.*?>: \d+) +(\w+)"
    r"((?: +\[[^\]]*\])*) +(\w+)(?: (.*))?$")
DYNAMIC = re.compile(r"^ 0x[0-9a-f]+ \((\w+)\) +(.*)$")
DEFINED = re.compile(r"^  0x[0-9a-f]+: Rev: \d+  Flags: (.*?)  Index: (\d+)  Cnt: \d+  Name: (.*)$")
FIRST_DEFINED = re.compile(r"^  0+: Rev: \d+  Flags: (.*?)  Index: (\d+)  Cnt: \d+  Name: (.*)$")
PARENT = re.compile(r"^  0x[0-9a-f]+: Parent \d+: (.*)$")
NEED_FILE = re.compile(r"^  (?:0x[0-9a-f]+|0+): Version: 1  File: (.*?)  Cnt: \d+$")
NEED = re.compile(r"^  0x[0-9a-f]+:   Name: (.*?)  Flags: (.*?)  Version: (\d+)$")
COPY = re.compile(r"^[0-9a-f]+ +[0-9a-f]+ R_\w+_COPY +[0-9a-f]+ +(\S+)")
SEGMENT = re.compile(r"^  ([A-Z_0-9]+) +0x\w+ 0x\w+ 0x\w+ 0x\w+ 0x\w+ ([R ][W ][E ])")


class Tables:
    """One file as readelf sees it."""

    def __init__(self, text):
        self.soname = self.rpath = self.runpath = self.interpreter = self.build_id = None
        self.needed, self.filters = [], []
        self.defined, self.needs = [], []
        self.library_of = {}        # index of a needed version → library
        self.symbols = []
        self.copies = set()
        self.segments = []
        self.note_sections = set()  # that a PT_NOTE covers
        self.section = None         # of the notes at hand
        self.flags = set()
        self.header = {}
        for line in text.splitlines():
            self.take(line)

    def take(self, line):
        for pattern, method in TAKERS:
            match = pattern.match(line)
            if match:
                method(self, match)
                return

    def take_header(self, match):
        self.header.setdefault(match[1], match[2])

    def take_dynamic(self, match):
        tag, value = match[1], match[2]
        text = re.search(r"\[(.*)\]$", value)
        if tag in ("NEEDED", "AUXILIARY", "FILTER"):
            (self.needed if tag == "NEEDED" else self.filters).append(text[1])
        elif tag in ("SONAME", "RPATH", "RUNPATH"):
            setattr(self, tag.lower(), text[1])
        elif tag in ("FLAGS", "FLAGS_1"):
            self.flags |= {tag + ":" + word for word in value.replace("Flags:", "").split()}
        else:
            self.flags.add(tag)

    def take_defined(self, match):
        flags = match[1].split(" | ")
        self.defined.append({"name": match[3], "base": "BASE" in flags, "weak": "WEAK" in flags,
                             "parents": []})

    def take_parent(self, match):
        self.defined[-1]["parents"].append(match[1])

    def take_need_file(self, match):
        self.file = match[1]

    def take_need(self, match):
        self.needs.append({"library": self.file, "name": match[1], "weak": "WEAK" in match[2]})
        self.library_of[int(match[3])] = self.file

    def take_interpreter(self, match):
        self.interpreter = match[1]

    def take_mapping(self, match):
        if self.segments[int(match[1])][0] == "NOTE":
            self.note_sections |= set(match[2].split())

    def take_note_section(self, match):
        self.section = match[1]

    def take_build_id(self, match):
        """Only a note in a segment counts: Go's linker leaves some to their section alone."""
        if self.section is None or self.section in self.note_sections:
            self.build_id = match[1]

    def take_symbol(self, match):
        self.symbols.append(match.groups())

    def take_copy(self, match):
        self.copies.add(match[1].split("@")[0])

    def take_segment(self, match):
        self.segments.append((match[1], match[2]))

    def exports(self):
        """What the loader can bind to."""
        for value, size, kind, binding, visibility, _, section, name in self.symbols:
            if section == "UND" or binding not in BINDINGS or kind not in KINDS \
                    or visibility in ("HIDDEN", "INTERNAL"):
                continue
            if int(value, 16) == 0 and kind != "TLS" and section != "ABS":
                continue
            name, version, default, needed = split(name or "")
            kind = "absolute" if section == "ABS" else "common" if section == "COM" else KINDS[kind]
            yield (name, version, default, kind, BINDINGS[binding], visibility.lower(), int(size, 0),
                   needed is not None or name in self.copies)

    def imports(self):
        for _, _, kind, binding, _, _, section, name in self.symbols:
            if not name or binding not in BINDINGS:
                continue
            name, version, _, needed = split(name)
            copied = section != "UND"
            if copied and needed is None and name not in self.copies:
                continue
            yield (name, version, self.library_of[needed] if needed is not None else None,
                   "absolute" if section == "ABS" else KINDS.get(kind),
                   binding == "WEAK" and not copied, copied)


TAKERS = (
    (SYMBOL, Tables.take_symbol),
    (DYNAMIC, Tables.take_dynamic),
    (FIRST_DEFINED, Tables.take_defined),
    (DEFINED, Tables.take_defined),
    (PARENT, Tables.take_parent),
    (NEED_FILE, Tables.take_need_file),
    (NEED, Tables.take_need),
    (COPY, Tables.take_copy),
    (SEGMENT, Tables.take_segment),
    (re.compile(r"^   (\d\d)     (.+)$"), Tables.take_mapping),
    (re.compile(r"^Displaying notes found in: (\S+)$"), Tables.take_note_section),
    (re.compile(r"^ +\[Requesting program interpreter: (.*)\]$"), Tables.take_interpreter),
    (re.compile(r".*\sBuild ID: ([0-9a-f]+)$"), Tables.take_build_id),
    (re.compile(r"^  (Class|Data|Type|Machine): +(.*)$"), Tables.take_header),
)


def split(text):
    """name@@VER, name@VER or name@VER (n) → (name, version, default or None, n or None)."""
    match = re.match(r"^(.+?)(@@?)(.*?)(?: \((\d+)\))?$", text)
    if not match:
        return text, None, None, None
    return match[1], match[3], match[2] == "@@", int(match[4]) if match[4] else None


def run(*arguments):
    result = subprocess.run(["readelf", *arguments], capture_output=True, env={"LC_ALL": "C"},
                            stdin=subprocess.DEVNULL)
    return result.stdout.decode("utf-8", "surrogateescape")


def read(path):
    return Tables(run(*COMMAND[1:], path))


def read_objects(path):
    """Member (None: an object itself) → (defined, undefined) sets of (name, kind, binding)."""
    members = {}
    member = None
    for line in run("-sW", path).splitlines():
        match = re.match(r"^File: .*\((.*)\)$", line)
        if match:
            member = match[1]
        match = SYMBOL.match(line)
        if not match or match[8] is None:
            continue
        defined, undefined = members.setdefault(member, ([], []))
        _, size, kind, binding, _, _, section, name = match.groups()
        if binding not in BINDINGS:
            continue
        if section == "UND":
            undefined.append((name, binding == "WEAK"))
        else:
            defined.append((name, BINDINGS[binding], int(size, 0)))
    return members
