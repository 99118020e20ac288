/* a */ int b; // c \
d
"e" 'f' 1'000u g