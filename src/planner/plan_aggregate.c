/*
 * plan_aggregate.c - what is made of many rows: counts, sums, and groups.
 *
 * The relation of such a field has one row, or one for each group, whose cells are counts,
 * aggregates and keys.  The keys that `by` names, and what `orderBy` sorts by, are cells whether
 * or not they are shown; so the SQL names no others.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/limits.h"
#include "schema/schema.h"
#include "value/value.h"
#include "planner/argument.h"
#include "planner/planner.h"

/* --- keys --- */

/* Does `by` name the key? */
static bool
is_named(const struct plan_groups *groups, const struct field *key)
{
    for (int i = 0; i < groups->by_count; i++)
        if (groups->by[i] == key)
            return true;
    return false;
}

static void
add_key(struct plan_groups *groups, int cell)
{
    for (int i = 0; i < groups->key_count; i++)
        if (groups->keys[i] == cell)
            return;
    groups->keys[groups->key_count++] = cell;
}

/* The cell of a key that is a column, or a unit of time that it falls into. */
static int
key_cell(struct planner *p, const struct plan_relation *relation, const struct binding *binding)
{
    const struct bound_group_key *key = binding_group_key(binding);

    return key->unit == UNIT_NONE ? plan_column_cell(p, relation, key->column)
                                  : plan_unit_cell(p, relation, key);
}

/* How many cells has the key: one, or a row's columns that join another to it? */
static int
count_cells(const struct field *key)
{
    return key->binding->kind == BINDING_JOIN ? binding_rows(key->binding)->join->count : 1;
}

static int
find_cell(struct planner *p, const struct plan_relation *relation, const struct field *key,
          int number)
{
    if (key->binding->kind != BINDING_JOIN)
        return key_cell(p, relation, key->binding);
    return plan_column_cell(p, relation, binding_rows(key->binding)->join->from[number]);
}

static uint32_t
find_denied(const struct field *key)
{
    uint32_t denied = 0;

    if (key->binding->kind != BINDING_JOIN)
        return binding_group_key(key->binding)->column->denied;
    for (int i = 0; i < count_cells(key); i++)
        denied |= binding_rows(key->binding)->join->from[i]->denied;
    return denied;
}

/* --- by --- */

static const struct error *
refuse_argument(struct planner *p, const struct argument *argument, const char *what,
                struct str name)
{
    struct error *error = errors_add(&p->errors, ERROR_BAD_USER_INPUT, "Argument \"%.*s\" %s%.*s.",
                                     STR_PRINT(argument->definition->name), what, STR_PRINT(name));

    error->argument = argument->definition->name;
    return error;
}

/* The key that the value of the enum names. */
static const struct field *
find_key(const struct argument *by, const struct value *item)
{
    const struct type *type = type_named(by->definition->type);
    int i = 0;

    while (i < type->value_count && !str_equal(type->values[i].name, item->text))
        i++;
    assert(i < type->value_count && i < by->definition->binding->field_count);
    return by->definition->binding->fields[i];
}

static const struct error *
plan_by(struct planner *p, struct plan_relation *relation)
{
    struct plan_groups *groups = relation->groups;
    const struct argument *by = &p->group_by;
    const struct value *items = by->value->items;
    const struct type *type = type_named(by->definition->type);
    size_t most = (size_t)type->value_count, cells = 0;

    if (!items)
        return refuse_argument(p, by, "names no key; it must name at least one", STR(""));
    groups->by = ARENA_ARRAY(p->arena, const struct field *, most);
    for (const struct value *item = items; item; item = item->next) {
        const struct field *key = find_key(by, item);
        if (is_named(groups, key))
            return refuse_argument(p, by, "names a key twice: ", item->text);
        const struct error *denial = plan_refuse_denied(p, find_denied(key));
        if (denial)
            return denial;
        groups->by[groups->by_count++] = key;
        cells += (size_t)count_cells(key);
    }
    groups->keys = ARENA_ARRAY(p->arena, int, cells);
    for (int i = 0; i < groups->by_count; i++)
        for (int j = 0; j < count_cells(groups->by[i]); j++)
            add_key(groups, find_cell(p, relation, groups->by[i], j));
    return NULL;
}

/* --- orderBy --- */

static void
add_term(struct plan_groups *groups, int cell, struct order_direction direction)
{
    for (int i = 0; i < groups->order_count; i++)
        if (groups->order[i].cell == cell)
            return;
    groups->order[groups->order_count++] = (struct plan_group_term){ cell, direction };
}

/* The input of the object's only member. */
static int
find_input(const struct type *type, const struct value *member)
{
    int i = 0;

    while (i < type->input_count && !str_equal(type->inputs[i].name, member->name))
        i++;
    assert(i < type->input_count);
    return i;
}

