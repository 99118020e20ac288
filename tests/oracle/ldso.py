#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The real loader as an oracle: starts it in trace mode and reads what it says.

Nothing that is looked at runs: it is always the loader that is started, by its
own path, with the program as its argument and the trace variables set, which
makes it map, check and bind and then stop before any code of the program, of a
constructor or of an IFUNC resolver. `Loader` does that on the running system, in
another root (chroot) and through a user-mode emulator; `parse_trace` is the reader.

    ldso.py [--root DIR] [--qemu PATH] [--library-path LIST] FILE…     prints traces
"""

import argparse
import os
import re
import stat
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from elfpatch import Elf, ElfError  # noqa: E402

# e_machine, wide → the path that programs name as their interpreter.
INTERPRETERS = {
    (62, True): "/lib64/ld-linux-x86-64.so.2", (62, False): "/libx32/ld-linux-x32.so.2",
    (3, False): "/lib/ld-linux.so.2", (183, True): "/lib/ld-linux-aarch64.so.1",
    (40, False): "/lib/ld-linux-armhf.so.3", (22, True): "/lib/ld64.so.1",
    (21, True): "/lib64/ld64.so.2", (243, True): "/lib/ld-linux-riscv64-lp64d.so.1",
}
TRACE = {"LD_TRACE_LOADED_OBJECTS": "1", "LD_WARN": "yes", "LD_BIND_NOW": "yes",
         "LD_VERBOSE": "yes", "LC_ALL": "C"}

BINDING = re.compile(
    r"^ *\d+:\tbinding file (.+?) \[\d+\] to (.+?) \[\d+\]: (normal|protected) symbol `(.*?)'"
    r"(?: \[(.*)\])?$", re.M)
DEBUG_LINE = re.compile(r"^ *\d+:\t")
LIST_LINE = re.compile(r"^\t(?:(.+) => )?(.+?) \((0x[0-9a-f]+)\)$")
MISSING_LINE = re.compile(r"^\t(.+) => not found$")
UNDEFINED = re.compile(r"^(?:symbol lookup error: )?undefined symbol: (.+?)(?:, version (.*?))?\t\((.*)\)$")
VERSION_ERROR = re.compile(r"^(?:.+?: )?(.+?): version `(.+)' not found \(required by (.+)\)$")
VERSION_WEAK = re.compile(r"^(?:.+?: )?(.+?): weak version `(.+)' not found \(required by (.+)\)$")
NO_VERSION = re.compile(r"^(?:.+?: )?(.+?): no version information available \(required by (.+)\)$")
FATAL = re.compile(r"(?:error while loading shared libraries|symbol lookup error|FATAL)(?: error)?: (.+)$")
INCONSISTENT = re.compile(r"^Inconsistency detected by ld\.so: (.+)$")
PRELOAD = re.compile(r"^ERROR: ld\.so: object '(.+)' from (.+) cannot be preloaded \((.+)\): ignored\.$")
SIZE = re.compile(r"^(.+): Symbol `(.+)' (?:has different size in shared object, consider re-linking|"
                  r"causes overflow in R_\S+ relocation)$")
PROTECTED = re.compile(r"^(?:.+: )?(?:warning: )?copy relocation against non-copyable protected "
                       r"symbol `(.+)' in `(.+)'$")


class OracleError(Exception):
    """The oracle itself does not work."""


class Trace:
    """What one run of the loader said. Paths are as the loader prints them."""

    def __init__(self):
        self.libraries = []         # (requested name, path or None) in load order
        self.bindings = set()       # (from, to, kind, symbol, version or "")
        self.undefined = set()      # (symbol, version or "", object)
        self.version_errors = set()  # (library path, version, required by)
        self.version_weak = set()   # the same, but only a warning
        self.no_version = set()     # (library path, required by)
        self.sizes = set()          # (object, symbol) of copy relocations
        self.protected = set()      # (symbol, object that protects it) of copy relocations
        self.preload_errors = set()  # (name, reason)
        self.fatal = []             # messages that ended the run
        self.static = False         # "statically linked": nothing else is mapped
        self.other = []             # lines of no known form
        self.status = None

    @property
    def missing(self):
        return [name for name, path in self.libraries if path is None]


def parse_list(text, trace):
    for line in text.splitlines():
        if not line:
            break               # the version table follows
        if line == "\tstatically linked":
            trace.static = True
            continue
        found = MISSING_LINE.match(line)
        if found:
            trace.libraries.append((found.group(1), None))
            continue
        found = LIST_LINE.match(line)
        if not found:
            trace.other.append(line)
            continue
        name, path = found.group(1), found.group(2)
        if is_vdso(name or path):
            continue
        trace.libraries.append((name or path, path))


def is_vdso(name):
    return name.startswith(("linux-vdso", "linux-gate")) or name in ("linux-vdso64.so.1",)


def parse_messages(text, trace):
    for line in text.splitlines():
        if not line or DEBUG_LINE.match(line):
            continue
        parse_message(line, trace)


def parse_message(line, trace):
    for pattern, target in ((VERSION_WEAK, trace.version_weak),
                            (VERSION_ERROR, trace.version_errors), (NO_VERSION, trace.no_version)):
        found = pattern.match(line)
        if found:
            target.add(found.groups())
            return
    found = UNDEFINED.match(line)
    if found:
        trace.undefined.add((found.group(1), found.group(2) or "", found.group(3)))
        return
    found = PRELOAD.match(line)
    if found:
        trace.preload_errors.add((found.group(1), found.group(3)))
        return
    found = SIZE.match(line)
    if found:
        trace.sizes.add((found.group(1).split(": ")[-1], found.group(2)))
        return
    found = PROTECTED.match(line)
    if found:
        trace.protected.add(found.groups())
        return
    found = INCONSISTENT.match(line) or FATAL.search(line)
    if found:
        trace.fatal.append(found.group(1))
        return
    trace.other.append(line)


def parse_trace(out, err, status=0):
    trace = Trace()
    trace.status = status
    parse_list(out, trace)
    trace.bindings = {(a, b, kind, symbol, version) for a, b, kind, symbol, version
                      in BINDING.findall(err) if not is_vdso(a)}
    parse_messages(err, trace)
    return trace


def canonical(root, path, depth=40):
    """The real path of `path` inside `root`, as a path of that root; '..' never leaves it."""
    done, todo = [], [part for part in path.split("/") if part and part != "."]
    while todo:
        part = todo.pop(0)
        if part == "..":
            done = done[:-1]
            continue
        host = (root or "") + "/" + "/".join(done + [part])
        try:
            target = os.readlink(host)
        except OSError:
            done.append(part)
            continue
        depth -= 1
        if depth < 0:
            raise OracleError(f"{path}: too many links")
        if target.startswith("/"):
            done = []
        todo = [p for p in target.split("/") if p and p != "."] + todo
    return "/" + "/".join(done)


class Loader:
    """One system's loader. `path` and all files are paths inside `root`."""

    def __init__(self, path=None, root=None, qemu=None):
        self.root = os.path.abspath(root) if root and os.path.abspath(root) != "/" else None
        self.qemu = qemu or self._emulator()
        self.path = path or self._find()
        self.real = canonical(self.root, self.path)
        if not os.path.exists(self.host(self.path)) and not os.path.exists(self.host(self.real)):
            raise OracleError(f"{self.host(self.path)}: no loader")
        if self.root and os.geteuid() != 0:
            raise OracleError("another root needs chroot, and that needs root")
        elf = Elf(self.host(self.real))
        self.kind = (elf.machine, elf.wide, elf.order)
        self.version = self._version()

    def _emulator(self):
        """A static emulator that lies in the root's top folder (foreign.sh puts it there)."""
        if not self.root:
            return None
        found = [name for name in os.listdir(self.root) if re.fullmatch(r"qemu-\w+-static", name)]
        return "/" + found[0] if found else None

    def _find(self):
        for probe in ("/bin/true", "/usr/bin/true", "/bin/sh", "/usr/bin/env"):
            try:
                found = Elf(self.host(canonical(self.root, probe))).interpreter
            except (OSError, ElfError):
                continue
            if found and os.path.exists(self.host(canonical(self.root, found))):
                return found
        for path in INTERPRETERS.values():
            if os.path.exists(self.host(canonical(self.root, path))):
                return path
        raise OracleError(f"{self.root or '/'}: no loader found")

    def host(self, path):
        return (self.root or "") + path

    def run(self, arguments, env=None, timeout=120):
        """The loader's (status, stdout, stderr). The variables reach it, and no other program."""
        env = dict(env or {})
        command = [self.path, *arguments]
        if self.qemu:
            for name in env:
                command[:0] = ["-E", f"{name}={env[name]}"]
            command.insert(0, self.qemu)
            env = {}
        root = self.root
        done = subprocess.run(
            command, env=env, cwd="/", stdin=subprocess.DEVNULL, capture_output=True,
            timeout=timeout, check=False,
            preexec_fn=(lambda: os.chroot(root)) if root else None)  # pylint: disable=W1509
        return (done.returncode, done.stdout.decode("utf-8", "surrogateescape"),
                done.stderr.decode("utf-8", "surrogateescape"))

    def _version(self):
        status, out, err = self.run(["--version"])
        found = re.search(r"version (\d+)\.(\d+)", out)
        if found:
            return int(found.group(1)), int(found.group(2))
        # Releases before 2.33 have no such option, and say it in libc.so.6.
        for folder in self.system_folders():
            path = self.host(canonical(self.root, folder + "/libc.so.6"))
            try:
                with open(path, "rb") as file:
                    found = re.search(rb"stable release version (\d+)\.(\d+)", file.read())
            except OSError:
                continue
            if found:
                return int(found.group(1)), int(found.group(2))
        raise OracleError(f"{self.path} does not run here: {status} {err.strip()[:200]}")

    def system_folders(self):
        """As stored in the loader's own file, the order kept."""
        with open(self.host(self.real), "rb") as file:
            data = file.read()
        found = re.search(rb"\0((?:/[\w./-]*lib[\w./-]*/\0){1,8})", data)
        folders = found.group(1).decode().split("\0") if found else ["/lib/", "/usr/lib/"]
        return [folder.rstrip("/") for folder in folders if folder]

    def library_folders(self):
        """System folders and those of ld.so.conf, canonical, each once."""
        result = []
        for folder in self.system_folders() + self._conf("/etc/ld.so.conf", 0):
            real = canonical(self.root, folder)
            if real not in result and os.path.isdir(self.host(real)):
                result.append(real)
        return result

    def _conf(self, path, depth):
        result = []
        try:
            with open(self.host(canonical(self.root, path)), encoding="utf-8") as file:
                lines = file.read().splitlines()
        except OSError:
            return result
        for line in lines:
            line = line.split("#")[0].strip()
            if line.startswith("include") and depth < 4:
                for pattern in line.split()[1:]:
                    folder, _, name = pattern.rpartition("/")
                    expression = re.compile(re.escape(name).replace(r"\*", ".*") + "$")
                    try:
                        names = sorted(os.listdir(self.host(canonical(self.root, folder))))
                    except OSError:
                        continue
                    for entry in names:
                        if expression.match(entry):
                            result += self._conf(f"{folder}/{entry}", depth + 1)
            elif line.startswith("/"):
                result.append(line.split("=")[0].rstrip("/"))
        return result

    def verify(self, path):
        """0: program of this loader's format, 2: library, 1: static or something else."""
        return self.run(["--verify", path])[0]

    def classify(self, path):
        """'program', 'library' or None, by the file alone. Files with auditors, whose code
        would run even in a trace, and those of another interpreter are None."""
        try:
            elf = Elf(self.host(path))
        except (OSError, ElfError, ValueError):
            return None
        if (elf.machine, elf.wide, elf.order) != self.kind or elf.type not in (2, 3):
            return None
        if not elf.dynamic or elf.tag("AUDIT") is not None or elf.tag("DEPAUDIT") is not None:
            return None
        if not elf.interpreter:
            return "library"
        # A library may carry an interpreter (libc.so.6 does); a foreign one is another libc's.
        return "program" if canonical(self.root, elf.interpreter) == self.real else None

    def is_traceable(self, path):
        """The same, with the loader's consent: the condition for any trace."""
        kind = self.classify(path)
        return kind if kind and self.verify(path) == (0 if kind == "program" else 2) else None

    def arguments(self, library_path=None, preload=None, extra=()):
        result = []
        if self.version >= (2, 33):
            # As on a baseline processor, which is what Abifit assumes.
            result += ["--glibc-hwcaps-mask", "none"]
        if library_path is not None:
            result += ["--library-path", library_path]
        if preload:
            result += ["--preload", preload]
        return result + list(extra)

    def trace(self, path, bindings=True, library_path=None, preload=None, extra=(), env=None):
        variables = dict(TRACE, **(env or {}))
        if bindings:
            variables["LD_DEBUG"] = "bindings"
        status, out, err = self.run(
            [*self.arguments(library_path, preload, extra), path], variables)
        return parse_trace(out, err, status)


