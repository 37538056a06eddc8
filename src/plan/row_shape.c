/*
 * row_shape.c - the shapes of the objects that a write is given.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan/row_shape.h"

#include "base/buf.h"
#include "schema/schema.h"
#include "value/value.h"

struct walk {
    struct buf shapes;
    struct buf line; /* of the object that is looked at */
};

/* The last line of objects in that place; STR_NONE: there is none. */
static struct str
last_line(const struct walk *w, struct str place)
{
    struct str shapes = buf_str(&w->shapes);
    size_t end = shapes.len;

    while (end > 0) {
        size_t start = end - 1;
        while (start > 0 && shapes.ptr[start - 1] != '\n')
            start--;
        struct str line = { shapes.ptr + start, end - start };
        if (str_starts_with(line, place) && line.ptr[place.len] == ':')
            return line;
        end = start;
    }
    return STR_NONE;
}

static bool
is_list_of_rows(const struct type *type)
{
    return type_nullable(type)->kind == TYPE_LIST && type_named(type)->kind == TYPE_INPUT_OBJECT;
}

static void
walk_value(struct walk *w, const struct type *type, const struct value *value, struct str place);

/* The fields of an object stand in the order of its type. */
static void
walk_object(struct walk *w, const struct type *type, const struct value *object, struct str place)
{
    const struct value *member = object->items;

    buf_truncate(&w->line, 0);
    buf_put(&w->line, place);
    buf_byte(&w->line, ':');
    for (int i = 0; i < type->input_count && member; i++) {
        if (!str_equal(type->inputs[i].name, member->name))
            continue;
        if (!is_list_of_rows(type->inputs[i].type)) {
            buf_byte(&w->line, ' ');
            buf_put(&w->line, member->name);
        }
        member = member->next;
    }
    buf_byte(&w->line, '\n');
    struct str last = last_line(w, place);
    if (!last.ptr || !str_equal(last, buf_str(&w->line)))
        buf_put(&w->shapes, buf_str(&w->line));
}

static void
walk_members(struct walk *w, const struct type *type, const struct value *object, struct str place)
{
    struct buf inner = { 0 };

    for (const struct value *member = object->items; member; member = member->next) {
        const struct input_value *input = schema_find_input(type, member->name);
        if (!input || type_named(input->type)->kind != TYPE_INPUT_OBJECT)
            continue;
        buf_truncate(&inner, 0);
        buf_put(&inner, place);
        buf_byte(&inner, '.');
        buf_put(&inner, member->name);
        walk_value(w, input->type, member, buf_str(&inner));
    }
    buf_free(&inner);
}

static void
walk_value(struct walk *w, const struct type *type, const struct value *value, struct str place)
{
    const struct type *nullable = type_nullable(type);

    if (value && value->kind == VALUE_LIST) {
        for (const struct value *item = value->items; item; item = item->next)
            walk_value(w, nullable->of, item, place);
    } else if (value && value->kind == VALUE_OBJECT) {
        walk_object(w, nullable, value, place);
        walk_members(w, nullable, value, place);
    }
}

/* Of the heap. */
static struct buf
walk_all(const struct type *type, const struct value *value)
{
    struct walk w = { 0 };

    walk_value(&w, type, value, STR(""));
    buf_free(&w.line);
    return w.shapes;
}

struct str
row_shapes_of(struct arena *a, const struct type *type, const struct value *value)
{
    struct buf b = walk_all(type, value);
    struct str shapes = buf_copy(a, &b);

    buf_free(&b);
    return shapes;
}

bool
row_shapes_are(struct str shapes, const struct type *type, const struct value *value)
{
    struct buf b = walk_all(type, value);
    bool are = str_equal(shapes, buf_str(&b));

    buf_free(&b);
    return are;
}
