int net_open(void);
int a_newest(void) __attribute__((weak));
int util_init(void) { return net_open() + (a_newest ? a_newest() : 0); }
