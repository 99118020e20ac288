# Sources of a library with 24 functions and of a later release of it, and its version script.
functions() { # RESULT
	for i in $(seq 24); do
		echo "int pack_$i(void) { return $1; }"
	done
	# A call within the library that goes through its own interface.
	echo "int pack_open(void) { return pack_1() + pack_2(); }"
	echo "int (*pack_table[])(void) = {"
	for i in $(seq 24); do
		echo "	pack_$i,"
	done
	echo "};"
}

functions 1 >pack.c
{
	echo "static volatile int counter;"
	functions "counter + 2"
} >later.c
echo 'PACK_2 { pack_*; };' >pack.map
echo 'PACK_1 { pack_*; };' >other.map
