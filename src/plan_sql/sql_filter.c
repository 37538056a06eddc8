/*
 * sql_filter.c - what rows must meet: comparisons, their combinations, and rows beside them.
 *
 *     WHERE l1."created_at" >= $1::timestamp with time zone
 *       AND EXISTS (SELECT FROM "users" AS u2
 *                   WHERE u2."id" = l1."posted_by" AND u2."username" = ANY ($2::text[]))
 *       AND (l1."url" LIKE $3::text OR l1."description" IS NULL)
 *       AND (l1."vote_count" = $4::integer) IS NOT TRUE
 *
 * A comparison with null is null in SQL, which is false here, wherever it stands: so what
 * turns one around is IS NOT TRUE, while EXISTS is never null.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan_sql/sql_filter.h"

#include <assert.h>

#include "base/buf.h"
#include "binding/filter.h"
#include "plan/plan.h"
#include "plan_sql/sql_part.h"
#include "plan_sql/sql_quote.h"

static void sql_filter(struct buf *b, const struct plan_filter *f);

static void
column(struct buf *b, const struct plan_filter *f)
{
    if (!f->function) {
        sql_quote_operand(b, f->rows->alias, f->columns[0]);
        return;
    }
    sql_quote_call(b, f->function, f->rows->alias);
    sql_quote_cast(b, f->columns[0]->type);
}

static void
operand(struct buf *b, const struct plan_filter *f)
{
    sql_parameter(b, f->rows->statement, f->parameter);
}

/* --- times, of which a millisecond is compared --- */

static const char within[] = " + interval '999 microseconds'";

/* `l1."at" >= $1 AND l1."at" <= $1 + interval '999 microseconds'`, which an index serves. */
static void
about(struct buf *b, const struct plan_filter *f)
{
    for (int i = 0; i < 2; i++) {
        buf_put_c(b, i > 0 ? " AND " : "");
        column(b, f);
        buf_put_c(b, i > 0 ? " <= " : " >= ");
        operand(b, f);
    }
    buf_put_c(b, within);
}

/* `l1."at" >= (SELECT min(m.v) FROM unnest($1) AS m(v))` */
static void
bound(struct buf *b, const struct plan_filter *f, bool is_upper)
{
    column(b, f);
    buf_put_c(b,
              is_upper ? " <= (SELECT max(m.v) FROM unnest(" : " >= (SELECT min(m.v) FROM unnest(");
    operand(b, f);
    buf_put_c(b, ") AS m(v))");
    buf_put_c(b, is_upper ? within : "");
}

/* Each of the times is a range.  What is no join is looked up in a hash table: a join of 400 times
 * with a table would compare each row with each time.  The bounds let an index serve it, and tell
 * PostgreSQL that few rows are left. */
static void
among(struct buf *b, const struct plan_filter *f)
{
    bool is_in = f->op == FILTER_IN;

    if (is_in) {
        buf_byte(b, '(');
        bound(b, f, false);
        buf_put_c(b, " AND ");
        bound(b, f, true);
        buf_put_c(b, " AND (");
    }
    buf_put_c(b, "date_trunc('milliseconds', ");
    column(b, f);
    buf_put_c(b, ") IN (SELECT m.v FROM unnest(");
    operand(b, f);
    buf_put_c(b, is_in ? ") AS m(v))) IS TRUE)" : ") AS m(v))");
}

static void
compare_time(struct buf *b, const struct plan_filter *f)
{
    bool is_end = f->op == FILTER_LTE || f->op == FILTER_GT;

    switch (f->op) {
    case FILTER_EQ:
    case FILTER_NE:
        buf_put_c(b, f->op == FILTER_EQ ? "(" : "");
        about(b, f);
        buf_put_c(b, f->op == FILTER_EQ ? ")" : "");
        break;
    case FILTER_IN:
    case FILTER_NIN:
        among(b, f);
        break;
    default:
        column(b, f);
        buf_put_c(b, filter_operators[f->op].sql);
        operand(b, f);
        buf_put_c(b, is_end ? within : "");
        break;
    }
}

/* --- texts --- */

/* `url ILIKE $1`, or the form that the column's index is for. */
static void
match(struct buf *b, const struct plan_filter *f, const struct column *searched)
{
    const char *sql = filter_operators[f->op].sql;
    bool is_lower = searched->search == SEARCH_LOWER && sql[1] == 'I';

    buf_put_c(b, is_lower ? "lower(" : "");
    if (f->function)
        column(b, f);
    else
        sql_quote_column(b, f->rows->alias, searched);
    buf_put_c(b, is_lower ? ") LIKE lower(" : sql);
    operand(b, f);
    buf_put_c(b, is_lower ? ")" : "");
}

static void
match_any(struct buf *b, const struct plan_filter *f)
{
    buf_byte(b, '(');
    for (int i = 0; i < f->column_count; i++) {
        buf_put_c(b, i > 0 ? " OR " : "");
        match(b, f, f->columns[i]);
    }
    buf_byte(b, ')');
}

static void
match_text(struct buf *b, const struct plan_filter *f)
{
    if (f->column_count > 1)
        match_any(b, f);
    else
        match(b, f, f->columns[0]);
}

/* `to_tsvector('english', coalesce(l1."url", '') || ' ' || coalesce(l1."description", ''))`: an
 * index is on just this. */
