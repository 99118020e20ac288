# SPDX-License-Identifier: Apache-2.0
"""Makes archives that try to escape, to deceive or to exhaust, around the library lib.so."""
import gzip
import io
import lzma
import subprocess
import tarfile

LIB = open("lib.so", "rb").read()
PLACE = "usr/lib/libfoo.so.1"


def member(tar, name, data=b"", kind=tarfile.REGTYPE, link="", **more):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, len(data)
    for key, value in more.items():
        setattr(info, key, value)
    tar.addfile(info, io.BytesIO(data))


def archive(path, *members, mode="w"):
    with tarfile.open(path, mode) as tar:
        for name, *rest in members:
            more = rest[1] if len(rest) > 1 else {}
            member(tar, name, rest[0] if rest else b"", **more)


def ar(path, *members):
    with open(path, "wb") as out:
        out.write(b"!<arch>\n")
        for name, data in members:
            out.write(f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(data):<10}`\n".encode())
            out.write(data + (b"\n" if len(data) % 2 else b""))


def link(target, kind=tarfile.SYMTYPE):
    return {"kind": kind, "link": target}


# Names and links that lead out: they lead nowhere but into the package.
archive("escape", ("../../../" + PLACE, LIB))
archive("absolute", ("/" + PLACE, LIB))
archive("dotted", ("./usr/./share/..//lib/libfoo.so.1", LIB))
archive("linked", ("usr/lib/real.so", LIB), ("usr/lib/libfoo.so.1", b"", link("../../../../usr/lib/real.so")))
archive("hard", ("usr/lib/real", LIB), (PLACE, b"", link("usr/lib/real", tarfile.LNKTYPE)))
archive("out", ("usr/lib/libfoo.so.1", b"", link("/etc/passwd")), ("usr/lib/libc.so", b"", link("@DIR@/lib.so")))
archive("folder-link", ("lib", b"", link("/usr/lib")), ("usr/lib/x", b"x"), ("lib/libfoo.so.1", LIB))
archive("out-folder", ("lib", b"", link("@DIR@")), ("lib/libfoo.so.1", LIB))
archive("loop", ("a", b"", link("b")), ("b", b"", link("a")), ("a/libfoo.so.1", LIB))
archive("hard-out", (PLACE, b"", link("/etc/passwd", tarfile.LNKTYPE)))
archive("in-file", ("usr", b"a file"), (PLACE, LIB))
# The last of a name counts, as when it is unpacked.
archive("twice", (PLACE, b"no library"), (PLACE, LIB))
archive("twice-other", (PLACE, LIB), (PLACE, b"no library"))
archive("devices", ("dev/null", b"", {"kind": tarfile.CHRTYPE}), ("dev/sda", b"", {"kind": tarfile.BLKTYPE}),
        ("run/pipe", b"", {"kind": tarfile.FIFOTYPE}), (PLACE, LIB))
archive("deep", ("/".join(["d"] * 2000) + "/x", b"x"), (PLACE, LIB))
archive("long", ("n" * 5000, b"x"), (PLACE, LIB))
with tarfile.open("many", "w") as tar:
    for number in range(100000):
        member(tar, f"usr/share/doc/{number}")
    member(tar, PLACE, LIB)

# Bytes that lie.
plain = open("absolute", "rb").read()
size = len(LIB)
open("cut-data", "wb").write(plain[:512 + size // 2])
open("cut-end", "wb").write(plain[:512 + (size + 511) // 512 * 512])
open("cut-header", "wb").write(plain[:300])
for name, pack in (("gz", gzip.compress), ("xz", lzma.compress)):
    packed = pack(plain)
    open("cut." + name, "wb").write(packed[:len(packed) // 2])
    open("torn." + name, "wb").write(packed[:len(packed) // 2] + b"\xff" * 64 + packed[len(packed) // 2 + 64:])
header = bytearray(plain)
header[124:136] = b"00777777777\0"
header[148:156] = b"        "
header[148:156] = b"%06o\0 " % sum(header[:512])
open("lie-size", "wb").write(header)

# Bombs.
with open("bomb.xz", "wb") as out:
    info = tarfile.TarInfo(PLACE)
    info.size = 1 << 33
    packer = lzma.LZMACompressor(preset=0)
    out.write(packer.compress(info.tobuf(tarfile.GNU_FORMAT) + LIB[:4096]))
    zeros = bytes(1 << 24)
    for _ in range(16):
        out.write(packer.compress(zeros))
    out.write(packer.flush())
# Zeros that no file wants: each is passed over, but all must be unpacked.
with open("zeros.xz", "wb") as out:
    packer = lzma.LZMACompressor(preset=0)
    zeros = bytes(1 << 24)
    for number in range(3):
        info = tarfile.TarInfo(f"usr/share/{number}")
        info.size = 1 << 29
        out.write(packer.compress(info.tobuf(tarfile.GNU_FORMAT)))
        for _ in range(1 << 5):
            out.write(packer.compress(zeros))
    out.write(packer.compress(bytes(1024)))
    out.write(packer.flush())
with open("sum", "wb") as out:
    # Sparse files of a GiB each, that hold nothing: more than a package may hold.
    for number in range(40):
        info = tarfile.TarInfo(f"usr/lib/lib{number}.so")
        info.size = 1 << 30
        head = bytearray(info.tobuf(tarfile.GNU_FORMAT))
        head[156:157] = b"S"
        head[124:136] = b"%011o\0" % 512
        head[386:398] = b"%011o\0" % 0
        head[398:410] = b"%011o\0" % 512
        head[483:495] = b"%011o\0" % (1 << 30)
        head[148:156] = b"        "
        head[148:156] = b"%06o\0 " % sum(head)
        out.write(head + LIB[:512])
    out.write(bytes(1024))

# Packages whose outside is wrong.
control = io.BytesIO()
with tarfile.open(fileobj=control, mode="w") as tar:
    member(tar, "./control", b"Package: x\n")
ar("deb-good", ("debian-binary", b"2.0\n"), ("control.tar", control.getvalue()), ("data.tar", plain))
ar("deb-no-data", ("debian-binary", b"2.0\n"), ("control.tar", control.getvalue()))
whole = open("deb-good", "rb").read()
open("deb-cut", "wb").write(whole[:-1000])
ar("deb-text", ("debian-binary", b"2.0\n"), ("control.tar", control.getvalue()), ("data.tar.xz", b"no archive"))
open("rpm-cut", "wb").write(b"\xed\xab\xee\xdb" + bytes(92) + b"\x8e\xad\xe8\x01" + bytes(4) + b"\xff" * 8 + bytes(64))
open("note.gz", "wb").write(gzip.compress(b"a text, no archive\n"))
open("empty.gz", "wb").write(gzip.compress(b""))


def cpio(path, *members):
    """An .rpm: lead, two empty headers, and a newc archive."""
    empty = b"\x8e\xad\xe8\x01" + bytes(12)
    body = b""
    for number, (name, data, mode, links, inode) in enumerate(members):
        head = b"070701" + b"".join(b"%08x" % v for v in (
            inode or number + 1, mode, 0, 0, links, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0))
        body += head + name.encode() + b"\0"
        body += bytes(-len(body) % 4) + data
        body += bytes(-len(body) % 4)
    open(path, "wb").write(b"\xed\xab\xee\xdb" + bytes(92) + empty + empty + body)


END = ("TRAILER!!!", b"", 0, 1, 0)
cpio("rpm-good", ("./" + PLACE, LIB, 0o100755, 1, 0), END)
# Of hard links the last one has the content.
cpio("rpm-hard", ("./usr/lib/other", b"", 0o100755, 2, 77), ("./" + PLACE, LIB, 0o100755, 2, 77), END)
cpio("rpm-no-end", ("./" + PLACE, LIB, 0o100755, 1, 0))
