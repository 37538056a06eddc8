/*
 * sql_union.c - the SQL of rows that stand in several tables.
 *
 * Each branch shows all columns of the union: its own cells, and nulls for
 * those of the others; it is ordered and cut as the union is, so that no table
 * is read further than the list can reach.
 *
 *     SELECT s1."#0", s1."#1", s1."#2", s1."#3"
 *     FROM ((SELECT l2."id" AS "#0", NULL::bigint AS "#1", 'Link'::text COLLATE "C" AS "#2",
 *                   l2."url" AS "#3", l2."created_at" AS "#o0"
 *            FROM "links" AS l2 ORDER BY l2."created_at" DESC, l2."id" DESC LIMIT 20)
 *           UNION ALL
 *           (SELECT NULL::integer, u3."id", 'User'::text, NULL::text, u3."created_at"
 *            FROM "users" AS u3 ORDER BY u3."created_at" DESC, u3."id" DESC LIMIT 20)
 *           ORDER BY "#o0" DESC, "#2" DESC, "#0" DESC, "#1" DESC LIMIT 20) AS s1
 *     ORDER BY s1."#o0" DESC, s1."#2" DESC, s1."#0" DESC, s1."#1" DESC
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan_sql/sql_union.h"

#include <assert.h>

#include "schema/schema.h"
#include "plan_sql/sql_keyset.h"
#include "plan_sql/sql_part.h"
#include "plan_sql/sql_quote.h"

/* --- the columns of a branch --- */

/* `NULL::bigint`: what another branch shows. */
static void
sql_null(struct buf *b, const struct plan_cell *cell)
{
    buf_put(b, STR("NULL::"));
    buf_put(b, sql_cell_type(cell)->compared_as);
}

static void
sql_branch_cell(struct buf *b, const struct plan_relation *branch, const struct plan_cell *cell)
{
    if (cell->kind == PLAN_CELL_TYPE) {
        sql_quote_literal(b, branch->name);
        buf_put(b, STR("::text COLLATE \"C\"")); /* by bytes, as plan_cursor.c compares it */
    } else if (cell->relation != branch) {
        sql_null(b, cell);
    } else if (cell->kind == PLAN_CELL_COLUMN) {
        sql_quote_column(b, branch->alias, cell->of.column);
    } else {
        sql_function_of_row(b, cell);
    }
}

static void
sql_branch_columns(struct buf *b, const struct plan_relation *branch)
{
    const struct plan_statement *s = branch->statement;
    struct str separator = STR("");

    for (int i = 0; i < s->cell_count; i++) {
        if (s->cells[i].kind != PLAN_CELL_TYPE && s->cells[i].relation->kind != PLAN_BRANCH)
            continue;
        buf_put(b, separator);
        sql_branch_cell(b, branch, &s->cells[i]);
        buf_put(b, STR(" AS "));
        sql_cell_name(b, s, i);
        separator = STR(", ");
    }
    for (int i = 0; i < s->relation->slice->order_count; i++) {
        buf_put(b, separator);
        sql_quote_column(b, branch->alias, branch->slice->order[i].column);
        buf_put(b, STR(" AS "));
        sql_term_name(b, s, i);
        separator = STR(", ");
    }
}

/* As many rows as the union skips and shows, all of which may be of this branch. */
static void
sql_branch_limit(struct buf *b, const struct plan_relation *r)
{
    buf_put(b, STR(" LIMIT "));
    assert(r->slice->has_limit);
    buf_int64(b, r->slice->limit);
    if (r->slice->has_offset) {
        buf_put(b, STR(" + "));
        sql_parameter(b, r->statement, r->slice->offset);
    }
}

/* Is there one branch alone?  To PostgreSQL the union's order and limit are then its own, and it
 * must not have two. */
static bool
is_only(const struct plan_relation *branch)
{
    const struct plan_relation *first = branch->parent->children;

    return branch == first && (!first->next || first->next->kind != PLAN_BRANCH);
}

