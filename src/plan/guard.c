/*
 * guard.c - the conditions under which a plan holds.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan/guard.h"

#include <assert.h>

#include "base/arena.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "value/value.h"
#include "value/value_coerce.h"
#include "codec/cursor.h"
#include "binding/filter.h"
#include "plan/row_shape.h"
#include "plan/shape.h"

static const struct value *
guard_find_value(struct str name, const struct variables *variables)
{
    const struct variable *variable = variables_find(variables, name);

    return variable ? variable->value : NULL;
}

static bool
guard_ask(enum guard_kind kind, const struct value *value)
{
    assert(kind == GUARD_PRESENT || kind == GUARD_NOT_NULL || kind == GUARD_NOT_EMPTY);
    if (!value || kind == GUARD_PRESENT)
        return value != NULL;
    if (value->kind == VALUE_NULL)
        return false;
    return kind == GUARD_NOT_NULL || value->kind != VALUE_STRING || value->text.len > 0;
}

static const struct value *
guard_copy_value(struct arena *a, const struct value *value)
{
    struct value *copy = ARENA_NEW(a, struct value), **end = &copy->items;

    copy->kind = value->kind;
    copy->boolean = value->boolean;
    copy->text = str_copy(a, value->text);
    copy->name = str_copy(a, value->name);
    copy->count = value->count;
    for (const struct value *item = value->items; item; item = item->next) {
        *end = (struct value *)guard_copy_value(a, item);
        end = &(*end)->next;
    }
    return copy;
}

/* An object with nothing but the names of its fields; another value as null. */
static const struct value *
guard_copy_fields(struct arena *a, const struct value *value)
{
    struct value *copy = ARENA_NEW(a, struct value), **end = &copy->items;

    if (value->kind != VALUE_OBJECT)
        return &value_null;
    copy->kind = VALUE_OBJECT;
    for (const struct value *item = value->items; item; item = item->next)
        end = value_append(a, copy, end, &value_null, str_copy(a, item->name));
    return copy;
}

/* Have both values the same fields, in the order of their type? */
static bool
guard_has_fields(const struct value *a, const struct value *b)
{
    const struct value *x = a && a->kind == VALUE_OBJECT ? a->items : NULL;
    const struct value *y = b && b->kind == VALUE_OBJECT ? b->items : NULL;

    while (x && y && str_equal(x->name, y->name)) {
        x = x->next;
        y = y->next;
    }
    return !a == !b && !x && !y;
}

static bool
guard_exists(const struct guards *g, struct str variable, enum guard_kind kind)
{
    for (const struct guard *guard = g->first; guard; guard = guard->next)
        if (guard->kind == kind && str_equal(guard->variable, variable))
            return true;
    return false;
}

void
guard_add(struct guards *g, struct arena *a, struct str variable, enum guard_kind kind,
          const struct variables *variables)
{
    if (kind == GUARD_NONE || guard_exists(g, variable, kind))
        return;
    struct guard *guard = ARENA_NEW(a, struct guard);
    const struct value *value = guard_find_value(variable, variables);
    guard->kind = kind;
    guard->variable = variable;
    if (kind == GUARD_VALUE)
        guard->value = value ? guard_copy_value(a, value) : NULL;
    else if (kind == GUARD_FIELDS)
        guard->value = value ? guard_copy_fields(a, value) : NULL;
    else
        guard->is_so = guard_ask(kind, value);
    guard->next = g->first;
    g->first = guard;
}

void
guard_add_all(struct guards *g, struct arena *a, const struct ast_node *node, enum guard_kind kind,
              const struct variables *variables)
{
    if (node->kind == AST_OBJECT_FIELD) {
        guard_add_all(g, a, ast_as(object_field, node)->value, kind, variables);
        return;
    }
    const struct ast_value *value = ast_as(value, node);
    if (node->kind == AST_VARIABLE)
        guard_add(g, a, value->text, kind, variables);
    for (const struct ast_node *item = value->values; item; item = item->next)
        guard_add_all(g, a, item, kind, variables);
}

/* --- filters --- */

static void
add_shape(struct guards *g, struct arena *a, struct str variable, enum guard_kind kind,
          const struct type *type, const struct variables *variables)
{
    const struct value *value = guard_find_value(variable, variables);

    for (const struct guard *guard = g->first; guard; guard = guard->next)
        if (guard->kind == kind && guard->type == type && str_equal(guard->variable, variable))
            return;
    struct guard *guard = ARENA_NEW(a, struct guard);
    *guard = (struct guard){ .kind = kind,
                             .variable = variable,
                             .is_so = value != NULL,
                             .type = type,
                             .shape = kind == GUARD_SHAPE ? shape_of(a, type, value)
                                                          : row_shapes_of(a, type, value),
                             .next = g->first };
    g->first = guard;
}

