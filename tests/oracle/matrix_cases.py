# SPDX-License-Identifier: Apache-2.0
"""The fixtures of matrix.py, in groups: each function builds and judges one group's."""

import os
import shutil

import elfpatch
from broken import HEADER
from elfpatch import Elf
from ldso import OracleError

# The exit code of a fixture that finds its memory damaged.
WRONG = 50
EXIT = r"""
static void leave(int code)
{
	__asm__ volatile("syscall" : : "a"(231L), "D"((long)code) : "rcx", "r11", "memory");
	__builtin_unreachable();
}
"""
# A program that calls foo() and ends with what it returns.
CALLS_FOO = EXIT + "extern int foo(void);\nvoid _start(void) { leave(foo()); }\n"
# The same, by the function's address: bound when the program is loaded.
TAKES_FOO = EXIT + ("extern int foo(void);\nint (*volatile pointer)(void) = foo;\n"
                    "void _start(void) { leave(pointer()); }\n")
TESTS_FOO = EXIT + ("extern int foo(void) __attribute__((weak));\n"
                    "void _start(void) { leave(foo ? foo() : 90); }\n")


GROUPS = []


def group(name):
    def register(function):
        GROUPS.append((name, function))
        return function
    return register


# Search order, spec of the dynamic linker's manual page and more.
def _chain(b, middle_flags=(), program_flags=(), value=7):
    """program → libmid.so → libfoo.so; libfoo.so lies in deep/, libmid.so in mid/."""
    foo = b.foo("deep/libfoo.so", value)
    mid = b.lib("mid/libmid.so", "extern int foo(void);\nint mid(void) { return foo(); }\n",
                *middle_flags, libs=[foo])
    return b.program("program", EXIT + "extern int mid(void);\nvoid _start(void) { leave(mid()); }\n",
                     *program_flags, libs=[mid])


def _path(tag, *folders):
    return ("-Wl,--enable-new-dtags" if tag == "RUNPATH" else "-Wl,--disable-new-dtags",
            "-Wl,-rpath," + ":".join(folders))


