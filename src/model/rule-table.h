/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the catalogue, sorted by id; for model/rule.c only. */
#ifndef MODEL_RULE_TABLE_H
#define MODEL_RULE_TABLE_H

#include "model/rule.h"

extern const struct rule rule_table_abi[];
extern const size_t rule_table_abi_count;
/* All that follows abi/. */
extern const struct rule rule_table_rest[];
extern const size_t rule_table_rest_count;

#endif
