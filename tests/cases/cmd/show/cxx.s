	.globl	_ZN1a1bEiPKc
	.type	_ZN1a1bEiPKc, @function
_ZN1a1bEiPKc:
	jmp	_ZNSo5flushEv@PLT
	.size	_ZN1a1bEiPKc, 5
	.section .note.GNU-stack, "", @progbits