@group("search")
def _search(b):
    def fresh(name):
        b.place = f"{b.folder}/{name}"
        return name

    name = fresh("rpath-inherited")
    b.judge(name, _chain(b, (), _path("RPATH", b.at("mid"), b.at("deep"))), 7)
    name = fresh("runpath-not-inherited")
    b.judge(name, _chain(b, (), _path("RUNPATH", b.at("mid"), b.at("deep"))), 127)
    name = fresh("runpath-of-library")
    b.judge(name, _chain(b, _path("RUNPATH", b.at("deep")), _path("RUNPATH", b.at("mid"))), 7)
    name = fresh("runpath-of-library-cuts-rpath")
    b.judge(name, _chain(b, _path("RUNPATH", b.at("nowhere")),
                         _path("RPATH", b.at("mid"), b.at("deep"))), 127)

    for order, tag, first in (("rpath-before-library-path", "RPATH", 1),
                              ("library-path-before-runpath", "RUNPATH", 2)):
        name = fresh(order)
        one, _ = b.foo("one/libfoo.so", 1), b.foo("two/libfoo.so", 2)
        b.judge(name, b.program("program", CALLS_FOO, *_path(tag, b.at("one")), libs=[one]), first,
                library_path=b.at("two"))

    name = fresh("runpath-hides-rpath")
    foo = b.foo("one/libfoo.so", 1)
    program = b.program("program", CALLS_FOO, *_path("RPATH", b.at("one")), libs=[foo])

    def both(elf):
        elf.add_tag("RUNPATH", elf.find_string(b"libfoo.so"))
    b.patch(program, both)
    b.judge(name, program, 127)

    name = fresh("empty-element-is-cwd")
    foo = b.foo("here/libfoo.so", 3)
    program = b.program("program", libs=[foo])
    b.judge(name, program, 3, library_path="/nowhere:", cwd=b.at("here"))
    b.judge(name + "-leading", program, 3, library_path=":/nowhere", cwd=b.at("here"))
    b.judge(name + "-double", program, 3, library_path="/nowhere::/nowhere2", cwd=b.at("here"))
    b.judge(name + "-semicolon", program, 3, library_path="/nowhere;" + b.at("here"))
    b.judge(name + "-relative", program, 3, library_path="./here", cwd=b.at("here")[:-5])
    b.judge("empty-path-is-none", program, 127, library_path="", cwd=b.at("here"))

    name = fresh("name-with-slash")
    foo = b.foo("sub/libfoo.so", 4, soname="sub/libfoo.so")
    program = b.program("program", libs=[foo])
    b.judge(name, program, 4, cwd=b.place)
    b.judge(name + "-elsewhere", program, 127)

    name = fresh("soname-answers-later-request")
    foo = b.foo("libfoo.so", 5)
    user = b.lib("libuser.so", "extern int foo(void);\nint mid(void) { return foo(); }\n", libs=[foo])
    os.rename(b.host(foo), b.host(b.at("other-name.so")))
    stub = b.foo("stub/other-name.so", 9)
    program = b.program("program", EXIT + "extern int mid(void);\nvoid _start(void) { leave(mid()); }\n",
                        *_path("RUNPATH", b.place), libs=[stub, user])
    b.judge(name, program, 5, library_path=b.place)

    name = fresh("one-inode-two-names")
    foo = b.foo("liba.so", 6, soname="")
    os.link(b.host(foo), b.host(b.at("libb.so")))
    os.chdir(b.host(b.place))
    program = b.gcc("program", CALLS_FOO, "-nostdlib", "-pie", "-Wl,-e,_start", "-L.",
                    "-Wl,--no-as-needed", "-la", "-lb", *_path("RUNPATH", b.place))
    b.judge(name, program, 6)

    name = fresh("hwcaps-folder")
    one, _ = b.foo("libfoo.so", 1), b.foo("glibc-hwcaps/x86-64-v2/libfoo.so", 2)
    program = b.program("program", CALLS_FOO, *_path("RUNPATH", b.place), libs=[one])
    b.judge(name, program, None, options=("--cpu", "native"))
    name = fresh("plain-folder-before-hwcaps-of-next")
    one, _ = b.foo("one/libfoo.so", 1), b.foo("two/glibc-hwcaps/x86-64-v2/libfoo.so", 2)
    program = b.program("program", CALLS_FOO, *_path("RUNPATH", b.at("one"), b.at("two")), libs=[one])
    b.judge(name, program, 1, options=("--cpu", "native"))

    name = fresh("no-default-folders")
    foo = b.foo("libfoo.so", 1)
    program = b.program("program", CALLS_FOO, "-Wl,-z,nodefaultlib", *_path("RUNPATH", b.place), libs=[foo])
    b.judge(name, program, 1)

    if os.path.exists(b.host("/proc/self/exe")):
        name = fresh("origin")
        foo = b.foo("sub/libfoo.so", 1)
        program = b.program("bin/program", CALLS_FOO, *_path("RUNPATH", "$ORIGIN/../sub"), libs=[foo])
        b.judge(name, program, 1)
        name = fresh("origin-braces")
        foo = b.foo("sub/libfoo.so", 1)
        program = b.program("program", CALLS_FOO, *_path("RUNPATH", "${ORIGIN}/sub"), libs=[foo])
        b.judge(name, program, 1)
    else:
        b.notes.append("$ORIGIN: there is no /proc in this root, and the loader asks it")
    name = fresh("token-with-tail-is-text")
    foo = b.foo("$ORIGINAL/libfoo.so", 1)
    program = b.program("program", CALLS_FOO, *_path("RUNPATH", b.place + "/$ORIGINAL"), libs=[foo])
    b.judge(name, program, 1)
    name = fresh("lib-token")
    foo = b.foo("lib/x86_64-linux-gnu/libfoo.so", 1)
    program = b.program("program", CALLS_FOO, *_path("RUNPATH", b.place + "/$LIB"), libs=[foo])
    b.judge(name, program, 1)

    for tag, missing, expect in (("-f", False, 2), ("-f", True, 2), ("-F", False, 2), ("-F", True, 127)):
        name = fresh(("auxiliary" if tag == "-f" else "filter") + ("-missing" if missing else ""))
        b.foo("libreal.so", 1)
        foo = b.foo("libfoo.so", 2, f"-Wl,{tag},libreal.so")
        if missing:
            os.remove(b.host(b.at("libreal.so")))
        elif expect != 127:
            expect = 1
        program = b.program("program", CALLS_FOO, libs=[foo])
        # A trace lists a missing auxiliary as "not found"; a process that starts ignores it.
        b.judge(name, program, expect, library_path=b.place,
                trace=not (tag == "-f" and missing))

    name = fresh("wrong-class-is-skipped")
    foo = b.foo("two/libfoo.so", 2)
    os.makedirs(b.host(b.at("one/x"))[:-2], exist_ok=True)
    shutil.copy(b.host(foo), b.host(b.at("one/libfoo.so")))
    program = b.program("program", libs=[foo])
    b.patch(b.at("one/libfoo.so"), lambda elf: elf.data.__setitem__(4, 1))
    b.judge(name, program, 2, library_path=f"{b.at('one')}:{b.at('two')}")
    b.judge(name + "-alone", program, 127, library_path=b.at("one"))
    name = fresh("wrong-osabi-ends-the-search")
    foo = b.foo("two/libfoo.so", 2)
    shutil.copy(b.host(foo), b.host(b.at("one/libfoo.so")))
    program = b.program("program", libs=[foo])
    b.patch(b.at("one/libfoo.so"), lambda elf: elf.data.__setitem__(7, 9))
    b.judge(name, program, 127, library_path=f"{b.at('one')}:{b.at('two')}")

    name = fresh("preload-goes-first")
    foo, first = b.foo("libfoo.so", 1), b.foo("libfirst.so", 2)
    program = b.program("program", CALLS_FOO, *_path("RUNPATH", b.place), libs=[foo])
    b.judge(name, program, 2, preload=(first,))
    b.judge("preload-missing-is-a-warning", program, 1, preload=(b.place + "/none.so",))


