/*
 * codec_array.c - the cells of arrays (PostgreSQL, array_send()): the number of dimensions, a
 * flag, the type of the elements; for each dimension its length and its first index; then each
 * element's length, or -1 for null, and its bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"
#include "base/json.h"
#include "codec/codec_internal.h"

enum { HEADER = 12, DIMENSION = 8, DIMENSIONS_MAX = 6 };

static int
read_int(const char *at)
{
    return (int)codec_int4((struct str){ at, 4 });
}

bool
codec_elements_open(struct str cell, struct codec_elements *elements)
{
    *elements = (struct codec_elements){ .end = cell.ptr + cell.len };
    if (cell.len < HEADER)
        return false;
    elements->dimensions = read_int(cell.ptr);
    if (elements->dimensions < 0 || elements->dimensions > DIMENSIONS_MAX ||
        cell.len < (size_t)(HEADER + elements->dimensions * DIMENSION))
        return false;
    elements->count = elements->dimensions > 0;
    for (int i = 0; i < elements->dimensions; i++) {
        elements->lengths[i] = read_int(cell.ptr + HEADER + i * DIMENSION);
        if (elements->lengths[i] < 1 || /* an empty array has no dimension */
            __builtin_mul_overflow(elements->count, elements->lengths[i], &elements->count))
            return false;
    }
    elements->at = cell.ptr + HEADER + elements->dimensions * DIMENSION;
    return (size_t)elements->count <= cell.len / 4;
}

struct str
codec_elements_next(struct codec_elements *elements)
{
    if (elements->end - elements->at < 4)
        return STR_NONE;
    int len = read_int(elements->at);
    elements->at += 4;
    if (len < 0 || len > elements->end - elements->at)
        return STR_NONE;
    struct str element = { elements->at, (size_t)len };
    elements->at += len;
    return element;
}

typedef bool write_element_fn(struct buf *b, struct str cell, const struct codec *item);

static bool
write_json(struct buf *b, struct str cell, const struct codec *item)
{
    if (cell.ptr)
        return item->write(b, cell, item);
    buf_put(b, STR("null"));
    return true;
}

void
codec_quote_element(struct buf *b, struct str text)
{
    buf_byte(b, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"' || text.ptr[i] == '\\')
            buf_byte(b, '\\');
        buf_byte(b, text.ptr[i]);
    }
    buf_byte(b, '"');
}

/* An element of an array's text: in quotes where it could be taken for something else. */
static bool
write_text(struct buf *b, struct str cell, const struct codec *item)
{
    struct buf plain = { 0 };

    if (!cell.ptr) {
        buf_put(b, STR("NULL"));
        return true;
    }
    codec_write_text(&plain, cell, item->type->kind);
    struct str text = buf_str(&plain);
    if (item->type->kind == COLUMN_INET)
        text = codec_inet_text(text);
    bool is_quoted = text.len == 0 || str_equal_nocase(text, STR("NULL"));
    for (size_t i = 0; i < text.len; i++)
        is_quoted |= memchr("\"\\{}, \t\n\r\v\f", text.ptr[i], 11) != NULL;
    if (is_quoted)
        codec_quote_element(b, text);
    else
        buf_put(b, text);
    buf_free(&plain);
    return true;
}

/* All elements below one of a dimension, between `marks`. */
static bool
write_dimension(struct buf *b, struct codec_elements *elements, int dimension,
                const struct codec *item, write_element_fn *write, const char *marks)
{
    bool is_last = dimension + 1 >= elements->dimensions;

    buf_byte(b, marks[0]);
    for (int i = 0; elements->dimensions > 0 && i < elements->lengths[dimension]; i++) {
        if (i > 0)
            buf_byte(b, ',');
        if (!(is_last ? write(b, codec_elements_next(elements), item)
                      : write_dimension(b, elements, dimension + 1, item, write, marks)))
            return false;
    }
    buf_byte(b, marks[1]);
    return true;
}

bool
codec_write_array_json(struct buf *b, struct str cell, const struct codec *codec)
{
    struct codec_elements elements;

    return codec_elements_open(cell, &elements) &&
           write_dimension(b, &elements, 0, codec->item, write_json, "[]");
}

bool
codec_array_text(struct buf *b, struct str cell, const struct column_type *element)
{
    const struct codec item = { .type = element };
    struct codec_elements elements;

    return codec_elements_open(cell, &elements) &&
           write_dimension(b, &elements, 0, &item, write_text, "{}");
}

bool
codec_write_array_text(struct buf *b, struct str cell, const struct codec *codec)
{
    struct codec_elements elements;
    struct buf text = { 0 };

    if (!codec_elements_open(cell, &elements))
        return false;
    write_dimension(&text, &elements, 0, codec->item, write_text, "{}");
    json_write_string(b, buf_str(&text));
    buf_free(&text);
    return true;
}
