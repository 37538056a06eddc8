/*
 * sql.c - the SQL of a plan's statements.
 *
 * A statement has one of these forms, which is decided once; each form has one function,
 * which writes its parts (sql_part.h) in the order in which SQL is read.
 *
 * A list is cut to its row limit first, in a subselect that PostgreSQL cannot
 * merge into the rest, and joined to its to-one rows outside; otherwise it may
 * join whole tables and sort them (docs/performance.md has the figures).
 *
 *     SELECT l1."id", u2."username"
 *     FROM (SELECT l1."id", l1."created_at", l1."posted_by" FROM "links" AS l1
 *           ORDER BY l1."created_at" DESC, l1."id" DESC LIMIT 20) AS l1
 *          LEFT JOIN "users" AS u2 ON u2."id" = l1."posted_by"
 *     ORDER BY l1."created_at" DESC, l1."id" DESC
 *
 * A batch is the same for each of its keys, which come numbered:
 *
 *     SELECT v1."#0", v1."id", u2."username", v1."created_at"
 *     FROM (SELECT k."#0", v1.*
 *           FROM unnest($1::integer[]) WITH ORDINALITY AS k(key, "#0")
 *                CROSS JOIN LATERAL (SELECT v1."id", v1."created_at", v1."user_id"
 *                                    FROM "votes" AS v1 WHERE v1."link_id" = k.key
 *                                    ORDER BY v1."created_at", v1."id" LIMIT 100) AS v1
 *           OFFSET 0) AS v1
 *          LEFT JOIN "users" AS u2 ON u2."id" = v1."user_id"
 *
 * It is sorted once more, `ORDER BY v1."#0", v1."created_at", v1."id"`, unless who gets its rows
 * sorts them (sort_cells).
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan_sql/sql.h"

#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "plan/plan.h"
#include "plan_sql/sql_aggregate.h"
#include "plan_sql/sql_fence.h"
#include "plan_sql/sql_keyset.h"
#include "plan_sql/sql_page.h"
#include "plan_sql/sql_part.h"
#include "plan_sql/sql_union.h"

enum sql_form {
    SQL_PLAIN,       /* a row, a function's result, or a list to which nothing is joined */
    SQL_LIST,        /* a list that is cut to its limit, and joined to others */
    SQL_ONE_KEY,     /* the rows of a batch's only key */
    SQL_BATCH,       /* the rows of each key of a batch */
    SQL_UNION,       /* a list of rows of several tables */
    SQL_UNION_BATCH, /* such lists, one for each key of a batch */
    SQL_PROBE,       /* what a connection asks of its rows besides */
    SQL_COUNT,
    SQL_AGGREGATE,         /* what is made of rows */
    SQL_AGGREGATE_ONE_KEY, /* likewise, of the rows of a batch's only key */
    SQL_WRITE,             /* rows that are written */
    SQL_DOUBT              /* why they were not */
};

/* --- the form --- */

static bool
has_join(const struct plan_relation *r)
{
    for (const struct plan_relation *child = r->children; child; child = child->next)
        if (child->kind == PLAN_JOIN)
            return true;
    return false;
}

/* A batch below a single row has one key, which PostgreSQL plans better for. */
static bool
has_one_key(const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;

    if (r->kind != PLAN_BATCH || r->source == PLAN_UNION || s->is_ahead)
        return false;
    if (!s->parent)
        return !r->slice->is_list;
    return (!s->parent->relation->slice->is_list &&
            (s->parent->relation->kind == PLAN_SELECT || has_one_key(s->parent)));
}

static enum sql_form
choose_form(const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;

    assert(r->kind == PLAN_SELECT || r->kind == PLAN_BATCH);
    if (r->source == PLAN_WRITE)
        return SQL_WRITE;
    if (r->purpose == PLAN_DOUBT)
        return SQL_DOUBT;
    if (r->purpose == PLAN_AGGREGATE)
        return has_one_key(s) ? SQL_AGGREGATE_ONE_KEY : SQL_AGGREGATE;
    if (r->purpose == PLAN_COUNT)
        return SQL_COUNT;
    if (r->purpose == PLAN_PROBE && r->source != PLAN_UNION)
        return SQL_PROBE;
    if (r->source == PLAN_UNION)
        return r->kind == PLAN_BATCH ? SQL_UNION_BATCH : SQL_UNION;
    if (r->kind == PLAN_BATCH) /* with a table between, its key is of that */
        return has_one_key(s) && !r->join->through ? SQL_ONE_KEY : SQL_BATCH;
    bool is_cut = r->slice->is_list && (has_join(r) || sql_keyset_has_parts(r));
    return is_cut ? SQL_LIST : SQL_PLAIN;
}

/* --- the forms --- */

static const char *
plain_rows(struct buf *b, const struct plan_relation *r)
{
    const struct plan_statement *s = r->statement;

    sql_select(b, s, false);
    sql_ordered_from(b, r);
    sql_joins(b, r);
    return sql_where(b, r, " WHERE ");
}

static void
write_plain(struct buf *b, const struct plan_statement *s)
{
    sql_keyset(b, s, plain_rows);
}

/* Are the rows in the order in which the function returns them?  WITH ORDINALITY would keep
 * PostgreSQL from inlining the function. */
static bool
has_own_order(const struct plan_relation *r)
{
    return r->source == PLAN_FUNCTION && r->slice->order_count == 0;
}