@group("header")
def _header(b):
    for name, patches in HEADER:
        b.place = f"{b.folder}/{name}"
        foo = b.foo("libfoo.so", 1)
        program = b.program("program", CALLS_FOO, *_path("RUNPATH", b.place), libs=[foo])

        def change(elf, patches=patches):
            for offset, value in patches:
                elf.data[offset] = value
        b.patch(foo, change)
        b.judge(name, program)
    for name, content in (("empty", b""), ("text", b"GROUP ( libreal.so )\n" + b" " * 900),
                          ("short-text", b"INPUT ( x )\n")):
        b.place = f"{b.folder}/{name}"
        foo = b.foo("libfoo.so", 1)
        program = b.program("program", CALLS_FOO, *_path("RUNPATH", b.place), libs=[foo])
        with open(b.host(foo), "wb") as file:
            file.write(content)
        b.judge(name, program, 127)


# Which definition answers a reference of which version.
LIBRARIES = {
    "a-none": ("int foo(void) { return 1; }", None),
    "b-first-hidden": ("int f1(void) { return 1; } int f2(void) { return 2; }\n"
                       '__asm__(".symver f1,foo@V1"); __asm__(".symver f2,foo@@V2");',
                       "V1 { f1; }; V2 { foo; } V1;"),
    "c-third-hidden": ("int f0(void) { return 9; } int f1(void) { return 1; } int f2(void) { return 2; }\n"
                       '__asm__(".symver f1,foo@V1"); __asm__(".symver f2,foo@@V2");',
                       "V0 { f0; }; V1 { f1; } V0; V2 { foo; } V1;"),
    "d-only-third-hidden": ("int f0(void) { return 9; } int f1(void) { return 1; }\n"
                            '__asm__(".symver f1,foo@V1");',
                            "V0 { f0; }; V1 { f1; } V0;"),
    "e-only-first-hidden": ('int f1(void) { return 1; }\n__asm__(".symver f1,foo@V1");',
                            "V1 { f1; };"),
    "f-base-beside-node": ("int foo(void) { return 1; } int bar(void) { return 2; }", "V1 { bar; };"),
    "g-other-node": ("int foo(void) { return 1; } int bar(void) { return 2; }",
                     "V1 { bar; }; V2 { foo; } V1;"),
    "h-default": ("int foo(void) { return 1; }", "V1 { foo; };"),
    "j-node-gone": ("int foo(void) { return 1; }", "V2 { foo; };"),
    "k-two-defaults-of-three": ("int f0(void) { return 9; } int f1(void) { return 1; }\n"
                                "int f2(void) { return 2; }\n"
                                '__asm__(".symver f1,foo@V1"); __asm__(".symver f2,foo@V2");',
                                "V0 { f0; }; V1 { f1; } V0; V2 { f2; } V1;"),
}


