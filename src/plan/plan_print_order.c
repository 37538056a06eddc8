/*
 * plan_print_order.c - what rows are sorted by, as text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan/plan_print_order.h"

#include "base/buf.h"
#include "plan/plan.h"

void
plan_print_term(struct buf *b, const struct plan_relation *r, int number)
{
    const struct order_term *term = &plan_ordered(r)->slice->order[number];
    const struct plan_term_rows *rows = r->slice->order_rows ? &r->slice->order_rows[number] : NULL;
    struct str alias = rows && rows->row  ? rows->row->alias
                       : term->is_between ? r->between
                                          : r->alias;

    if (r->source == PLAN_UNION)
        buf_put(b, term->column->name);
    else if (term->source == ORDER_COLUMN)
        buf_printf(b, "%.*s.%.*s", STR_PRINT(alias), STR_PRINT(term->column->name));
    else if (term->source == ORDER_COUNT)
        buf_printf(b, "count(%.*s)", STR_PRINT(rows->counted->alias));
    else if (term->source == ORDER_RANK)
        buf_printf(b, "rank by $%d", rows->words->parameter + 1);
    else
        buf_printf(b, "%.*s(%.*s)", STR_PRINT(term->function->name), STR_PRINT(alias));
}

void
plan_print_direction(struct buf *b, struct order_direction direction, bool may_be_null)
{
    buf_put_c(b, direction.is_descending ? " DESC" : "");
    if (may_be_null && direction.is_nulls_first != direction.is_descending)
        buf_put_c(b, direction.is_nulls_first ? " NULLS FIRST" : " NULLS LAST");
}

/* `created_at DESC, type DESC, key DESC`: what the branches say with columns of theirs. */
static void
print_union_order(struct buf *b, const struct plan_relation *r)
{
    const char *direction = r->slice->is_descending ? " DESC" : "";
    bool has_key = false; /* that is not among the columns */

    for (int i = 0; i < r->slice->order_count; i++) {
        const struct order_term *term = &r->children->slice->order[i];
        buf_put(b, term->column->name);
        plan_print_direction(b, term->direction, order_term_may_be_null(term));
        buf_put_c(b, ", ");
    }
    for (const struct plan_relation *branch = r->children; branch; branch = branch->next)
        has_key |= branch->slice->order_count > r->slice->order_count;
    buf_printf(b, "type%s", direction);
    if (has_key)
        buf_printf(b, ", key%s", direction);
}

void
plan_print_order(struct buf *b, const struct plan_relation *r)
{
    if (r->source == PLAN_UNION) {
        print_union_order(b, r);
        return;
    }
    for (int i = 0; i < r->slice->order_count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        plan_print_term(b, r, i);
        plan_print_direction(b, r->slice->order[i].direction,
                             order_term_may_be_null(&r->slice->order[i]));
    }
}
