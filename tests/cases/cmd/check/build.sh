# A library in two releases, and programs that fit, break, or are at risk with it.
lib() { # FILE OPTION...
	file=$1
	shift
	gcc -x c - -x none -shared -nostdlib -fPIC -Wl,-soname,$(basename $file) -o $file "$@"
}
prog() { # FILE OPTION...
	file=$1
	shift
	gcc -x c - -x none -nostdlib -fPIC -o $file "$@"
}
quit='__asm__ volatile("syscall" : : "a"(60), "D"(0));'

mkdir old new plugins notes folder folder/sub
echo 'V_1 { open; size; };' >old.map
echo 'V_1 { open; size; }; V_2 { close; reset; } V_1;' >new.map
echo 'int open(void) { return 1; } int size[4];' | lib old/libpart.so.1 -Wl,--version-script=old.map
echo 'int open(void) { return 2; } int size[6]; int close(void) { return 3; } int reset(void) { return 4; }' |
	lib new/libpart.so.1 -Wl,--version-script=new.map
echo 'int helper(void) { return 1; }' | lib libhelper.so '-Wl,-rpath,$ORIGIN'
echo 'int helper(void); int open(void); int whole(void) { return helper() + open(); }' |
	lib libwhole.so libhelper.so old/libpart.so.1 '-Wl,-rpath,$ORIGIN:$ORIGIN/old'

echo "int whole(void); void _start(void) { whole(); $quit }" >fits.c
prog fits libwhole.so -Wl,-rpath-link,.:old '-Wl,-rpath,$ORIGIN' <fits.c
echo 'int never(void) { return 1; }' | lib libabifit-never.so.7
echo "int close(void); int reset(void); int open(void); int never(void); void _start(void) { open(); close(); reset(); never(); $quit }" |
	prog broken new/libpart.so.1 libabifit-never.so.7 '-Wl,-rpath,$ORIGIN/old'
rm libabifit-never.so.7
echo "int open(void); int close(void); void _start(void) { open(); close(); $quit }" |
	prog newer new/libpart.so.1 '-Wl,-rpath,$ORIGIN/old'
echo "extern int size[4]; void _start(void) { size[0] = 1; $quit }" >risky.c
gcc -nostdlib -fno-pie -no-pie -o risky risky.c old/libpart.so.1 '-Wl,-rpath,$ORIGIN/new'

# Plug-ins, and their host.
echo 'int host_call(void); int plug(void) { return host_call(); }' | lib plugins/plug.so
echo 'int shared_state; int base(void) { return 1; }' | lib plugins/base.so
echo 'int base(void); extern int shared_state; int user(void) { return base() + shared_state; }' | lib plugins/user.so
echo "int host_call(void) { return 1; } void _start(void) { $quit }" | prog host -rdynamic
echo "void _start(void) { $quit }" | prog bare

# Libraries that are opened on demand, by priority.
for priority in required recommended suggested; do
	sed "s/PRIORITY/$priority/" note.s >notes/$priority.s
	echo "void _start(void) { $quit }" | prog notes/$priority notes/$priority.s '-Wl,-rpath,$ORIGIN/..'
done
# One that names it in a string only.
echo "void *dlopen(const char *, int); void _start(void) { dlopen(\"libabifit-dream.so.1\", 1); $quit }" |
	prog guess -lc

gcc -nostdlib -static -o static -x c - <<C
void _start(void) { $quit }
C
echo 'no image' >text
printf '#!/bin/sh\nexit 0\n' >script
cp -a fits broken libwhole.so libhelper.so old text script folder
cp newer folder/sub
ln -s . folder/sub/loop
ln -s ../fits folder/sub/link

# A program that really opens what it is told to.
gcc -o opener host-real.c

# What a program and a plug-in both define.
echo 'int helper(void) { return 2; }' >own.c
echo "int helper(void) { return 2; } void _start(void) { $quit }" | prog captor -rdynamic