@group("version")
def _version(b):
    b.place = f"{b.folder}/version-link"
    unversioned = b.foo("u/libfoo.so", 1)
    versioned = b.foo("v/libfoo.so", 1, script="V1 { foo; };")
    programs = {}
    for how, source in (("lazy", CALLS_FOO), ("data", TAKES_FOO), ("weak", TESTS_FOO)):
        for reference, library in (("unversioned", unversioned), ("versioned", versioned)):
            for now in ("lazy", "now") if how == "lazy" else ("lazy",):
                key = f"{reference}-{how}" + ("-now" if now == "now" else "")
                programs[key] = b.program(key, source, f"-Wl,-z,{now}", libs=[library])
    # Needs of its own, but no nodes of its own.
    base = b.place
    for name, (source, script) in LIBRARIES.items():
        b.place = f"{b.folder}/version-{name}"
        b.lib("libfoo.so", source, script=script)
        for key, program in programs.items():
            b.judge(f"{name}-{key}", program, library_path=b.place)
    b.place = f"{b.folder}/version-i-needs-only"
    dependency = b.lib("libdependency.so", "int dependency(void) { return 1; }", script="D1 { dependency; };")
    b.lib("libfoo.so", "extern int dependency(void);\nint foo(void) { return dependency(); }\n",
          libs=[dependency])
    for key, program in programs.items():
        b.judge(f"i-needs-only-{key}", program, library_path=b.place)
    b.place = base
    b.notes.append("look-up by dlsym() of the nine version rows: Abifit forecasts no dlsym()")


@group("need")
def _need(b):
    def setup(name):
        b.place = f"{b.folder}/need-{name}"
        versioned = b.foo("link/libfoo.so", 1, script="V1 { foo; };")
        return name, b.program("program", TESTS_FOO, libs=[versioned])

    name, program = setup("weak-flag")
    b.foo("libfoo.so", 2, script="V2 { foo; };")
    b.patch(program, lambda elf: elf.put_need_flags(elf.verneeds()[0], elfpatch.VER_FLG_WEAK))
    b.judge(name, program, library_path=b.place)
    name, program = setup("hidden-and-base")
    b.lib("libfoo.so", *LIBRARIES["f-base-beside-node"][:1], script="V1 { bar; };")
    b.patch(program, lambda elf: elf.hide_need(elf.verneeds()[0]))
    b.judge(name, program, library_path=b.place)
    name, program = setup("hidden-and-no-nodes")
    dependency = b.lib("libd.so", "int d(void) { return 1; }", script="D1 { d; };")
    b.lib("libfoo.so", "extern int d(void);\nint foo(void) { return d(); }\n", libs=[dependency])
    b.patch(program, lambda elf: elf.hide_need(elf.verneeds()[0]))
    b.judge(name, program, library_path=b.place)
    name, program = setup("entry-removed")
    b.foo("libfoo.so", 2, script="V1 { foo; };")
    b.patch(program, lambda elf: elf.drop_tag("NEEDED"))
    b.judge(name, program, 127, library_path=b.place)
    b.judge("entry-removed-and-preloaded", program, library_path=b.place, preload=(b.at("libfoo.so"),))
    name, program = setup("soname-differs")
    b.foo("libfoo.so", 2, script="V1 { foo; };", soname="libother.so")
    b.judge(name, program, library_path=b.place)


