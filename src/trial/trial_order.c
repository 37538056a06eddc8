/*
 * trial_order.c - orders that have each term that an order can have.
 *
 * SPDX-License-Identifier: MIT
 */
#include "trial/trial_order.h"

#include <stdbool.h>

#include "base/buf.h"
#include "schema/schema.h"

/* A term is a value of an enum, or the inputs that lead to one: `{ user: { name: ASC } }`. */
struct way {
    const struct type *type; /* an input object with @oneOf */
    const struct input_value *input;
    const struct way *outer;
};

struct writing {
    struct buf *b;
    int from, end, count;
};

static void
write_way(struct buf *b, const struct way *way)
{
    if (!way)
        return;
    write_way(b, way->outer);
    buf_byte(b, '{');
    buf_put(b, way->input->name);
    buf_put_c(b, ": ");
}

static void
write_term(struct writing *w, const struct way *way, const struct enum_value *value)
{
    bool is_wanted = w->count >= w->from && w->count < w->end;

    w->count++;
    if (!is_wanted)
        return;
    write_way(w->b, way);
    buf_put(w->b, value->name);
    for (; way; way = way->outer)
        buf_byte(w->b, '}');
    buf_byte(w->b, ' ');
}

static bool
is_seen(const struct way *way, const struct type *type)
{
    while (way && way->type != type)
        way = way->outer;
    return way != NULL;
}

/* The terms of an input object; of one within itself, one that leads no further. */
static void
write_terms(struct writing *w, const struct type *type, const struct way *outer)
{
    bool is_again = is_seen(outer, type);

    for (int i = 0; i < type->input_count; i++) {
        const struct type *of = type_nullable(type->inputs[i].type);
        const struct way way = { type, &type->inputs[i], outer };
        if (of->kind == TYPE_ENUM)
            write_term(w, &way, &of->values[0]);
        else if (!is_again)
            write_terms(w, of, &way);
        if (is_again && of->kind == TYPE_ENUM)
            return;
    }
}

static bool
is_list(const struct type *type)
{
    return type_nullable(type)->kind == TYPE_LIST;
}

int
trial_order_step(const struct type *type)
{
    return is_list(type) ? TRIAL_ORDER_TERMS : 1;
}

int
trial_order_write(struct buf *b, const struct type *type, int from)
{
    const struct type *named = type_named(type);
    struct writing w = { .b = b, .from = from, .end = from + trial_order_step(type) };

    buf_put_c(b, is_list(type) ? "[" : "");
    if (named->kind == TYPE_INPUT_OBJECT)
        write_terms(&w, named, NULL);
    for (int i = 0; named->kind == TYPE_ENUM && i < named->value_count; i++)
        write_term(&w, NULL, &named->values[i]);
    buf_put_c(b, is_list(type) ? "]" : "");
    return w.count;
}