def select(loader, programs=True, libraries=True, recursive=False, folders=None):
    """Real paths, sorted: dynamic files in the program and the library folders.

    By their own word: `is_traceable` is still to be asked before a trace.
    """
    found = {}
    if programs:
        for folder in folders or ("/usr/bin", "/usr/sbin", "/bin", "/sbin"):
            _collect(loader, canonical(loader.root, folder), lambda name: True, False, found)
    if libraries:
        for folder in loader.library_folders() if not folders else folders:
            _collect(loader, folder, lambda name: ".so" in name, recursive, found)
    result = []
    for path in sorted(found):
        kind = loader.classify(path)
        if (kind == "program" and programs) or (kind == "library" and libraries):
            result.append(path)
    return result


def _collect(loader, folder, fits, recursive, found):
    try:
        entries = sorted(os.scandir(loader.host(folder)), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        path = f"{folder}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            if recursive:
                _collect(loader, path, fits, recursive, found)
            continue
        if not fits(entry.name):
            continue
        real = canonical(loader.root, path)
        try:
            status = os.lstat(loader.host(real))
            if not stat.S_ISREG(status.st_mode) or real in found:
                continue
            with open(loader.host(real), "rb") as file:
                if file.read(4) == b"\x7fELF":
                    found[real] = True
        except OSError:
            continue


def main():
    parser = argparse.ArgumentParser(description="Traces files with the real loader.")
    parser.add_argument("--root")
    parser.add_argument("--qemu")
    parser.add_argument("--library-path")
    parser.add_argument("--select", action="store_true", help="print what could be traced")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    loader = Loader(root=options.root, qemu=options.qemu)
    print(f"loader {loader.path} {loader.version} {loader.library_folders()}")
    if options.select:
        print("\n".join(select(loader)))
    for path in options.files:
        if loader.is_traceable(path) is None:
            print(f"{path}: not for this loader")
            continue
        trace = loader.trace(path, library_path=options.library_path)
        print(f"{path}: status {trace.status}, {len(trace.bindings)} bindings")
        for name in ("libraries", "undefined", "version_errors", "version_weak", "no_version",
                     "sizes", "fatal", "other"):
            for item in list(getattr(trace, name)):
                print(f"  {name}: {item}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
