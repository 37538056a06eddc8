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
    const struct plan_shape *shape = write->shapes;
    const char *before = ", changes ";

    buf_repeat(b, ' ', (size_t)indent);
    buf_put_c(b, "On: ");
    print_columns(b, bound->on.columns, bound->on.count);
    for (int i = 0; i < shape->setting_count; i++) {
        if (!plan_setting_changes(write, &shape->settings[i]))
            continue;
        buf_printf(b, "%s%.*s", before, STR_PRINT(shape->settings[i].column->name));
        before = ", ";
    }
    buf_put_c(b, plan_shape_changes(write, shape) ? "\n" : ", changes nothing\n");
}

bool
plan_print_is_of_objects(const struct plan_statement *s, const struct plan_parameter *parameter)
{
    const struct plan_write *write = plan_write_of(s->relation);

    return write && write->is_many && (parameter->set || parameter->form == PLAN_PLACES);
}

/* `input.votes` */
static void
print_place(struct buf *b, const struct plan_write *write, const struct plan_parameter *parameter)
{
    if (!write->outer) {
        buf_put(b, parameter->argument->name);
        return;
    }
    print_place(b, plan_write_of(write->outer), parameter);
    buf_printf(b, ".%.*s", STR_PRINT(write->within->name));
}

void
plan_print_of_objects(struct buf *b, const struct plan_statement *s,
                      const struct plan_parameter *parameter)
{
    print_place(b, plan_write_of(s->relation), parameter);
    if (parameter->form == PLAN_PLACES)
        buf_printf(b, " of shape %d", parameter->shape + 1);
    else
        buf_printf(b, ".%.*s", STR_PRINT(parameter->input->name));
}

/* `Sets: url, description; url`: the columns that a write gives values, for each shape. */
void
plan_print_write(struct buf *b, const struct plan_relation *r, int indent)
{
    const struct plan_write *write = plan_write_of(r);

    if (!write || write->shape_count == 0 ||
        (write->shape_count == 1 && write->shapes->setting_count == 0))
        return;
    buf_repeat(b, ' ', (size_t)indent);
    buf_put_c(b, "Sets: ");
    for (int i = 0; i < write->shape_count; i++) {
        const struct plan_shape *shape = &write->shapes[i];
        buf_put_c(b, i > 0 ? "; " : "");
        buf_put_c(b, shape->setting_count == 0 ? "nothing" : "");
        for (int j = 0; j < shape->setting_count; j++)
            buf_printf(b, "%s%.*s", j > 0 ? ", " : "", STR_PRINT(shape->settings[j].column->name));
    }
    buf_byte(b, '\n');
    if (write->bound->action == WRITE_UPSERT)
        print_upsert(b, write, indent);
}
