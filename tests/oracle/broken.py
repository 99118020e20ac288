#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Closures broken on purpose, forecast and loader side by side.

Takes programs of the system with their libraries, patches one file of the closure
in a scratch folder (a library gone, a symbol or a version node patched out, flags,
header bytes, cut files, …) and puts the scratch folder first with --library-path.
The loader's trace and Abifit's forecast must agree on list, bindings, undefined
symbols, version errors, refusal and verdict. The choice is seeded: the same system
gives the same cases. Nothing of a closure is ever executed.

    broken.py --abifit PROGRAM [--foreign-root DIR] [--only KIND] [--keep]
"""

import argparse
import os
import random
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import elfpatch  # noqa: E402
from compare import sample  # noqa: E402
from elfpatch import STB, STT, STV, Elf, ElfError  # noqa: E402
from forecast import Abifit, Comparison, ForecastError  # noqa: E402
from ldso import Loader, OracleError, canonical, select  # noqa: E402

BASES = 40
SEED = 20250101
EXECUTABLE, SHARED = 2, 3


class NotHere(Exception):
    """This closure does not lend itself to that kind of breakage."""


class Base:
    """A sound program of the system and its closure."""

    def __init__(self, loader, path):
        self.loader, self.path = loader, path
        if loader.is_traceable(path) != "program":
            raise NotHere
        self.trace = loader.trace(path)
        self.paths = {name: found for name, found in self.trace.libraries
                      if found is not None and canonical(None, found) != loader.real}
        self.libraries = sorted(self.paths)

    @property
    def fits(self):
        return (2 <= len(self.libraries) <= 40 and not self.trace.missing
                and not self.trace.fatal and not self.trace.undefined
                and Elf(self.path).tag("RPATH") is None)

    def real(self, name):
        return canonical(None, self.paths[name])

    def bound(self, name):
        """Symbols that some object binds to in library `name`, from another one."""
        path = self.paths[name]
        return sorted({(symbol, version) for source, to, _, symbol, version in self.trace.bindings
                       if to == path and source != path})


class Case:
    """One breakage being made: the scratch folder, the program in it, the dice."""

    def __init__(self, base, folder, dice, foreign):
        self.base, self.folder, self.dice, self.foreign = base, folder, dice, foreign
        self.program = os.path.join(folder, "program")
        shutil.copyfile(base.path, self.program)
        self.signal = False     # the loader would die of SIGBUS: it is not started
        self.note = ""

    def pick(self, items):
        items = list(items)
        if not items:
            raise NotHere
        return self.dice.choice(items)

    def library(self, with_libc=False, test=lambda elf: True):
        """(name, Elf) of a library of the closure that passes `test`."""
        names = [n for n in self.base.libraries if with_libc or not n.startswith("libc.so")]
        self.dice.shuffle(names)
        for name in names:
            elf = Elf(self.base.real(name))
            if test(elf):
                self.note = name
                return name, elf
        raise NotHere

    def used_library(self, **kinds):
        """A library that something binds to, with the symbols bound."""
        name, elf = self.library(**kinds)
        bound = self.base.bound(name)
        if not bound:
            raise NotHere
        return name, elf, bound

    def put(self, name, elf, length=None):
        elf.save(os.path.join(self.folder, name), length)

    def put_program(self, elf):
        elf.save(self.program)

    def elf_program(self):
        return Elf(self.program)

    def symbol(self, elf, bound):
        """A defined symbol of `elf` among the bound ones."""
        name, version = self.pick(bound)
        found = [s for s in elf.symbols() if s.name == name.encode() and s.defined]
        self.note += f" {name}@{version}"
        return self.pick(found)

    def orphan(self, name):
        """Renames a needed library of the program so that no folder has it. The new name."""
        elf = self.elf_program()
        if name not in elf.strings("NEEDED"):
            raise NotHere
        new = "libQ" + name[4:] if name.startswith("lib") and len(name) > 5 else None
        if new is None or new in self.base.paths:
            raise NotHere
        for tag, value, _ in list(elf.dynamic):
            if tag == elfpatch.DT["NEEDED"] and elf.string(value).decode() == name:
                elf.rename_string(value, new.encode())
        self.put_program(elf)
        return new


# Each function below breaks one thing. (name of kind, how many cases, function)
KINDS = []


def kind(name, count, *arguments):
    def register(function):
        KINDS.append((name, count, lambda case: function(case, *arguments)))
        return function
    return register


@kind("needed-gone", 12)
def _needed_gone(case):
    case.note = case.orphan(case.pick(case.elf_program().strings("NEEDED")))


@kind("needed-gone-of-library", 8)
def _needed_gone_of_library(case):
    name, elf = case.library(test=lambda e: len(e.strings("NEEDED")) > 1)
    needed = case.pick(n for n in elf.strings("NEEDED") if n.startswith("lib"))
    for tag, value, _ in list(elf.dynamic):
        if tag == elfpatch.DT["NEEDED"] and elf.string(value).decode() == needed:
            elf.rename_string(value, ("libQ" + needed[4:]).encode())
    case.put(name, elf)


@kind("needed-entry-dropped", 8)
def _needed_entry_dropped(case):
    elf = case.elf_program()
    entry = case.pick(e for e in elf.dynamic if e[0] == elfpatch.DT["NEEDED"])
    case.note = elf.string(entry[1]).decode()
    elf.put_dynamic(entry, tag=elfpatch.DT_GONE)
    case.put_program(elf)


@kind("symbol-gone", 20, {"shndx": 0, "value": 0})
@kind("symbol-no-value", 6, {"value": 0})
@kind("symbol-undefined-with-value", 6, {"shndx": 0})
@kind("symbol-hidden", 6, {"other": STV["HIDDEN"]})
@kind("symbol-internal", 3, {"other": STV["INTERNAL"]})
@kind("symbol-protected", 6, {"other": STV["PROTECTED"]})
@kind("symbol-absolute", 4, {"shndx": 0xFFF1, "value": 0})
def _symbol_fields(case, fields):
    name, elf, bound = case.used_library(with_libc=True)
    elf.put_symbol(case.symbol(elf, bound), **fields)
    case.put(name, elf)


@kind("symbol-weak", 6, STB["WEAK"])
@kind("symbol-unique", 6, STB["GNU_UNIQUE"])
@kind("symbol-local", 6, STB["LOCAL"])
@kind("symbol-odd-binding", 3, 13)
def _symbol_binding(case, bind):
    name, elf, bound = case.used_library()
    symbol = case.symbol(elf, bound)
    elf.put_symbol(symbol, info=bind << 4 | symbol.type)
    case.put(name, elf)


@kind("symbol-tls", 4, STT["TLS"])
@kind("symbol-section-type", 4, 3)
@kind("symbol-notype", 3, 0)
def _symbol_type(case, type_):
    name, elf, bound = case.used_library()
    symbol = case.symbol(elf, bound)
    elf.put_symbol(symbol, info=symbol.bind << 4 | type_)
    case.put(name, elf)


@kind("symbol-renamed", 10)
def _symbol_renamed(case):
    name, elf, bound = case.used_library()
    symbol = case.symbol(elf, bound)
    if len(symbol.name) < 3:
        raise NotHere
    elf.rename_string(elf.name_offset(symbol), b"Q" + symbol.name[1:])
    case.put(name, elf)


@kind("reference-weak", 8, STB["WEAK"], None)
@kind("reference-hidden", 4, None, STV["HIDDEN"])
@kind("reference-protected", 4, None, STV["PROTECTED"])
def _reference(case, bind, visibility):
    """A weak or otherwise changed reference of the program to a symbol that is patched out."""
    elf = case.elf_program()
    name, library, bound = case.used_library()
    wanted = {n for n, _ in bound}
    symbol = case.pick(s for s in elf.symbols() if not s.defined and s.name.decode() in wanted)
    if bind is not None:
        elf.put_symbol(symbol, info=bind << 4 | symbol.type)
    if visibility is not None:
        elf.put_symbol(symbol, other=visibility)
    case.put_program(elf)
    for found in library.symbols():
        if found.name == symbol.name and found.defined:
            library.put_symbol(found, shndx=0, value=0)
    case.note += " " + symbol.name.decode()
    case.put(name, library)


@kind("reference-unversioned", 6, 1)
@kind("reference-local-version", 4, 0)
def _reference_unversioned(case, index):
    elf = case.elf_program()
    if elf.tag("VERSYM") is None:
        raise NotHere
    for symbol in elf.symbols():
        if not symbol.defined and symbol.index and case.dice.random() < 0.5:
            elf.put_versym(symbol, index)
    case.put_program(elf)


@kind("node-renamed-in-library", 14, True)
@kind("node-renamed-name-only", 5, False)
def _node_in_library(case, fix_hash):
    name, elf = case.library(with_libc=True, test=lambda e: len(e.verdefs()) > 1)
    node = case.pick(v for v in elf.verdefs() if not v.flags & elfpatch.VER_FLG_BASE)
    case.note += " " + node.name
    elf.rename_version(node, "Q" + node.name[1:], fix_hash)
    case.put(name, elf)


@kind("node-renamed-in-need", 10, True)
@kind("node-renamed-in-need-name-only", 4, False)
def _node_in_need(case, fix_hash):
    elf = case.elf_program()
    node = case.pick(elf.verneeds())
    case.note = node.name
    elf.rename_version(node, node.name[:-1] + "Q", fix_hash)
    case.put_program(elf)


@kind("need-weak", 8, True, False)
@kind("need-hidden", 6, False, True)
@kind("need-weak-hidden", 3, True, True)
def _need_flags(case, weak, hidden):
    """The node is gone from the library; the program's need of it is weak or hidden."""
    elf = case.elf_program()
    by_file = [v for v in elf.verneeds() if v.file in case.base.paths]
    node = case.pick(by_file)
    case.note = f"{node.file} {node.name}"
    if weak:
        elf.put_need_flags(node, elfpatch.VER_FLG_WEAK)
    if hidden:
        elf.hide_need(node)
    case.put_program(elf)
    library = Elf(case.base.real(node.file))
    for found in library.verdefs():
        if found.name == node.name:
            library.rename_version(found, "Q" + found.name[1:])
    case.put(node.file, library)


