/*
 * row_shape.c - the shapes of the objects that a write is given.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan/row_shape.h"

#include <string.h>

#include "base/buf.h"
#include "schema/schema.h"
#include "value/value.h"

struct walk {
    struct buf own;    /* the lines of objects that are no field of another, */
    size_t last;       /* where the last of them begins, */
    struct buf within; /* and those of the others */
    struct str known;  /* what these may be; STR_NONE: anything */
    bool is_other;     /* one was met that is not among them */
    struct buf line;
};

/* Is the line, with its ends, one of the lines? */
static bool
has_line(struct str lines, struct str line)
{
    const char *at = lines.ptr, *end = lines.ptr + lines.len;

    while (at && (size_t)(end - at) >= line.len) {
        if (memcmp(at, line.ptr, line.len) == 0)
            return true;
        at = memchr(at, '\n', (size_t)(end - at));
        at = at ? at + 1 : NULL;
    }
    return false;
}

static bool
is_list_of_rows(const struct type *type)
{
    return type_nullable(type)->kind == TYPE_LIST && type_named(type)->kind == TYPE_INPUT_OBJECT;
}

static void
walk_value(struct walk *w, const struct type *type, const struct value *value, struct str place);

/* Those of one shape that follow each other are one line. */
static void
add_own(struct walk *w, struct str line)
{
    struct str own = buf_str(&w->own);
    struct str last = { own.ptr + w->last, own.len - w->last };

    if (own.len > 0 && str_equal(last, line))
        return;
    w->last = own.len;
    buf_put(&w->own, line);
}

static void
add_within(struct walk *w, struct str line)
{
    if (has_line(w->known.ptr ? w->known : buf_str(&w->within), line))
        return;
    w->is_other = true;
    buf_put(&w->within, line);
}

/* The fields of an object stand in the order of its type. */
static void
walk_object(struct walk *w, const struct type *type, const struct value *object, struct str place)
{
    const struct value *member = object->items;

    buf_truncate(&w->line, 0);
    buf_put(&w->line, place);
    buf_put_c(&w->line, place.len > 0 ? ": " : "");
    for (int i = 0; i < type->input_count && member; i++) {
        if (!str_equal(type->inputs[i].name, member->name))
            continue;
        if (!is_list_of_rows(type->inputs[i].type)) {
            buf_put(&w->line, member->name);
            buf_byte(&w->line, ' ');
        }
        member = member->next;
    }
    buf_byte(&w->line, '\n');
    (place.len == 0 ? add_own : add_within)(w, buf_str(&w->line));
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

static void
free_walk(struct walk *w)
{
    buf_free(&w->own);
    buf_free(&w->within);
    buf_free(&w->line);
}

struct str
row_shapes_of(struct arena *a, const struct type *type, const struct value *value)
{
    struct walk w = { 0 };

    walk_value(&w, type, value, STR(""));
    buf_byte(&w.own, '\n');
    buf_put(&w.own, buf_str(&w.within));
    struct str shapes = buf_copy(a, &w.own);
    free_walk(&w);
    return shapes;
}

bool
row_shapes_include(struct str shapes, const struct type *type, const struct value *value)
{
    struct walk w = { .known = shapes };

    walk_value(&w, type, value, STR(""));
    buf_byte(&w.own, '\n');
    bool is_own = str_starts_with(shapes, buf_str(&w.own));
    free_walk(&w);
    return is_own && !w.is_other;
}
