/*
 * rules.h - the rules, by the sections of the specification.
 *
 * The table in validate.c says in which order they run.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VALIDATION_RULES_H
#define VALIDATION_RULES_H

#include "validation/rule.h"

/* rules_limits.c: bounds of ours */
extern const struct rule rule_selection_limits;
extern const struct rule rule_introspection_depth;

/* rules_operations.c: 5.1, 5.2 */
extern const struct rule rule_executable_definitions;
extern const struct rule rule_operation_type_existence;
extern const struct rule rule_operation_name_uniqueness;
extern const struct rule rule_lone_anonymous_operation;
extern const struct rule rule_single_root_field;

/* rules_fields.c: 5.3 */
extern const struct rule rule_field_selections;
extern const struct rule rule_leaf_field_selections;

/* rules_overlap.c: 5.3.2 */
extern const struct rule rule_field_selection_merging;

/* rules_arguments.c: 5.4 */
extern const struct rule rule_argument_names;
extern const struct rule rule_argument_uniqueness;
extern const struct rule rule_required_arguments;

/* rules_fragments.c: 5.5 */
extern const struct rule rule_fragment_name_uniqueness;
extern const struct rule rule_type_existence;
extern const struct rule rule_fragments_on_composite_types;
extern const struct rule rule_fragments_must_be_used;
extern const struct rule rule_fragment_spread_target;
extern const struct rule rule_fragment_cycles;
extern const struct rule rule_fragment_spread_is_possible;

/* rules_values.c: 5.6 */
extern const struct rule rule_values_of_correct_type;
extern const struct rule rule_input_object_field_uniqueness;

/* rules_directives.c: 5.7 */
extern const struct rule rule_directives_are_defined;
extern const struct rule rule_directives_are_unique;

/* rules_variables.c: 5.8 */
extern const struct rule rule_variable_uniqueness;
extern const struct rule rule_variables_are_input_types;
extern const struct rule rule_variable_uses_defined;
extern const struct rule rule_variables_used;
extern const struct rule rule_variable_usages_allowed;

#endif
