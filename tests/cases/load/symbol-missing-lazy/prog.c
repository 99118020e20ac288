int foo(void);
int bar(void);

/* foo() is called only when there are arguments. */
__attribute__((used)) static void run(long *stack)
{
	int status = stack[0] > 1 ? foo() : bar();

	__asm__ volatile("syscall" : : "a"(60), "D"(status));
}

__asm__(".globl _start\n_start:\tmov %rsp, %rdi\n\tcall run");