static const char *
list_rows(struct buf *b, const struct plan_relation *r)
{
    const struct plan_statement *s = r->statement;

    buf_put(b, STR("SELECT "));
    sql_row_columns(b, s, STR(""));
    if (has_own_order(r)) {
        buf_put(b, STR(", row_number() OVER () AS "));
        sql_cell_name(b, s, s->cell_count);
    }
    buf_put(b, STR(" FROM "));
    sql_ordered_from(b, r);
    return sql_where(b, r, " WHERE ");
}

/* Rows that are cut in a subselect, and what is joined to them. */
static void
write_fenced(struct buf *b, const struct plan_statement *s, sql_rows_fn *rows)
{
    sql_select(b, s, true);
    buf_byte(b, '(');
    sql_keyset(b, s, rows);
    sql_end_subselect(b, s->relation->alias);
    sql_joins(b, s->relation);
    if (!s->sort_cells)
        sql_fenced_order(b, s->relation, " ORDER BY ");
}

static void
write_list(struct buf *b, const struct plan_statement *s)
{
    write_fenced(b, s, list_rows);
    if (has_own_order(s->relation)) {
        buf_put(b, STR(" ORDER BY "));
        sql_named_cell(b, s, s->relation->alias, s->cell_count);
    }
}

static const char *
rows_of_one_key(struct buf *b, const struct plan_relation *r)
{
    const struct plan_statement *s = r->statement;

    buf_put(b, STR("SELECT 1::bigint AS "));
    sql_cell_name(b, s, 0);
    sql_row_columns(b, s, STR(", "));
    buf_put(b, STR(" FROM "));
    sql_ordered_from(b, r);
    buf_put(b, STR(" WHERE "));
    sql_match_only_key(b, r);
    return sql_where(b, r, " AND ");
}

static void
write_one_key(struct buf *b, const struct plan_statement *s)
{
    write_fenced(b, s, rows_of_one_key);
}

static const char *
rows_of_key(struct buf *b, const struct plan_relation *r)
{
    buf_put(b, STR("SELECT "));
    sql_row_columns(b, r->statement, STR(""));
    buf_put(b, STR(" FROM "));
    sql_ordered_from(b, r);
    buf_put(b, STR(" WHERE "));
    sql_match_key(b, r);
    return sql_where(b, r, " AND ");
}

static void
write_batch(struct buf *b, const struct plan_statement *s)
{
    sql_select(b, s, true);
    sql_keyset_by_key(b, s, rows_of_key);
}

static void
write_union(struct buf *b, const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;

    sql_select(b, s, true);
    buf_byte(b, '(');
    sql_union_rows(b, r);
    sql_end_subselect(b, r->alias);
    sql_joins(b, r);
    buf_put(b, STR(" ORDER BY "));
    sql_union_order(b, r, true);
}

static void
write_union_batch(struct buf *b, const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;

    sql_select(b, s, true);
    sql_begin_keys(b, s, r->alias);
    buf_byte(b, '(');
    sql_union_rows(b, r);
    sql_end_subselect(b, r->alias);
    sql_end_keys(b, r->alias);
    sql_joins(b, r);
    sql_order_by_key(b, s, r->alias);
    buf_put(b, STR(", "));
    sql_union_order(b, r, true);
}

static void (*const forms[])(struct buf *, const struct plan_statement *) = {
    [SQL_PLAIN] = write_plain,       [SQL_LIST] = write_list,
    [SQL_ONE_KEY] = write_one_key,   [SQL_BATCH] = write_batch,
    [SQL_UNION] = write_union,       [SQL_UNION_BATCH] = write_union_batch,
    [SQL_AGGREGATE] = sql_aggregate, [SQL_AGGREGATE_ONE_KEY] = sql_aggregate_one_key,
    [SQL_PROBE] = sql_probe,         [SQL_COUNT] = sql_count,
    [SQL_WRITE] = sql_write,         [SQL_DOUBT] = sql_doubt,
};

/* How many columns has the statement: its cells, and what orders and joins its rows. */
int
sql_column_count(const struct plan_statement *s)
{
    int count = s->cell_count + s->relation->slice->order_count + has_own_order(s->relation);

    for (const struct plan_relation *r = s->relation->children; r; r = r->next)
        count += r->kind == PLAN_JOIN ? r->join->count : 0;
    return count;
}

/* The types that the cells are sent as. */
static const unsigned *
find_oids(struct arena *a, const struct plan_statement *s)
{
    unsigned *oids = ARENA_ARRAY(a, unsigned, (size_t)s->cell_count);

    for (int i = 0; i < s->cell_count; i++)
        oids[i] = sql_cell_oid(&s->cells[i]);
    if (s->is_ahead)
        oids[0] = sql_cell_oid(&s->parent->cells[s->parent_cells[0]]);
    return oids;
}

static void
write_statement(struct arena *a, const struct plan_statement *s, struct statement *out)
{
    struct buf b = { 0 };

    forms[choose_form(s)](&b, s);
    out->sql = buf_copy(a, &b);
    out->hash = str_hash(out->sql);
    out->parameter_count = s->parameter_count;
    out->cell_oids = find_oids(a, s);
    out->cell_count = s->cell_count;
    buf_free(&b);
}

void
sql_write_statement(struct arena *a, struct plan_statement *s)
{
    write_statement(a, s, &s->statement);
    if (!sql_may_find_keys(s))
        return;
    s->is_ahead = true;
    write_statement(a, s, &s->ahead);
    s->ahead.parameter_count += s->parent->parameter_count - plan_key_count(s);
    s->is_ahead = false;
}
