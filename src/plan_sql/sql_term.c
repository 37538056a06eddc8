/*
 * sql_term.c - what rows are sorted by, and the rows that are joined for it.
 *
 * Where a subselect cuts the rows, terms that are no columns of them have names of their own, so
 * that they are computed once:
 *
 *     SELECT l1."id", u2."username" AS "#o0"
 *     FROM "links" AS l1 LEFT JOIN "users" AS u2 ON u2."id" = l1."posted_by"
 *     ORDER BY u2."username", l1."id" LIMIT 20
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan_sql/sql_filter.h"
#include "plan_sql/sql_part.h"
#include "plan_sql/sql_quote.h"
#include "plan_sql/sql_through.h"

void
sql_sought(struct buf *b, const struct plan_relation *r)
{
    const struct join *through = r->join->through;

    if (through) {
        sql_quote_qualified(b, through->table->schema, through->table->local_name);
        buf_put_c(b, " AS ");
        buf_put(b, r->between);
        buf_put_c(b, " JOIN ");
    }
    sql_from(b, r);
    if (through) {
        buf_put_c(b, " ON ");
        sql_match(b, r->join, r->alias, r->between);
    }
    buf_put_c(b, " WHERE ");
    sql_match(b, join_to_parent(r->join), through ? r->between : r->alias, r->parent->alias);
    sql_where_type(b, r, " AND ");
}

void
sql_order_joins(struct buf *b, const struct plan_relation *r)
{
    for (const struct plan_relation *row = r->slice->joined; row; row = row->next) {
        buf_put(b, STR(" LEFT JOIN "));
        sql_from(b, row);
        buf_put(b, STR(" ON "));
        sql_match(b, row->join, row->alias, row->parent->alias);
        sql_where_type(b, row, " AND ");
    }
}

void
sql_ordered_from(struct buf *b, const struct plan_relation *r)
{
    if (r->join && r->join->through) {
        sql_through_from(b, r);
        return;
    }
    sql_from(b, r);
    sql_order_joins(b, r);
}

/* The alias of the row that the term is of. */
static struct str
alias_of(const struct plan_relation *r, int number)
{
    const struct plan_term_rows *rows = r->slice->order_rows;

    if (rows && rows[number].row)
        return rows[number].row->alias;
    return r->slice->order[number].is_between ? r->between : r->alias;
}

void
sql_term(struct buf *b, const struct plan_relation *r, int number)
{
    const struct order_term *term = &r->slice->order[number];

    switch (term->source) {
    case ORDER_COLUMN:
        sql_quote_column(b, alias_of(r, number), term->column);
        break;
    case ORDER_COUNT:
        buf_put(b, STR("(SELECT count(*) FROM "));
        sql_sought(b, r->slice->order_rows[number].counted);
        buf_byte(b, ')');
        break;
    case ORDER_FUNCTION:
        sql_quote_call(b, term->function, alias_of(r, number));
        break;
    case ORDER_RANK:
        sql_rank(b, r->slice->order_rows[number].words);
        break;
    }
}

void
sql_compared_term(struct buf *b, const struct plan_relation *r, int number)
{
    const struct order_term *term = &r->slice->order[number];

    if (term->source == ORDER_COLUMN)
        sql_quote_operand(b, alias_of(r, number), term->column);
    else
        sql_term(b, r, number);
}

void
sql_fenced_term(struct buf *b, const struct plan_relation *r, int number)
{
    if (r->source != PLAN_UNION && order_term_is_own_column(&r->slice->order[number])) {
        sql_term(b, r, number);
        return;
    }
    buf_put(b, r->alias);
    buf_byte(b, '.');
    sql_term_name(b, r->statement, number);
}
