/*
 * sql_through.c - the SQL of lists that are joined by a table between: many to many.
 *
 * The target is joined within the rows of a key, so that it may hide rows, be filtered and be
 * sorted by; PostgreSQL reads the table between in the order of an index where there is one
 * for it (docs/performance.md has the figures).
 *
 *     SELECT t2."#0", t2."name"
 *     FROM (SELECT k."#0", t2.*
 *           FROM unnest($1::bigint[]) WITH ORDINALITY AS k(key, "#0")
 *                CROSS JOIN LATERAL (SELECT t2."name", t2."id", p3."place" AS "#o0"
 *                                    FROM "product_tags" AS p3
 *                                         JOIN "tags" AS t2 ON t2."id" = p3."tag_id"
 *                                    WHERE p3."product_id" = k.key
 *                                    ORDER BY p3."place", t2."id" LIMIT 100) AS t2
 *           OFFSET 0) AS t2
 *     ORDER BY t2."#0", t2."#o0", t2."id"
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan/sql_through.h"

#include <assert.h>

#include "plan/sql_fence.h"
#include "plan/sql_part.h"
#include "plan/sql_quote.h"

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

void
sql_through(struct buf *b, const struct plan_statement *s)
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
    sql_rows_of_key(b, s);
    outer_order(b, r);
}