@kind("definition-hidden-version", 6, 0x8000, None)
@kind("definition-base-version", 6, 0, 1)
@kind("definition-hidden-base", 4, 0x8000, 1)
@kind("definition-other-version", 5, 0, 2)
@kind("definition-third-hidden", 4, 0x8000, 3)
def _definition_version(case, bit, index):
    name, elf = case.library(with_libc=True, test=lambda e: len(e.verdefs()) > 3)
    symbol = case.symbol(elf, case.base.bound(name))
    old = elf.versym(symbol)
    elf.put_versym(symbol, bit | (index if index is not None else old & 0x7FFF))
    case.put(name, elf)


@kind("versym-dropped", 6, ("VERSYM",))
@kind("verdef-dropped", 6, ("VERDEF", "VERDEFNUM"))
# Not VERNEED alone: then the loader reads versions from behind its table.
@kind("all-versions-dropped", 6, ("VERSYM", "VERDEF", "VERDEFNUM", "VERNEED", "VERNEEDNUM"))
def _tags_dropped(case, names):
    name, elf = case.library(test=lambda e: e.tag("VERDEF") is not None)
    for tag in names:
        elf.drop_tag(tag)
    case.put(name, elf)


@kind("program-versions-dropped", 4)
def _program_versions(case):
    elf = case.elf_program()
    for tag in ("VERSYM", "VERNEED", "VERNEEDNUM"):
        elf.drop_tag(tag)
    case.put_program(elf)


