/*
 * trial_filter.c - filters that have each condition that a filter can have.
 *
 * SPDX-License-Identifier: MIT
 */
#include "trial/trial_filter.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "schema/schema.h"
#include "binding/filter.h"
#include "trial/trial_literal.h"

struct seen {
    const struct bound_filter *filter;
    const struct seen *next;
};

struct writing {
    struct arena *arena;
    const struct seen *seen;
    const struct map *elsewhere;
    int wanted, count;
    bool is_strict; /* nothing is written that has no condition in it */
    struct str place;
};

static bool
is_seen(struct writing *w, const struct bound_filter *filter)
{
    for (const struct seen *seen = w->seen; seen; seen = seen->next)
        if (seen->filter == filter)
            return true;
    return false;
}

/* Is the next condition written?  It is one of the input, or of an operator within its type. */
static bool
takes_next(struct writing *w, const struct bound_filter *filter, const struct input_value *input,
           const struct input_value *op)
{
    bool is_it = w->count++ == w->wanted;

    if (is_it)
        w->place = op ? str_format(w->arena, "%.*s.%.*s.%.*s", STR_PRINT(filter->type->name),
                                   STR_PRINT(input->name), STR_PRINT(op->name))
                      : str_format(w->arena, "%.*s.%.*s", STR_PRINT(filter->type->name),
                                   STR_PRINT(input->name));
    return is_it || w->wanted == TRIAL_FILTER_ALL;
}

static void
write_name(struct buf *b, const struct input_value *input)
{
    buf_put(b, input->name);
    buf_put_c(b, ": ");
}

static bool write_filter(struct writing *w, struct buf *b, const struct bound_filter *filter);

/* `url: {eq: "x"}`; false, and nothing written, where none of its conditions is. */
static bool
write_column(struct writing *w, struct buf *b, const struct bound_filter *filter,
             const struct input_value *input)
{
    const struct type *type = type_named(input->type);
    bool is_any = false;

    if (type_is_leaf(type)) {
        is_any = takes_next(w, filter, input, NULL);
        if (is_any) {
            write_name(b, input);
            trial_literal_write(b, input->type);
        }
        return is_any;
    }
    for (int i = 0; i < type->input_count; i++) {
        if (!takes_next(w, filter, input, &type->inputs[i]))
            continue;
        if (!is_any)
            write_name(b, input);
        buf_put_c(b, is_any ? " " : "{");
        write_name(b, &type->inputs[i]);
        trial_literal_write(b, type->inputs[i].type);
        is_any = true;
    }
    buf_put_c(b, is_any ? "}" : "");
    return is_any;
}

/* The filter within the field, unless it has been written. */
static bool
write_within(struct writing *w, struct buf *b, const struct bound_filter *filter)
{
    bool is_elsewhere = w->elsewhere && map_get(w->elsewhere, filter->type->name);

    if (!is_elsewhere && !is_seen(w, filter))
        return write_filter(w, b, filter);
    buf_put_c(b, "{}");
    return false;
}

/* `posted_by: {}`, `votes: {some: {}}`: the join is a condition, too. */
static bool
write_join(struct writing *w, struct buf *b, const struct bound_filter *filter,
           const struct input_value *input, const struct filter_field *field)
{
    const struct type *type = type_named(input->type);
    bool is_many = field->kind == FILTER_TO_MANY;
    bool is_any = takes_next(w, filter, input, NULL);
    struct buf *within = buf_new(w->arena);

    bool has_condition =
        write_within(w, within, is_many ? field->quantifiers[0].filter : field->filter);
    if (w->is_strict ? !has_condition : !is_any && !has_condition)
        return false;
    write_name(b, input);
    if (is_many) {
        buf_byte(b, '{');
        write_name(b, &type->inputs[0]);
    }
    buf_put(b, buf_copy(w->arena, within));
    buf_put_c(b, is_many ? "}" : "");
    return true;
}

/* `not: {}`, `and: [{}]`, where they are of another type than the filter around them. */
static bool
write_combination(struct writing *w, struct buf *b, const struct input_value *input,
                  const struct filter_field *field)
{
    bool is_list = field->kind != FILTER_NOT;
    struct buf *within = buf_new(w->arena);

    if (is_seen(w, field->filter) || !write_within(w, within, field->filter))
        return false;
    write_name(b, input);
    buf_put_c(b, is_list ? "[" : "");
    buf_put(b, buf_copy(w->arena, within));
    buf_put_c(b, is_list ? "]" : "");
    return true;
}

static bool
write_filter(struct writing *w, struct buf *b, const struct bound_filter *filter)
{
    struct seen *seen = ARENA_NEW(w->arena, struct seen);
    bool is_any = false;

    *seen = (struct seen){ filter, w->seen };
    w->seen = seen;
    buf_byte(b, '{');
    for (int i = 0; i < filter->type->input_count; i++) {
        const struct input_value *input = &filter->type->inputs[i];
        const struct filter_field *field = &filter->fields[i];
        buf_put_c(b, is_any ? " " : "");
        if (field->kind == FILTER_COLUMN)
            is_any |= write_column(w, b, filter, input);
        else if (field->join)
            is_any |= write_join(w, b, filter, input, field);
        else
            is_any |= write_combination(w, b, input, field);
    }
    buf_byte(b, '}');
    return is_any;
}

void
trial_filter_write_strict(struct arena *a, struct buf *b, const struct bound_filter *filter,
                          bool is_of_one)
{
    struct buf *written = buf_new(a);
    struct writing w = { .arena = a, .wanted = TRIAL_FILTER_ALL, .is_strict = true };

    write_filter(&w, written, filter);
    for (int i = 0, count = w.count; is_of_one && i < count; i++) {
        struct buf *one = buf_new(a);
        w = (struct writing){ .arena = a, .wanted = i, .is_strict = true };
        if (!write_filter(&w, one, filter))
            continue;
        written = one;
        break;
    }
    buf_put(b, buf_copy(a, written));
}

int
trial_filter_write(struct arena *a, struct buf *b, const struct bound_filter *filter,
                   const struct map *elsewhere, int number, struct str *place)
{
    struct writing w = { .arena = a, .elsewhere = elsewhere, .wanted = number, .place = STR_NONE };

    write_filter(&w, b, filter);
    *place = w.place;
    return w.count;
}
