/* SPDX-License-Identifier: Apache-2.0 */
/* The table of machines; see model/machine.h. */
#include "model/machine.h"

#include <elf.h>
#include <string.h>

#ifndef EM_LOONGARCH
#define EM_LOONGARCH 258
#endif

static const char *const hwcaps_x86[] = { "x86-64-v4", "x86-64-v3", "x86-64-v2", NULL };
static const char *const hwcaps_ppc[] = { "power10", "power9", NULL };
static const char *const hwcaps_s390[] = { "z17", "z16", "z15", "z14", "z13", NULL };

static const struct machine machines[] = {
	{
		.name = "x86-64",
		.triplet = "x86_64-linux-gnu",
		.interpreter = "/lib64/ld-linux-x86-64.so.2",
		.elf_machine = EM_X86_64,
		.is_64 = 1,
		.cache_ids = { 0x303 },
		.copy = R_X86_64_COPY,
		.jump_slot = R_X86_64_JUMP_SLOT,
		.relative = R_X86_64_RELATIVE,
		.irelative = R_X86_64_IRELATIVE,
		.tp_offset = R_X86_64_TPOFF64,
		.calls = { { 16, 18 }, { 36, 36 } },
		.known = { { 0, 2 }, { 5, 8 }, { 10, 10 }, { 16, 18 }, { 32, 38 } },
		.stack_exec_default = 1,
		.abi_version_max = 3,
		.lib_token = "lib64",
		.platform = "x86_64",
		.hwcaps = hwcaps_x86,
	},
	{
		.name = "x32",
		.triplet = "x86_64-linux-gnux32",
		.interpreter = "/libx32/ld-linux-x32.so.2",
		.elf_machine = EM_X86_64,
		.cache_ids = { 0x803 },
		.copy = R_X86_64_COPY,
		.jump_slot = R_X86_64_JUMP_SLOT,
		.relative = R_X86_64_RELATIVE,
		.irelative = R_X86_64_IRELATIVE,
		.tp_offset = R_X86_64_TPOFF64,
		.calls = { { 16, 18 }, { 36, 36 } },
		.known = { { 0, 2 }, { 5, 8 }, { 10, 10 }, { 16, 18 }, { 32, 38 } },
		.stack_exec_default = 1,
		.abi_version_max = 3,
		.lib_token = "libx32",
		.platform = "x86_64",
		.hwcaps = hwcaps_x86,
	},
	{
		.name = "i386",
		.triplet = "i386-linux-gnu",
		.interpreter = "/lib/ld-linux.so.2",
		.elf_machine = EM_386,
		.cache_ids = { 0x3, 0x1 },
		.copy = R_386_COPY,
		.jump_slot = R_386_JMP_SLOT,
		.relative = R_386_RELATIVE,
		.irelative = R_386_IRELATIVE,
		.tp_offset = R_386_TLS_TPOFF,
		.calls = { { 14, 14 }, { 35, 37 }, { 41, 41 } },
		.known = { { 0, 2 }, { 5, 8 }, { 14, 14 }, { 35, 38 }, { 41, 42 } },
		.stack_exec_default = 1,
		.abi_version_max = 3,
		.lib_token = "lib",
		.platform = "i686",
	},
	{
		.name = "aarch64",
		.triplet = "aarch64-linux-gnu",
		.interpreter = "/lib/ld-linux-aarch64.so.1",
		.elf_machine = EM_AARCH64,
		.is_64 = 1,
		.cache_ids = { 0xa03 },
		.copy = R_AARCH64_COPY,
		.jump_slot = R_AARCH64_JUMP_SLOT,
		.relative = R_AARCH64_RELATIVE,
		.irelative = R_AARCH64_IRELATIVE,
		.tp_offset = 1030,
		.calls = { { 1028, 1031 } },
		.known = { { 0, 0 }, { 256, 258 }, { 1024, 1032 } },
		.abi_version_max = 2,
		.lib_token = "lib64",
		.platform = "aarch64",
	},
	{
		.name = "aarch64be",
		.triplet = "aarch64_be-linux-gnu",
		.interpreter = "/lib/ld-linux-aarch64_be.so.1",
		.elf_machine = EM_AARCH64,
		.is_64 = 1,
		.is_big = 1,
		.cache_ids = { 0xa03 },
		.copy = R_AARCH64_COPY,
		.jump_slot = R_AARCH64_JUMP_SLOT,
		.relative = R_AARCH64_RELATIVE,
		.irelative = R_AARCH64_IRELATIVE,
		.tp_offset = 1030,
		.calls = { { 1028, 1031 } },
		.known = { { 0, 0 }, { 256, 258 }, { 1024, 1032 } },
		.abi_version_max = 2,
		.lib_token = "lib64",
		.platform = "aarch64",
	},
	{
		.name = "armhf",
		.triplet = "arm-linux-gnueabihf",
		.interpreter = "/lib/ld-linux-armhf.so.3",
		.elf_machine = EM_ARM,
		.flags_mask = 0x400,
		.flags_value = 0x400,
		.cache_ids = { 0x903, 0x3 },
		.copy = R_ARM_COPY,
		.jump_slot = R_ARM_JUMP_SLOT,
		.relative = R_ARM_RELATIVE,
		.irelative = 160,
		.tp_offset = R_ARM_TLS_TPOFF32,
		.calls = { { 13, 13 }, { 17, 19 } },
		.known = { { 0, 3 }, { 13, 13 }, { 17, 23 }, { 160, 160 } },
		.stack_exec_default = 1,
		.abi_version_max = 2,
		.lib_token = "lib",
		.platform = "v7l",
	},
	{
		.name = "armel",
		.triplet = "arm-linux-gnueabi",
		.interpreter = "/lib/ld-linux.so.3",
		.elf_machine = EM_ARM,
		.cache_ids = { 0xb03, 0x3 },
		.copy = R_ARM_COPY,
		.jump_slot = R_ARM_JUMP_SLOT,
		.relative = R_ARM_RELATIVE,
		.irelative = 160,
		.tp_offset = R_ARM_TLS_TPOFF32,
		.calls = { { 13, 13 }, { 17, 19 } },
		.known = { { 0, 3 }, { 13, 13 }, { 17, 23 }, { 160, 160 } },
		.stack_exec_default = 1,
		.abi_version_max = 2,
		.lib_token = "lib",
		.platform = "v5l",
	},
	{
		.name = "ppc64le",
		.triplet = "powerpc64le-linux-gnu",
		.interpreter = "/lib64/ld64.so.2",
		.elf_machine = EM_PPC64,
		.is_64 = 1,
		.cache_ids = { 0x503 },
		.copy = R_PPC64_COPY,
		.jump_slot = R_PPC64_JMP_SLOT,
		.relative = R_PPC64_RELATIVE,
		.irelative = R_PPC64_IRELATIVE,
		.tp_offset = R_PPC64_TPREL64,
		.calls = { { 2, 2 }, { 67, 106 }, { 112, 115 } },
		.known = { { 0, 6 }, { 19, 22 }, { 24, 44 }, { 57, 115 }, { 246, 252 } },
		.abi_version_max = 3,
		.lib_token = "lib64",
		.platform = "power8",
		.hwcaps = hwcaps_ppc,
	},
	{
		.name = "s390x",
		.triplet = "s390x-linux-gnu",
		.interpreter = "/lib/ld64.so.1",
		.elf_machine = EM_S390,
		.is_64 = 1,
		.is_big = 1,
		.cache_ids = { 0x403 },
		.copy = R_390_COPY,
		.jump_slot = R_390_JMP_SLOT,
		.relative = R_390_RELATIVE,
		.irelative = 61,
		.tp_offset = R_390_TLS_TPOFF,
		.calls = { { 54, 56 } },
		.known = { { 0, 5 }, { 9, 12 }, { 16, 23 }, { 54, 56 }, { 61, 61 } },
		.stack_exec_default = 1,
		.abi_version_max = 2,
		.lib_token = "lib64",
		.platform = "z900",
		.hwcaps = hwcaps_s390,
	},
	{
		.name = "riscv64",
		.triplet = "riscv64-linux-gnu",
		.interpreter = "/lib/ld-linux-riscv64-lp64d.so.1",
		.elf_machine = EM_RISCV,
		.is_64 = 1,
		.flags_mask = 0x6,
		.flags_value = 0x4,
		.cache_ids = { 0x1003 },
		.copy = 4,
		.jump_slot = 5,
		.relative = 3,
		.irelative = 58,
		.tp_offset = 11,
		.calls = { { 6, 12 } },
		.known = { { 0, 12 }, { 58, 58 } },
		.abi_version_max = 2,
		.lib_token = "lib64/lp64d",
		.platform = NULL,
	},
	{
		.name = "loongarch64",
		.triplet = "loongarch64-linux-gnu",
		.interpreter = "/lib64/ld-linux-loongarch-lp64d.so.1",
		.elf_machine = EM_LOONGARCH,
		.is_64 = 1,
		.flags_mask = 0x7,
		.flags_value = 0x3,
		.cache_ids = { 0x1203 },
		.copy = 4,
		.jump_slot = 5,
		.relative = 3,
		.irelative = 12,
		.tp_offset = 11,
		.calls = { { 6, 11 }, { 13, 14 } },
		.known = { { 0, 14 } },
		.abi_version_max = 2,
		.lib_token = "lib64",
		.platform = NULL,
	},
};

