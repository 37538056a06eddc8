/*
 * rights.c - what PostgreSQL asks a right for where a field is used: columns that are read, and
 * functions that are called.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binding/rights.h"

#include "binding/binding.h"
#include "binding/filter.h"

struct visit {
    right_fn *visit;
    void *context;
};

static void
visit_column(const struct visit *v, const struct table *table, const struct column *column)
{
    if (table)
        v->visit(v->context, table, column, NULL);
}

static void
visit_join(const struct visit *v, const struct table *parent, const struct join *join)
{
    if (join->through)
        visit_join(v, parent, join->through);
    for (int i = 0; i < join->count; i++) {
        if (join->from)
            visit_column(v, join->through ? join->through->table : parent, join->from[i]);
        visit_column(v, join->table, join->to[i]);
    }
}

/* Rows are counted by whoever may read a column: the one that most may read stands for it. */
static void
visit_most_open(const struct visit *v, const struct table *table)
{
    const struct column *open = NULL;

    for (int i = 0; i < table->column_count; i++)
        if (!open ||
            __builtin_popcount(table->columns[i].denied) < __builtin_popcount(open->denied))
            open = &table->columns[i];
    if (open)
        visit_column(v, table, open);
}

/* A function of the row gets all columns of it. */
static void
visit_function(const struct visit *v, const struct table *parent, const struct function *function)
{
    v->visit(v->context, NULL, NULL, function);
    for (int i = 0; parent && i < parent->column_count; i++)
        visit_column(v, parent, &parent->columns[i]);
}

/* What rows of the table, which `join` may have joined, are sorted by. */
static void
visit_term(const struct visit *v, const struct table *table, const struct join *join,
           const struct order_term *term)
{
    for (int i = 0; i < term->way_count; i++) {
        visit_join(v, table, term->way[i].join);
        table = term->way[i].join->table;
    }
    switch (term->source) {
    case ORDER_COLUMN:
        visit_column(v, term->is_between ? join->through->table : table, term->column);
        break;
    case ORDER_COUNT:
        visit_join(v, table, term->counted.join);
        break;
    case ORDER_FUNCTION:
        visit_function(v, table, term->function);
        break;
    case ORDER_RANK:
        for (int i = 0; i < term->words->column_count; i++)
            visit_column(v, table, term->words->columns[i]);
        break;
    }
}

/* What sorts and tells apart the rows of a list must be read. */
static void
visit_rows(const struct visit *v, const struct table *parent, const struct bound_rows *rows,
           bool is_list)
{
    if (rows->join)
        visit_join(v, parent, rows->join);
    if (rows->is_aggregate && rows->table)
        visit_most_open(v, rows->table);
    for (int i = 0; i < rows->branch_count; i++)
        visit_rows(v, parent, binding_rows(rows->branches[i]), is_list);
    for (int i = 0; rows->table && i < rows->order.count; i++)
        visit_term(v, rows->table, rows->join, &rows->order.terms[i]);
    for (int i = 0; rows->table && is_list && i < rows->key->count; i++)
        visit_column(v, rows->table, rows->key->columns[i]);
    const struct table *between =
        rows->join && rows->join->through ? rows->join->through->table : NULL;
    bool is_page = is_list || rows->connection;
    for (int i = 0; between && is_page && i < between->primary_key.count; i++)
        visit_column(v, between, between->primary_key.columns[i]);
}

void
rights_visit_field(const struct binding *binding, const struct table *parent, right_fn *visit,
                   void *context)
{
    struct visit v = { visit, context };

    switch (binding->kind) {
    case BINDING_COLUMN: {
        const struct bound_column *bound = binding_column(binding);
        if (bound->join)
            visit_join(&v, parent, bound->join);
        visit_column(&v, bound->join ? bound->join->table : parent, bound->column);
        break;
    }
    case BINDING_GLOBAL_ID:
        for (int i = 0; i < binding_global_id(binding)->count; i++)
            visit_column(&v, parent, binding_global_id(binding)->columns[i]);
        break;
    case BINDING_TABLE:
    case BINDING_JOIN:
    case BINDING_OUTPUT:
        if (binding_rows(binding))
            visit_rows(&v, parent, binding_rows(binding), binding->is_list);
        break;
    case BINDING_FUNCTION:
        visit_function(&v, parent, binding_function(binding)->function);
        break;
    case BINDING_PART:
        visit_column(&v, binding_part(binding)->between, binding_part(binding)->column);
        break;
    case BINDING_AGGREGATE:
        if (binding_aggregate(binding)->column)
            visit_column(&v, parent, binding_aggregate(binding)->column);
        break;
    case BINDING_GROUP_KEY:
        visit_column(&v, parent, binding_group_key(binding)->column);
        break;
    case BINDING_SUMMARY:
    case BINDING_WRITE:
    case BINDING_WRITTEN:
    case BINDING_RESOLVER:
    case BINDING_NODE: /* who may not read a type's key, finds none of its objects */
    case BINDING_ECHO:
    case BINDING_MOCK:
        break;
    }
}

/* Rows of a function are its own, whatever an argument compares or sorts them by. */
void
rights_visit_argument(const struct binding *binding, const struct argument_binding *argument,
                      right_fn *visit, void *context)
{
    struct visit v = { visit, context };
    const struct bound_rows *rows = binding_rows(binding);

    if (!rows || binding->kind == BINDING_FUNCTION)
        return;
    for (int i = 0; argument->branches && i < rows->branch_count; i++)
        rights_visit_argument(rows->branches[i], argument->branches[i], visit, context);
    for (int i = 0; i < argument->column_count; i++)
        visit_column(&v, rows->table, argument->columns[i]);
}

void
rights_visit_order_term(const struct table *table, const struct join *join,
                        const struct order_term *term, right_fn *visit, void *context)
{
    visit_term(&(struct visit){ visit, context }, table, join, term);
}
