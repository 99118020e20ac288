	.globl	f
f:	ret
	.section .note.GNU-stack, "x", @progbits
