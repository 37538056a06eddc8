/*
 * sql_keyset.c - the rows behind a cursor, or in front of it, as conditions.
 *
 * Terms that are NOT NULL and in one direction are a row comparison, which one B-tree serves:
 *
 *     (l1."created_at", l1."id") < ($1::timestamp with time zone, $2::integer)
 *
 * Others are compared one after the other: the first term that differs decides.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan_sql/sql_keyset.h"

#include "plan_sql/sql_part.h"

static void
put_term(struct buf *b, const struct plan_relation *r, int term)
{
    sql_column(b, sql_term_alias(r, &r->slice->order[term]), r->slice->order[term].column);
}

/* Are greater values of the term on the right side of the cursor? */
static bool
wants_greater(const struct plan_relation *r, const struct plan_bound *bound, int term)
{
    return bound->is_behind != r->slice->order[term].is_descending;
}

static bool
is_uniform(const struct plan_relation *r)
{
    const struct plan_slice *slice = r->slice;

    for (int i = 0; i < slice->order_count; i++)
        if (!slice->order[i].column->is_not_null ||
            slice->order[i].is_descending != slice->order[0].is_descending)
            return false;
    return true;
}

static void
row_comparison(struct buf *b, const struct plan_relation *r, const struct plan_bound *bound)
{
    int count = r->slice->order_count;

    buf_put_c(b, count > 1 ? "(" : "");
    for (int i = 0; i < count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        put_term(b, r, i);
    }
    buf_put_c(b, count > 1 ? ")" : "");
    buf_put_c(b, wants_greater(r, bound, 0) ? " >" : " <");
    buf_put_c(b, bound->is_inclusive ? "= " : " ");
    buf_put_c(b, count > 1 ? "(" : "");
    for (int i = 0; i < count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        sql_parameter(b, r->statement, bound->parameters[i]);
    }
    buf_put_c(b, count > 1 ? ")" : "");
}

/* `l1."seen_at" IS NULL`, or NOT */
static void
put_null(struct buf *b, const struct plan_relation *r, int term, const char *what)
{
    put_term(b, r, term);
    buf_put_c(b, what);
}

static void
put_compare(struct buf *b, const struct plan_relation *r, const struct plan_bound *bound, int term,
            const char *operator)
{
    put_term(b, r, term);
    buf_put_c(b, operator);
    sql_parameter(b, r->statement, bound->parameters[term]);
}

/* By this term alone: is the row on the right side?  To PostgreSQL null is greater than all. */
static void
by_term(struct buf *b, const struct plan_relation *r, const struct plan_bound *bound, int term)
{
    bool greater = wants_greater(r, bound, term);
    bool may_be_null = !r->slice->order[term].column->is_not_null;

    if (bound->parameters[term] < 0) {
        if (greater)
            buf_put_c(b, "false");
        else
            put_null(b, r, term, " IS NOT NULL");
        return;
    }
    put_compare(b, r, bound, term, greater ? " > " : " < ");
    if (greater && may_be_null) {
        buf_put_c(b, " OR ");
        put_null(b, r, term, " IS NULL");
    }
}

static void
from_term(struct buf *b, const struct plan_relation *r, const struct plan_bound *bound, int term)
{
    if (term == r->slice->order_count) {
        buf_put_c(b, bound->is_inclusive ? "true" : "false");
        return;
    }
    buf_byte(b, '(');
    by_term(b, r, bound, term);
    buf_put_c(b, " OR ");
    if (bound->parameters[term] < 0)
        put_null(b, r, term, " IS NULL");
    else
        put_compare(b, r, bound, term, " = ");
    buf_put_c(b, " AND ");
    from_term(b, r, bound, term + 1);
    buf_byte(b, ')');
}

void
sql_keyset(struct buf *b, const struct plan_relation *r, const char *before)
{
    for (const struct plan_bound *bound = r->slice->bounds; bound; bound = bound->next) {
        buf_put_c(b, before);
        if (is_uniform(r))
            row_comparison(b, r, bound);
        else
            from_term(b, r, bound, 0);
        before = " AND ";
    }
}
