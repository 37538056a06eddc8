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
#include "binding/filter.h"
#include "binding/rights.h"
#include "codec/codec.h"
#include "planner/argument.h"
#include "plan/plan_viewers.h"
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

/* --- rows that are joined for the order --- */

static bool
is_same_row(const struct plan_relation *row, const struct plan_relation *parent,
            const struct order_step *step)
{
    return row->parent == parent && join_equal(row->join, step->join) &&
           (!row->type || row->type == step->rows);
}

/* The row that a step leads to, joined once. */
static struct plan_relation *
join_step(struct planner *p, struct plan_relation *relation, struct plan_relation *parent,
          const struct order_step *step)
{
    struct plan_relation **end = (struct plan_relation **)&relation->slice->joined;

    for (; *end; end = &(*end)->next)
        if (is_same_row(*end, parent, step))
            return *end;
    *end = plan_relation_sought(p, parent, step->join, step->rows);
    return *end;
}

/* The first of the conditions that all rows meet which finds words there; NULL: none does. */
static const struct plan_filter *
find_words(const struct plan_filter *filters, const struct bound_comparison *words)
{
    const struct plan_filter *found = NULL;

    for (const struct plan_filter *f = filters; f && !found; f = f->next)
        if (f->kind == PLAN_AND)
            found = find_words(f->items, words);
        else if (f->kind == PLAN_COMPARE && f->op == FILTER_MATCHES &&
                 filter_has_same_words(f->operand->comparison, words))
            found = f;
    return found;
}

/* Are there words for each term that ranks? */
static bool
has_words(const struct plan_slice *slice)
{
    for (int i = 0; i < slice->order_count; i++)
        if (slice->order[i].source == ORDER_RANK && !slice->order_rows[i].words)
            return false;
    return true;
}

/* Join all rows that terms are of; false when there are more than there may be terms. */
static bool
join_rows(struct planner *p, struct plan_relation *relation)
{
    struct plan_slice *slice = relation->slice;
    struct plan_term_rows *rows = NULL;

    for (int i = 0; i < slice->order_count; i++) {
        const struct order_term *term = &slice->order[i];
        struct plan_relation *row = relation;
        if (term->source == ORDER_FUNCTION)
            plan_viewers_add_function(p->plan, term->function, false);
        if (term->way_count == 0 && term->source != ORDER_COUNT && term->source != ORDER_RANK)
            continue;
        if (!rows)
            rows = ARENA_ARRAY(p->arena, struct plan_term_rows, (size_t)slice->order_count);
        for (int j = 0; j < term->way_count; j++)
            row = join_step(p, relation, row, &term->way[j]);
        rows[i].row = row == relation ? NULL : row;
        if (term->source == ORDER_COUNT)
            rows[i].counted = plan_relation_sought(p, row, term->counted.join, term->counted.rows);
        if (term->source == ORDER_RANK)
            rows[i].words = find_words(slice->filters, term->words);
    }
    slice->order_rows = rows;
    int count = 0;
    for (const struct plan_relation *row = slice->joined; row; row = row->next)
        count++;
    return count <= p->limits->order_terms;
}

/* --- what the document asks for --- */

static void
add_denied(void *context, const struct table *table, const struct column *column,
           const struct function *function)
{
    uint32_t *denied = context;

    (void)table;
    *denied |= column ? column->denied : function->denied;
}

/* The roles that may not sort by the term.  Rows that a function returns are read by all. */
static uint32_t
find_denied(const struct plan_relation *relation, const struct order_term *term)
{
    uint32_t denied = 0;

    if (!plan_function(relation) || !order_term_is_own_column(term))
        rights_visit_order_term(plan_table(relation), relation->join, term, add_denied, &denied);
    return denied;
}

