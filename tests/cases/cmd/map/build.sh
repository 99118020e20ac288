# Releases of a library, and scripts in several styles. usage: build.sh TESTS
. "$1/cases/lib/abi.sh"
set -e
base='int foo(void) { return 1; } int foo_open(void) { return 2; } int bar(void) { return 3; }'
map old <foo.map
echo "$base" | lib old
echo "$base" | lib plain-old
# Not linked with the script: all is exported.
echo "$base int late(void) { return 4; } int more(void) { return 5; }" >new.c
lib new <new.c
gcc -c -fPIC -o new/foo.o new.c
map hidden <foo.map
lib hidden <new.c
map gone <foo.map
echo 'int foo(void) { return 1; } int bar(void) { return 3; }' | lib gone
lib plain <new.c
map mixed <<'M'
FOO_1.0 { global: foo; foo_open; bar; };
M
lib mixed <new.c
mkdir include
echo 'int foo(void); int bar(void); int late(void);' >include/foo.h
echo 'int late(void) { return 4; }' | lib one

echo 'int foo(void) { return 1; } int gone(void) { return 1; }' >a.c
echo 'int foo(void) { return 1; } int gone(void) { return 1; } int bar(void) { return 2; }' >b.c
echo 'int foo(void) { return 1; } int bar(void) { return 2; } int baz(void) { return 3; }' >c.c
gcc -shared -fPIC -Wl,-soname,libfoo.so.1 -o libfoo.so.1.0.0 a.c
gcc -shared -fPIC -Wl,-soname,libfoo.so.1 -o libfoo.so.1.1.0 b.c
gcc -shared -fPIC -Wl,-soname,libfoo.so.1 -o libfoo.so.1.2.0 c.c

mkdir styles
cat >styles/braces-below.map <<'M'
LIBTLS_3_1
{
  global:
    foo;
  local:
    *;
};

LIBTLS_3_2_0
{
 global:
	bar;
} LIBTLS_3_1;

LIBTLS_PRIVATE_3
{
  global:
    secret;
};
M
cat >styles/one-number.map <<'M'
LIBKMOD_1 {
global:
	foo;
local:
	*;
};
LIBKMOD_2 {
global:
	bar;
} LIBKMOD_1;
M
echo 'V_1.0 { global: foo; local: *; }; V_1.1 { global: bar; } V_1.0;' >styles/one-line.map
printf 'F_1.0 {\r\n  global:\r\n    foo;\r\n  local:\r\n    *;\r\n};\r\n' >styles/carriage-returns.map
printf 'F_1.0 {\n    foo;\n};' >styles/no-label-no-end.map
printf '{\n\tglobal:\n\t\tfoo; /* a */ # b\n\tlocal: *;\n};\n' >styles/anonymous.map
printf '{ local: f_*; };\n' >styles/only-local.map
printf 'F_3.2.1 {\n  global:\n    extern "C++" {\n      ns::*;\n    };\n  local: *;\n};\n' >styles/only-a-block.map
printf 'F_3.2.1 {\n};\n' >styles/empty-node.map

mkdir -p declare/sub
cat >declare/all.h <<'H'
#ifndef ALL_H
#define ALL_H
#include <stdio.h>
#include <types.h>
#define API __attribute__((visibility("default")))
#ifdef __cplusplus
extern "C" {
#endif
typedef int (*callback)(void *data, int (*inner)(int));
typedef struct { int member; int (*method)(int); } box;
struct point { int x, y; } __attribute__((packed));
enum color { RED = sizeof(int), BLUE };
API int plain(void);
int *pointer(int n, const char *text) __attribute__((nonnull(2))), second(box b);
void (*handler(int number, void (*f)(int)))(int);
callback chosen(void);
int (bracketed)(int);
extern int table[RED], count;
extern const char *const message;
extern void (*hook)(int);
extern callback (*maker)(void);
struct point origin(struct point (*p)[2]);
int uses_declared(struct { int a; } *b);
static int hidden(void) { return 1; }
static inline int inlined(int n) { return n + plain(); }
extern inline __attribute__((gnu_inline)) int gnu(void) { return 2; }
int tentative;
_Static_assert(sizeof(int) == 4, "f(x);");
#ifdef NEW
_Noreturn void never(const char *format, ...) __attribute__((format(printf, 1, 2)));
int renamed(void) __asm__("other");
#else
int old(void);
#endif
#define macro(x) plain()
#ifdef __cplusplus
}
#endif
#endif
H
echo 'int from_sub(void);' >declare/sub/types.h

cat >evil.s <<'S'
.globl "evil\"; }; X { global: *", good
.text
"evil\"; }; X { global: *": good: ret
S
gcc -shared -nostdlib -o evil.so evil.s
printf 'V_1.0 {\n\tglobal:\n\t\tx;\n};\n' >evil.map
