/* SPDX-License-Identifier: Apache-2.0 */
/* The attributes that dump-dwarf and dump-libdw print; each names them by its own header. */
#ifndef TESTS_ORACLE_DWARF_WANTED_H
#define TESTS_ORACLE_DWARF_WANTED_H

#include <stdint.h>

static const uint16_t wanted[] = {
	DW_AT_name, DW_AT_linkage_name, DW_AT_type, DW_AT_byte_size, DW_AT_bit_size,
	DW_AT_data_bit_offset, DW_AT_bit_offset, DW_AT_data_member_location, DW_AT_declaration,
	DW_AT_external, DW_AT_specification, DW_AT_abstract_origin, DW_AT_low_pc, DW_AT_high_pc,
	DW_AT_ranges, DW_AT_const_value, DW_AT_upper_bound, DW_AT_lower_bound, DW_AT_count,
	DW_AT_accessibility, DW_AT_virtuality, DW_AT_vtable_elem_location, DW_AT_containing_type,
	DW_AT_encoding, DW_AT_alignment, DW_AT_sibling, DW_AT_signature, DW_AT_inline,
	DW_AT_calling_convention, DW_AT_artificial, DW_AT_explicit, DW_AT_defaulted, DW_AT_deleted,
	DW_AT_reference, DW_AT_rvalue_reference, DW_AT_export_symbols, DW_AT_producer,
	DW_AT_language, DW_AT_comp_dir, DW_AT_dwo_name, DW_AT_import, DW_AT_location,
	DW_AT_prototyped, DW_AT_noreturn, DW_AT_endianity, DW_AT_mutable, DW_AT_object_pointer,
	DW_AT_enum_class, DW_AT_byte_stride, DW_AT_entry_pc, DW_AT_variable_parameter,
	DW_AT_use_location, DW_AT_default_value, DW_AT_stmt_list,
};

#endif
