#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is it the same wherever the debug information of a library is?

Libraries of two units, in C and C++, by gcc and clang in DWARF 4 and 5. Each is built
with its debug information inside, then with the same in separate files, alternate files
of dwz, split files and packages of those, compressed. The types and the signatures of
exported functions must be the very same; what is missing or of another build must be told.

    debug_files.py --dump PROGRAM
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from layouts import Source, alike, wanted_of  # noqa: E402

# Types of both units; what only one of them has; where the functions and variables are.
C_SHARED = """
struct list { struct list *next; unsigned bits : 3; enum { RED = -1, BLUE = 7 } color; };
typedef struct { short tail; union { int i; float f; }; } plain;
struct opaque;
"""
C_UNITS = [
    C_SHARED + """
struct only_a { plain p[3]; char c; };
plain shared_value;
struct only_a table[4];
__attribute__((noinline, cold)) void stop(const char *why);
int walk(struct list *l, struct only_a *a) { int n = 0; for (; l; l = l->next) { if (!a) stop("x"); n += l->bits + a->c; } return n; }
int peek(struct opaque *o, const plain *p) { return o ? p->i : 0; }
""",
    C_SHARED + """
struct opaque { long secret; plain p; };
struct only_b { struct list l; double d; };
static struct only_b hidden;
struct only_b *give(int n, ...) { hidden.d = n; return &hidden; }
void stop(const char *why) { for (;;) hidden.d += *why; }
long open(struct opaque *o, struct list *l) { return o->secret + l->color; }
""",
]
CXX_SHARED = """
namespace outer {
enum class level : unsigned char { low, high = 200 };
struct base { virtual ~base(); virtual int f(int) const = 0; int b; };
template <typename T, int N> struct holder { T value[N]; struct inner { T *at; } in; };
struct derived : virtual base { int f(int) const override; holder<long, 3> h; level l : 3; int derived::*p; };
}
"""
CXX_UNITS = [
    CXX_SHARED + """
namespace outer {
namespace { struct own { int o; } mine; }
base::~base() { }
int derived::f(int n) const { struct local { long a; } x = { n }; return b + (int)h.value[0] + mine.o + (int)x.a; }
level ask(const derived &d, holder<char, 2>::inner i) { return i.at ? d.l : level::high; }
}
""",
    CXX_SHARED + """
namespace outer {
namespace { struct own { long o, p; } mine; }
struct second : derived { second(); virtual long g(holder<long, 3> &&) const; own *o; };
second::second() : o(&mine) { }
long second::g(holder<long, 3> &&x) const { return x.value[1] + o->p; }
auto make(int n) -> decltype(nullptr) { mine.o = n; return nullptr; }
second global;
}
""",
]
VARIANTS = [("gcc", "-gdwarf-4"), ("gcc", "-gdwarf-5"), ("clang", "-gdwarf-4"), ("clang", "-gdwarf-5")]
LANGUAGES = {"c": (C_UNITS, {"gcc": "gcc", "clang": "clang"}), "cc": (CXX_UNITS, {"gcc": "g++", "clang": "clang++"})}
LINK = ["-shared", "-Wl,--build-id", "-Wl,-z,undefs"]


def run(*command, cwd):
    result = subprocess.run([str(word) for word in command], cwd=cwd, capture_output=True, text=True, check=False)
    if result.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: {result.stderr}")
    return result.stdout


