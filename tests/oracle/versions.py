#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The order of package versions beside that of dpkg and of rpm, over made and real versions.

dpkg's order is asked of its own Perl module, rpm's of its Lua. Prints differences, then
`N passed, N failed`.

    versions.py --compare PROGRAM [--count N] [--seed N]
"""

import argparse
import random
import subprocess
import sys

SHOWN = 8
PARTS = ["0", "1", "2", "9", "10", "00", "007", "1234567890123456789012", "a", "b", "Z", "rc", "beta",
         "~", "~~", "^", ".", ".", ".", "-", "+", "+dfsg", "git", "_", "", "pre", "~rc1", "^20240101"]


def real_versions():
    shown = subprocess.run(["dpkg-query", "-W", "-f", "${Version}\\n"], capture_output=True,
                           text=True).stdout.split()
    return sorted(set(shown))


def made(rng, deb):
    text = str(rng.randrange(10)) + "".join(rng.choice(PARTS) for _ in range(rng.randrange(7)))
    if deb:
        text = "".join(c for c in text if c.isalnum() or c in ".+~-").rstrip("-")
    return rng.choice(["", "", "", "0:", "1:", "12:"]) + text


def pairs(rng, count, deb):
    real = real_versions()
    for _ in range(count):
        one = rng.choice(real) if rng.random() < 0.3 else made(rng, deb)
        if rng.random() < 0.4:
            at = rng.randrange(len(one) + 1)
            other = one[:at] + rng.choice(PARTS) + one[at:]
        else:
            other = made(rng, deb)
        if deb:
            one, other = ("".join(c for c in v if c.isalnum() or c in ".+~-:").rstrip("-") or "0"
                          for v in (one, other))
        yield one, other


def sign(value):
    return (value > 0) - (value < 0)


def ask_dpkg(couples):
    script = ("use Dpkg::Version; while (<>) { chomp; my ($a, $b) = split /\\t/;"
              "my $x = Dpkg::Version->new($a); my $y = Dpkg::Version->new($b);"
              "print $x <=> $y, \"\\n\"; }")
    result = subprocess.run(["perl", "-e", script], text=True, capture_output=True, check=True,
                            input="".join(f"{a}\t{b}\n" for a, b in couples))
    return [sign(int(line)) for line in result.stdout.split()]


def ask_rpm(couples):
    code = "".join(f"print(rpm.vercmp([==[{a}]==],[==[{b}]==]))print(' ')" for a, b in couples)
    result = subprocess.run(["rpm", "--eval", "%{lua:" + code + "}"], text=True,
                            capture_output=True, check=True)
    return [sign(int(line)) for line in result.stdout.split()]


def ask(program, kind, couples):
    result = subprocess.run([program, kind], text=True, capture_output=True, check=True,
                            input="".join(f"{a}\t{b}\n" for a, b in couples))
    return [sign(int(line)) for line in result.stdout.split()]


def compare(program, kind, couples, expected):
    ours = ask(program, kind, couples)
    different = [(a, b, e, o) for (a, b), e, o in zip(couples, expected, ours) if e != o]
    for a, b, e, o in different[:SHOWN]:
        print(f"{kind}: {a!r} and {b!r}: {e}, but here {o}")
    lost = abs(len(expected) - len(ours)) or (not expected)
    return len(couples) - len(different), len(different) + lost


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compare", required=True)
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    deb = list(pairs(rng, args.count, True))
    passed, failed = compare(args.compare, "deb", deb, ask_dpkg(deb))
    for _ in range(max(1, args.count // 1000)):
        rpm = [couple for couple in pairs(rng, 300, False) if couple[0] and couple[1]]
        good, bad = compare(args.compare, "rpm", rpm, ask_rpm(rpm))
        passed, failed = passed + good, failed + bad
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
