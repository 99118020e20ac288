#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds Abifit and shows its main job: on this system, and on a program that has
# been broken for the purpose.
set -eu
cd "$(dirname "$0")/.."

make -s --no-print-directory all >/dev/null || { make all; exit 1; }
abifit=$PWD/build/src/cli/abifit
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Prints a command, runs it, tells its exit status.
show() {
	local status=0

	printf '\n$ %s\n' "$*"
	PATH="$(dirname "$abifit"):$PATH" "$@" 2>&1 | head -n 40 || :
	status=${PIPESTATUS[0]}
	[ "$status" = 0 ] || echo "(exit status $status)"
}

title() {
	printf '\n--- %s\n' "$*"
}

title "Do all programs of this system fit its libraries? Nothing is executed; each reference is bound."
time show abifit check /usr/bin

for program in git gdb curl apt-get ls; do
	if [ -x "/usr/bin/$program" ]; then
		title "What does the loader map for $program, and which rule finds it?"
		show abifit tree --no-repeats "/usr/bin/$program"
		break
	fi
done

title "A program that was linked with a new libgreet, and meets an old one"
cd "$scratch"
cat >new.c <<'C'
int greet(const char *name) { return name != 0; }
int greet_politely(const char *name) { return name != 0; }
C
cat >old.c <<'C'
int greet(const char *name) { return name != 0; }
C
cat >hello.c <<'C'
int greet(const char *name), greet_politely(const char *name);
int main(void) { return greet("you") + greet_politely("you"); }
C
echo 'GREET_1.0 { global: greet; local: *; };' >old.map
echo 'GREET_1.0 { global: greet; local: *; }; GREET_1.1 { global: greet_politely; } GREET_1.0;' >new.map
cc -shared -fPIC -Wl,-soname,libgreet.so.1 -Wl,--version-script=new.map -o libgreet.so.1 new.c
cc -o hello hello.c libgreet.so.1 '-Wl,-rpath,$ORIGIN'
cc -shared -fPIC -Wl,-soname,libgreet.so.1 -Wl,--version-script=old.map -o libgreet.so.1 old.c

show abifit check ./hello
title "What the real loader says to the same program"
show ./hello
title "Which imports cause the need for GREET_1.1?"
show abifit why ./hello GREET_1.1