@kind("hash-dropped", 4)
def _hash_dropped(case):
    name, elf, _ = case.used_library()
    elf.drop_tag("GNU_HASH")
    case.put(name, elf)


@kind("hash-of-old-kind", 6)
def _hash_old(case):
    name, elf, _ = case.used_library(with_libc=True)
    elf.hash_instead_of_gnu_hash()
    case.put(name, elf)


@kind("bloom-empty", 3)
def _bloom_empty(case):
    name, elf, _ = case.used_library()
    table = elf.gnu_hash_table()
    size = table["bloom"] * (8 if elf.wide else 4)
    elf.data[table["at"] + 16:table["at"] + 16 + size] = bytes(size)
    case.put(name, elf)


@kind("symbolic", 6)
def _symbolic(case):
    name, elf = case.library(with_libc=True)
    if case.dice.random() < 0.5:
        elf.add_tag("SYMBOLIC", 0)
    else:
        elf.change_flags("FLAGS", add=elfpatch.DF_SYMBOLIC)
    case.put(name, elf)


@kind("bind-now-dropped", 4, False)
@kind("bind-now-added", 4, True)
def _bind_now(case, add):
    elf = case.elf_program()
    if add:
        elf.change_flags("FLAGS", add=elfpatch.DF_BIND_NOW)
    else:
        elf.change_flags("FLAGS", remove=elfpatch.DF_BIND_NOW)
        elf.change_flags("FLAGS_1", remove=elfpatch.DF_1_NOW)
    case.put_program(elf)
    name, library, bound = case.used_library()
    library.put_symbol(case.symbol(library, bound), shndx=0, value=0)
    case.put(name, library)


