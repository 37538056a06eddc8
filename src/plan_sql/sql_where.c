/*
 * sql_where.c - which rows, in what order, and how many.
 *
 * SPDX-License-Identifier: MIT
 */
#include "schema/schema.h"
#include "plan_sql/sql_part.h"
#include "plan_sql/sql_quote.h"

/* `i1."kind" NOT IN ('note')`: the rows whose types are not hidden. */
static bool
where_visible(struct buf *b, const struct plan_relation *r, const char *before)
{
    const struct type_binding *type = binding_of_type(r->type);

    if (!r->skips_hidden || type->hidden_count == 0)
        return false;
    buf_put_c(b, before);
    sql_column(b, r->alias, type->discriminator);
    for (int i = 0; i < type->hidden_count; i++) {
        buf_put_c(b, i == 0 ? " NOT IN (" : ", ");
        sql_quote_literal(b, type->hidden[i]);
    }
    buf_byte(b, ')');
    return true;
}

bool
sql_where_type(struct buf *b, const struct plan_relation *r, const char *before)
{
    if (r->type && r->type->kind != TYPE_OBJECT)
        return where_visible(b, r, before);
    if (!r->type)
        return false;
    buf_put_c(b, before);
    sql_column(b, r->alias, binding_of_type(r->type)->discriminator);
    buf_put(b, STR(" = "));
    sql_quote_literal(b, binding_of_type(r->type)->label);
    return true;
}

/* `(l1."at" >= $1 AND l1."at" <= $1 + interval '999 microseconds')`, which an index serves. */
static void
where_about(struct buf *b, const struct plan_relation *r, const struct plan_filter *filter)
{
    buf_byte(b, '(');
    sql_column(b, r->alias, filter->columns[0]);
    buf_put(b, STR(" >= "));
    sql_parameter(b, r->statement, filter->parameter);
    buf_put(b, STR(" AND "));
    sql_column(b, r->alias, filter->columns[0]);
    buf_put(b, STR(" <= "));
    sql_parameter(b, r->statement, filter->parameter);
    buf_put(b, STR(" + interval '999 microseconds')"));
}

/* `url ILIKE $1`, or the form that the column's index is for. */
static void
where_search(struct buf *b, const struct plan_relation *r, const struct plan_filter *filter,
             const struct column *column)
{
    bool is_lower = column->search == SEARCH_LOWER;

    buf_put(b, is_lower ? STR("lower(") : STR(""));
    sql_column(b, r->alias, column);
    buf_put(b, is_lower ? STR(") LIKE lower(") : STR(" ILIKE "));
    sql_parameter(b, r->statement, filter->parameter);
    buf_put(b, is_lower ? STR(")") : STR(""));
}

static void
where_filter(struct buf *b, const struct plan_relation *r, const struct plan_filter *filter)
{
    if (filter->is_truncated) {
        where_about(b, r, filter);
        return;
    }
    if (filter->kind == PLAN_SEARCH)
        buf_byte(b, '(');
    for (int i = 0; i < filter->column_count; i++) {
        if (i > 0)
            buf_put(b, STR(" OR "));
        if (filter->kind == PLAN_SEARCH) {
            where_search(b, r, filter, filter->columns[i]);
            continue;
        }
        sql_column(b, r->alias, filter->columns[i]);
        buf_put(b, STR(" = "));
        sql_parameter(b, r->statement, filter->parameter);
    }
    if (filter->kind == PLAN_SEARCH)
        buf_byte(b, ')');
}

const char *
sql_where(struct buf *b, const struct plan_relation *r, const char *before)
{
    if (sql_where_type(b, r, before))
        before = " AND ";
    for (const struct plan_filter *filter = r->slice->filters; filter; filter = filter->next) {
        buf_put_c(b, before);
        where_filter(b, r, filter);
        before = " AND ";
    }
    return before;
}

static void
put_order(struct buf *b, const struct plan_relation *r, const char *before,
          void (*put_term)(struct buf *, const struct plan_relation *, int))
{
    for (int i = 0; i < r->slice->order_count; i++) {
        buf_put_c(b, i > 0 ? ", " : before);
        put_term(b, r, i);
        sql_direction(b, &r->slice->order[i], r->slice->is_reversed);
    }
}

void
sql_order(struct buf *b, const struct plan_relation *r, const char *before)
{
    put_order(b, r, before, sql_term);
}

void
sql_fenced_order(struct buf *b, const struct plan_relation *r, const char *before)
{
    put_order(b, r, before, sql_fenced_term);
}

void
sql_limit(struct buf *b, const struct plan_relation *r)
{
    if (r->slice->has_limit) {
        buf_put(b, STR(" LIMIT "));
        buf_int64(b, r->slice->limit);
    }
    if (r->slice->has_offset) {
        buf_put(b, STR(" OFFSET "));
        sql_parameter(b, r->statement, r->slice->offset);
    }
}