# Who answers when several could.
@group("interposition")
def _interposition(b):
    answer = "int foo(void) { return %d; }\n"
    inner = "extern int foo(void);\nint mid(void) { return foo(); }\n"
    start = EXIT + "extern int mid(void);\nvoid _start(void) { leave(mid()); }\n"

    def case(name, expect, libraries, program_source=start, program_flags=(), order=None):
        b.place = f"{b.folder}/inter-{name}"
        built = [b.lib(out, source, *flags, **more) for out, source, flags, more in libraries]
        program = b.program("program", program_source, *program_flags, *_path("RUNPATH", b.place),
                            libs=[built[i] for i in order] if order else built)
        b.judge(name, program, expect, library_path=b.place)

    both = answer % 1 + inner
    own = answer % 2 + start
    case("program-captures", 2, [("libmid.so", both, (), {})], own, ("-rdynamic",))
    case("program-does-not-export", 1, [("libmid.so", both, (), {})],
         own.replace("int foo", "static int foo", 1))
    case("program-captures-versioned", 2, [("libmid.so", both, (), {"script": "M { foo; mid; };"})],
         own, ("-rdynamic",))
    case("two-unversioned-clash", 3, [("libone.so", answer % 3, (), {}), ("libmid.so", both, (), {})])
    case("nodes-isolate", 1, [("libone.so", answer % 3, (), {"script": "ONE { foo; };"}),
                              ("libmid.so", both, (), {"script": "MID { foo; mid; };"})])
    case("equal-nodes-do-not", 3, [("libone.so", answer % 3, (), {"script": "SAME { foo; };"}),
                                   ("libmid.so", both, (), {"script": "SAME { foo; mid; };"})])
    case("hidden-protects", 1, [("libone.so", answer % 3, (), {}),
                                ("libmid.so", '__attribute__((visibility("hidden"))) ' + both, (), {})])
    case("protected-protects", 1, [
        ("libone.so", answer % 3, (), {}),
        ("libmid.so", '__attribute__((visibility("protected"))) ' + both, (), {})])
    case("symbolic-protects", 1, [("libone.so", answer % 3, (), {}),
                                  ("libmid.so", both, ("-Wl,-Bsymbolic",), {})])
    case("symbolic-functions-protect", 1, [("libone.so", answer % 3, (), {}),
                                           ("libmid.so", both, ("-Wl,-Bsymbolic-functions",), {})])
    case("weak-first-wins", 3, [("libone.so", "__attribute__((weak)) " + answer % 3, (), {}),
                                ("libmid.so", both, (), {})])
    b.place = f"{b.folder}/inter-breadth-first"
    deep = b.lib("libdeep.so", answer % 4)
    one = b.lib("libone.so", "int one(void) { return 9; }", libs=[deep])
    two, mid = b.lib("libtwo.so", answer % 3), b.lib("libmid.so", inner)
    program = b.program("program", start, *_path("RUNPATH", b.place), libs=[one, two, mid])
    b.judge("breadth-first", program, 3, library_path=b.place)
    case("common", 3, [("libone.so", "int foo(void) { return 3; }", (), {}),
                       ("libtwo.so", "int foo(void) { return 4; }", (), {}),
                       ("libmid.so", inner, (), {})])
    data = "int shared = 5;\nint mid(void) { return shared; }\n"
    use = EXIT + ("extern int shared;\nextern int mid(void);\n"
                  "void _start(void) { shared = 8; leave(mid()); }\n")
    case("copy-relocation", 8, [("libmid.so", data, (), {})], use,
         ("-fno-pie", "-no-pie"))
    case("copy-and-symbolic-split", 5, [("libmid.so", data, ("-Wl,-Bsymbolic",), {})], use,
         ("-fno-pie", "-no-pie"))
    unique = ('__asm__(".type thing, @gnu_unique_object\\n.globl thing\\n.data\\n.balign 4\\n'
              'thing: .long %d\\n.size thing, 4\\n.text");\nextern int thing;\n')
    case("unique", None, [
        ("libone.so", unique % 3 + "int one(void) { return thing; }", (), {"script": "ONE { *; };"}),
        ("libmid.so", unique % 4 + "int mid(void) { return thing; }", (), {"script": "MID { *; };"})])
    case("function-pointer-of-fixed-program", None, [("libmid.so", both, (), {})],
         EXIT + "extern int foo(void); extern int mid(void);\nint (*volatile p)(void) = foo;\n"
         "void _start(void) { leave(mid() + p()); }\n", ("-fno-pie", "-no-pie"))