@kind("soname-dropped", 4)
def _soname_dropped(case):
    name, elf = case.library(with_libc=True)
    elf.drop_tag("SONAME")
    case.put(name, elf)


@kind("soname-changed", 6)
def _soname_changed(case):
    """Its soname is that of another library of the closure."""
    name, elf = case.library(test=lambda e: e.soname is not None)
    other = case.pick(n for n in case.base.libraries if n != name and len(n) <= len(elf.soname))
    case.note += " " + other
    for tag, value, _ in list(elf.dynamic):
        if tag == elfpatch.DT["SONAME"]:
            elf.rename_string(value, other.encode())
    case.put(name, elf)


@kind("swapped", 6)
def _swapped(case):
    """Another library of the closure under this one's name."""
    name, _ = case.library()
    other = case.pick(n for n in case.base.libraries if n != name and not n.startswith("libc.so"))
    case.note += " " + other
    case.put(name, Elf(case.base.real(other)))


@kind("runpath-added", 6)
def _runpath_added(case):
    """A run path that leads nowhere, into one of the closure, and a needed name gone."""
    elf = case.elf_program()
    elf.add_tag(case.pick(("RUNPATH", "RPATH")), case.pick(
        v for t, v, _ in elf.dynamic if t == elfpatch.DT["NEEDED"]))
    case.put_program(elf)


@kind("of-another-suite", 16)
def _foreign(case):
    if not case.foreign:
        raise NotHere
    loader = case.foreign
    names = [n for n in case.base.libraries]
    case.dice.shuffle(names)
    for name in names:
        for folder in loader.system_folders():
            path = loader.host(canonical(loader.root, f"{folder}/{name}"))
            if os.path.isfile(path):
                case.note = name
                case.put(name, Elf(path))
                return
    raise NotHere


# Header bytes: offset, value; for a library that is found nowhere else, and for one that is.
HEADER = (
    ("class", ((4, 1),)), ("class-unknown", ((4, 3),)), ("data", ((5, 2),)), ("data-none", ((5, 0),)),
    ("ident-version", ((6, 0),)), ("osabi-hpux", ((7, 1),)), ("osabi-gnu", ((7, 3),)),
    ("osabi-freebsd", ((7, 9),)), ("abiversion-sysv", ((8, 1),)), ("abiversion-gnu-3", ((7, 3), (8, 3))),
    ("abiversion-gnu-4", ((7, 3), (8, 4))), ("padding", ((9, 1),)), ("padding-last", ((15, 7),)),
    ("type-object", ((16, 1),)), ("type-executable", ((16, 2),)), ("type-core", ((16, 4),)),
    ("machine-arm64", ((18, 183),)), ("machine-i386", ((18, 3),)), ("version", ((20, 2),)),
    ("version-none", ((20, 0),)), ("phentsize", ((54, 64),)), ("phnum-none", ((56, 0),)),
    ("magic", ((0, 0x7E),)),
)


