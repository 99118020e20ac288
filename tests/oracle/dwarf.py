#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Abifit's reader of debug information beside libdw: every entry, and what it says.

Both sides print the same words for the same thing: the number of entries of each tag,
and all values that Abifit may want (dump-dwarf, dump-libdw). The files are built here,
in all the forms that compilers and tools give; files with debug information that the
system has are added. Prints differences, then `N passed, N failed`.

    dwarf.py --ours PROGRAM --libdw PROGRAM [FILE…]
"""

import argparse
import difflib
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SHOWN = 12

C_SOURCE = r"""
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
enum color { RED = -1, GREEN = 5, BLUE = 0x7fffffff };
enum big { HUGE_VALUE = 0x7fffffffffffffffLL };
struct list { struct list *next; unsigned bits : 3; int : 2; signed more : 9; enum color color; };
union both { int i; float f; struct { char inner[7]; short tail; }; };
typedef int (*callback)(const struct list *restrict, volatile union both *, ...);
struct flexible { size_t count; long double x; int items[]; };
struct __attribute__((packed, aligned(32))) packed { char c; double d; };
static __thread int counter = 3;
const char *const names[] = { "one", "two", [7] = "eight" };
_Complex double complex_value;
_Bool flag;
int matrix[3][4];
struct forward;
struct forward *unknown;
static inline __attribute__((always_inline)) int twice(int x) { int y = x * 2; return y; }
__attribute__((noinline)) static int cold(int n) { return n > 5 ? cold(n - 1) : counter++; }
int sum(struct list *l, callback f, struct flexible *x, struct packed *p)
{
	int total = 0;
	for (; l; l = l->next) {
		int part = twice(l->more) + cold(l->bits);
		{ int deeper = part + (f ? f(l, NULL) : 0); total += deeper; }
	}
	return total + (int)p->d + x->items[0];
}
int vla(int n) { int a[n]; a[n / 2] = n; return printf("%d", a[n / 2]); }
__attribute__((noreturn)) void stop(void) { for (;;) ; }
int main(int argc, char **argv) { (void)argv; return argc > 100 ? vla(argc) : sum(0, 0, (void *)names, (void *)names); }
"""

CXX_SOURCE = r"""
#include <cstddef>
namespace outer { inline namespace v1 { struct point { int x, y; }; } namespace { int hidden = 1; } }
namespace alias = outer;
using outer::point;
enum class scoped : unsigned char { a, b = 200 };
struct base { virtual ~base(); virtual int f(int) const = 0; int b; static const int limit = 12; };
struct left : virtual base { int f(int) const override { return 1; } };
struct right : virtual base { int f(int) const override { return 2; } virtual void g() && final {} };
struct join : left, right {
	explicit join(int n = 3) : member(n) {}
	join(const join &) = delete;
	join &operator=(const join &) & = default;
	void ref() && {}
	int f(int) const override { return member; }
	mutable int member;
	int join::*pointer = &join::member;
private:
	friend int peek(const join &);
	union { long word; unsigned char bytes[8]; };
	struct nested { point p; scoped s : 5; };
	nested inner;
};
base::~base() {}
int peek(const join &j) { return j.member; }
template <typename T, int N = 4, template <typename> class C = T::template type> struct holder {
	T value[N];
	static T make() { return T(); }
};
struct user { template <typename X> struct type { X x; }; int n; };
template <typename... Args> int count(Args &&...args) { return sizeof...(args); }
holder<user> global;
thread_local int per_thread = 7;
auto lambda = [](int x, auto y) { return x + y; };
decltype(nullptr) nothing;
int main() {
	join j(5);
	int outside = 2;
	auto inside = [&outside](int k) { struct local { int q; } l{k}; return l.q + outside; };
	return lambda(1, 2L) + inside(3) + count(1, 'c', j) + global.make().n + peek(j) + outer::hidden;
}
"""

COMPILERS = {
    "c": {"gcc": "gcc", "clang": "clang", "i686": "i686-linux-gnu-gcc", "s390x": "s390x-linux-gnu-gcc",
          "arm": "arm-linux-gnueabihf-gcc", "aarch64": "aarch64-linux-gnu-gcc"},
    "cc": {"gcc": "g++", "clang": "clang++"},
}
VERSIONS = ["-gdwarf-2", "-gdwarf-3", "-gdwarf-4", "-gdwarf-5"]
WIDE = "-gdwarf64"


def plain_cases():
    """(name, command that makes `out` of `source`, language)"""
    for language, compilers in COMPILERS.items():
        for name, compiler in compilers.items():
            for version in VERSIONS:
                for optimize in "-O0", "-O2":
                    yield f"{name} {version} {optimize}", f"{compiler} {version} -g {optimize} @SRC@ -o out", language
            # clang 14 can write the wide form for objects of 64-bit machines only.
            if name != "clang":
                yield f"{name} wide", f"{compiler} -gdwarf-5 {WIDE} -g -O1 @SRC@ -o out", language
                yield f"{name} wide 4", f"{compiler} -gdwarf-4 {WIDE} -g -O1 @SRC@ -o out", language
            else:
                yield "clang wide", f"{compiler} -gdwarf-5 {WIDE} -g -O1 @SRC@ -o out", language
    for version in "-gdwarf-4", "-gdwarf-5":
        for compiler in "g++", "clang++":
            yield f"{compiler} type units {version}", f"{compiler} {version} -g -fdebug-types-section @SRC@ -o out", "cc"
    for compiler, language in ("gcc", "c"), ("g++", "cc"), ("clang++", "cc"):
        yield f"{compiler} zlib", f"{compiler} -g @SRC@ -o out && objcopy --compress-debug-sections=zlib out", language
        yield f"{compiler} old zlib", f"{compiler} -g @SRC@ -o out && objcopy --compress-debug-sections=zlib-gnu out", language
        yield f"{compiler} zstd", f"{compiler} -g @SRC@ -o out && cp out plain && objcopy --compress-debug-sections=zstd out", language
        yield f"{compiler} dwz", f"{compiler} -g -gdwarf-4 @SRC@ -o out && dwz out", language
        yield f"{compiler} dwz for two", f"{compiler} -g -gdwarf-4 @SRC@ -o out && cp out two && dwz -m common out two", language
        yield f"{compiler} debug file", f"{compiler} -g @SRC@ -o prog && objcopy --only-keep-debug prog out", language
    yield "gcc LTO", "cp @SRC@ two.c && gcc -g -O2 -flto -c two.c -Dmain=other -Dsum=plus -Dvla=vary -Dstop=halt -Dnames=words -Dcomplex_value=cv -Dflag=fl -Dmatrix=mx -Dunknown=un && gcc -g -O2 -flto @SRC@ two.o -o out", "c"
    yield "clang LTO names", "clang++ -g -O1 -gsimple-template-names @SRC@ -o out", "cc"
    yield "macros", "gcc -g3 @SRC@ -o out", "c"
    yield "prefix gold split", "g++ -g -ffunction-sections -O2 @SRC@ -o out", "cc"


def object_cases():
    """The same for objects, which Abifit relocates."""
    for language, compilers in COMPILERS.items():
        for name, compiler in compilers.items():
            for version in VERSIONS[1:]:
                yield f"{name} object {version}", f"{compiler} {version} -g -O1 -c @SRC@ -o out.o", language
    yield "gcc object zlib", "gcc -g -gz=zlib -c @SRC@ -o out.o", "c"
    yield "gcc object sections", "g++ -g -O2 -ffunction-sections -fdata-sections -c @SRC@ -o out.o", "cc"
    yield "joined objects", "g++ -g -c @SRC@ -o a.o && g++ -g -Dmain=other -c @SRC@ -o b.o && ld -r -z muldefs a.o b.o -o out.o", "cc"


def split_cases():
    """The same for units that stand in a file of their own."""
    for compiler, language in ("gcc", "c"), ("g++", "cc"), ("clang", "c"), ("clang++", "cc"):
        for version in "-gdwarf-4", "-gdwarf-5":
            yield f"{compiler} split {version}", f"{compiler} {version} -g -gsplit-dwarf -O1 -c @SRC@ -o out.o", language


def fault(name, text):
    print(f"{name}: {text}"[:1500], flush=True)
    return False


def output(command):
    result = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL)
    return result.returncode, result.stdout.decode("utf-8", "replace"), result.stderr.decode()


def compare(args, name, path, oracle=None, ours=(), theirs=(), both=()):
    """`oracle`: the file that libdw reads instead."""
    status, mine, error = output([args.ours, *ours, *both, str(path)])
    if status:
        return fault(name, f"dump-dwarf: status {status} {error} {mine[-300:]}")
    status, theirs, error = output([args.libdw, *theirs, *both, str(oracle or path)])
    if status:
        return fault(name, f"dump-libdw: status {status} {error}")
    if mine == theirs and "tag " in mine:
        return True
    lines = list(difflib.unified_diff(theirs.splitlines()[:200000], mine.splitlines()[:200000],
                                      "libdw", "abifit", lineterm="", n=0))
    for line in lines[2:2 + SHOWN]:
        fault(name, line[:400])
    return fault(name, "differs" if lines else "nothing to compare")


def build(name, command, language, folder):
    source = folder / f"source.{language}"
    source.write_text(C_SOURCE if language == "c" else CXX_SOURCE)
    result = subprocess.run(command.replace("@SRC@", source.name), shell=True, cwd=folder,
                            capture_output=True, text=True, stdin=subprocess.DEVNULL)
    return result.returncode == 0 or fault(name, f"cannot be built: {command}\n{result.stderr}")


def run_case(args, kind, name, command, language):
    with tempfile.TemporaryDirectory(prefix="abifit-") as temporary:
        folder = Path(temporary)
        if not build(name, command, language, folder):
            return False
        for alternate in folder.glob("common"):
            if not compare(args, name + " (alternate)", alternate):
                return False
        if kind == "plain":
            # libdw of Debian 12 does not know zstd: it reads the file as it was before.
            plain = folder / "plain"
            return compare(args, name, folder / "out", oracle=plain if plain.exists() else None)
        good = compare(args, name, folder / "out.o")
        if kind == "split":
            good &= compare(args, name + " (dwo)", folder / "out.dwo", ours=["--dwo"],
                            both=["--no-addresses"])
            linker = command.split()[0]
            good &= subprocess.run([linker, "-o", "out", "out.o"], cwd=folder).returncode == 0
            good &= compare(args, name + " (skeleton)", folder / "out")
            good &= compare(args, name + " (split)", folder / "out.dwo", oracle=folder / "out",
                            ours=["--dwo", "--skeleton", folder / "out"], theirs=["--split"])
        return good


def files_of_system():
    """Debug files that are there."""
    return sorted(p for p in Path("/usr/lib/debug").rglob("*") if p.is_file() and not p.is_symlink()
                  and p.suffix in ("", ".debug", ".so") and p.read_bytes()[:4] == b"\x7fELF")


def run_file(args, path):
    return compare(args, str(path), path, both=["--every", "7"] if path.stat().st_size > 1 << 20 else [])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ours", required=True)
    parser.add_argument("--libdw", required=True)
    parser.add_argument("--all", action="store_true", help="all debug files of the system")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("files", nargs="*", type=Path)
    args = parser.parse_args()
    work = [(run_file, path) for path in args.files]
    if not work:
        for kind, cases in ("plain", plain_cases()), ("object", object_cases()), ("split", split_cases()):
            work += [(run_case, kind, *case) for case in cases]
        files = files_of_system()
        step = 1 if args.all else len(files) // 30 + 1
        work += [(run_file, path) for path in files[::step]]
    with ThreadPoolExecutor(args.jobs) as pool:
        results = list(pool.map(lambda job: job[0](args, *job[1:]), work))
    failed = results.count(False)
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed or not results else 0


sys.exit(main())