static void
document(struct buf *b, const struct plan_filter *f)
{
    bool is_made = filter_has_operator(f->columns[0], FILTER_CONTAINS);

    if (!is_made) {
        column(b, f);
        return;
    }
    buf_put_c(b, "to_tsvector(");
    sql_quote_literal(b, f->config);
    buf_put_c(b, ", ");
    for (int i = 0; i < f->column_count; i++) {
        buf_put_c(b, i > 0 ? " || ' ' || " : "");
        buf_put_c(b, f->column_count > 1 ? "coalesce(" : "");
        sql_quote_column(b, f->rows->alias, f->columns[i]);
        buf_put_c(b, f->column_count > 1 ? ", '')" : "");
    }
    buf_byte(b, ')');
}

static void
words(struct buf *b, const struct plan_filter *f)
{
    buf_put_c(b, "websearch_to_tsquery(");
    if (f->config.ptr) {
        sql_quote_literal(b, f->config);
        buf_put_c(b, ", ");
    }
    operand(b, f);
    buf_byte(b, ')');
}

static void
find_words(struct buf *b, const struct plan_filter *f)
{
    document(b, f);
    buf_put_c(b, " @@ ");
    words(b, f);
}

void
sql_rank(struct buf *b, const struct plan_filter *f)
{
    buf_put_c(b, "ts_rank(");
    document(b, f);
    buf_put_c(b, ", ");
    words(b, f);
    buf_byte(b, ')');
}

/* --- comparisons --- */

static void
compare_truth(struct buf *b, const struct plan_filter *f)
{
    bool is_empty = f->op == FILTER_IS_EMPTY;

    buf_put_c(b, is_empty ? "cardinality(" : "");
    column(b, f);
    if (is_empty)
        buf_put_c(b, f->is_true ? ") = 0" : ") > 0");
    else
        sql_null_test(b, f->columns[0]->type, f->is_true);
}

/* Those of the extension intarray stand nearer to `integer[]`, and fail on one with a null. */
static const char *const of_integers[FILTER_OPERATOR_COUNT] = {
    [FILTER_HAS] = " OPERATOR(pg_catalog.@>) ",
    [FILTER_HAS_ALL] = " OPERATOR(pg_catalog.@>) ",
    [FILTER_HAS_ANY] = " OPERATOR(pg_catalog.&&) ",
    [FILTER_WITHIN] = " OPERATOR(pg_catalog.<@) ",
};

static const char *
operator_of(const struct plan_filter *f)
{
    const struct column_type *element = f->columns[0]->type->element;
    bool is_nearer = element && element->kind == COLUMN_INT4 && of_integers[f->op];

    return is_nearer ? of_integers[f->op] : filter_operators[f->op].sql;
}

static void
compare_plainly(struct buf *b, const struct plan_filter *f)
{
    bool is_list = f->op == FILTER_IN || f->op == FILTER_NIN;

    bool is_upper = f->op == FILTER_LT || f->op == FILTER_LTE;

    column(b, f);
    if (filter_is_whole_bound(f->op, f->columns[0]))
        buf_put_c(b, is_upper ? " <= " : " >= ");
    else
        buf_put_c(b, operator_of(f));
    operand(b, f);
    buf_put_c(b, is_list ? ")" : "");
}

static void
compare(struct buf *b, const struct plan_filter *f)
{
    bool is_turned = f->op == FILTER_NE || f->op == FILTER_NIN;

    buf_put_c(b, is_turned ? "(" : "");
    if (filter_operators[f->op].operand == OPERAND_TRUTH)
        compare_truth(b, f);
    else if (filter_operators[f->op].domain == DOMAIN_TEXT)
        match_text(b, f);
    else if (filter_operators[f->op].domain == DOMAIN_DOCUMENT)
        find_words(b, f);
    else if (f->is_truncated)
        compare_time(b, f);
    else
        compare_plainly(b, f);
    buf_put_c(b, is_turned ? ") IS NOT TRUE" : "");
}

/* --- joined rows --- */

static void
exists(struct buf *b, const struct plan_filter *f)
{
    buf_put_c(b, f->is_negated ? "NOT EXISTS (SELECT FROM " : "EXISTS (SELECT FROM ");
    sql_sought(b, f->rows);
    sql_filters(b, f->items, " AND ");
    buf_byte(b, ')');
}

/* --- combinations --- */

static void
combine(struct buf *b, const struct plan_filter *items, const char *separator)
{
    const char *before = "";
    bool is_combined = !items->next && (items->kind == PLAN_AND || items->kind == PLAN_OR);

    buf_put_c(b, is_combined ? "" : "(");
    for (const struct plan_filter *item = items; item; item = item->next) {
        buf_put_c(b, before);
        sql_filter(b, item);
        before = separator;
    }
    buf_put_c(b, is_combined ? "" : ")");
}

static void
sql_filter(struct buf *b, const struct plan_filter *f)
{
    switch (f->kind) {
    case PLAN_AND:
        combine(b, f->items, " AND ");
        break;
    case PLAN_OR:
        combine(b, f->items, " OR ");
        break;
    case PLAN_NOT:
        combine(b, f->items, " AND ");
        buf_put_c(b, " IS NOT TRUE");
        break;
    case PLAN_COMPARE:
        compare(b, f);
        break;
    case PLAN_SEARCH:
        match_any(b, f);
        break;
    case PLAN_EXISTS:
        exists(b, f);
        break;
    case PLAN_NOTHING:
        buf_put_c(b, "false");
        break;
    }
}

void
sql_filters(struct buf *b, const struct plan_filter *filters, const char *before)
{
    for (const struct plan_filter *f = filters; f; f = f->next) {
        buf_put_c(b, before);
        sql_filter(b, f);
        before = " AND ";
    }
}
