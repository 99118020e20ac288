int a_open(void) { return 1; }
int a_new(void) { return 2; }
int a_newest(void) { return 3; }