/* ` FROM "links" AS l2 WHERE ...`; return what stands before one more condition. */
static const char *
sql_branch_rows(struct buf *b, const struct plan_relation *branch)
{
    bool has_key = branch->join != NULL;

    buf_put(b, STR(" FROM "));
    sql_from(b, branch);
    if (has_key) {
        buf_put(b, STR(" WHERE "));
        sql_match_key(b, branch);
    }
    return sql_where(b, branch, has_key ? " AND " : " WHERE ");
}

static const char *
sql_branch_select(struct buf *b, const struct plan_relation *branch)
{
    buf_put(b, STR("SELECT "));
    sql_branch_columns(b, branch);
    return sql_branch_rows(b, branch);
}

static void
sql_branch(struct buf *b, const struct plan_relation *branch)
{
    if (!is_only(branch) && sql_keyset_has_parts(branch)) {
        sql_keyset_parts(b, branch, sql_branch_select);
        return;
    }
    buf_byte(b, '(');
    sql_keyset_conditions(b, branch, sql_branch_select(b, branch));
    if (!is_only(branch)) {
        sql_order(b, branch, " ORDER BY ");
        sql_branch_limit(b, branch->parent);
    }
    buf_byte(b, ')');
}

/* --- the union --- */

/* The type's name, and each branch's key unless that is among the terms of all. */
static void
sql_ties(struct buf *b, const struct plan_relation *r, struct str qualifier)
{
    bool is_descending = r->slice->is_descending != r->slice->is_reversed;
    struct str direction = is_descending ? STR(" DESC") : STR("");

    buf_put(b, qualifier);
    sql_cell_name(b, r->statement, r->type_cell);
    buf_put(b, direction);
    for (const struct plan_relation *branch = r->children; branch; branch = branch->next)
        for (int i = r->slice->order_count; branch->slice && i < branch->slice->order_count; i++) {
            buf_put(b, STR(", "));
            buf_put(b, qualifier);
            sql_cell_name(b, r->statement, sql_find_cell(branch, branch->slice->order[i].column));
            buf_put(b, direction);
        }
}

/* The term in the branch whose values may be null, if there is one: it says where nulls are. */
static const struct order_term *
find_term(const struct plan_relation *r, int number)
{
    for (const struct plan_relation *branch = r->children; branch && branch->slice;
         branch = branch->next)
        if (order_term_may_be_null(&branch->slice->order[number]))
            return &branch->slice->order[number];
    return &r->children->slice->order[number];
}

void
sql_union_order(struct buf *b, const struct plan_relation *r, bool has_alias)
{
    struct buf qualifier = { 0 };

    if (has_alias) {
        buf_put(&qualifier, r->alias);
        buf_byte(&qualifier, '.');
    }
    for (int i = 0; i < r->slice->order_count; i++) {
        buf_put(b, buf_str(&qualifier));
        sql_term_name(b, r->statement, i);
        sql_direction(b, find_term(r, i), r->slice->is_reversed);
        buf_put(b, STR(", "));
    }
    sql_ties(b, r, buf_str(&qualifier));
    buf_free(&qualifier);
}

void
sql_union_rows(struct buf *b, const struct plan_relation *r)
{
    assert(r->source == PLAN_UNION);
    for (const struct plan_relation *branch = r->children; branch && branch->kind == PLAN_BRANCH;
         branch = branch->next) {
        if (branch != r->children)
            buf_put(b, STR(" UNION ALL "));
        sql_branch(b, branch);
    }
    buf_put(b, STR(" ORDER BY "));
    sql_union_order(b, r, false);
    sql_limit(b, r);
}

void
sql_union_count(struct buf *b, const struct plan_relation *r)
{
    for (const struct plan_relation *branch = r->children; branch && branch->kind == PLAN_BRANCH;
         branch = branch->next) {
        buf_put(b, branch == r->children ? STR("(SELECT 1") : STR(" UNION ALL (SELECT 1"));
        sql_branch_rows(b, branch);
        buf_byte(b, ')');
    }
    sql_limit(b, r);
}
