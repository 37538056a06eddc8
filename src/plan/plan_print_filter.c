/*
 * plan_print_filter.c - a condition of a plan as text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan/plan_print_filter.h"

#include <assert.h>

#include "base/buf.h"
#include "plan/plan.h"

static void
print_column(struct buf *b, const struct plan_relation *r, const struct column *column)
{
    buf_put(b, r->alias);
    buf_byte(b, '.');
    buf_put(b, column->name);
}

static void
print_operand(struct buf *b, const struct plan_filter *f)
{
    assert(f->parameter >= 0 && f->parameter < f->rows->statement->parameter_count);
    buf_printf(b, "$%d", f->parameter + 1);
}

/* `l1.id = $1`, `l1.url contains $2`, `l1.url isNull true` */
static void
print_comparison(struct buf *b, const struct plan_filter *f)
{
    for (int i = 0; i < f->column_count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        if (f->function)
            buf_printf(b, "%.*s(%.*s)", STR_PRINT(f->function->name), STR_PRINT(f->rows->alias));
        else
            print_column(b, f->rows, f->columns[i]);
    }
    if (f->op == FILTER_EQ)
        buf_put_c(b, " = ");
    else
        buf_printf(b, " %s ", filter_operators[f->op].name);
    if (filter_operators[f->op].operand == OPERAND_TRUTH)
        buf_put_c(b, f->is_true ? "true" : "false");
    else
        print_operand(b, f);
    buf_put_c(b, f->is_truncated ? " (to the millisecond)" : "");
}

static void
print_search(struct buf *b, const struct plan_filter *f)
{
    for (int i = 0; i < f->column_count; i++) {
        bool is_lower = f->columns[i]->search == SEARCH_LOWER;
        buf_put_c(b, i > 0 ? " OR " : "");
        buf_put_c(b, is_lower ? "lower(" : "");
        print_column(b, f->rows, f->columns[i]);
        buf_put_c(b, is_lower ? ") LIKE lower(" : " ILIKE ");
        print_operand(b, f);
        buf_put_c(b, is_lower ? ")" : "");
    }
}

/* `exists votes v2 on v2.link_id = l1.id `, before what its rows must meet. */
static void
print_sought(struct buf *b, const struct plan_filter *f)
{
    const struct plan_relation *r = f->rows;
    const struct join *join = join_to_parent(r->join);

    buf_put_c(b, f->is_negated ? "not exists " : "exists ");
    buf_put(b, r->of.table->name);
    buf_byte(b, ' ');
    buf_put(b, r->alias);
    if (join != r->join) {
        buf_put_c(b, " through ");
        buf_put(b, join->table->name);
    }
    for (int i = 0; i < join->count; i++) {
        buf_put_c(b, i > 0 ? " and " : " on ");
        buf_put(b, join == r->join ? r->alias : r->between);
        buf_byte(b, '.');
        buf_put(b, join->to[i]->name);
        buf_put_c(b, " = ");
        print_column(b, r->parent, join->from[i]);
    }
    buf_put_c(b, f->items ? " " : "");
}

void
plan_print_filter(struct buf *b, const struct plan_filter *f)
{
    static const char *const kinds[] = { [PLAN_AND] = " and ", [PLAN_OR] = " or " };
    const char *separator = "";

    switch (f->kind) {
    case PLAN_COMPARE:
        print_comparison(b, f);
        return;
    case PLAN_SEARCH:
        print_search(b, f);
        return;
    case PLAN_NOTHING:
        buf_put_c(b, "nothing");
        return;
    case PLAN_EXISTS:
        print_sought(b, f);
        break;
    case PLAN_NOT:
        buf_put_c(b, "not ");
        break;
    case PLAN_AND:
    case PLAN_OR:
        break;
    }
    buf_put_c(b, f->items ? "(" : "");
    for (const struct plan_filter *item = f->items; item; item = item->next) {
        buf_put_c(b, separator);
        plan_print_filter(b, item);
        separator = f->kind == PLAN_OR ? kinds[PLAN_OR] : kinds[PLAN_AND];
    }
    buf_put_c(b, f->items ? ")" : "");
}