# Other refusals, and what looks like one.
@group("refusal")
def _refusal(b):
    def setup(name, source=None, *flags, **more):
        b.place = f"{b.folder}/refusal-{name}"
        foo = (b.foo("libfoo.so", 1, *flags, **more) if source is None
               else b.lib("libfoo.so", source, *flags, **more))
        return name, foo, b.program("program", CALLS_FOO, *_path("RUNPATH", b.place), libs=[foo])

    def property_(elf):
        phdr = elf.segment(elfpatch.PT_GNU_PROPERTY)
        elf.put("I", phdr["offset"] + 16, 0xC0008002)
        elf.put("I", phdr["offset"] + 24, 0x10000)
    b.place = f"{b.folder}/refusal-isa"
    foo = b.foo("libfoo.so", 1, "-Wl,-z,x86-64-v2")
    program = b.program("program", CALLS_FOO, *_path("RUNPATH", b.place), libs=[foo])
    b.judge("isa-v2", program, options=("--cpu", "native"))
    b.patch(foo, property_)
    b.judge("isa-unknown", program, options=("--cpu", "native"))
    program = b.program("program2", CALLS_FOO, "-Wl,-z,x86-64-v2", *_path("RUNPATH", b.at("good")),
                        libs=[b.foo("good/libfoo.so", 1)])
    b.patch(program, property_)
    b.judge("isa-of-program", program, options=("--cpu", "native"))

    name, foo, program = setup("executable-stack", None, "-Wl,-z,execstack")
    b.judge(name, program)
    name, foo, program = setup(
        "text-relocation", '__asm__(".text\\n.globl table\\ntable: .quad foo\\n");\n'
        "int foo(void) { return 1; }\n", "-Wl,-z,notext")
    b.judge(name, program, 1)

    name, foo, program = setup("misaligned")
    b.patch(foo, lambda elf: elf.put_phdr(
        [p for p in elf.phdrs if p["type"] == 1][-1], "vaddr",
        [p for p in elf.phdrs if p["type"] == 1][-1]["vaddr"] + 0x10))
    b.judge(name, program)
    name, foo, program = setup("alignment-not-of-page")
    b.patch(foo, lambda elf: elf.put_phdr([p for p in elf.phdrs if p["type"] == 1][-1], "align", 0x10))
    b.judge(name, program)
    for type_, name in ((elfpatch.PT_DYNAMIC, "no-dynamic"), (elfpatch.PT_LOAD, "no-load")):
        name, foo, program = setup(name)

        def drop(elf, type_=type_):
            for phdr in elf.phdrs:
                if phdr["type"] == type_:
                    elf.put_phdr(phdr, "type", 0)
        b.patch(foo, drop)
        b.judge(name, program)

    name, foo, program = setup("unknown-relocation",
                               "int variable;\nint *pointer = &variable;\nint foo(void) { return 1; }\n")

    def relocation(elf):
        at = elf.offset_of(elf.tag("RELA"))
        info, = elf.get("Q", at + 8)
        elf.put("Q", at + 8, info & ~0xFFFFFFFF | 0xEE)
    b.patch(foo, relocation)
    # The loader binds the symbol before it looks at the type; that it does is of no use to anybody.
    b.judge(name, program, trace=False)

    for name, flags in (("pie-as-library", ("-pie", "-fPIE")), ("exec-as-library", ("-no-pie", "-fno-pie"))):
        name, foo, program = setup(name)
        b.gcc("libfoo.so", "int foo(void) { return 1; }\nvoid _start(void) { for (;;); }\n", "-nostdlib",
              "-rdynamic", "-Wl,-e,_start", *flags)
        b.judge(name, program)

    name, foo, program = setup("cut-off", "static const char big[100000] = { 1 };\n"
                               "const char *address(void) { return big; }\nint foo(void) { return 1; }\n")
    os.truncate(b.host(foo), 0x1200)
    b.judge(name, program)

    def copy_case(name, first, second):
        b.place = f"{b.folder}/refusal-{name}"
        lib = b.lib("link/libfoo.so", f"char shared[{first}] = {{ 5 }};\n")
        program = b.program("program", EXIT + "extern char shared[];\n"
                            "void _start(void) { leave(shared[0]); }\n", "-fno-pie", "-no-pie", libs=[lib])
        b.lib("libfoo.so", f"char shared[{second}] = {{ 6 }};\n")
        b.judge(name, program, 6, library_path=b.place)
    copy_case("copy-larger", 8, 16)
    copy_case("copy-smaller", 16, 8)

    b.place = f"{b.folder}/refusal-copy-protected"
    foo = b.lib("libfoo.so", 'int shared = 5;\n')
    program = b.program("program", EXIT + "extern int shared;\nvoid _start(void) { leave(shared); }\n",
                        "-fno-pie", "-no-pie", libs=[foo])
    b.lib("libfoo.so", '__attribute__((visibility("protected"))) int shared = 5;\n')
    b.judge("copy-protected", program, library_path=b.place)

    b.place = f"{b.folder}/refusal-tls-mismatch"
    foo = b.lib("link/libfoo.so", "int shared = 5;\n")
    program = b.program("program", EXIT + "extern int shared;\nint *volatile address = &shared;\n"
                        "void _start(void) { leave(address != 0 ? 3 : 4); }\n", libs=[foo])
    b.lib("libfoo.so", "__thread int shared = 5;\n")
    b.judge("tls-for-data", program, library_path=b.place)

    name, foo, program = setup("static-tls-at-start", "__thread char big[8000] __attribute__((tls_model(\"initial-exec\")));\n"
                               "int foo(void) { return big[5] + 1; }\n")
    b.judge(name, program, 1)

    # Undefined references: when do they hurt?
    for kind, source, flags, expect in (
            ("lazy-not-called", EXIT + "extern int bar(void);\nvolatile int no;\n"
             "void _start(void) { if (no) leave(bar()); leave(1); }\n", ("-Wl,-z,lazy",), None),
            ("lazy-called", EXIT + "extern int bar(void);\nvoid _start(void) { leave(bar()); }\n",
             ("-Wl,-z,lazy",), 127),
            ("now", EXIT + "extern int bar(void);\nvoid _start(void) { leave(bar()); }\n",
             ("-Wl,-z,now",), 127),
            ("data", EXIT + "extern int bar(void);\nint (*volatile p)(void) = bar;\n"
             "void _start(void) { leave(p()); }\n", (), 127)):
        b.place = f"{b.folder}/refusal-undefined-{kind}"
        lib = b.lib("link/libfoo.so", "int bar(void) { return 1; }\n")
        program = b.program("program", source, *flags, libs=[lib])
        b.lib("libfoo.so", "int other(void) { return 1; }\n")
        if kind == "lazy-not-called":
            # Starts and ends well; the forecast tells of the call that would fail.
            b.judge_lazy(f"undefined-{kind}", program, b.place)
        else:
            b.judge(f"undefined-{kind}", program, expect, library_path=b.place)

    # What the kernel refuses.
    b.place = f"{b.folder}/refusal-kernel"
    foo = b.foo("libfoo.so", 1)
    with open(b.host(b.at("text")), "w", encoding="ascii") as file:
        file.write("no loader")
    os.chmod(b.host(b.at("text")), 0o755)
    shutil.copy(b.host(foo), b.host(b.at("foreign")))
    os.chmod(b.host(b.at("foreign")), 0o755)
    b.patch(b.at("foreign"), lambda elf: elf.put("H", 18, 183))
    for name, interpreter in (("interpreter-missing", "/none/ld.so"), ("interpreter-not-elf", b.at("text")),
                              ("interpreter-of-other-machine", b.at("foreign"))):
        program = b.program(name, CALLS_FOO, f"-Wl,--dynamic-linker={interpreter}",
                            *_path("RUNPATH", b.place), libs=[foo])
        b.judge(name, program, trace=False)
    program = b.program("other-machine", CALLS_FOO, *_path("RUNPATH", b.place), libs=[foo])
    b.patch(program, lambda elf: elf.put("H", 18, 183))
    b.judge("program-of-other-machine", program, 126, trace=False)
    program = b.program("not-executable", CALLS_FOO, *_path("RUNPATH", b.place), libs=[foo])
    os.chmod(b.host(program), 0o644)
    b.judge("program-not-executable", program, 126, trace=False)
    program = b.program("osabi", CALLS_FOO, *_path("RUNPATH", b.place), libs=[foo])
    b.patch(program, lambda elf: elf.data.__setitem__(7, 9))
    # The kernel maps the program: the loader never looks at its header.
    b.judge("osabi-of-program-is-not-checked", program, 1, trace=False)


