int a_open(void);
int b_wrap(void);
int plain(void);
int util_init(void);
int main(void) { return a_open() + b_wrap() + plain() + util_init(); }