/* e_machine values without a row, so that messages can still name them. */
static const struct {
	uint16_t elf_machine;
	const char *name;
} other_names[] = {
	{ EM_NONE, "no machine" },   { EM_SPARC, "SPARC" },    { EM_SPARCV9, "SPARC V9" },
	{ EM_MIPS, "MIPS" },	     { EM_PPC, "PowerPC" },    { EM_IA_64, "Itanium" },
	{ EM_SH, "SuperH" },	     { EM_68K, "m68k" },       { EM_PARISC, "PA-RISC" },
	{ EM_ALPHA, "Alpha" },	     { EM_ARC_COMPACT, "ARC" }, { EM_CSKY, "C-SKY" },
	{ EM_MICROBLAZE, "MicroBlaze" }, { EM_OPENRISC, "OpenRISC" }, { EM_BPF, "BPF" },
	{ EM_X86_64, "x86-64" },     { EM_386, "i386" },       { EM_AARCH64, "aarch64" },
	{ EM_ARM, "ARM" },	     { EM_PPC64, "ppc64" },    { EM_S390, "s390" },
	{ EM_RISCV, "RISC-V" },	     { EM_LOONGARCH, "LoongArch" },
};

const struct machine *machine_at(size_t row)
{
	return row < ARRAY_SIZE(machines) ? &machines[row] : NULL;
}

