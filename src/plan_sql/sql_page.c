/*
 * sql_page.c - what else a connection asks of its rows.
 *
 * The probe is a row if there is one on the other side of the cursor; the nearest is looked for, in
 * the order of the list, so that PostgreSQL reads one entry of the order's index:
 *
 *     SELECT 1 FROM "links" AS l1
 *     WHERE (l1."created_at", l1."id") >= ($1::timestamp with time zone, $2::integer)
 *     ORDER BY l1."created_at", l1."id" LIMIT 1
 *
 * and, for each key of a batch, its number:
 *
 *     SELECT k."#0" FROM unnest($1::integer[]) WITH ORDINALITY AS k(key, "#0")
 *          CROSS JOIN LATERAL (SELECT 1 FROM "votes" AS v1 WHERE v1."link_id" = k.key AND ...
 *                              ORDER BY v1."created_at" DESC, v1."id" DESC LIMIT 1) AS v1
 *     ORDER BY k."#0"
 *
 * The count reads no more rows than it may count to:
 *
 *     SELECT count(*) FROM (SELECT FROM "links" AS l1 LIMIT 10001) AS l1
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan_sql/sql_page.h"

#include "plan_sql/sql_fence.h"
#include "plan_sql/sql_keyset.h"
#include "plan_sql/sql_part.h"
#include "plan_sql/sql_union.h"

/* `"links" AS l1 WHERE ...`: all rows that are meant, of a key if they are a batch's. */
static const char *
rows(struct buf *b, const struct plan_relation *r)
{
    bool has_key = r->kind == PLAN_BATCH;

    sql_ordered_from(b, r);
    if (has_key) {
        buf_put(b, STR(" WHERE "));
        sql_match_key(b, r);
    }
    return sql_where(b, r, has_key ? " AND " : " WHERE ");
}

static const char *
probed_rows(struct buf *b, const struct plan_relation *r)
{
    buf_put(b, STR("SELECT 1 FROM "));
    return rows(b, r);
}

/* `SELECT k."#0"`, what else there is of each key, and ` FROM ` the keys. */
static void
begin_batch(struct buf *b, const struct plan_statement *s)
{
    buf_put(b, STR("SELECT "));
    for (int i = 0; i < s->cell_count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        sql_named_cell(b, s, i > 0 ? s->relation->alias : STR("k"), i);
    }
    buf_put(b, STR(" FROM "));
    sql_unnest_keys(b, s);
    buf_byte(b, '(');
}

static void
end_batch(struct buf *b, const struct plan_statement *s)
{
    sql_end_subselect(b, s->relation->alias);
    sql_order_by_key(b, s, STR("k"));
}

void
sql_probe(struct buf *b, const struct plan_statement *s)
{
    if (s->relation->kind == PLAN_SELECT) {
        sql_keyset_probe(b, s, probed_rows);
        return;
    }
    begin_batch(b, s);
    sql_keyset_probe(b, s, probed_rows);
    end_batch(b, s);
}

/* `count(*) FROM ...` */
static void
count(struct buf *b, const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;

    buf_put(b, STR("SELECT count(*)"));
    if (r->kind == PLAN_BATCH) {
        buf_put(b, STR(" AS "));
        sql_cell_name(b, s, r->page->count_cell);
    }
    buf_put(b, STR(" FROM "));
    if (r->source != PLAN_UNION && !r->slice->has_limit) {
        rows(b, r);
        return;
    }
    buf_byte(b, '(');
    if (r->source == PLAN_UNION) {
        sql_union_count(b, r);
    } else {
        buf_put(b, STR("SELECT FROM "));
        rows(b, r);
        sql_limit(b, r);
    }
    sql_end_subselect(b, r->alias);
}

void
sql_count(struct buf *b, const struct plan_statement *s)
{
    if (s->relation->kind == PLAN_SELECT) {
        count(b, s);
        return;
    }
    begin_batch(b, s);
    count(b, s);
    end_batch(b, s);
}