class Build:
    """One library in one form of DWARF, and its other forms in folders of their own."""

    def __init__(self, dump, folder, language, compiler, options):
        self.dump, self.folder, self.options = dump, folder, options
        self.units, names = LANGUAGES[language]
        self.language, self.compiler = language, names[compiler]
        self.wrong, self.count = [], 0
        self.name = f"{self.compiler} {' '.join(options)}"

    def make(self, name, *options, more=""):
        """The library in a new folder; `more` stands in its first unit besides."""
        home = self.folder / name
        home.mkdir()
        objects = []
        for number, unit in enumerate(self.units):
            source = home / f"unit{number}.{self.language}"
            source.write_text(unit + (more if not number else ""), encoding="utf-8")
            run(self.compiler, *self.options, *options, "-O1", "-w", "-fPIC", "-c", source.name,
                "-o", f"unit{number}.o", cwd=home)
            objects.append(f"unit{number}.o")
        run(self.compiler, *self.options, *options, *LINK, "-o", "libx.so", *objects, cwd=home)
        return home / "libx.so"

    def read(self, library, *arguments):
        """(types and roots, sorted; lines of problems; the last line; exit status)."""
        found, problems, status, last = [], [], 0, ""
        for more in [], ["--symbols", library]:
            result = subprocess.run([self.dump, *arguments, *more, library], capture_output=True, text=True,
                                    check=False, errors="replace")
            if result.returncode not in (0, 1):
                raise SystemExit(f"{library}: status {result.returncode}: {result.stderr}")
            status = max(status, result.returncode)
            block = ""
            for line in result.stdout.splitlines():
                if line.startswith("problem: "):
                    problems.append(line)
                elif line.startswith("units "):
                    last = line
                elif line.startswith("\t"):
                    block += "\n" + line
                else:
                    found.append(block)
                    block = line
            found.append(block)
        return sorted(set(found)), problems, last, status

    def expect(self, what, wanted, library, *arguments):
        """The form `what` must give what the plain one did."""
        found, problems, last, status = self.read(library, *arguments)
        self.count += 1
        if found == wanted and not problems and not status and " unknown 0 alt 0 " in last:
            return
        lost = [entry for entry in wanted if entry not in found]
        more = [entry for entry in found if entry not in wanted]
        self.wrong.append(f"{self.name}, {what}: lost {lost[:3]}, more {more[:3]}; {problems} {last}")

    def expect_problem(self, what, text, library, *arguments, readable=False):
        found, problems, last, status = self.read(library, *arguments)
        self.count += 1
        if not any(re.search(text, line) for line in problems) or status != (0 if readable else 1):
            self.wrong.append(f"{self.name}, {what}: status {status}, {problems} {last}, not {text}")

    def copy(self, library, name):
        home = self.folder / name
        shutil.copytree(library.parent, home)
        return home / library.name


def build_id(library):
    return re.search(r"Build ID: ([0-9a-f]+)", run("readelf", "-n", library, cwd="/"))[1]


def strip(library, debug):
    debug.parent.mkdir(parents=True, exist_ok=True)
    run("objcopy", "--only-keep-debug", library, debug, cwd="/")
    run("strip", "-g", library, cwd="/")


def check_separate(build, plain, wanted):
    for name, root in ("by build id", ""), ("package root", "usr/lib/debug"):
        library = build.copy(plain, name)
        number = build_id(library)
        folder = build.folder / (name + " debug")
        debug = folder / root / ".build-id" / number[:2] / (number[2:] + ".debug")
        strip(library, debug)
        build.expect_problem(name + ", not told of", f"no file for build id {number}", library)
        build.expect(name, wanted, library, "--debug-dir", folder)
        run("objcopy", "--update-section", f".note.gnu.build-id={other_note(build, number)}", debug, cwd="/")
        build.expect_problem(name + ", of another build", "its build id is 0f0f", library, "--debug-dir", folder)


