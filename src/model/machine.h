/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What differs between machines for the dynamic loader: one row a machine.
 * Sources: each machine's ELF psABI supplement for relocation numbers, glibc's
 * dl-machine.h for which of them are looked up how, ldconfig.h for cache ids.
 */
#ifndef MODEL_MACHINE_H
#define MODEL_MACHINE_H

#include "base/common.h"

/* How the loader treats the symbol of a relocation. */
enum relocation_class {
	CLASS_DATA,	/* an undefined symbol with a value may satisfy it */
	CLASS_CALL,	/* jump slots and TLS: needs a real definition */
	CLASS_COPY,	/* the executable itself is not searched */
	CLASS_NONE,	/* relative, none: no look-up */
	CLASS_UNKNOWN,	/* a type that this machine's loader refuses */
};

struct relocation_range {
	uint16_t first;
	uint16_t last;
};

struct machine {
	const char *name;	   /* as users write it: "x86-64", "s390x" */
	const char *triplet;	   /* Debian's library folder */
	const char *interpreter;   /* of glibc programs */
	uint16_t elf_machine;	   /* e_machine */
	uint8_t is_64;		   /* ELFCLASS64 */
	uint8_t is_big;		   /* ELFDATA2MSB */
	uint32_t flags_mask;	   /* e_flags bits that tell ABIs of one machine apart */
	uint32_t flags_value;
	uint16_t cache_ids[2];	   /* ld.so.cache flags, 0 = none */
	uint16_t copy, jump_slot, relative, irelative, tp_offset;
	struct relocation_range calls[3];  /* CLASS_CALL besides the jump slot */
	struct relocation_range known[5];  /* all types that the loader handles */
	uint8_t stack_exec_default;	   /* no PT_GNU_STACK means an executable stack */
	uint8_t abi_version_max;	   /* highest EI_ABIVERSION with OSABI GNU */
	const char *lib_token;		   /* $LIB outside Debian */
	const char *platform;		   /* $PLATFORM */
	const char *const *hwcaps;	   /* glibc-hwcaps folders, best first, or NULL */
};

/* NULL when no row fits: then relocations cannot be judged. */
const struct machine *machine_find(uint16_t elf_machine, bool is_64, bool is_big, uint32_t flags);
/* Words for an e_machine value; never NULL. */
const char *machine_describe(uint16_t elf_machine, bool is_64, bool is_big, uint32_t flags);
enum relocation_class machine_relocation_class(const struct machine *machine, uint32_t type);
/* Rows 0..n-1 in order, NULL after the last. */
const struct machine *machine_at(size_t row);

#endif
