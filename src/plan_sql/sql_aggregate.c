/*
 * sql_aggregate.c - the SQL of what is made of many rows: counts, sums, and groups.
 *
 *     SELECT count(*), numeric_out(sum(l1."size")) FROM "links" AS l1 WHERE l1."posted_by" = $1
 *
 * For each key of a batch, a lateral, which gives a row for keys without rows, too:
 *
 *     SELECT v1."#0", v1."#1"
 *     FROM (SELECT k."#0", v1.*
 *           FROM unnest($1::integer[]) WITH ORDINALITY AS k(key, "#0")
 *                CROSS JOIN LATERAL (SELECT count(*) AS "#1" FROM "votes" AS v1
 *                                    WHERE v1."link_id" = k.key) AS v1
 *           OFFSET 0) AS v1
 *     ORDER BY v1."#0"
 *
 * Groups are cut to their limit first, and then joined to the rows of their keys:
 *
 *     SELECT u2."username", l1."#1"
 *     FROM (SELECT l1."posted_by", count(*) AS "#1" FROM "links" AS l1
 *           GROUP BY l1."posted_by" ORDER BY count(*) DESC, l1."posted_by" LIMIT 20) AS l1
 *          LEFT JOIN "users" AS u2 ON u2."id" = l1."posted_by"
 *     ORDER BY l1."#1" DESC, l1."posted_by"
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan_sql/sql_aggregate.h"

#include "plan_sql/sql_fence.h"
#include "plan_sql/sql_part.h"
#include "plan_sql/sql_quote.h"

/* The cells of the relation, as columns of a subselect. */
static void
write_cells(struct buf *b, const struct plan_statement *s, struct str separator)
{
    for (int i = 0; i < s->cell_count; i++) {
        const struct plan_cell *cell = &s->cells[i];
        if (cell->relation != s->relation || cell->kind == PLAN_CELL_KEY)
            continue;
        buf_put(b, separator);
        separator = STR(", ");
        sql_made_cell(b, cell);
        if (cell->kind == PLAN_CELL_COLUMN)
            continue;
        buf_put(b, STR(" AS "));
        sql_cell_name(b, s, i);
    }
}

static void
write_from(struct buf *b, const struct plan_relation *r)
{
    buf_put(b, STR(" FROM "));
    sql_ordered_from(b, r); /* it has no order that would join more */
}

static void
write_group_by(struct buf *b, const struct plan_statement *s)
{
    const struct plan_groups *groups = s->relation->groups;

    for (int i = 0; i < groups->key_count; i++) {
        buf_put_c(b, i > 0 ? ", " : " GROUP BY ");
        sql_made_cell(b, &s->cells[groups->keys[i]]);
    }
}

/* What is made of rows that nothing is asked of: at most one row. */
static bool
is_bare(const struct plan_statement *s)
{
    for (int i = 0; i < s->cell_count; i++)
        if (s->cells[i].kind == PLAN_CELL_COUNT || s->cells[i].kind == PLAN_CELL_AGGREGATE)
            return false;
    return !s->relation->groups;
}

static void
write_direction(struct buf *b, struct order_direction direction)
{
    buf_put_c(b, direction.is_descending ? " DESC" : "");
    if (direction.is_nulls_first != direction.is_descending)
        buf_put_c(b, direction.is_nulls_first ? " NULLS FIRST" : " NULLS LAST");
}

/* What follows the conditions on rows, within a subselect. */
static void
write_groups(struct buf *b, const struct plan_statement *s)
{
    const struct plan_groups *groups = s->relation->groups;

    if (is_bare(s))
        buf_put(b, STR(" LIMIT 1"));
    if (!groups)
        return;
    write_group_by(b, s);
    for (int i = 0; i < groups->order_count; i++) {
        buf_put_c(b, i > 0 ? ", " : " ORDER BY ");
        sql_made_cell(b, &s->cells[groups->order[i].cell]);
        write_direction(b, groups->order[i].direction);
    }
    sql_limit(b, s->relation);
}

/* The order of the rows of the subselect. */
static void
write_outer_order(struct buf *b, const struct plan_statement *s, const char *before)
{
    const struct plan_relation *r = s->relation;

    for (int i = 0; r->groups && i < r->groups->order_count; i++) {
        int number = r->groups->order[i].cell;
        const struct plan_cell *cell = &s->cells[number];
        buf_put_c(b, i > 0 ? ", " : before);
        if (cell->kind == PLAN_CELL_COLUMN)
            sql_quote_column(b, r->alias, cell->of.column);
        else
            sql_named_cell(b, s, r->alias, number);
        write_direction(b, r->groups->order[i].direction);
    }
}

/* All rows as one: nothing is joined to it. */
static void
write_plain(struct buf *b, const struct plan_statement *s)
{
    sql_select(b, s, false);
    sql_from(b, s->relation);
    sql_where(b, s->relation, " WHERE ");
    if (is_bare(s))
        buf_put(b, STR(" LIMIT 1"));
}

static void
write_select(struct buf *b, const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;

    sql_select(b, s, true);
    buf_put(b, STR("(SELECT "));
    write_cells(b, s, STR(""));
    write_from(b, r);
    sql_where(b, r, " WHERE ");
    write_groups(b, s);
    sql_end_subselect(b, r->alias);
    sql_joins(b, r);
    write_outer_order(b, s, " ORDER BY ");
}

static void
write_batch(struct buf *b, const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;

    sql_select(b, s, true);
    sql_begin_keys(b, s, r->alias);
    buf_put(b, STR("(SELECT "));
    write_cells(b, s, STR(""));
    write_from(b, r);
    buf_put(b, STR(" WHERE "));
    sql_match_key(b, r);
    sql_where(b, r, " AND ");
    write_groups(b, s);
    sql_end_subselect(b, r->alias);
    sql_end_keys(b, r->alias);
    sql_joins(b, r);
    sql_order_by_key(b, s, r->alias);
    write_outer_order(b, s, ", ");
}

void
sql_aggregate_one_key(struct buf *b, const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;

    if (r->join->through) { /* its key is of the table between */
        write_batch(b, s);
        return;
    }
    sql_select(b, s, true);
    buf_put(b, STR("(SELECT 1::bigint AS "));
    sql_cell_name(b, s, 0);
    write_cells(b, s, STR(", "));
    write_from(b, r);
    buf_put(b, STR(" WHERE "));
    sql_match_only_key(b, r);
    sql_where(b, r, " AND ");
    write_groups(b, s);
    sql_end_subselect(b, r->alias);
    sql_joins(b, r);
    write_outer_order(b, s, " ORDER BY ");
}

void
sql_aggregate(struct buf *b, const struct plan_statement *s)
{
    if (s->relation->kind == PLAN_BATCH)
        write_batch(b, s);
    else if (s->relation->groups)
        write_select(b, s);
    else
        write_plain(b, s);
}
