	.section .note.dlopen, "a", %note
	.balign 4
	.long 4, end - start, 0x407c0c0a
	.asciz "FDO"
start:
	.asciz "[{\"soname\":[\"libabifit-optional.so.1\"],\"feature\":\"dreams\",\"description\":\"Dreams\",\"priority\":\"PRIORITY\"}]"
end:
	.balign 4
	.section .note.GNU-stack, "", %progbits