/* Sort by what the member of an order says. */
static const struct error *
plan_term(struct planner *p, struct plan_relation *relation, const struct bound_group_term *term,
          const struct value *member)
{
    struct plan_groups *groups = relation->groups;
    const struct error *refusal = NULL;
    struct order_direction direction;

    if (term->terms) {
        member = member->items;
        term = &term->terms[find_input(term->type, member)];
    }
    bool is_read = order_read_direction(member->text, '_', &direction);
    assert(is_read);
    (void)is_read;
    if (term->aggregate)
        refusal = plan_refuse_denied(p, term->column->denied);
    if (refusal)
        return refusal;
    if (term->key && !is_named(groups, term->key))
        return refuse_argument(p, &p->group_order,
                               "sorts by a key that \"by\" does not name: ", term->key->name);
    for (int i = 0; term->key && i < count_cells(term->key); i++)
        add_term(groups, find_cell(p, relation, term->key, i), direction);
    if (term->aggregate)
        add_term(groups, plan_aggregate_cell(p, relation, term->aggregate, term->column),
                 direction);
    else if (!term->key)
        add_term(groups, plan_count_cell(p, relation), direction);
    return NULL;
}

static int
count_items(const struct value *item)
{
    int count = 0;

    for (; item; item = item->next)
        count++;
    return count;
}

/* What is asked for, and then the keys. */
static const struct error *
order_groups(struct planner *p, struct plan_relation *relation)
{
    struct plan_groups *groups = relation->groups;
    const struct argument *order = &p->group_order;
    const struct value *value = order->value;
    bool is_list = value && value->kind == VALUE_LIST;
    const struct value *item = is_list ? value->items : value;
    size_t most = (size_t)(is_list ? count_items(item) : 1) + (size_t)groups->key_count;
    const struct error *refusal = NULL;

    /* A term that is a key has as many cells, which are among the keys. */
    groups->order = ARENA_ARRAY(p->arena, struct plan_group_term, most);
    for (; item && !refusal; item = is_list ? item->next : NULL) {
        const struct type *type = type_named(order->definition->type);
        const struct value *member = item->items;
        const struct bound_group_term *terms = order->definition->binding->terms;
        refusal = plan_term(p, relation, &terms[find_input(type, member)], member);
    }
    for (int i = 0; !refusal && i < groups->key_count; i++)
        add_term(groups, groups->keys[i], (struct order_direction){ 0 });
    return refusal;
}

void
plan_group_argument(struct planner *p, struct plan_relation *relation,
                    const struct argument *argument)
{
    assert(relation->groups);
    if (argument->definition->binding->role == ARGUMENT_BY)
        p->group_by = *argument;
    else
        p->group_order = *argument;
}

void
plan_aggregate_begin(struct planner *p, struct plan_relation *relation)
{
    relation->purpose = PLAN_AGGREGATE;
    if (relation->slice->is_list)
        relation->groups = ARENA_NEW(p->arena, struct plan_groups);
    p->group_by = p->group_order = (struct argument){ 0 };
}

const struct error *
plan_aggregate_end(struct planner *p, struct plan_relation *relation)
{
    struct plan_slice *slice = relation->slice;
    const struct error *refusal;

    if (!relation->groups)
        return NULL;
    refusal = plan_by(p, relation);
    if (!refusal)
        refusal = order_groups(p, relation);
    if (!slice->has_limit)
        slice->limit = p->limits->page;
    slice->has_limit = true;
    return refusal;
}

/* --- fields --- */

void
plan_aggregate_value(struct planner *p, struct plan_field *field, const struct collected *collected,
                     struct position at)
{
    const struct bound_aggregate *bound = binding_aggregate(field->definition->binding);

    (void)collected;
    field->codec = bound->codec;
    field->kind = bound->column ? PLAN_LEAF : PLAN_TALLY;
    field->cell = bound->column ? plan_aggregate_cell(p, at.relation, bound->functions[at.function],
                                                      bound->column)
                                : plan_count_cell(p, at.relation);
}

void
plan_summary(struct planner *p, struct plan_field *field, const struct collected *collected,
             struct position at)
{
    field->kind = PLAN_SUMMARY;
    at.function = binding_summary(field->definition->binding);
    field->fields = plan_below(p, field, collected, at);
}

bool
plan_group_lacks(const struct plan_relation *relation, const struct field *key)
{
    return relation->groups && !is_named(relation->groups, key);
}

void
plan_group_key(struct planner *p, struct plan_field *field, const struct collected *collected,
               struct position at)
{
    const struct binding *binding = field->definition->binding;

    (void)collected;
    if (plan_group_lacks(at.relation, field->definition)) {
        field->kind = PLAN_NULL;
        return;
    }
    field->kind = PLAN_LEAF;
    field->cell = key_cell(p, at.relation, binding);
    field->codec = binding_group_key(binding)->codec;
}