static void
add_shapes(struct guards *g, struct arena *a, const struct ast_node *node, const struct type *type,
           bool is_truth, const struct variables *variables)
{
    const struct type *nullable = type_nullable(type);
    bool is_list = nullable->kind == TYPE_LIST && node->kind == AST_LIST;

    if (node->kind == AST_VARIABLE && is_truth)
        guard_add(g, a, ast_as(value, node)->text, GUARD_VALUE, variables);
    else if (node->kind == AST_VARIABLE)
        add_shape(g, a, ast_as(value, node)->text, GUARD_SHAPE, type, variables);
    else if (nullable->kind == TYPE_LIST && !is_list)
        add_shapes(g, a, node, nullable->of, false, variables);
    else if (is_list)
        for (const struct ast_node *at = ast_as(value, node)->values; at; at = at->next)
            add_shapes(g, a, at, nullable->of, false, variables);
    else if (nullable->kind == TYPE_INPUT_OBJECT && node->kind == AST_OBJECT)
        for (const struct ast_node *at = ast_as(value, node)->values; at; at = at->next) {
            const struct ast_object_field *field = ast_as(object_field, at);
            const struct input_value *input = schema_find_input(nullable, field->name);
            assert(input); /* or the document would not be valid */
            add_shapes(g, a, field->value, input->type, filter_is_truth(input), variables);
        }
}

void
guard_add_shapes(struct guards *g, struct arena *a, const struct ast_node *value,
                 const struct type *type, const struct variables *variables)
{
    add_shapes(g, a, value, type, false, variables);
}

/* --- rows --- */

void
guard_add_rows(struct guards *g, struct arena *a, const struct ast_node *node,
               const struct type *type, const struct variables *variables)
{
    const struct type *nullable = type_nullable(type);
    bool is_of_rows = type_named(type)->kind == TYPE_INPUT_OBJECT;

    if (node->kind == AST_VARIABLE && is_of_rows)
        add_shape(g, a, ast_as(value, node)->text, GUARD_ROWS, type, variables);
    else if (node->kind == AST_VARIABLE)
        guard_add(g, a, ast_as(value, node)->text, GUARD_PRESENT, variables);
    else if (is_of_rows && nullable->kind == TYPE_LIST && node->kind != AST_LIST)
        guard_add_rows(g, a, node, nullable->of, variables);
    else if (is_of_rows && node->kind == AST_LIST)
        for (const struct ast_node *at = ast_as(value, node)->values; at; at = at->next)
            guard_add_rows(g, a, at, nullable->of, variables);
    else if (is_of_rows && node->kind == AST_OBJECT)
        for (const struct ast_node *at = ast_as(value, node)->values; at; at = at->next) {
            const struct ast_object_field *field = ast_as(object_field, at);
            const struct input_value *input = schema_find_input(nullable, field->name);
            assert(input); /* or the document would not be valid */
            guard_add_rows(g, a, field->value, input->type, variables);
        }
}

/* --- cursors --- */

static uint64_t
guard_find_nulls(const struct value *value, int terms, uint64_t asked)
{
    bool is_text = value && value->kind == VALUE_STRING;

    return is_text ? cursor_nulls(value->text, terms) & asked : 0;
}

uint64_t
guard_add_cursor(struct guards *g, struct arena *a, struct str variable, int terms, uint64_t asked,
                 const struct variables *variables)
{
    struct guard *guard = ARENA_NEW(a, struct guard);

    *guard = (struct guard){
        .kind = GUARD_CURSOR,
        .variable = variable,
        .terms = terms,
        .asked = asked,
        .nulls = guard_find_nulls(guard_find_value(variable, variables), terms, asked),
        .next = g->first,
    };
    g->first = guard;
    return guard->nulls;
}

/* --- all of them --- */

/* Is it with this value as it was? */
static bool
guard_holds(const struct guard *guard, const struct value *value)
{
    switch (guard->kind) {
    case GUARD_VALUE:
        return !value == !guard->value && (!value || value_equal(value, guard->value));
    case GUARD_FIELDS:
        return guard_has_fields(value, guard->value);
    case GUARD_ROWS:
        return (value != NULL) == guard->is_so && row_shapes_are(guard->shape, guard->type, value);
    case GUARD_SHAPE:
        return shape_is(guard->shape, guard->type, value);
    case GUARD_CURSOR:
        return guard_find_nulls(value, guard->terms, guard->asked) == guard->nulls;
    default:
        return guard_ask(guard->kind, value) == guard->is_so;
    }
}

bool
guards_hold(const struct guards *g, const struct variables *variables)
{
    for (const struct guard *guard = g->first; guard; guard = guard->next)
        if (!guard_holds(guard, guard_find_value(guard->variable, variables)))
            return false;
    return true;
}
