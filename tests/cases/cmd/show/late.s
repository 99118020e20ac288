	.text
	.globl	early, late
	.type	early, @function
early:	ret
	.size	early, 1
	.type	late, @function
late:	ret
	.size	late, 1
	.section .note.GNU-stack, "", @progbits