def other_note(build, number):
    path = build.folder / "note"
    path.write_bytes(b"\4\0\0\0\x14\0\0\0\3\0\0\0GNU\0" + b"\x0f" * (len(number) // 2))
    return path


def check_link(build, plain, wanted):
    places = {"beside": "NAME", "in .debug": ".debug/NAME"}
    for name, place in places.items():
        library = build.copy(plain, "link " + name)
        debug = library.parent / place.replace("NAME", "libx.debug")
        strip(library, debug)
        run("objcopy", f"--add-gnu-debuglink={debug}", library, cwd="/")
        build.expect("debug link " + name, wanted, library)
        kept = debug.read_bytes()
        debug.unlink()
        os.mkfifo(debug)
        build.expect_problem("a FIFO", "no file", library)
        debug.unlink()
        other = build.folder / ("other folder " + name)
        (other / str(library.parent)[1:]).mkdir(parents=True)
        (other / str(library.parent)[1:] / "libx.debug").write_bytes(kept)
        build.expect("debug link below a folder", wanted, library, "--debug-dir", other)
        (other / str(library.parent)[1:] / "libx.debug").rename(other / "libx.debug")
        build.expect("debug link in a folder", wanted, library, "--debug-dir", other)
        debug.write_bytes(kept + b"x")
        build.expect_problem("wrong CRC", r"libx\.debug does not belong to it: its CRC is [0-9a-f]{8}, not", library)


def check_compressed(build, plain, wanted):
    for form in "zlib", "zlib-gnu", "zstd":
        library = build.copy(plain, "compressed " + form)
        run("objcopy", f"--compress-debug-sections={form}", library, cwd="/")
        build.expect(form, wanted, library)


def check_dwz(build, plain, wanted):
    library = build.copy(plain, "dwz")
    run("dwz", library, cwd="/")
    build.expect("dwz", wanted, library)
    if "-gdwarf-5" in build.options:
        check_sup(build, plain, wanted)
    # What another library has in common with nobody here must not be taken for this one's.
    extra = "struct stranger { int strange; }; " if build.language == "c" else "namespace outer { struct stranger { int strange; }; } "
    extra += "struct stranger *stranger;" if build.language == "c" else "outer::stranger *stranger;"
    library = build.copy(plain, "dwz -m")
    others = [build.make("dwz other", more=extra), build.make("dwz third", more=extra)]
    alternate = library.parent / "common.debug"
    run("dwz", "-m", alternate, "-M", "common.debug", library, *others, cwd="/")
    if not alternate.exists():
        build.wrong.append(f"{build.name}: dwz made no alternate file")
        return
    build.expect("alternate file beside", wanted, library)
    other = build.folder / "alternates"
    number = build_id(alternate)
    moved = other / ".build-id" / number[:2] / (number[2:] + ".debug")
    moved.parent.mkdir(parents=True)
    alternate.rename(moved)
    build.expect("alternate file by build id", wanted, library, "--debug-dir", other)
    build.expect_problem("alternate file missing", "no alternate file common.debug", library, readable=True)
    _, _, last, _ = build.read(library)
    build.count += 1
    if " alt 0 " in last:
        build.wrong.append(f"{build.name}: references to a missing alternate file are not counted: {last}")
    shutil.copy(plain, alternate)
    build.expect_problem("another alternate file", "common.debug does not belong to it: its build id is", library,
                         readable=True)


def check_sup(build, plain, wanted):
    """The same by the section of DWARF 5."""
    library = build.copy(plain, "supplementary")
    other = build.copy(plain, "supplementary other")
    run("dwz", "--dwarf-5", "-m", library.parent / "common.sup", "-M", "common.sup", library, other, cwd="/")
    if ".debug_sup" not in run("readelf", "-SW", library, cwd="/"):
        build.wrong.append(f"{build.name}: dwz made no .debug_sup")
    build.expect("supplementary file", wanted, library)
    (library.parent / "common.sup").unlink()
    build.expect_problem("supplementary file missing", "no alternate file common.sup", library, readable=True)


def packagers(build):
    """Programs that can package what the compiler writes."""
    if "-gdwarf-4" in build.options:
        return ["dwp", "llvm-dwp"]
    # Binutils' dwp knows no DWARF 5, and the one of LLVM 14 comes to no end with gcc's.
    return ["llvm-dwp"] if "clang" in build.compiler else []


def check_split(build, wanted, name, *options):
    library = build.make(name, "-gsplit-dwarf", *options)
    build.expect(name, wanted, library)
    parts = sorted(library.parent.glob("*.dwo"))
    if "-gsplit-dwarf=single" in options:
        return
    if len(parts) != len(build.units):
        build.wrong.append(f"{build.name}, {name}: split files {parts}")
        return
    moved = build.folder / (name + " moved")
    moved.mkdir()
    for part in parts:
        shutil.copy(part, moved)
    for tool in packagers(build):
        packaged = build.copy(library, f"{name} {tool}")
        run(tool, "-o", "libx.so.dwp", *[part.name for part in parts], cwd=packaged.parent)
        for folder in packaged.parent, library.parent:
            for part in parts:
                (folder / part.name).unlink(missing_ok=True)
        build.expect(f"{name}, packaged by {tool}", wanted, packaged)
        elsewhere = build.folder / f"{name} {tool} package"
        elsewhere.mkdir()
        (packaged.parent / "libx.so.dwp").rename(elsewhere / "libx.so.dwp")
        build.expect(f"{name}, package of {tool} elsewhere", wanted, packaged, "--debug-dir", elsewhere)
        for part in parts:
            shutil.copy(moved / part.name, library.parent)
    for part in parts:
        (library.parent / part.name).unlink()
    build.expect_problem(name + ", all missing", "no file for 2 split units, the first .*unit0.dwo", library,
                         readable=True)
    build.expect(name + ", in another folder", wanted, library, "--debug-dir", moved)
    for part in parts:
        shutil.copy(moved / part.name, library.parent)
    parts[1].write_bytes(parts[0].read_bytes())
    build.expect_problem(name + ", one of another unit", "no file for 1 split units, the first .*unit1.dwo", library,
                         readable=True)


def check_source(build):
    """Random types beside what a program says of them."""
    source = Source(7, 30)
    program = build.folder / "program"
    program.with_suffix(".c").write_text(source.program(), encoding="utf-8")
    run(build.compiler, *build.options, "-gsplit-dwarf", "-w", "-o", "program", "program.c", cwd=build.folder)
    wanted = wanted_of(run(program, cwd=build.folder))
    found = {}
    for block in build.read(program)[0]:
        head, *lines = block.split("\n")
        if "\t" not in head:
            continue
        members = [line[1:].split(" ") for line in lines]
        found[head.split("\t")[0]] = (int(head.split("\t")[1]), [
            ("= " + words[1], int(words[2]), 0) if words[0] == "=" else (words[1], int(words[2]), int(words[3]))
            for words in members])
    for name, (size, members) in wanted.items():
        build.count += 1
        have = found.get(name)
        if not have or (not name.startswith("enum") and have[0] != size) or not alike(have[1], members):
            build.wrong.append(f"{build.name}, {name}: {have}, the program says {size} {members}")


def check_all(build):
    plain = build.make("plain")
    wanted = build.read(plain)[0]
    if len(wanted) < 8:
        build.wrong.append(f"{build.name}: only {wanted}")
    check_separate(build, plain, wanted)
    check_link(build, plain, wanted)
    check_compressed(build, plain, wanted)
    # dwz knows no .debug_addr.
    if build.compiler.startswith("g") or "-gdwarf-4" in build.options:
        check_dwz(build, plain, wanted)
    check_split(build, wanted, "split")
    if "clang" in build.compiler:
        check_split(build, wanted, "split in one", "-gsplit-dwarf=single")
        check_split(build, wanted, "split, functions listed", "-fsplit-dwarf-inlining")
    with_types = build.read(build.make("type units", "-fdebug-types-section"))[0]
    check_split(build, with_types, "split type units", "-fdebug-types-section")
    if build.language == "c":
        check_source(build)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dump", required=True)
    arguments = parser.parse_args()
    passed = failed = 0
    for language in LANGUAGES:
        for compiler, version in VARIANTS:
            with tempfile.TemporaryDirectory() as folder:
                build = Build(arguments.dump, Path(folder).resolve(), language, compiler, [version])
                check_all(build)
                passed += build.count - len(build.wrong)
                failed += len(build.wrong)
                for text in build.wrong:
                    print(text[:900])
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
