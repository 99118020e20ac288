int a_open(void);
int b_wrap(void) { return a_open(); }
