/*
 * plan_order.c - what a list is ordered by: what the document asks for, else what the contract
 * says; and what breaks ties.
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

struct plan_relation *
plan_first_rows(struct plan_relation *relation)
{
    return relation->source == PLAN_UNION ? relation->children : relation;
}

struct plan_relation *
plan_next_rows(const struct plan_relation *relation, const struct plan_relation *rows)
{
    return relation->source == PLAN_UNION ? rows->next : NULL;
}

/* Room for so many terms, and those of the keys. */
static void
order_begin(struct planner *p, struct plan_relation *relation, int count)
{
    const struct join *through = relation->join ? relation->join->through : NULL;
    int keys = relation->key->count + (through ? through->table->primary_key.count : 0);

    relation->slice->order = ARENA_ARRAY(p->arena, struct order_term, (size_t)(count + keys));
}

/* Sort by the term, unless an earlier one does already.  The last term says how the key breaks
 * ties, whether it sorts or not. */
static void
order_add(struct plan_slice *slice, const struct order_term *term)
{
    slice->is_descending = term->direction.is_descending;
    for (int i = 0; i < slice->order_count; i++)
        if (order_term_is_same(&slice->order[i], term))
            return;
    slice->order[slice->order_count++] = *term;
}

/* --- what the document asks for --- */

/* Add terms, as long as there are no more than there may be. */
static void
order_ask(struct planner *p, struct plan_slice *slice, const struct order *order)
{
    for (int i = 0; i < order->count && slice->order_count <= p->limits->order_terms; i++)
        order_add(slice, &order->terms[i]);
}

/* What one value of an enum says. */
static void
order_by_value(struct planner *p, struct plan_slice *slice, const struct order_choices *choices,
               const struct value *item)
{
    for (int i = 0; i < choices->type->value_count; i++)
        if (str_equal(choices->type->values[i].name, item->text))
            order_ask(p, slice, &choices->values[i]);
}

/* What the one member of an input object names. */
static void
order_by_member(struct planner *p, struct plan_slice *slice, const struct order_choices *choices,
                const struct value *item)
{
    const struct value *member = item->items;

    for (int i = 0; i < choices->type->input_count; i++) {
        struct order_term term = choices->choices[i].term;
        if (!str_equal(choices->type->inputs[i].name, member->name))
            continue;
        bool is_direction = order_read_direction(member->text, '_', &term.direction);
        assert(is_direction);
        order_ask(p, slice, &(struct order){ &term, 1 });
    }
}

/* Sort rows of the relation by what each item of the list, or the only one, says. */
static void
order_rows(struct planner *p, struct plan_relation *relation, const struct argument *argument,
           const struct order_choices *choices)
{
    const struct value *value = argument->value;
    const struct value *item = value->kind == VALUE_LIST ? value->items : value;

    order_begin(p, relation, p->limits->order_terms + 1);
    for (; item; item = value->kind == VALUE_LIST ? item->next : NULL) {
        if (item->kind == VALUE_ENUM)
            order_by_value(p, relation->slice, choices, item);
        else if (item->kind == VALUE_OBJECT)
            order_by_member(p, relation->slice, choices, item);
    }
}

void
plan_order_by(struct planner *p, struct plan_relation *relation, const struct argument *argument)
{
    const struct argument_binding *binding = argument->definition->binding;
    const struct value *value = argument->value;
    struct plan_relation *rows = plan_first_rows(relation);

    if (!value || (value->kind == VALUE_LIST && !value->items))
        return;
    for (int i = 0; rows; rows = plan_next_rows(relation, rows), i++)
        order_rows(p, rows, argument,
                   relation->source == PLAN_UNION ? binding->branches[i]->order : binding->order);
}

/* --- what the contract says --- */

/* The default order, where the document has none. */
static void
order_default(struct planner *p, struct plan_relation *relation, const struct order *order)
{
    if (relation->slice->order_count > 0)
        return;
    order_begin(p, relation, order->count);
    for (int i = 0; i < order->count; i++)
        order_add(relation->slice, &order->terms[i]);
}

/* Is the column of the table between the same in all rows that are equal so far: by the parent's
 * key, or by the row that it joins? */
static bool
is_settled(const struct plan_slice *slice, const struct join *join, const struct column *column)
{
    for (int i = 0; i < join->through->count; i++)
        if (join->through->to[i] == column)
            return true;
    for (int i = 0; i < join->count; i++)
        for (int j = 0; join->from[i] == column && j < slice->order_count; j++)
            if (slice->order[j].column == join->to[i] && slice->order[j].way_count == 0)
                return true;
    return false;
}

/* What makes the order total: the key; and of the table between, which may join a row more
 * than once, its own. */
static void
order_add_keys(struct plan_relation *relation)
{
    const struct join *join = relation->join;
    struct plan_slice *slice = relation->slice;
    const struct order_direction direction = { slice->is_descending, slice->is_descending };

    for (int i = 0; i < relation->key->count; i++) {
        struct order_term term = order_term_of(relation->key->columns[i], direction);
        order_add(slice, &term);
    }
    if (!join || !join->through)
        return;
    const struct key *key = &join->through->table->primary_key;
    for (int i = 0; i < key->count; i++) {
        struct order_term term = order_term_of(key->columns[i], direction);
        term.is_between = true;
        if (!is_settled(slice, join, key->columns[i]))
            order_add(slice, &term);
    }
}

/* Rows of a function are in its own order, unless the contract or the document orders them. */
static bool
keeps_order(const struct plan_relation *relation, const struct bound_rows *bound)
{
    return relation->source == PLAN_FUNCTION && bound->order.count == 0 &&
           relation->slice->order_count == 0 && !bound->connection;
}

static const struct error *
too_many_terms(struct planner *p)
{
    return errors_add_limit(&p->errors, "order_terms", p->limits->order_terms,
                            "The order has more than %d terms.", p->limits->order_terms);
}

/* A union is ordered by the terms that its branches have in common; then by type, and in
 * one type by its key, which so is a cell. */
const struct error *
plan_order(struct planner *p, struct plan_relation *relation, const struct bound_rows *bound)
{
    struct plan_relation *rows = plan_first_rows(relation);
    bool is_asked = rows->slice->order_count > 0;

    if (keeps_order(relation, bound))
        return NULL;
    for (int i = 0; rows; rows = plan_next_rows(relation, rows), i++) {
        if (is_asked && rows->slice->order_count > p->limits->order_terms)
            return too_many_terms(p);
        order_default(p, rows,
                      relation->source == PLAN_UNION ? &binding_rows(bound->branches[i])->order
                                                     : &bound->order);
        if (relation->source == PLAN_UNION) {
            relation->slice->order_count = rows->slice->order_count;
            relation->slice->is_descending = rows->slice->is_descending;
            for (int j = 0; j < rows->key->count; j++)
                plan_column_cell(p, rows, rows->key->columns[j]);
        }
        order_add_keys(rows);
    }
    return NULL;
}
