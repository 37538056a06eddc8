/*
 * plan_print_write.c - what a write does to its rows, as text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan/plan_print_write.h"

#include "base/buf.h"
#include "plan/plan.h"

static void
print_columns(struct buf *b, const struct column *const *columns, int count)
{
    for (int i = 0; i < count; i++)
        buf_printf(b, "%s%.*s", i > 0 ? ", " : "", STR_PRINT(columns[i]->name));
}

/* `On: name, changes note`: how a row that is there is found, and what becomes of it. */
static void
print_upsert(struct buf *b, const struct plan_write *write, int indent)
{
    const struct bound_write *bound = write->bound;
    const char *before = ", changes ";

    buf_repeat(b, ' ', (size_t)indent);
    buf_put_c(b, "On: ");
    print_columns(b, bound->on.columns, bound->on.count);
    for (int i = 0; i < write->setting_count; i++) {
        if (!plan_setting_changes(write, &write->settings[i]))
            continue;
        buf_printf(b, "%s%.*s", before, STR_PRINT(write->settings[i].column->name));
        before = ", ";
    }
    buf_put_c(b, plan_write_changes(write) ? "\n" : ", changes nothing\n");
}

/* `Sets: url, description`: the columns that a write gives values. */
void
plan_print_write(struct buf *b, const struct plan_relation *r, int indent)
{
    const struct plan_write *write = plan_write_of(r);

    if (!write || write->setting_count == 0)
        return;
    buf_repeat(b, ' ', (size_t)indent);
    buf_put_c(b, "Sets: ");
    for (int i = 0; i < write->setting_count; i++)
        buf_printf(b, "%s%.*s", i > 0 ? ", " : "", STR_PRINT(write->settings[i].column->name));
    buf_byte(b, '\n');
    if (write->bound->action == WRITE_UPSERT)
        print_upsert(b, write, indent);
}
