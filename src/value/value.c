/*
 * value.c - input values: making, finding, comparing and writing them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "value/value.h"

#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/utf8.h"
#include "language/print.h"

const struct value value_null = { .kind = VALUE_NULL };

struct value **
value_append(struct arena *a, struct value *parent, struct value **end, const struct value *item,
             struct str name)
{
    struct value *copy = ARENA_NEW(a, struct value);

    assert(parent->kind == VALUE_LIST || parent->kind == VALUE_OBJECT);
    assert((parent->kind == VALUE_OBJECT) == (name.ptr != NULL));
    *copy = *item;
    copy->name = name;
    copy->next = NULL;
    *end = copy;
    parent->count++;
    return &copy->next;
}

const struct value *
value_find(const struct value *object, struct str name)
{
    assert(object->kind == VALUE_OBJECT);
    for (const struct value *v = object->items; v; v = v->next)
        if (str_equal(v->name, name))
            return v;
    return NULL;
}

bool
value_equal(const struct value *a, const struct value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case VALUE_NULL:
        return true;
    case VALUE_BOOLEAN:
        return a->boolean == b->boolean;
    case VALUE_LIST:
    case VALUE_OBJECT:
        break;
    default:
        return str_equal(a->text, b->text);
    }
    if (a->count != b->count)
        return false;
    for (a = a->items, b = b->items; a; a = a->next, b = b->next)
        if (!str_equal(a->name, b->name) || !value_equal(a, b))
            return false;
    return true;
}

/* How a value is written: as JSON, or as a literal, whole or cut. */
struct style {
    bool is_json;
    void (*write_string)(struct buf *b, struct str s); /* of JSON */
    int string, items, depth; /* most bytes, items and levels; 0: no bound */
};

static void put_value(struct buf *b, const struct value *v, const struct style *style, int depth);

static void
put_items(struct buf *b, const struct value *v, const struct style *style, int depth)
{
    int n = 0;

    for (const struct value *item = v->items; item; item = item->next, n++) {
        if (n > 0)
            buf_put_c(b, style->is_json ? "," : ", ");
        if (style->items && n == style->items) {
            buf_put_c(b, "...");
            return;
        }
        if (v->kind == VALUE_OBJECT && style->is_json) {
            style->write_string(b, item->name);
            buf_byte(b, ':');
        } else if (v->kind == VALUE_OBJECT) {
            buf_put(b, item->name);
            buf_put_c(b, ": ");
        }
        put_value(b, item, style, depth);
    }
}

/* Write a string, cut before the character that would pass the bound. */
static void
put_string(struct buf *b, struct str text, const struct style *style)
{
    size_t most = style->string;

    if (style->is_json) {
        style->write_string(b, text);
    } else if (!most || text.len <= most) {
        print_string(b, text);
    } else {
        print_string(b, (struct str){ text.ptr, utf8_cut(text, most) });
        buf_put_c(b, "...");
    }
}

static void
put_value(struct buf *b, const struct value *v, const struct style *style, int depth)
{
    bool is_padded = !style->is_json && v->items;

    switch (v->kind) {
    case VALUE_NULL:
        buf_put_c(b, "null");
        break;
    case VALUE_BOOLEAN:
        json_write_bool(b, v->boolean);
        break;
    case VALUE_INT:
    case VALUE_FLOAT:
        buf_put(b, v->text);
        break;
    case VALUE_STRING:
        put_string(b, v->text, style);
        break;
    case VALUE_ENUM:
        if (style->is_json)
            style->write_string(b, v->text);
        else
            buf_put(b, v->text);
        break;
    case VALUE_LIST:
        buf_byte(b, '[');
        if (style->depth && depth == style->depth && v->items)
            buf_put_c(b, "...");
        else
            put_items(b, v, style, depth + 1);
        buf_byte(b, ']');
        break;
    case VALUE_OBJECT:
        buf_put_c(b, is_padded ? "{ " : "{");
        if (style->depth && depth == style->depth && v->items)
            buf_put_c(b, "...");
        else
            put_items(b, v, style, depth + 1);
        buf_put_c(b, is_padded ? " }" : "}");
        break;
    }
}

void
value_write_json(struct buf *b, const struct value *v)
{
    put_value(b, v, &(struct style){ .is_json = true, .write_string = json_write_string }, 0);
}

void
value_write_any_text(struct buf *b, const struct value *v)
{
    put_value(b, v, &(struct style){ .is_json = true, .write_string = json_write_any_text }, 0);
}

void
value_print(struct buf *b, const struct value *v)
{
    put_value(b, v, &(struct style){ .is_json = false }, 0);
}

struct str
value_inspect(struct arena *a, const struct value *v)
{
    static const struct style brief = { .string = 100, .items = 10, .depth = 2 };
    struct buf b = { 0 };
    struct str text;

    put_value(&b, v, &brief, 0);
    text = buf_copy(a, &b);
    buf_free(&b);
    return text;
}

void
value_print_path(struct buf *b, const struct path *path)
{
    if (!path)
        return;
    value_print_path(b, path->parent);
    if (path->name.ptr)
        buf_printf(b, ".%.*s", STR_PRINT(path->name));
    else
        buf_printf(b, "[%d]", path->index);
}
