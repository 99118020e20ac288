	.globl	_start
_start:	hlt
	.section .note.GNU-stack, "", @progbits
