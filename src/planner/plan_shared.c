/*
 * plan_shared.c - fields of rows that several possible types have in common.
 *
 * A field of an interface is one of each type that implements it, and mostly
 * comes from the same rows: one join, or one batch, serves all of the types, and
 * what is below it is planned once.  Otherwise interfaces within interfaces
 * would have as many statements as there are ways through their types.
 *
 * What is below such a field counts rows of all types that have it: so it has a
 * condition of its own, which grows when one more type takes the field.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/map.h"
#include "schema/schema.h"
#include "value/value.h"
#include "planner/planner.h"

/* A field that was planned, one of those with its key. */
struct shared {
    const struct plan_field *field;
    struct plan_condition *condition; /* of all that is below it */
    struct shared *next;
};

static bool
is_same_rows(const struct bound_rows *a, const struct bound_rows *b)
{
    if (a->table != b->table || a->branch_count != b->branch_count ||
        !join_equal(a->join, b->join) || !order_is_same(&a->order, &b->order))
        return false;
    for (int i = 0; i < a->branch_count; i++)
        if (!is_same_rows(binding_rows(a->branches[i]), binding_rows(b->branches[i])))
            return false;
    return true;
}

/* Do both show the same rows, if their arguments do the same? */
static bool
is_same_binding(const struct binding *a, const struct binding *b)
{
    return a->kind == b->kind && a->is_list == b->is_list &&
           a->is_exactly_one == b->is_exactly_one && is_same_rows(binding_rows(a), binding_rows(b));
}

static bool
is_same_default(const struct value *a, const struct value *b)
{
    return a && b ? value_equal(a, b) : a == b;
}

static bool
is_same_role(const struct argument_binding *a, const struct argument_binding *b)
{
    if (a->role != b->role || a->column_count != b->column_count || a->filter != b->filter)
        return false;
    for (int i = 0; i < a->column_count; i++)
        if (a->columns[i] != b->columns[i])
            return false;
    return true;
}

/* Does an argument of the same value do the same, in all branches? */
static bool
is_same_argument(const struct input_value *a, const struct input_value *b, int branch_count)
{
    if (!str_equal(a->name, b->name) || a->type != b->type ||
        !is_same_default(a->default_value, b->default_value) ||
        !is_same_role(a->binding, b->binding))
        return false;
    for (int i = 0; a->binding->branches && i < branch_count; i++)
        if (!is_same_role(a->binding->branches[i], b->binding->branches[i]))
            return false;
    return true;
}

/* May the items of both lists be null, or of none?  It decides whether hidden rows are read. */
static bool
is_same_list(const struct type *a, const struct type *b)
{
    a = type_nullable(a);
    b = type_nullable(b);
    return a->kind != TYPE_LIST || b->kind != TYPE_LIST || a->of->kind == b->of->kind;
}

static bool
is_same_field(const struct field *a, const struct field *b)
{
    if (type_named(a->type) != type_named(b->type) || !is_same_list(a->type, b->type) ||
        field_call_count(a) != field_call_count(b) || !is_same_binding(a->binding, b->binding))
        return false;
    int branch_count = binding_rows(a->binding)->branch_count;
    for (int i = 0; i < field_call_count(a); i++)
        if (!is_same_argument(&a->arguments[i], &b->arguments[i], branch_count))
            return false;
    return true;
}

/* Count rows of the type too, unless they are counted: the same selections may stand below
 * several fields that show the same row. */
static void
add_type(struct planner *p, struct plan_condition *condition, const struct type *type)
{
    struct plan_possible *last = &condition->types;

    while (last->type != type && last->next)
        last = last->next;
    if (last->type == type)
        return;
    last->next = ARENA_NEW(p->arena, struct plan_possible);
    last->next->type = type;
}

/* Is the position in a row that may be of several types? */
static bool
is_shared(struct position at)
{
    return at.conditions && at.conditions->relation == at.relation;
}

/* By the relation in which the field stands, and the types around that. */
static struct str
shared_key(struct planner *p, const struct collected *collected, struct position at)
{
    return plan_key(p, at.relation, at.conditions->next, collected);
}

bool
plan_shared_take(struct planner *p, struct plan_field *field, const struct collected *collected,
                 struct position at)
{
    const struct shared *shared;

    if (!is_shared(at) || !p->shared)
        return false;
    shared = map_get(p->shared, shared_key(p, collected, at));
    while (shared && !is_same_field(shared->field->definition, field->definition))
        shared = shared->next;
    if (!shared)
        return false;
    add_type(p, shared->condition, at.conditions->types.type);
    field->kind = shared->field->kind;
    field->relation = shared->field->relation;
    field->page = shared->field->page;
    field->fields = shared->field->fields;
    field->variants = shared->field->variants;
    field->refusal = shared->field->refusal;
    return true;
}

const struct plan_condition *
plan_shared_offer(struct planner *p, struct plan_field *field, const struct collected *collected,
                  struct position at)
{
    if (!is_shared(at))
        return at.conditions;
    assert(!at.conditions->types.next); /* of the type being planned alone */
    if (!p->shared)
        p->shared = map_new(p->scratch);
    struct str key = shared_key(p, collected, at);
    struct shared *first = map_get(p->shared, key);
    struct shared *shared = ARENA_NEW(p->scratch, struct shared);
    struct plan_condition *condition = ARENA_NEW(p->arena, struct plan_condition);
    *condition = *at.conditions;
    *shared = (struct shared){ field, condition, first ? first->next : NULL };
    if (first)
        first->next = shared;
    else
        map_add(p->shared, key, shared);
    return condition;
}
