/*
 * rules_values.c - values (specification, 5.6).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/error.h"
#include "schema/schema.h"
#include "value/value_literal.h"
#include "validation/rules.h"
#include "validation/walk.h"

/* 5.6.1, 5.6.2, 5.6.4: a literal is one of the type that its place expects. */

static bool
report_misfit(void *context, struct str message, const struct ast_node *node,
              const struct path *path)
{
    struct walk *w = context;

    (void)path;
    walk_error(w, node->start, "%.*s", STR_PRINT(message));
    return !w->is_stopped;
}

/* Values within the value are judged with it. */
static void
value_of_type(struct walk *w, void *state, const struct ast_node *node)
{
    (void)state;
    if (w->scope->input_type && !w->scope->is_nested)
        value_literal_check(w->arena, node, w->scope->input_type, w->has_suggestions, report_misfit,
                            w);
}

const struct rule rule_values_of_correct_type = {
    .name = "values-of-correct-type",
    .section = "5.6.1",
    .enter = { [AST_INT] = value_of_type,
               [AST_FLOAT] = value_of_type,
               [AST_STRING] = value_of_type,
               [AST_BOOLEAN] = value_of_type,
               [AST_NULL] = value_of_type,
               [AST_ENUM] = value_of_type,
               [AST_LIST] = value_of_type,
               [AST_OBJECT] = value_of_type },
};

/* 5.6.3: no two fields of an input object have the same name. */

/* The state: has any object such fields? */
static void
find_duplicate_fields(struct walk *w, void *state, const struct ast_node *node)
{
    bool *has_duplicates = state;

    *has_duplicates = *has_duplicates || walk_has_duplicates(w, ast_as(value, node)->values);
}

static void
unique_field(struct walk *w, void *state, const struct ast_node *node)
{
    const bool *has_duplicates = state;

    if (!*has_duplicates)
        return;
    const struct ast_node *first = walk_first_of_name(ast_as(value, w->scope->owner)->values, node);
    if (first == node)
        return;
    struct error *error =
        walk_error(w, first->start, "There can be only one input field named \"%.*s\".",
                   STR_PRINT(walk_name(node)));
    walk_error_place(w, error, node->start);
}

const struct rule rule_input_object_field_uniqueness = {
    .name = "input-object-field-uniqueness",
    .section = "5.6.3",
    .enter = { [AST_OBJECT] = find_duplicate_fields, [AST_OBJECT_FIELD] = unique_field },
    .state_size = sizeof(bool),
};
