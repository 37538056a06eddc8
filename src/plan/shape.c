/*
 * shape.c - the shape of a filter's value.
 *
 * A text: `{2:{0:.5:t}}` has the third input of its type, and of that the first and, true, the
 * sixth.  One walk writes it, and compares it with one that is there.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan/shape.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "schema/schema.h"
#include "value/value.h"
#include "binding/filter.h"

struct shape {
    struct buf *written; /* or NULL: it is compared */
    struct str rest;     /* of what it is compared with */
    bool differs;
};

static void
put(struct shape *s, struct str text)
{
    if (s->written) {
        buf_put(s->written, text);
        return;
    }
    s->differs |= !str_starts_with(s->rest, text);
    if (s->differs)
        return;
    s->rest.ptr += text.len;
    s->rest.len -= text.len;
}

static void
shape_value(struct shape *s, const struct type *type, bool is_truth, const struct value *value);

/* Members stand in the order of the type's inputs. */
static void
shape_object(struct shape *s, const struct type *type, const struct value *object)
{
    const struct value *member = object->items;
    char number[16];

    put(s, STR("{"));
    for (int i = 0; i < type->input_count && member && !s->differs; i++) {
        const struct input_value *input = &type->inputs[i];
        if (!str_equal(input->name, member->name))
            continue;
        int len = snprintf(number, sizeof(number), "%d:", i);
        put(s, (struct str){ number, (size_t)len });
        shape_value(s, input->type, filter_is_truth(input), member);
        member = member->next;
    }
    put(s, STR("}"));
}

static void
shape_list(struct shape *s, const struct type *type, const struct value *list)
{
    put(s, STR("["));
    for (const struct value *item = list->items; item && !s->differs; item = item->next)
        shape_value(s, type->of, false, item);
    put(s, STR("]"));
}

static void
shape_value(struct shape *s, const struct type *type, bool is_truth, const struct value *value)
{
    const struct type *nullable = type_nullable(type);
    bool is_of_objects = type_named(type)->kind == TYPE_INPUT_OBJECT;

    if (!value)
        put(s, STR("-"));
    else if (value->kind == VALUE_NULL)
        put(s, STR("0"));
    else if (nullable->kind == TYPE_INPUT_OBJECT)
        shape_object(s, nullable, value);
    else if (nullable->kind == TYPE_LIST && is_of_objects)
        shape_list(s, nullable, value);
    else
        put(s, !is_truth ? STR(".") : value->boolean ? STR("t") : STR("f"));
}

struct str
shape_of(struct arena *a, const struct type *type, const struct value *value)
{
    struct buf b = { 0 };
    struct shape s = { .written = &b };

    shape_value(&s, type, false, value);
    struct str text = buf_copy(a, &b);
    buf_free(&b);
    return text;
}

bool
shape_is(struct str shape, const struct type *type, const struct value *value)
{
    struct shape s = { .rest = shape };

    shape_value(&s, type, false, value);
    return !s.differs && s.rest.len == 0;
}
