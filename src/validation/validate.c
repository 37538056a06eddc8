/*
 * validate.c - the table of the rules (specification, section 5).
 *
 * The order is the reference implementation's, so that the first error is the
 * same; the bounds of ours come first, so that the rules after them see only
 * documents whose work is bounded.
 *
 * To add a rule: a constant in the file of its section, a line in rules.h, a
 * row here, and tests/corpus/validation/<name>.test.
 *
 * SPDX-License-Identifier: MIT
 */
#include "validation/validate.h"

#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "language/places.h"
#include "validation/references.h"
#include "validation/rules.h"
#include "validation/usages.h"
#include "validation/walk.h"

static const struct rule *const rules[] = {
    &rule_selection_limits,
    &rule_executable_definitions,
    &rule_operation_type_existence,
    &rule_operation_name_uniqueness,
    &rule_lone_anonymous_operation,
    &rule_single_root_field,
    &rule_type_existence,
    &rule_fragments_on_composite_types,
    &rule_variables_are_input_types,
    &rule_leaf_field_selections,
    &rule_field_selections,
    &rule_fragment_name_uniqueness,
    &rule_fragment_spread_target,
    &rule_fragments_must_be_used,
    &rule_fragment_spread_is_possible,
    &rule_fragment_cycles,
    &rule_variable_uniqueness,
    &rule_variable_uses_defined,
    &rule_variables_used,
    &rule_directives_are_defined,
    &rule_directives_are_unique,
    &rule_argument_names,
    &rule_argument_uniqueness,
    &rule_values_of_correct_type,
    &rule_required_arguments,
    &rule_variable_usages_allowed,
    &rule_field_selection_merging,
    &rule_input_object_field_uniqueness,
    &rule_introspection_depth,
};

enum { RULE_COUNT = ARRAY_LENGTH(rules) };

/* Say, as the last error, that there are more than are listed. */
static void
report_too_many(struct errors *errors)
{
    errors->maximum++;
    errors_add(errors, ERROR_VALIDATION_FAILED,
               "Too many validation errors, error limit reached. Validation aborted.");
    errors->maximum--;
}

bool
validate_document(struct arena *a, const struct schema *schema, const struct ast_document *document,
                  const struct validate_options *options, struct errors *errors)
{
    struct walk w = { .arena = a,
                      .schema = schema,
                      .document = document,
                      .limits = options->limits,
                      .has_suggestions = options->has_suggestions,
                      .errors = errors,
                      .places = places_new(a, document->source),
                      .references = references_new(a, document) };
    int before = errors->count;

    usages_collect(&w);
    walk_document(&w, rules, RULE_COUNT);
    if (w.has_too_many)
        report_too_many(errors);
    return errors->count == before;
}

const char *
validate_rule_name(int index)
{
    return index >= 0 && index < RULE_COUNT ? rules[index]->name : NULL;
}
