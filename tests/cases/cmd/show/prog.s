	.text
	.globl	_start
	.type	_start, @function
_start:
	call	first@PLT
	call	change@PLT
	call	early@PLT
	movl	answer, %eax
	cmpq	$0, late@GOTPCREL(%rip)
	call	__printf_chk@PLT
	hlt
	.size	_start, .-_start
	.weak	late, __printf_chk
	.section .note.dlopen, "a", @note
	.long	4, 2f - 1f, 0x407c0c0a
	.asciz	"FDO"
1:	.ascii	"[{\"soname\":[\"libextra.so.2\",\"libextra.so.1\"],\"feature\":\"extra\","
	.asciz	"\"description\":\"more of it\",\"priority\":\"recommended\"}]"
2:	.balign	4
	.section .note.GNU-stack, "", @progbits