def _header(case, patches, orphan):
    elf = case.elf_program()
    name = case.pick(n for n in elf.strings("NEEDED")
                     if n in case.base.paths and not n.startswith("libc.so"))
    case.note = name
    library = Elf(case.base.real(name))
    for offset, value in patches:
        library.data[offset] = value
    case.put(case.orphan(name) if orphan else name, library)


for _name, _patches in HEADER:
    kind(f"header-{_name}", 1, _patches, True)(_header)
    kind(f"header-{_name}-fallback", 1, _patches, False)(_header)


@kind("no-dynamic", 2, elfpatch.PT_DYNAMIC)
@kind("no-load", 2, elfpatch.PT_LOAD)
def _no_segment(case, type_):
    name, elf = case.library()
    for phdr in elf.phdrs:
        if phdr["type"] == type_:
            elf.put_phdr(phdr, "type", 0)
    case.put(name, elf)


@kind("load-misaligned", 3)
def _misaligned(case):
    name, elf = case.library()
    phdr = [p for p in elf.phdrs if p["type"] == elfpatch.PT_LOAD][-1]
    elf.put_phdr(phdr, "vaddr", phdr["vaddr"] + 0x10)
    case.put(name, elf)


@kind("load-alignment", 2)
def _alignment(case):
    name, elf = case.library()
    phdr = [p for p in elf.phdrs if p["type"] == elfpatch.PT_LOAD][-1]
    elf.put_phdr(phdr, "align", 0x10)
    case.put(name, elf)


@kind("marked-as-program", 3)
def _pie(case):
    name, elf = case.library()
    elf.change_flags("FLAGS_1", add=elfpatch.DF_1_PIE)
    case.put(name, elf)


@kind("executable-stack", 2)
def _stack(case):
    name, elf = case.library(test=lambda e: e.segment(elfpatch.PT_GNU_STACK) is not None)
    elf.put_phdr(elf.segment(elfpatch.PT_GNU_STACK), "flags", 7)
    case.put(name, elf)


@kind("cut-tiny", 3, (0, 1, 63))
@kind("cut-headers", 4, (64, 100, 200, 300))
def _cut_headers(case, lengths):
    name, elf = case.library()
    length = case.pick(lengths)
    case.note += f" {length}"
    case.put(name, elf, length)


