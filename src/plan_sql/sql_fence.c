/*
 * sql_fence.c - the subselects that statements cut their rows in.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan_sql/sql_fence.h"

#include "plan_sql/sql_part.h"
#include "plan_sql/sql_quote.h"

/* Is the column among the cells, or the first `orders` terms of the order? */
static bool
has_column(const struct plan_statement *s, const struct column *column, int orders)
{
    for (int i = 0; i < s->cell_count; i++)
        if (s->cells[i].kind == PLAN_CELL_COLUMN && s->cells[i].relation == s->relation &&
            s->cells[i].of.column == column)
            return true;
    for (int i = 0; i < orders; i++)
        if (order_term_is_own_column(&s->relation->slice->order[i]) &&
            s->relation->slice->order[i].column == column)
            return true;
    return false;
}

static bool
starts_from(const struct join *join, int count, const struct column *column)
{
    for (int i = 0; i < count; i++)
        if (join->from[i] == column)
            return true;
    return false;
}

/* Does an earlier join than `child` start from its column too, or an earlier column of it? */
static bool
has_earlier_join(const struct plan_relation *child, int number)
{
    const struct column *column = child->join->from[number];

    for (const struct plan_relation *r = child->parent->children; r != child; r = r->next)
        if (r->kind == PLAN_JOIN && starts_from(r->join, r->join->count, column))
            return true;
    return starts_from(child->join, number, column);
}

static void
row_cells(struct buf *b, const struct plan_statement *s, struct str *separator)
{
    for (int i = 0; i < s->cell_count; i++) {
        const struct plan_cell *cell = &s->cells[i];
        if (cell->relation != s->relation || cell->kind == PLAN_CELL_KEY ||
            cell->kind == PLAN_CELL_TERM)
            continue;
        buf_put(b, *separator);
        *separator = STR(", ");
        if (cell->kind == PLAN_CELL_COLUMN) {
            sql_quote_column(b, s->relation->alias, cell->of.column);
            continue;
        }
        if (cell->kind == PLAN_CELL_BETWEEN)
            sql_quote_column(b, s->relation->between, cell->of.column);
        else
            sql_function_of_row(b, cell);
        buf_put(b, STR(" AS "));
        sql_cell_name(b, s, i);
    }
}

/* The terms of the order that are no columns of the rows, under names of their own. */
static void
named_terms(struct buf *b, const struct plan_relation *r, struct str separator)
{
    for (int i = 0; i < r->slice->order_count; i++) {
        if (order_term_is_own_column(&r->slice->order[i]))
            continue;
        buf_put(b, separator);
        sql_term(b, r, i);
        buf_put(b, STR(" AS "));
        sql_term_name(b, r->statement, i);
        separator = STR(", ");
    }
}

void
sql_row_columns(struct buf *b, const struct plan_statement *s, struct str separator)
{
    const struct plan_relation *r = s->relation;
    const struct plan_slice *slice = r->slice;

    row_cells(b, s, &separator);
    for (int i = 0; i < slice->order_count; i++)
        if (order_term_is_own_column(&slice->order[i]) &&
            !has_column(s, slice->order[i].column, i)) {
            buf_put(b, separator);
            sql_quote_column(b, r->alias, slice->order[i].column);
            separator = STR(", ");
        }
    for (const struct plan_relation *child = r->children; child; child = child->next)
        for (int i = 0; child->kind == PLAN_JOIN && i < child->join->count; i++) {
            if (has_earlier_join(child, i) ||
                has_column(s, child->join->from[i], slice->order_count))
                continue;
            buf_put(b, separator);
            sql_quote_column(b, r->alias, child->join->from[i]);
            separator = STR(", ");
        }
    named_terms(b, r, separator);
}

void
sql_end_subselect(struct buf *b, struct str alias)
{
    buf_put(b, STR(") AS "));
    buf_put(b, alias);
}

void
sql_begin_keys(struct buf *b, const struct plan_statement *s, struct str alias)
{
    buf_put(b, STR("(SELECT "));
    sql_named_cell(b, s, STR("k"), 0);
    buf_put(b, STR(", "));
    buf_put(b, alias);
    buf_put(b, STR(".* FROM "));
    sql_unnest_keys(b, s);
}

void
sql_unnest_keys(struct buf *b, const struct plan_statement *s)
{
    int count = plan_key_count(s);

    if (s->is_ahead) {
        sql_found_keys(b, s);
        return;
    }
    buf_put(b, STR("unnest("));
    for (int i = 0; i < count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        sql_keys(b, s, i);
    }
    buf_put(b, STR(") WITH ORDINALITY AS k("));
    for (int i = 0; i < count; i++) {
        sql_key_name(b, s, i);
        buf_put(b, STR(", "));
    }
    sql_cell_name(b, s, 0);
    buf_put(b, STR(") CROSS JOIN LATERAL "));
}

/* OFFSET 0 keeps PostgreSQL from joining anything before it has the keys' rows. */
void
sql_end_keys(struct buf *b, struct str alias)
{
    buf_put(b, STR(" OFFSET 0"));
    sql_end_subselect(b, alias);
}

void
sql_order_by_key(struct buf *b, const struct plan_statement *s, struct str alias)
{
    buf_put(b, STR(" ORDER BY "));
    sql_named_cell(b, s, alias, 0);
}