@group("relr")
def _relr(b):
    source = EXIT + ("extern int foo(void);\nint one; int *p[4] = { &one, &one, &one, &one };\n"
                     "void _start(void) { leave(p[2] == &one ? foo() : %d); }\n" % WRONG)
    b.place = f"{b.folder}/relr"
    foo = b.foo("libfoo.so", 1)
    try:
        program = b.program("program", source, "-Wl,-z,pack-relative-relocs", *_path("RUNPATH", b.place),
                            libs=[foo])
    except OracleError:
        b.notes.append("this linker makes no DT_RELR")
        return
    b.judge("without-libc", program)
    stub = b.lib("link/libc.so.6", "int puts(const char *s) { return 1; }\n",
                 script="GLIBC_2.2.5 { puts; }; GLIBC_ABI_DT_RELR { } GLIBC_2.2.5;")
    program = b.program("marked", "extern int puts(const char *);\nvolatile int no;\n"
                        + source.replace("? foo()", "? no ? puts(0) : foo()"),
                        "-Wl,-z,pack-relative-relocs", *_path("RUNPATH", b.place), libs=[foo, stub])
    marked = [v for v in Elf(b.host(program)).verneeds() if v.name == "GLIBC_ABI_DT_RELR"]
    if not marked:
        b.notes.append("the linker did not mark DT_RELR")
        return
    b.judge("marked", program)

    def unmark(elf):
        for version in elf.verneeds():
            if version.name == "GLIBC_ABI_DT_RELR":
                elf.rename_version(version, "GLIBC_2.2.5")
    shutil.copy(b.host(program), b.host(b.at("unmarked")))
    b.patch(b.at("unmarked"), unmark)
    b.judge("unmarked", b.at("unmarked"))


