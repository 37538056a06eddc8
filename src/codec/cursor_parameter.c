/*
 * cursor_parameter.c - cells that clients give back, as texts of parameters.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "codec/codec_internal.h"
#include "codec/cursor.h"
#include "codec/judge.h"

/* Bytes of a value in binary format; 0: any number. */
static const size_t lengths[COLUMN_OTHER + 1] = {
    [COLUMN_BOOLEAN] = 1, [COLUMN_INT2] = 2,   [COLUMN_INT4] = 4,      [COLUMN_INT8] = 8,
    [COLUMN_FLOAT4] = 4,  [COLUMN_FLOAT8] = 8, [COLUMN_TIMESTAMP] = 8, [COLUMN_TIMESTAMPTZ] = 8,
};

/* Can the cell be read as the format has it?  Texts are UTF-8 and hold no NUL. */
static bool
is_readable(enum column_kind kind, struct str cell)
{
    if (lengths[kind] > 0)
        return cell.len == lengths[kind];
    return kind == COLUMN_BYTEA ||
           (utf8_check(cell) == cell.len && str_find(cell, '\0') == cell.len);
}

static bool
write_array(struct buf *b, const struct column_type *type, struct str cell)
{
    struct codec_elements elements;

    if (!type->element || !codec_elements_open(cell, &elements))
        return false;
    for (int i = 0; i < elements.count; i++) {
        struct str element = codec_elements_next(&elements);
        if (element.ptr && !is_readable(type->element->kind, element))
            return false;
    }
    return codec_array_text(b, cell, type->element);
}

struct str
cursor_parameter(struct arena *a, const struct column_type *type, struct str cell)
{
    struct buf b = { 0 };
    bool is_good =
        type->kind == COLUMN_ARRAY ? write_array(&b, type, cell) : is_readable(type->kind, cell);

    if (is_good && type->kind != COLUMN_ARRAY)
        codec_write_text(&b, cell, type->kind);
    struct str text = buf_copy(a, &b);
    buf_free(&b);
    return is_good && judge_text(a, type, text) ? text : STR_NONE;
}
