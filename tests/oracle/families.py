#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The families of `abifit leaks` beside the libraries themselves.

Each library of a family that this system has is copied under another name and soname,
so that it is not taken for itself: most of its symbols must be said to be of that
family. And of the symbols of all other libraries, next to none may be said to be of a
family that does not own them.

    families.py --abifit PROGRAM
"""

import argparse
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

FOLDER = "/usr/lib/" + os.uname().machine + "-linux-gnu"
# family: libraries, and the share of their symbols that carry its names at least.
FAMILIES = {
    "openssl": (["libcrypto.so.3", "libssl.so.3"], 0.85),
    "zlib": (["libz.so.1"], 0.75), "libxml2": (["libxml2.so.2"], 0.9), "sqlite": (["libsqlite3.so.0"], 0.95),
    "curl": (["libcurl.so.4", "libcurl-gnutls.so.4"], 0.95), "expat": (["libexpat.so.1"], 0.95),
    "pcre2": (["libpcre2-8.so.0"], 0.95), "libjpeg": (["libjpeg.so.62"], 0.9),
    "libpng": (["libpng16.so.16"], 0.95), "freetype": (["libfreetype.so.6"], 0.9),
    "zstd": (["libzstd.so.1"], 0.6), "lz4": (["liblz4.so.1"], 0.9), "bzip2": (["libbz2.so.1.0"], 0.95),
    "lzma": (["liblzma.so.5"], 0.95), "gnutls": (["libgnutls.so.30"], 0.9),
    "nettle": (["libnettle.so.8", "libhogweed.so.6"], 0.9), "gmp": (["libgmp.so.10"], 0.95),
    "krb5": (["libkrb5.so.3"], 0.7), "libssh2": (["libssh2.so.1"], 0.95), "nghttp2": (["libnghttp2.so.14"], 0.95),
    "libffi": (["libffi.so.8"], 0.95), "libgcrypt": (["libgcrypt.so.20"], 0.95), "libuv": (["libuv.so.1"], 0.95),
    "libarchive": (["libarchive.so.13"], 0.95), "libyaml": (["libyaml-0.so.2"], 0.95),
    "elfutils": (["libelf.so.1", "libdw.so.1"], 0.85), "gcc runtime": (["libgcc_s.so.1"], 0.1),
    "c++ runtime": (["libstdc++.so.6"], 0.005),
}
# Others that really contain or stand for a family, or, as what protoc generates, specialise its templates.
KIN = re.compile(r"^lib(asan|tsan|hwasan|lsan|ubsan|c_malloc_debug|memusage|mcheck|crypt|gcc_s|c|stdc\+\+|c\+\+|ld|boost|icu|"
                 r"jemalloc|tcmalloc|mimalloc|go|clang|LLVM|gprofng|gp-|grpcpp)")


def leaks(abifit, files):
    done = subprocess.run([abifit, "leaks", "--format", "json", *files], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 3, 5):
        sys.exit(f"families.py: status {done.returncode}: {done.stderr}")
    return json.loads(done.stdout)["leaks"]


def by_family(entry):
    count = collections.Counter()
    for group in entry["groups"]:
        count[group["family"]] += len(group["symbols"])
    return count


def renamed(library, folder):
    path = os.path.join(folder, "libsomething.so")
    shutil.copyfile(os.path.join(FOLDER, library), path)
    subprocess.run(["patchelf", "--set-soname", "libsomething.so", path], check=True)
    return path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--abifit", required=True)
    options = parser.parse_args()
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for family, (libraries, share) in FAMILIES.items():
            for library in libraries:
                if not os.path.exists(os.path.join(FOLDER, library)):
                    continue
                entry = leaks(options.abifit, [renamed(library, folder)])[0]
                found = by_family(entry)[family]
                if entry["exported"] and found >= share * entry["exported"]:
                    passed += 1
                    continue
                failed += 1
                print(f"{library}: {found} of {entry['exported']} symbols are said to be of {family}")
    for entry in leaks(options.abifit, [FOLDER]):
        name = os.path.basename(entry["path"])
        strangers = sum(by_family(entry).values())
        if KIN.match(name) or strangers <= max(2, entry["exported"] // 50):
            passed += 1
            continue
        # A library that has one in it: the linker was given the archive.
        failed += 1
        print(f"{name}: {dict(by_family(entry))} of {entry['exported']}, "
              f"{[group['symbols'][:4] for group in entry['groups']]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