const struct machine *machine_find(uint16_t elf_machine, bool is_64, bool is_big, uint32_t flags)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(machines); i++) {
		const struct machine *m = &machines[i];

		if (m->elf_machine == elf_machine && m->is_64 == is_64 && m->is_big == is_big &&
		    (flags & m->flags_mask) == m->flags_value)
			return m;
	}
	return NULL;
}

const char *machine_describe(uint16_t elf_machine, bool is_64, bool is_big, uint32_t flags)
{
	const struct machine *machine = machine_find(elf_machine, is_64, is_big, flags);
	size_t i;

	if (machine)
		return machine->name;
	for (i = 0; i < ARRAY_SIZE(other_names); i++) {
		if (other_names[i].elf_machine == elf_machine)
			return other_names[i].name;
	}
	return "unknown machine";
}

static bool in_ranges(const struct relocation_range *ranges, size_t count, uint32_t type)
{
	size_t i;

	for (i = 0; i < count && (i == 0 || ranges[i].last); i++) {
		if (type >= ranges[i].first && type <= ranges[i].last)
			return true;
	}
	return false;
}

enum relocation_class machine_relocation_class(const struct machine *machine, uint32_t type)
{
	if (type == 0 || type == machine->relative || type == machine->irelative)
		return CLASS_NONE;
	if (type == machine->copy)
		return CLASS_COPY;
	if (type == machine->jump_slot || in_ranges(machine->calls, 3, type))
		return CLASS_CALL;
	if (in_ranges(machine->known, 5, type))
		return CLASS_DATA;
	return CLASS_UNKNOWN;
}
