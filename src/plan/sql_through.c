/*
 * sql_through.c - the SQL of lists that are joined by a table between: many to many.
 *
 * Where the rows between say all that a list needs (each has its row of the target, and the
 * order is by columns of theirs), they alone are ordered and cut, by an index of the table
 * between, and the target is joined outside:
 *
 *     SELECT p3."#0", t2."name"
 *     FROM (SELECT k."#0", p3.*
 *           FROM unnest($1::bigint[]) WITH ORDINALITY AS k(key, "#0")
 *                CROSS JOIN LATERAL (SELECT p3."tag_id" FROM "product_tags" AS p3
 *                                    WHERE p3."product_id" = k.key
 *                                    ORDER BY p3."tag_id", p3."product_id" LIMIT 100) AS p3
 *           OFFSET 0) AS p3
 *          JOIN "tags" AS t2 ON t2."id" = p3."tag_id"
 *     ORDER BY p3."#0", p3."tag_id", p3."product_id"
 *
 * Otherwise, where the target may hide rows, is filtered or sorted by, it is joined inside,
 * or pages would be short.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan/sql_through.h"

#include <assert.h>

#include "plan/sql_fence.h"
#include "plan/sql_part.h"
#include "plan/sql_quote.h"

/* Are values of these kinds sorted alike, whatever their width?  Texts may have collations. */
static bool
is_sorted_alike(enum column_kind a, enum column_kind b)
{
    bool is_number = a == COLUMN_INT2 || a == COLUMN_INT4 || a == COLUMN_INT8;

    if (is_number)
        return b == COLUMN_INT2 || b == COLUMN_INT4 || b == COLUMN_INT8;
    return a == b && (a == COLUMN_UUID || a == COLUMN_DATE || a == COLUMN_NUMERIC);
}

/* The column of the table between that sorts as the term does; NULL: there is none. */
static const struct column *
find_between(const struct plan_relation *r, const struct order_term *term)
{
    if (term->is_between)
        return term->column;
    for (int i = 0; i < r->join->count; i++)
        if (r->join->to[i] == term->column &&
            is_sorted_alike(r->join->from[i]->kind, term->column->kind))
            return r->join->from[i];
    return NULL;
}

/* Do the rows between say which of the target are in the list, and in what order? */
static bool
is_said_between(const struct plan_relation *r)
{
    bool has_type = r->type && r->type->kind == TYPE_OBJECT;

    if (!r->join->is_complete || has_type || r->slice->filters)
        return false;
    for (int i = 0; i < r->slice->order_count; i++)
        if (!find_between(r, &r->slice->order[i]))
            return false;
    return true;
}

/* `"product_tags" AS p3` */
static void
from_between(struct buf *b, const struct plan_relation *r)
{
    const struct table *table = r->join->through->table;

    sql_quote_qualified(b, table->schema, table->local_name);
    buf_put(b, STR(" AS "));
    buf_put(b, r->between);
}

/* ` JOIN "tags" AS t2 ON t2."id" = p3."tag_id"` */
static void
join_target(struct buf *b, const struct plan_relation *r)
{
    buf_put(b, STR(" JOIN "));
    sql_from(b, r);
    buf_put(b, STR(" ON "));
    sql_match(b, r->join, r->alias, r->between);
}

/* --- outside --- */

/* Is the term's column one by which the target is joined, or that of an earlier term? */
static bool
is_shown(const struct plan_relation *r, int number)
{
    const struct column *column = find_between(r, &r->slice->order[number]);

    for (int i = 0; i < r->join->count; i++)
        if (r->join->from[i] == column)
            return true;
    for (int i = 0; i < number; i++)
        if (find_between(r, &r->slice->order[i]) == column)
            return true;
    return false;
}

static void
between_columns(struct buf *b, const struct plan_relation *r)
{
    for (int i = 0; i < r->join->count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        sql_column(b, r->between, r->join->from[i]);
    }
    for (int i = 0; i < r->slice->order_count; i++)
        if (!is_shown(r, i)) {
            buf_put(b, STR(", "));
            sql_column(b, r->between, find_between(r, &r->slice->order[i]));
        }
}

static void
between_order(struct buf *b, const struct plan_relation *r, const char *before)
{
    for (int i = 0; i < r->slice->order_count; i++) {
        buf_put_c(b, i > 0 ? ", " : before);
        sql_column(b, r->between, find_between(r, &r->slice->order[i]));
        buf_put_c(b, r->slice->order[i].is_descending ? " DESC" : "");
    }
}

static void
join_outside(struct buf *b, const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;

    sql_select(b, s, false);
    sql_begin_keys(b, s, r->between);
    buf_put(b, STR("(SELECT "));
    between_columns(b, r);
    buf_put(b, STR(" FROM "));
    from_between(b, r);
    buf_put(b, STR(" WHERE "));
    sql_match_key(b, r);
    between_order(b, r, " ORDER BY ");
    sql_limit(b, r);
    sql_end_subselect(b, r->between);
    sql_end_keys(b, r->between);
    join_target(b, r);
    sql_joins(b, r);
    sql_order_by_key(b, s, r->between);
    between_order(b, r, ", ");
}

/* --- inside --- */

/* The columns between by which the rows are sorted, under names of their own. */
static void
term_columns(struct buf *b, const struct plan_relation *r)
{
    for (int i = 0; i < r->slice->order_count; i++)
        if (r->slice->order[i].is_between) {
            buf_put(b, STR(", "));
            sql_column(b, r->between, r->slice->order[i].column);
            buf_put(b, STR(" AS "));
            sql_term_name(b, r->statement, i);
        }
}

static void
outer_order(struct buf *b, const struct plan_relation *r)
{
    for (int i = 0; i < r->slice->order_count; i++) {
        const struct order_term *term = &r->slice->order[i];
        buf_put(b, STR(", "));
        if (term->is_between) {
            buf_put(b, r->alias);
            buf_byte(b, '.');
            sql_term_name(b, r->statement, i);
        } else {
            sql_column(b, r->alias, term->column);
        }
        buf_put_c(b, term->is_descending ? " DESC" : "");
    }
}

static void
join_inside(struct buf *b, const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;

    assert(r->slice->order_count > 0); /* by the target's key */
    sql_select(b, s, true);
    sql_begin_keys(b, s, r->alias);
    buf_put(b, STR("(SELECT "));
    sql_row_columns(b, s, STR(""));
    term_columns(b, r);
    buf_put(b, STR(" FROM "));
    from_between(b, r);
    join_target(b, r);
    buf_put(b, STR(" WHERE "));
    sql_match_key(b, r);
    sql_where(b, r, " AND ");
    sql_order(b, r, " ORDER BY ");
    sql_limit(b, r);
    sql_end_subselect(b, r->alias);
    sql_end_keys(b, r->alias);
    sql_joins(b, r);
    sql_order_by_key(b, s, r->alias);
    outer_order(b, r);
}

void
sql_through(struct buf *b, const struct plan_statement *s)
{
    if (is_said_between(s->relation))
        join_outside(b, s);
    else
        join_inside(b, s);
}
