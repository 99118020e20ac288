# A program whose libraries are found in all ways that there are.
lib() { # FILE OPTION...
	file=$1
	shift
	gcc -x c - -x none -shared -nostdlib -Wl,--no-as-needed,-rpath-link,b:cached:new -Wl,-soname,$(basename $file) -o $file "$@" </dev/null
}
old=-Wl,--disable-new-dtags
program='void _start(void) { __asm__ volatile("syscall" : : "a"(60), "D"(0)); }'

mkdir -p a b cached env/glibc-hwcaps/x86-64-v3 direct
lib cached/libdeep.so
lib b/libinherited.so
lib a/liborigin.so -Wl,-rpath,/nowhere b/libinherited.so $old
lib b/libplain.so cached/libdeep.so '-Wl,-rpath,$ORIGIN/../cached'
lib env/libenv.so
lib env/glibc-hwcaps/x86-64-v3/libenv.so
lib direct/libdirect.so
lib libpre.so
lib libgone-away.so.3
link() { # FILE OPTION...
	file=$1
	shift
	echo "$program" | gcc -x c - -x none -nostdlib -Wl,--no-as-needed,-rpath-link,a:b:cached:env:. -o $file "$@"
}
link prog a/liborigin.so b/libplain.so env/libenv.so '-Wl,-rpath,$ORIGIN/a:$ORIGIN/b' $old
# An absolute name that is not searched.
patchelf --set-soname $PWD/direct/libdirect.so direct/libdirect.so
link named direct/libdirect.so
# One library is needed twice, by different ways; and one needs itself in a circle.
lib cached/libtwo.so cached/libdeep.so '-Wl,-rpath,$ORIGIN'
lib cached/libone.so cached/libtwo.so cached/libdeep.so '-Wl,-rpath,$ORIGIN'
link diamond cached/libone.so cached/libtwo.so '-Wl,-rpath,$ORIGIN/cached'
mkdir circle
lib circle/libright.so
lib circle/libleft.so circle/libright.so '-Wl,-rpath,$ORIGIN'
lib circle/libright.so circle/libleft.so '-Wl,-rpath,$ORIGIN'
link circular circle/libleft.so '-Wl,-rpath,$ORIGIN/circle'
# A missing one, a library for another machine, a text in its place.
mkdir alien text
lib libalien.so
i686-linux-gnu-gcc -x c - -shared -nostdlib -Wl,-soname,libalien.so -o alien/libalien.so </dev/null
lib libtext.so
echo 'this is not a library, although it has the name of one and some length' >text/libtext.so
link missing libgone-away.so.3 b/libplain.so '-Wl,-rpath,$ORIGIN/none:$ORIGIN/b' $old
lib libneedy.so libgone-away.so.3 '-Wl,-rpath,$ORIGIN/a'
link deep-missing libneedy.so '-Wl,-rpath,$ORIGIN'
link alien-prog libalien.so '-Wl,-rpath,$ORIGIN/alien'
link text-prog libtext.so '-Wl,-rpath,$ORIGIN/text'
rm libgone-away.so.3 libalien.so libtext.so
link static -static
# A root of its own, with a cache.
mkdir -p root/lib64 root/etc root/lib/x86_64-linux-gnu root/opt/lib
cp /lib64/ld-linux-x86-64.so.2 root/lib64
cp b/libplain.so root/opt/lib
cp cached/libdeep.so root/lib/x86_64-linux-gnu
echo /opt/lib >root/etc/ld.so.conf
ldconfig -X -r root
link root/prog b/libplain.so
cp -r root bare
rm bare/etc/ld.so.cache