/* Add terms, as long as there are no more than there may be. */
static void
order_ask(struct planner *p, struct plan_relation *relation, const struct order *order)
{
    struct plan_slice *slice = relation->slice;

    for (int i = 0; i < order->count && slice->order_count <= p->limits->order_terms; i++) {
        relation->denied |= find_denied(relation, &order->terms[i]);
        order_add(slice, &order->terms[i]);
    }
}

/* What one value of an enum says. */
static void
order_by_value(struct planner *p, struct plan_relation *relation,
               const struct order_choices *choices, const struct value *item)
{
    for (int i = 0; i < choices->type->value_count; i++)
        if (str_equal(choices->type->values[i].name, item->text))
            order_ask(p, relation, &choices->values[i]);
}

/* How many objects are within each other. */
static int
count_levels(const struct value *item)
{
    int count = 0;

    for (; item->kind == VALUE_OBJECT && item->items; item = item->items)
        count++;
    return count;
}

static const struct order_choice *
find_choice(const struct order_choices *choices, struct str name)
{
    int i = 0;

    while (!str_equal(choices->type->inputs[i].name, name))
        i++;
    return &choices->choices[i];
}

/* What the one member of an input object names: of the row, or, in objects within, of rows that
 * are joined to it one after the other. */
static void
order_by_member(struct planner *p, struct plan_relation *relation,
                const struct order_choices *choices, const struct value *item)
{
    struct order_step *way = ARENA_ARRAY(p->arena, struct order_step, (size_t)count_levels(item));
    const struct order_choice *choice = NULL;
    int count = 0;

    for (; choices && item->kind == VALUE_OBJECT && item->items; choices = choice->within) {
        item = item->items;
        choice = find_choice(choices, item->name);
        if (choice->within)
            way[count++] = choice->step;
    }
    if (choices) /* null, where an object might be */
        return;
    struct order_term term = choice->term;
    term.way = way;
    term.way_count = count;
    if (item->kind == VALUE_ENUM && order_read_direction(item->text, '_', &term.direction))
        order_ask(p, relation, &(struct order){ &term, 1 });
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
            order_by_value(p, relation, choices, item);
        else if (item->kind == VALUE_OBJECT)
            order_by_member(p, relation, choices, item);
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
            if (order_term_is_own_column(&slice->order[j]) && slice->order[j].column == join->to[i])
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

static bool
has_join(const struct plan_relation *rows)
{
    for (const struct plan_relation *child = rows->children; child; child = child->next)
        if (child->kind == PLAN_JOIN)
            return true;
    return false;
}

/* Can the rows be sorted by their cells? */
static bool
may_sort(const struct plan_relation *rows)
{
    if (rows->kind != PLAN_BATCH || rows->purpose != PLAN_ROWS || rows->source != PLAN_TABLE)
        return false;
    for (int i = 0; i < rows->slice->order_count; i++)
        if (codec_order(order_term_type(&rows->slice->order[i])) == CODEC_UNORDERED)
            return false;
    return rows->slice->order_count > 0;
}

/* Where nothing is joined to the rows, they come to PostgreSQL's sort in their order, which costs
 * no more than to send one more cell of each. */
void
plan_sort(struct planner *p, struct plan_statement *statement)
{
    const struct plan_relation *rows = statement->relation;
    int count = rows->slice->order_count;

    if (!has_join(rows) || !may_sort(rows))
        return;
    int *cells = ARENA_ARRAY(p->arena, int, (size_t)count);
    for (int i = 0; i < count; i++)
        cells[i] = plan_term_cell(p, rows, i);
    statement->sort_cells = cells;
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

static const struct error *
no_words(struct planner *p)
{
    struct error *error = errors_add(&p->errors, ERROR_BAD_USER_INPUT,
                                     "The order ranks rows by words, so the filter must have these "
                                     "words, and not within \"or\", \"not\" or joined rows.");

    error->argument = STR("orderBy");
    return error;
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
        if (!join_rows(p, rows))
            return too_many_terms(p);
        if (!has_words(rows->slice))
            return no_words(p);
    }
    return NULL;
}
