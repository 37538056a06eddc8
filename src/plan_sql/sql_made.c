/*
 * sql_made.c - the cells of aggregates: counts, functions of columns, and the keys of groups.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan_sql/sql_made.h"

#include <assert.h>

#include "plan_sql/sql_quote.h"

/* `date_trunc('month', l1."created_at", 'UTC')`.  A date is cut without a time zone. */
static void
write_unit(struct buf *b, struct str alias, const struct bound_group_key *key)
{
    bool is_utc = key->column->kind == COLUMN_TIMESTAMPTZ;
    bool is_date = key->type->kind == COLUMN_DATE;

    buf_put(b, STR("date_trunc('"));
    buf_put_c(b, group_unit_name(key->unit));
    buf_put(b, STR("', "));
    sql_quote_column(b, alias, key->column);
    if (key->column->kind == COLUMN_DATE)
        buf_put(b, STR("::timestamp"));
    else if (is_utc && is_date)
        buf_put(b, STR(" AT TIME ZONE 'UTC'"));
    else if (is_utc)
        buf_put(b, STR(", 'UTC'"));
    buf_byte(b, ')');
    buf_put(b, is_date ? STR("::date") : STR(""));
}

bool
sql_made_is(const struct plan_cell *cell)
{
    return cell->kind == PLAN_CELL_COUNT || cell->kind == PLAN_CELL_AGGREGATE ||
           cell->kind == PLAN_CELL_UNIT;
}

void
sql_made_cell(struct buf *b, const struct plan_cell *cell)
{
    struct str alias = cell->relation->alias;

    switch (cell->kind) {
    case PLAN_CELL_COUNT:
        buf_put(b, STR("count(*)"));
        break;
    case PLAN_CELL_AGGREGATE:
        buf_put_c(b, aggregate_function_name(cell->of.aggregate.function->function));
        buf_byte(b, '(');
        sql_quote_operand(b, alias, cell->of.aggregate.column);
        buf_byte(b, ')');
        break;
    case PLAN_CELL_UNIT:
        write_unit(b, alias, cell->of.unit);
        break;
    default:
        assert(cell->kind == PLAN_CELL_COLUMN);
        sql_quote_column(b, alias, cell->of.column);
        break;
    }
}
