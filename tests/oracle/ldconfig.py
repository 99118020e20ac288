#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares the reader of ld.so.cache, and the cache worked out from ld.so.conf, with ldconfig.

usage: ldconfig.py DUMP_CACHE

Builds four root folders of different layouts out of libraries of the running
system and small ones compiled here, lets `ldconfig -r` make their caches, and
compares content and order with what tests/tools/dump-cache.c prints. The
running system itself is compared as well.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

FLAGS = {0x1: "ELF", 0x3: "libc6", 0x303: "libc6,x86-64", 0x803: "libc6,x32"}
CANDIDATES = ["/lib", "/lib64", "/libx32", "/lib32", "/usr/lib", "/usr/lib64", "/usr/libx32"]


def run(*command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def ldconfig(root, *options):
    """ldconfig takes chroot(2) where it may; its own emulation of it differs."""
    become = [] if os.geteuid() == 0 else ["unshare", "-Ur"]
    return run(*become, "ldconfig", "-r", root, *options, stderr=subprocess.DEVNULL)


class Root:
    def __init__(self, base, name):
        self.path = os.path.join(base, name)
        os.makedirs(os.path.join(self.path, "etc"))

    def at(self, path):
        full = self.path + path
        os.makedirs(os.path.dirname(full), exist_ok=True)
        return full

    def folder(self, path):
        os.makedirs(self.path + path, exist_ok=True)

    def write(self, path, text):
        with open(self.at(path), "w", encoding="ascii") as file:
            file.write(text)

    def link(self, path, target):
        os.symlink(target, self.at(path))

    def copy(self, source, path):
        shutil.copyfile(source, self.at(path))

    def build(self, path, soname=None, bits=64, options=()):
        """A library without code. 32-bit ones need libc.so.6: old ldconfigs tell them by it."""
        compiler = "gcc" if bits == 64 else "i686-linux-gnu-gcc"
        libc = ["-nostdlib"] if bits == 64 else ["-Wl,--no-as-needed"]
        name = ["-Wl,-soname," + soname] if soname else []
        run(compiler, "-shared", "-fPIC", "-x", "c", "/dev/null", "-o", self.at(path), *libc, *name,
            *options)


def real_libraries():
    """Paths of the running system's x86-64 libraries, by name."""
    found = {}
    for line in run("ldconfig", "-p").splitlines():
        match = re.match(r"\t(\S+) \(libc6,x86-64\) => (\S+)$", line)
        if match:
            found.setdefault(match[1], match[2])
    return sorted(found.items())


def merged(base):
    """/usr merged by absolute links, Debian's multiarch folders, real files behind links."""
    root = Root(base, "merged")
    triplet = "/usr/lib/x86_64-linux-gnu"
    root.folder(triplet)
    root.link("/lib", "/usr/lib")
    root.link("/lib64", "usr/lib64")
    root.write("/etc/ld.so.conf", "include /etc/ld.so.conf.d/*.conf\n")
    root.write("/etc/ld.so.conf.d/x86_64-linux-gnu.conf",
               "# Multiarch support\n/usr/local/lib/x86_64-linux-gnu\n/lib/x86_64-linux-gnu\n"
               "/usr/lib/x86_64-linux-gnu\n")
    root.write("/etc/ld.so.conf.d/libc.conf", "# default\n/usr/local/lib\n")
    root.write("/etc/ld.so.conf.d/.hidden.conf", "/opt/hidden\n")
    for name, path in real_libraries()[:250]:
        real = os.path.realpath(path)
        target = os.path.basename(real)
        if not os.path.exists(root.path + f"{triplet}/{target}"):
            root.copy(real, f"{triplet}/{target}")
        if name != target and not os.path.lexists(root.path + f"{triplet}/{name}"):
            root.link(f"{triplet}/{name}", target)
    root.build("/usr/local/lib/liblocal.so.1.0", "liblocal.so.1")
    root.link("/usr/local/lib/liblocal.so", "/usr/local/lib/liblocal.so.1.0")
    root.build("/opt/hidden/libhidden.so.1", "libhidden.so.1")
    root.copy(os.path.realpath("/lib64/ld-linux-x86-64.so.2"), "/usr/lib64/ld-linux-x86-64.so.2")
    return root


def biarch(base):
    """Separate /lib and /usr/lib, 32 and 64 bits with the same names."""
    root = Root(base, "biarch")
    root.write("/etc/ld.so.conf", "/lib64\n/usr/lib64\n")
    for folder, bits in (("/lib", 32), ("/usr/lib", 32), ("/lib64", 64), ("/usr/lib64", 64)):
        for number in range(1, 12):
            root.build(f"{folder}/libmany.so.{number}", f"libmany.so.{number}", bits)
        root.build(f"{folder}/libsame.so.2.{bits}", "libsame.so.2", bits)
        root.link(f"{folder}/libsame.so", f"libsame.so.2.{bits}")
    root.build("/usr/lib/libmixed64.so.1", "libmixed.so.1", 64)
    root.build("/lib/libmixed32.so.1", "libmixed.so.1", 32)
    root.build("/usr/lib64/lib10.so.9", "lib10.so.9")
    root.build("/usr/lib64/lib9.so.10", "lib9.so.10")
    return root


def levels(base):
    """glibc-hwcaps folders, with marked libraries and links inside."""
    root = Root(base, "levels")
    root.write("/etc/ld.so.conf", "/opt/lib\n")
    for folder in ("/usr/lib", "/opt/lib", "/lib"):
        root.build(f"{folder}/libfast.so.1.2.3", "libfast.so.1")
        for level in ("x86-64-v2", "x86-64-v3", "x86-64-v4", "unheard-of"):
            mark = [f"-Wl,-z,{level}"] if level.startswith("x86") else []
            if folder == "/usr/lib" and level == "x86-64-v2":
                mark = ["-Wl,-z,x86-64-v3"]
            where = f"{folder}/glibc-hwcaps/{level}"
            root.build(f"{where}/libfast.so.1.2.4", "libfast.so.1", options=mark)
            root.link(f"{where}/libfast.so.1", "libfast.so.1.2.4")
            root.link(f"{where}/libfast.so", "libfast.so.1.2.4")
        root.build(f"{folder}/glibc-hwcaps/x86-64-v3/libonly.so.1.0", "libonly.so.1")
    root.write("/opt/lib/glibc-hwcaps/README", "not a folder\n")
    root.link("/opt/lib/glibc-hwcaps/linked", "x86-64-v3")
    root.folder("/usr/lib/glibc-hwcaps/x86-64-v3/libdeep.so.1")
    return root


def messy(base):
    """All that a configuration and a folder may hold besides what they should."""
    root = Root(base, "messy")
    root.write("/etc/ld.so.conf",
               "   # a comment\n\n\t/opt/first/  \ninclude conf.d/[ab]*.conf missing/*.conf\n"
               "hwcap 1 nosegneg\nHWCAP 2 x\n/opt/with space\n/opt/typed=libc6\n/opt/linked\n"
               "/opt/missing # not there\n/opt/first\ninclude\t/etc/absolute.conf /etc/once.conf\n"
               "includes/are/not/this\n/opt/last")
    root.write("/etc/conf.d/b.conf", "include nested/*\n/opt/b\n")
    root.write("/etc/conf.d/a.conf", "/opt/a\n/opt/b///\n")
    root.write("/etc/conf.d/z.conf", "/opt/z\n")
    root.write("/etc/conf.d/nested/n1", "/opt/n1\n")
    root.write("/etc/absolute.conf", "/opt/absolute\n")
    root.link("/etc/once.conf", "/etc/absolute.conf")
    for name in ("first", "with space", "typed", "last", "a", "b", "z", "n1", "absolute"):
        short = name.replace(" ", "")
        root.build(f"/opt/{name}/lib{short}.so.1.0", f"lib{short}.so.1")
        root.build(f"/opt/{name}/libshared.so.1.{len(name)}", "libshared.so.1")
    root.link("/opt/linked", "/opt/a")
    lib = "/usr/lib"
    for version in ("1.9", "1.10", "1.2"):
        root.build(f"{lib}/libtwin.so.{version}", "libtwin.so.1")
    root.link(f"{lib}/libtwin.so", "libtwin.so.1.9")
    root.link(f"{lib}/libtwin.so.1", "libtwin.so.1.2")
    root.link(f"{lib}/libtwin-alias.so.1", "libtwin.so.1.2")
    root.link(f"{lib}/libdangling.so.1", "nowhere.so")
    root.link(f"{lib}/libloop.so.1", "libloop.so.1")
    root.link(f"{lib}/libout.so.1", "../../../../../../../opt/a/liba.so.1.0")
    root.build(f"{lib}/libnameless.so.3")
    root.link(f"{lib}/libnameless.so", "libnameless.so.3")
    root.build(f"{lib}/libplain.so", "libplain.so")
    root.build(f"{lib}/libother.so.5", "differently-named.so.5")
    root.build(f"{lib}/module.so", "module.so")
    root.build(f"{lib}/ld-special.so.1", "ld-special.so.1")
    root.build(f"{lib}/ld.so.1", "ld.so.1")
    root.build(f"{lib}/libpre.so.1.#prelink#.abcdef", "libpre.so.1")
    root.write(f"{lib}/libscript.so", "/* GNU ld script */\nGROUP ( libplain.so )\n")
    root.write(f"{lib}/libempty.so.1", "")
    root.write(f"{lib}/libtext.so.1", "x" * 5000)
    root.folder(f"{lib}/libfolder.so.1")
    run("gcc", "-c", "-x", "c", "/dev/null", "-o", root.at(f"{lib}/libobject.so.1"))
    run("gcc", "-x", "c", "-", "-pie", "-fPIE", "-o", root.at(f"{lib}/libprogram.so.1"),
        input="int main(void) { return 0; }")
    run("gcc", "-x", "c", "-", "-static", "-o", root.at(f"{lib}/libstatic.so.1"),
        input="int main(void) { return 0; }")
    os.mkfifo(root.at(f"{lib}/libfifo.so.1"))
    return root


def builtin_folders(base):
    """The folders that this ldconfig looks into without being told."""
    root = Root(base, "empty")
    for folder in CANDIDATES:
        root.folder(folder)
    text = ldconfig(root.path, "-v", "-N", "-X")
    return re.findall(r"^(/\S*): \(from <builtin>", text, re.MULTILINE)


def listed(text):
    """`ldconfig -p` as (name, flags, hwcap, path)."""
    result = []
    for line in text.splitlines():
        match = re.match(r"\t(.*?) \((.*?)(?:, hwcap: \"(.*?)\")?\) => (.*)$", line)
        if match:
            result.append(tuple(part or "" for part in match.groups()))
    return result


def dumped(text):
    result = []
    for line in text.splitlines():
        match = re.match(r"(.*?) \((0x[0-9a-f]+)(?:, hwcap: \"(.*?)\", level \d+)?\) => (.*)$", line)
        if not match:
            raise SystemExit(f"unexpected output of dump-cache: {line}")
        result.append((match[1], FLAGS[int(match[2], 16)], match[3] or "", match[4]))
    return result


def modern(entries):
    """Up to 2.36 ldconfig told i386 libraries that need no libc apart; nothing depends on it."""
    return [(name, "libc6" if flags == "ELF" else flags, hwcap, path)
            for name, flags, hwcap, path in entries]


class Comparison:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def equal(self, what, expected, found):
        if expected == found:
            self.passed += 1
            print(f"ok    {what}: {len(found)} entries")
            return
        self.failed += 1
        print(f"FAIL  {what}")
        for mark, entries, others in (("-", expected, found), ("+", found, expected)):
            for entry in [e for e in entries if e not in others][:20]:
                print(f"      {mark} {entry}")
        if sorted(expected) == sorted(found):
            first = next(i for i, (a, b) in enumerate(zip(expected, found)) if a != b)
            print(f"      order differs from entry {first}: {expected[first]} {found[first]}")


def compare_root(dump, root, folders, comparison):
    name = os.path.basename(root.path)
    before = dumped(run(dump, "--root", root.path, *folders))
    ldconfig(root.path)
    expected = listed(ldconfig(root.path, "-p"))
    cache = run(dump, root.path + "/etc/ld.so.cache")
    after = run(dump, "--root", root.path, *folders)
    comparison.equal(f"{name}: cache read", expected, dumped(cache))
    comparison.equal(f"{name}: worked out", modern(expected), before)
    comparison.equal(f"{name}: worked out, links made", modern(expected), dumped(after))
    comparison.equal(f"{name}: levels", re.findall(r"level (\d)", cache),
                     re.findall(r"level (\d)", after))
    for form in ("old", "compat"):
        ldconfig(root.path, "-c", form)
        found = dumped(run(dump, root.path + "/etc/ld.so.cache"))
        comparison.equal(f"{name}: {form} format", listed(ldconfig(root.path, "-p")), found)


def compare_system(dump, folders, base, comparison):
    cache = os.path.join(base, "system.cache")
    run("ldconfig", "-X", "-C", cache, stderr=subprocess.DEVNULL)
    expected = listed(run("ldconfig", "-p", "-C", cache))
    comparison.equal("running system: cache read", expected, dumped(run(dump, cache)))
    comparison.equal("running system: worked out", modern(expected),
                     dumped(run(dump, "--root", "/", *folders)))


def main():
    dump = os.path.abspath(sys.argv[1])
    os.environ["LC_ALL"] = "C"
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    for tool in ("ldconfig", "gcc", "i686-linux-gnu-gcc"):
        if not shutil.which(tool):
            raise SystemExit(f"{tool} is missing")
    comparison = Comparison()
    with tempfile.TemporaryDirectory() as base:
        folders = builtin_folders(base)
        for make in (merged, biarch, levels, messy):
            compare_root(dump, make(base), folders, comparison)
        if os.geteuid() == 0:
            compare_system(dump, folders, base, comparison)
    print(f"{comparison.passed} passed, {comparison.failed} failed")
    return 1 if comparison.failed else 0


if __name__ == "__main__":
    sys.exit(main())