@group("dlopen")
def _dlopen(b):
    """Programs that load a library themselves; they need a libc, so on the running system only."""
    if b.loader.root:
        b.notes.append("dlopen() fixtures need the machine's own libc: not in another root")
        return
    source = ('#include <dlfcn.h>\n#include <stdio.h>\nint foo(void) { return 2; }\n'
              'int main(void) { void *h = dlopen("%s", %s);\n'
              'if (!h) { fprintf(stderr, "%%s\\n", dlerror()); return 101; }\n'
              'int (*run)(void) = (int (*)(void))dlsym(h, "run"); return run ? run() : 60; }\n')
    for name, library, flags, mode in (
            ("tls-small", '__thread char big[1000] __attribute__((tls_model("initial-exec")));\n'
             "int run(void) { return big[3] + 1; }\n", (), "RTLD_NOW"),
            ("tls-large", '__thread char big[4096] __attribute__((tls_model("initial-exec")));\n'
             "int run(void) { return big[3] + 1; }\n", (), "RTLD_NOW"),
            ("plain", "int run(void) { return 3; }\n", (), "RTLD_NOW"),
            ("undefined", "extern int gone(void);\nint run(void) { return gone(); }\n", (), "RTLD_NOW"),
            ("no-dlopen", "int run(void) { return 3; }\n", ("-Wl,-z,nodlopen",), "RTLD_NOW"),
            ("stack", "int run(void) { return 3; }\n", ("-Wl,-z,execstack",), "RTLD_NOW"),
            ("isa", "int run(void) { return 3; }\n", ("-Wl,-z,x86-64-v2",), "RTLD_NOW")):
        b.place = f"{b.folder}/dlopen-{name}"
        plugin = b.lib("plugin.so", library, *flags)
        if name == "isa":
            def high(elf):
                phdr = elf.segment(elfpatch.PT_GNU_PROPERTY)
                elf.put("I", phdr["offset"] + 16, 0xC0008002)
                elf.put("I", phdr["offset"] + 24, 0x10000)
            b.patch(plugin, high)
        program = b.gcc("program", source % (plugin, mode), "-rdynamic")
        b.judge_plugin(name, program, plugin)
