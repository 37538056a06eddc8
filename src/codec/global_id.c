/*
 * global_id.c - ids that tell an object from those of all other types.
 *
 * SPDX-License-Identifier: MIT
 */
#include "codec/global_id.h"

#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "value/base64.h"
#include "value/value.h"
#include "value/value_json.h"
#include "codec/codec.h"
#include "codec/judge.h"

/* In JSON a part of a key is a number, or else a string. */
static bool
is_number(const struct column_type *type)
{
    return type->kind == COLUMN_INT2 || type->kind == COLUMN_INT4 || type->kind == COLUMN_INT8;
}

/* --- writing --- */

/* `[7,"a"]`, of texts. */
static void
write_parts(struct buf *b, const struct column *const *columns, const struct str *parts, int count)
{
    buf_byte(b, '[');
    for (int i = 0; i < count; i++) {
        buf_put_c(b, i > 0 ? "," : "");
        if (is_number(columns[i]->type))
            buf_put(b, parts[i]);
        else
            json_write_string(b, parts[i]);
    }
    buf_byte(b, ']');
}

/* The key of a row as text. */
static void
write_key(struct buf *b, const struct column *const *columns, const struct str *cells, int count)
{
    struct str parts[GLOBAL_ID_COLUMNS];
    size_t start[GLOBAL_ID_COLUMNS + 1];
    struct buf texts = { 0 };

    if (count == 1) {
        codec_write_text(b, cells[0], columns[0]->kind);
        return;
    }
    assert(count <= GLOBAL_ID_COLUMNS);
    for (int i = 0; i < count; i++) {
        start[i] = texts.len;
        codec_write_text(&texts, cells[i], columns[i]->kind);
    }
    start[count] = texts.len;
    for (int i = 0; i < count; i++)
        parts[i] = (struct str){ texts.ptr + start[i], start[i + 1] - start[i] };
    write_parts(b, columns, parts, count);
    buf_free(&texts);
}

void
global_id_write(struct buf *b, const struct global_id *id, const struct column *const *columns,
                const struct str *cells)
{
    struct buf text = { 0 };

    buf_put(&text, id->name);
    buf_put_c(&text, id->form == GLOBAL_ID_TYPE_KEY ? ":"
                     : id->form == GLOBAL_ID_PREFIX ? "_"
                                                    : "");
    write_key(&text, columns, cells, id->key->count);
    if (id->form == GLOBAL_ID_TYPE_KEY) {
        buf_byte(b, '"');
        base64_write(b, buf_str(&text));
        buf_byte(b, '"');
    } else {
        json_write_string(b, buf_str(&text));
    }
    buf_free(&text);
}

/* --- reading --- */

/* What follows the name and the separator; STR_NONE: they are not at the beginning. */
static struct str
after_name(struct str text, struct str name, char separator)
{
    if (text.len <= name.len || text.ptr[name.len] != separator || !str_starts_with(text, name))
        return STR_NONE;
    return (struct str){ text.ptr + name.len + 1, text.len - name.len - 1 };
}

/* What follows `Name:` in base64.  A client may give many ids of other types: of these only the
 * beginning is read. */
static struct str
after_type(struct arena *a, struct str name, struct str text)
{
    size_t whole = (name.len + 3) / 3 * 4; /* digits that have the name, and more */

    if (text.len > whole) {
        struct str head = base64_read(a, (struct str){ text.ptr, whole });
        if (!head.ptr || !str_starts_with(head, name))
            return STR_NONE;
    }
    struct str bytes = base64_read(a, text);
    return bytes.ptr ? after_name(bytes, name, ':') : STR_NONE;
}

static struct str
key_part(struct arena *a, const struct global_id *id, struct str text)
{
    switch (id->form) {
    case GLOBAL_ID_TYPE_KEY:
        return after_type(a, id->name, text);
    case GLOBAL_ID_PREFIX:
        return after_name(text, id->name, '_');
    case GLOBAL_ID_KEY:
        break;
    }
    return text;
}

/* Split `[7,"a"]`. */
static bool
read_parts(struct arena *a, const struct key *of, struct str text, struct str *key)
{
    const struct value_json_bounds bounds = { 1, GLOBAL_ID_COLUMNS + 1, text.len, text.len, false };
    struct value_json_fault fault;
    const struct value *list = value_json_read(a, text, &bounds, &fault);
    struct buf *again = buf_new(a);
    int count = 0;

    if (!list || list->kind != VALUE_LIST || list->count != of->count)
        return false;
    for (const struct value *part = list->items; part; part = part->next, count++) {
        if (part->kind != (is_number(of->columns[count]->type) ? VALUE_INT : VALUE_STRING))
            return false;
        key[count] = part->text;
    }
    write_parts(again, of->columns, key, count);
    return str_equal(buf_str(again), text); /* in one way alone */
}

bool
global_id_read(struct arena *a, const struct global_id *id, struct str text, struct str *key)
{
    const struct key *of = id->key;
    struct str part = key_part(a, id, text);

    if (!part.ptr || str_find(part, '\0') < part.len || utf8_check(part) < part.len)
        return false;
    if (of->count > 1 && !read_parts(a, of, part, key))
        return false;
    if (of->count == 1)
        key[0] = str_copy(a, part);
    for (int i = 0; i < of->count; i++)
        if (str_find(key[i], '\0') < key[i].len || !judge_text(a, of->columns[i]->type, key[i]))
            return false;
    return true;
}
