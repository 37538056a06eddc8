/*
 * overlap.c - fields compared: by arguments and by types (specification, 5.3.2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "validation/overlap.h"

#include "schema/schema.h"
#include "validation/walk.h"

bool
overlap_spend(struct overlap_budget *budget, int cost)
{
    if (budget->left < cost)
        budget->is_exceeded = true;
    else
        budget->left -= cost;
    return !budget->is_exceeded;
}

static bool same_value(const struct ast_node *a, const struct ast_node *b);

/* The value of an argument or of an object's field. */
static const struct ast_node *
value_of(const struct ast_node *node)
{
    return node->kind == AST_ARGUMENT ? ast_as(argument, node)->value
                                      : ast_as(object_field, node)->value;
}

/* The last of the list that has this name, or NULL. */
static const struct ast_node *
find_named(const struct ast_node *list, struct str name)
{
    const struct ast_node *found = NULL;

    for (; list; list = list->next)
        if (str_equal(walk_name(list), name))
            found = list;
    return found;
}

/* Are these the same names with the same values, in whatever order? */
static bool
same_named_values(const struct ast_node *a, const struct ast_node *b)
{
    const struct ast_node *x = a, *y = b;

    while (x && y) {
        x = x->next;
        y = y->next;
    }
    if (x || y)
        return false;
    for (x = a, y = b; x; x = x->next, y = y->next) {
        bool is_in_place = x->kind == AST_OBJECT_FIELD && str_equal(walk_name(x), walk_name(y));
        const struct ast_node *other = is_in_place ? y : find_named(b, walk_name(x));

        if (!other || !same_value(value_of(x), value_of(other)))
            return false;
    }
    return true;
}

static bool
same_value(const struct ast_node *a, const struct ast_node *b)
{
    const struct ast_value *x = ast_as(value, a), *y = ast_as(value, b);

    if (a->kind != b->kind)
        return false;
    if (a->kind == AST_OBJECT)
        return same_named_values(x->values, y->values);
    if (a->kind != AST_LIST)
        return str_equal(x->text, y->text) && x->is_block == y->is_block;
    for (a = x->values, b = y->values; a && b; a = a->next, b = b->next)
        if (!same_value(a, b))
            return false;
    return !a && !b;
}

bool
overlap_same_arguments(const struct ast_field *a, const struct ast_field *b)
{
    return same_named_values(a->arguments, b->arguments);
}

bool
overlap_types_conflict(const struct type *a, const struct type *b)
{
    while (a != b && a->of && a->kind == b->kind) {
        a = a->of;
        b = b->of;
    }
    if (a == b)
        return false;
    return a->of || b->of || type_is_leaf(a) || type_is_leaf(b);
}

const struct type *
overlap_condition_type(const struct walk *w, const struct ast_node *condition)
{
    return schema_find_type(w->schema, ast_as(type, condition)->name);
}
