int a_new(void);
int net_open(void) { return a_new(); }
