/*
 * sql_where.c - which rows, in what order, and how many.
 *
 * SPDX-License-Identifier: MIT
 */
#include "schema/schema.h"
#include "plan_sql/sql_filter.h"
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
    sql_quote_operand(b, r->alias, type->discriminator);
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
    sql_quote_operand(b, r->alias, binding_of_type(r->type)->discriminator);
    buf_put(b, STR(" = "));
    sql_quote_literal(b, binding_of_type(r->type)->label);
    return true;
}

const char *
sql_where(struct buf *b, const struct plan_relation *r, const char *before)
{
    if (sql_where_type(b, r, before))
        before = " AND ";
    sql_filters(b, r->slice->filters, before);
    return r->slice->filters ? " AND " : before;
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