@kind("cut-segment", 5)
def _cut_segment(case):
    name, elf = case.library()
    last = max(p["offset"] + p["filesz"] for p in elf.phdrs if p["type"] == elfpatch.PT_LOAD)
    length = case.dice.randrange(last // 2, last - 0x1000) if last > 0x4000 else 0
    if length < 0x1000:
        raise NotHere
    case.note += f" {length} of {last}"
    case.put(name, elf, length)
    case.signal = True


@kind("folder-instead", 2)
def _folder(case):
    name, _ = case.library()
    os.mkdir(os.path.join(case.folder, name))


@kind("linker-script", 3)
def _script(case):
    name, _ = case.library()
    with open(os.path.join(case.folder, name), "w", encoding="ascii") as file:
        file.write("/* GNU ld script */\nINPUT ( libreal.so )\n" + " " * case.pick((0, 40, 900)))


@kind("needs-isa", 4)
def _isa(case):
    """A property that asks for a processor that there is not."""
    name, elf = case.library(with_libc=True)
    phdr = elf.segment(elfpatch.PT_GNU_PROPERTY)
    if phdr is None:
        raise NotHere
    at, end = phdr["offset"] + 16, phdr["offset"] + phdr["filesz"]
    while at + 8 <= end:
        type_, size = elf.get("II", at)
        if size == 4:
            # Whatever it was is now "needed", with a bit that stands for no processor.
            elf.put("I", at, 0xC0008002)
            elf.put("I", at + 8, 0x10000)
            case.put(name, elf)
            return
        at += 8 + (size + 7) // 8 * 8
    raise NotHere


def verdict_difference(trace, forecast):
    """A verdict that does not follow from what the loader said."""
    binary = (forecast.verdict or {}).get("binary") if isinstance(forecast.verdict, dict) \
        else forecast.verdict
    refused = trace is None or trace.fatal or trace.missing or trace.version_errors
    if refused and binary != "break":
        return [("verdict", f"expected break, got {binary}")]
    if trace and not refused and not trace.undefined and binary == "break":
        # A trace does not look at the level of instructions that a file asks for.
        rules = sorted({f["rule"] for f in forecast.findings if f["rule"] != "load/isa-level"})
        if not rules:
            return []
        return [("verdict", f"expected no break, got it for {rules}")]
    return []


def judge(loader, abifit, case):
    """The differences of one case, as (kind, text)."""
    options = ["--library-path", case.folder]
    try:
        forecast = abifit.check([case.program], options=options)[case.program]
        tree = abifit.tree([case.program], options=options).get(case.program, [])
    except (ForecastError, OSError) as error:
        return [("abifit failed", str(error))]
    if case.signal:
        result = verdict_difference(None, forecast)
        if not any(f.get("exit_code") == 135 for f in forecast.findings):
            codes = [(f["rule"], f.get("exit_code")) for f in forecast.findings]
            result.append(("signal", f"expected exit code 135, got {codes}"))
        return result
    trace = loader.trace(case.program, library_path=case.folder)
    if trace.status is not None and trace.status < 0:
        # The loader itself crashed: there is nothing to compare but the verdict.
        result = verdict_difference(None, forecast)
        return result + ([("crash", f"the loader dies of signal {-trace.status}")] if result else [])
    return (Comparison(loader, case.program).run(trace, forecast, tree)
            + verdict_difference(trace, forecast))


def make(kind_name, number, function, bases, scratch, foreign):
    """A finished case, or None when no closure lends itself to it."""
    dice = random.Random(f"{SEED} {kind_name} {number}")
    for attempt in range(60):
        folder = os.path.join(scratch, f"{kind_name}-{number}")
        os.mkdir(folder)
        case = Case(dice.choice(bases), folder, dice, foreign)
        try:
            function(case)
            os.chmod(case.program, 0o755)
            return case
        except (NotHere, ElfError):
            shutil.rmtree(folder)
    return None


def sound_bases(loader):
    """BASES of them; fewer on a small system, each used oftener."""
    result = []
    for path in sample(select(loader, libraries=False), 4 * BASES):
        try:
            base = Base(loader, path)
        except NotHere:
            continue
        if base.fits:
            result.append(base)
        if len(result) == BASES:
            break
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True)
    parser.add_argument("--foreign-root", help="another suite's root, for libraries out of it")
    parser.add_argument("--only", help="cases whose name starts so")
    parser.add_argument("--keep", action="store_true", help="leave the folders of failed cases")
    options = parser.parse_args()
    try:
        loader = Loader()
        foreign = Loader(root=options.foreign_root) if options.foreign_root else None
    except OracleError as error:
        print(f"broken.py: {error}", file=sys.stderr)
        return 1
    if not os.access(options.abifit, os.X_OK):
        print(f"broken.py: no program {options.abifit}", file=sys.stderr)
        return 1
    bases = sound_bases(loader)
    if not bases:
        print("broken.py: no program to break", file=sys.stderr)
        return 1
    abifit = Abifit(options.abifit)
    scratch = tempfile.mkdtemp(prefix="abifit-broken-")
    passed, failed, unmade = 0, 0, []
    for name, count, function in KINDS:
        for number in range(count):
            label = f"{name}-{number}"
            if options.only and not label.startswith(options.only):
                continue
            case = make(name, number, function, bases, scratch, foreign)
            if case is None:
                unmade.append(label)
                continue
            differences = judge(loader, abifit, case)
            if differences:
                failed += 1
                print(f"{label} ({case.base.path}, {case.note}):")
                for what, text in differences[:8]:
                    print(f"  {what}: {text}")
                if len(differences) > 8:
                    print(f"  and {len(differences) - 8} more")
            else:
                passed += 1
            if not (differences and options.keep):
                shutil.rmtree(case.folder)
    if unmade:
        print(f"not made, {len(unmade)}: {' '.join(unmade)}")
    if options.keep and failed:
        print(f"kept in {scratch}")
    else:
        shutil.rmtree(scratch)
    if not options.only and passed + failed < 200:
        print(f"only {passed + failed} cases; 200 are the least")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
