/*
 * value_coerce.h - values of the types that are asked for (specification, input
 * coercion of 3.5 to 3.12; 6.1.2, variables; 6.4.1, arguments).
 *
 * A variable's value comes as JSON, an argument's as a literal of the document or
 * as a variable.  The document has been validated, so what can still go wrong with
 * a literal is a variable in it, or a scalar out of range.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VALUE_VALUE_COERCE_H
#define VALUE_VALUE_COERCE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct ast_document;
struct ast_node;
struct ast_operation;
struct errors;
struct input_value;
struct map;
struct schema;
struct type;
struct value;

/* The variables of a request, coerced. */
struct variables {
    int count;
    const struct variable *list;
    struct map *by_name; /* struct variable, where there are many; or NULL */
};
struct variable {
    struct str name;
    const struct value *value; /* NULL: absent, and has no default */
};

/* The variable of that name, or NULL; `v` may be NULL. */
const struct variable *variables_find(const struct variables *v, struct str name);

/* CoerceVariableValues (6.1.2).  `json` is the object that came with the
 * request, or NULL.  Adds one BAD_USER_INPUT for each misfit, placed at the
 * variable's definition, and then returns false. */
bool value_coerce_variables(struct arena *a, const struct schema *schema,
                            const struct ast_document *document,
                            const struct ast_operation *operation, const struct value *json,
                            struct variables *out, struct errors *errors) MUST_CHECK;

/* Coerce a literal to an input type; `variables` may be NULL where the literal has
 * none.  A variable that is absent: `*is_absent` is true and NULL returned (in lists
 * it counts as null).  NULL without it: the literal does not fit; an error without
 * path or places is added, unless `errors` is NULL.  What a variable holds is not
 * copied. */
const struct value *
value_coerce_literal(struct arena *a, const struct ast_node *node, const struct type *type,
                     const struct variables *variables, bool *is_absent, struct errors *errors);

/* The value of the field's argument `argument` (CoerceArgumentValues, 6.4.1):
 * what the document says, or the default.  NULL with `*is_absent` when there is
 * neither; NULL without it when it fails: then an error was added, without path. */
const struct value *
value_coerce_argument(struct arena *a, const struct ast_node *arguments,
                      const struct input_value *argument, const struct variables *variables,
                      bool *is_absent, struct errors *errors);

/* A literal as the value that is written, whatever the type: what custom scalars
 * take.  A variable that is absent is null in a list, and no field in an object. */
const struct value *
value_of_literal(struct arena *a, const struct ast_node *node, const struct variables *variables);

#endif
