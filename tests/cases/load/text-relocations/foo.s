	.globl foo
	.type foo, @function
	.text
foo:
	mov where(%rip), %rax
	mov (%rax), %eax
	ret
	.size foo, .-foo
PLACE
	.balign 8
where:
	.quad value
	.data
value:
	.long 3
	.section .note.GNU-stack,"",@progbits
