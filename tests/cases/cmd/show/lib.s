	.text
	.globl	first, second, pick, old_change, new_change
	.type	first, @function
first:	ret
	.size	first, 1
	.type	second, @function
second:	nop
	ret
	.size	second, 2
	.type	old_change, @function
old_change: ret
	.size	old_change, 1
	.symver	old_change, change@V_1.0
	.type	new_change, @function
new_change: nop
	nop
	ret
	.size	new_change, 3
	.symver	new_change, change@@V_1.1
	.weak	tail
	.type	tail, @function
tail:	jmp	hook@PLT
	.size	tail, 5
	.protected own
	.globl	own
	.type	own, @function
own:	ret
	.size	own, 1
	.type	pick, @gnu_indirect_function
pick:	ret
	.size	pick, 1
	.weak	hook
	.data
	.globl	answer, once
	.type	answer, @object
answer:	.long	42
	.size	answer, 4
	.type	once, @gnu_unique_object
once:	.quad	0
	.size	once, 8
	.section .tbss, "awT", @nobits
	.globl	per_thread
	.type	per_thread, @object
per_thread: .zero 16
	.size	per_thread, 16
	.section .note.GNU-stack, "", @progbits
