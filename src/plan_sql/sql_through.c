/*
 * sql_through.c - the SQL of lists that are joined by a table between: many to many.
 *
 * The target is joined within the rows of a key, so that it may hide rows, be filtered and be
 * sorted by; PostgreSQL reads the table between in the order of an index where there is one
 * for it (docs/performance.md has the figures).
 *
 *     SELECT t1."#0", t1."name"
 *     FROM (SELECT k."#0", t1.*
 *           FROM unnest($1::bigint[]) WITH ORDINALITY AS k(key, "#0")
 *                CROSS JOIN LATERAL (SELECT t1."name", t1."id", p2."place" AS "#o0"
 *                                    FROM "product_tags" AS p2
 *                                         JOIN "tags" AS t1 ON t1."id" = p2."tag_id"
 *                                    WHERE p2."product_id" = k.key
 *                                    ORDER BY p2."place", t1."id" LIMIT 100) AS t1
 *           OFFSET 0) AS t1
 *     ORDER BY t1."#0", t1."#o0", t1."id"
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan_sql/sql_through.h"

#include "plan_sql/sql_part.h"
#include "plan_sql/sql_quote.h"

/* `"product_tags" AS p2` */
static void
from_between(struct buf *b, const struct plan_relation *r)
{
    const struct table *table = r->join->through->table;

    sql_quote_qualified(b, table->schema, table->local_name);
    buf_put(b, STR(" AS "));
    buf_put(b, r->between);
}

/* ` JOIN "tags" AS t1 ON t1."id" = p2."tag_id"` */
static void
join_target(struct buf *b, const struct plan_relation *r)
{
    buf_put(b, STR(" JOIN "));
    sql_from(b, r);
    buf_put(b, STR(" ON "));
    sql_match(b, r->join, r->alias, r->between);
}

void
sql_through_from(struct buf *b, const struct plan_relation *r)
{
    from_between(b, r);
    join_target(b, r);
    sql_order_joins(b, r);
}
