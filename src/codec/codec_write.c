/*
 * codec_write.c - the database's cells as JSON (specification, 3.5.1 to 3.5.6, result
 * coercion).
 *
 * The writers run once for each cell of an answer: but for floats, they format nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "value/base64.h"
#include "value/scalar_time.h"
#include "codec/codec_internal.h"
#include "codec/judge.h"

enum { INTEGER_MAX = 20 }; /* characters of an int64 */

/* Write the digits of a number before `end`; return where they begin. */
static char *
put_digits(char *end, int64_t number)
{
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;

    do {
        *--end = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        *--end = '-';
    return end;
}

static bool
write_integer(struct buf *b, int64_t number)
{
    char digits[INTEGER_MAX], *end = digits + sizeof(digits), *start = put_digits(end, number);

    buf_put(b, (struct str){ start, (size_t)(end - start) });
    return true;
}

static bool
write_quoted_integer(struct buf *b, int64_t number)
{
    char digits[INTEGER_MAX + 2], *end = digits + sizeof(digits), *start;

    end[-1] = '"';
    start = put_digits(end - 1, number);
    *--start = '"';
    buf_put(b, (struct str){ start, (size_t)(end - start) });
    return true;
}

static bool
int2_number(struct buf *b, struct str cell, const struct codec *codec)
{
    (void)codec;
    return write_integer(b, codec_int2(cell));
}

static bool
int4_number(struct buf *b, struct str cell, const struct codec *codec)
{
    (void)codec;
    return write_integer(b, codec_int4(cell));
}

static bool
int8_number(struct buf *b, struct str cell, const struct codec *codec)
{
    (void)codec;
    return write_integer(b, codec_int8(cell));
}

/* As an Int, which has 32 bits (3.5.1). */
static bool
int8_int(struct buf *b, struct str cell, const struct codec *codec)
{
    (void)codec;
    int64_t number = codec_int8(cell);

    return number >= INT32_MIN && number <= INT32_MAX && write_integer(b, number);
}

static bool
int2_string(struct buf *b, struct str cell, const struct codec *codec)
{
    (void)codec;
    return write_quoted_integer(b, codec_int2(cell));
}

static bool
int4_string(struct buf *b, struct str cell, const struct codec *codec)
{
    (void)codec;
    return write_quoted_integer(b, codec_int4(cell));
}

static bool
int8_string(struct buf *b, struct str cell, const struct codec *codec)
{
    (void)codec;
    return write_quoted_integer(b, codec_int8(cell));
}

bool
codec_write_float4(struct buf *b, struct str cell)
{
    uint32_t raw = (uint32_t)codec_int4(cell);
    char text[32];
    float number;

    memcpy(&number, &raw, sizeof(number));
    if (!isfinite(number))
        return false;
    for (int digits = 6; digits <= 9; digits++) { /* nine are always enough */
        snprintf(text, sizeof(text), "%.*g", digits, (double)number);
        if (strtof(text, NULL) == number)
            break;
    }
    buf_put_c(b, text);
    return true;
}

bool
codec_write_float8(struct buf *b, struct str cell)
{
    uint64_t raw = (uint64_t)codec_int8(cell);
    double number;

    memcpy(&number, &raw, sizeof(number));
    if (!isfinite(number))
        return false;
    json_write_double(b, number);
    return true;
}

static bool
float4_number(struct buf *b, struct str cell, const struct codec *codec)
{
    (void)codec;
    return codec_write_float4(b, cell);
}

static bool
float8_number(struct buf *b, struct str cell, const struct codec *codec)
{
    (void)codec;
    return codec_write_float8(b, cell);
}

/* The digits as PostgreSQL keeps them; not `NaN`, `Infinity`, `-Infinity`. */
static bool
numeric_number(struct buf *b, struct str cell, const struct codec *codec)
{
    char first = cell.ptr[cell.len > 1 && cell.ptr[0] == '-'];

    (void)codec;
    if (first < '0' || first > '9')
        return false;
    buf_put(b, cell);
    return true;
}

/* As a Float, which is a double (3.5.2).  A number of so few characters is one. */
static bool
numeric_float(struct buf *b, struct str cell, const struct codec *codec)
{
    enum { SURE = 300 };
    size_t point = cell.len < SURE ? 0 : str_find(cell, '.');

    if (point > SURE && !isfinite(strtod(cell.ptr, NULL)))
        return false;
    return numeric_number(b, cell, codec);
}

static bool
text_string(struct buf *b, struct str cell, const struct codec *codec)
{
    (void)codec;
    json_write_string(b, cell);
    return true;
}

static bool
inet_string(struct buf *b, struct str cell, const struct codec *codec)
{
    return text_string(b, codec_inet_text(cell), codec);
}

/* A binary cell as PostgreSQL's text. */
static bool
other_string(struct buf *b, struct str cell, const struct codec *codec)
{
    buf_byte(b, '"');
    codec_write_text(b, cell, codec->type->kind);
    buf_byte(b, '"');
    return true;
}

static bool
bytea_text(struct buf *b, struct str cell, const struct codec *codec)
{
    (void)codec;
    buf_put(b, STR("\"\\\\x"));
    codec_write_hexadecimal(b, cell);
    buf_byte(b, '"');
    return true;
}

static bool
bytea_base64(struct buf *b, struct str cell, const struct codec *codec)
{
    (void)codec;
    buf_byte(b, '"');
    base64_write(b, cell);
    buf_byte(b, '"');
    return true;
}

static bool
boolean_literal(struct buf *b, struct str cell, const struct codec *codec)
{
    (void)codec;
    json_write_bool(b, cell.ptr[0] != 0);
    return true;
}

static bool
boolean_string(struct buf *b, struct str cell, const struct codec *codec)
{
    (void)codec;
    buf_put(b, cell.ptr[0] != 0 ? STR("\"true\"") : STR("\"false\""));
    return true;
}

static bool
json_value(struct buf *b, struct str cell, const struct codec *codec)
{
    (void)codec;
    buf_put(b, cell);
    return true;
}

/* A time that stands at `text + 1`, in quotes. */
static bool
write_time(struct buf *b, char *text, int len)
{
    if (len == 0)
        return false;
    text[0] = text[len + 1] = '"';
    buf_put(b, (struct str){ text, (size_t)len + 2 });
    return true;
}

static bool
time_millis(struct buf *b, struct str cell, const struct codec *codec)
{
    char text[SCALAR_TIME_MAX + 2];

    (void)codec;
    return write_time(b, text, scalar_time_write(codec_int8(cell), 3, text + 1));
}

static bool
time_micros(struct buf *b, struct str cell, const struct codec *codec)
{
    char text[SCALAR_TIME_MAX + 2];

    (void)codec;
    return write_time(b, text, scalar_time_write(codec_int8(cell), 6, text + 1));
}

static bool
time_local(struct buf *b, struct str cell, const struct codec *codec)
{
    char text[SCALAR_TIME_MAX + 2];

    (void)codec;
    return write_time(b, text, scalar_time_write_local(codec_int8(cell), text + 1));
}

/* What RFC 3339 cannot say as PostgreSQL says it. */
static bool
time_any(struct buf *b, struct str cell, const struct codec *codec)
{
    bool is_point = codec->type->kind == COLUMN_TIMESTAMPTZ || codec->is_utc;

    if (is_point ? time_millis(b, cell, codec) : time_local(b, cell, codec))
        return true;
    return other_string(b, cell, codec);
}

/* The value of the contract's enum that stands for a label. */
static bool
enum_value(struct buf *b, struct str cell, const struct codec *codec)
{
    const struct codec_labels *labels = codec->labels;

    for (int i = 0; i < labels->count; i++)
        if (str_equal(labels->list[i].label, cell)) {
            buf_put(b, labels->list[i].json);
            return true;
        }
    return false;
}

/* The same of a char(n), which is filled up with spaces. */
static bool
enum_padded(struct buf *b, struct str cell, const struct codec *codec)
{
    if (enum_value(b, cell, codec))
        return true;
    while (cell.len > 0 && cell.ptr[cell.len - 1] == ' ')
        cell.len--;
    return enum_value(b, cell, codec);
}

static const char *const form_names[] = {
    [CODEC_ID] = "ID",
    [CODEC_INT] = "Int",
    [CODEC_FLOAT] = "Float",
    [CODEC_STRING] = "String",
    [CODEC_BOOLEAN] = "Boolean",
    [CODEC_DATE_TIME] = "DateTime",
    [CODEC_DATE_TIME_MICROS] = "DateTimeMicros",
    [CODEC_LOCAL_DATE_TIME] = "LocalDateTime",
};

/* clang-format off */

/* Kinds whose cells are text, which is shown as it is. */
#define TEXTS                                                                                     \
    [COLUMN_TEXT] = text_string, [COLUMN_VARCHAR] = text_string, [COLUMN_CHAR] = text_string,     \
    [COLUMN_CITEXT] = text_string, [COLUMN_NAME] = text_string, [COLUMN_UUID] = text_string

#define OTHER_TEXTS                                                                               \
    [COLUMN_BYTE] = text_string, [COLUMN_DATE] = text_string, [COLUMN_TIME] = text_string,        \
    [COLUMN_TIMETZ] = text_string, [COLUMN_INTERVAL] = text_string, [COLUMN_INET] = inet_string,  \
    [COLUMN_CIDR] = text_string, [COLUMN_MACADDR] = text_string,                                  \
    [COLUMN_MACADDR8] = text_string, [COLUMN_OID] = text_string, [COLUMN_MONEY] = text_string,    \
    [COLUMN_BIT] = text_string, [COLUMN_VARBIT] = text_string,                                    \
    [COLUMN_INT4RANGE] = text_string, [COLUMN_INT8RANGE] = text_string,                           \
    [COLUMN_NUMRANGE] = text_string, [COLUMN_DATERANGE] = text_string,                            \
    [COLUMN_TSRANGE] = text_string, [COLUMN_TSTZRANGE] = text_string,                             \
    [COLUMN_XML] = text_string, [COLUMN_ENUM] = text_string, [COLUMN_OTHER] = text_string

static codec_write_fn *const writers[][COLUMN_OTHER + 1] = {
    [CODEC_ID] = {
        TEXTS, [COLUMN_INT2] = int2_string, [COLUMN_INT4] = int4_string,
        [COLUMN_INT8] = int8_string, [COLUMN_NUMERIC] = text_string, [COLUMN_OID] = text_string,
    },
    [CODEC_INT] = {
        [COLUMN_INT2] = int2_number, [COLUMN_INT4] = int4_number, [COLUMN_INT8] = int8_int,
    },
    [CODEC_FLOAT] = {
        [COLUMN_INT2] = int2_number, [COLUMN_INT4] = int4_number, [COLUMN_INT8] = int8_number,
        [COLUMN_FLOAT4] = float4_number, [COLUMN_FLOAT8] = float8_number,
        [COLUMN_NUMERIC] = numeric_float,
    },
    [CODEC_STRING] = {
        TEXTS, OTHER_TEXTS, [COLUMN_BOOLEAN] = boolean_string,
        [COLUMN_INT2] = int2_string, [COLUMN_INT4] = int4_string, [COLUMN_INT8] = int8_string,
        [COLUMN_FLOAT4] = other_string, [COLUMN_FLOAT8] = other_string,
        [COLUMN_NUMERIC] = text_string, [COLUMN_TIMESTAMP] = other_string,
        [COLUMN_TIMESTAMPTZ] = other_string, [COLUMN_BYTEA] = bytea_text,
        [COLUMN_JSON] = text_string, [COLUMN_JSONB] = text_string,
        [COLUMN_ARRAY] = codec_write_array_text,
    },
    [CODEC_BOOLEAN] = { [COLUMN_BOOLEAN] = boolean_literal },
    [CODEC_DATE_TIME] = { [COLUMN_TIMESTAMP] = time_millis, [COLUMN_TIMESTAMPTZ] = time_millis },
    [CODEC_DATE_TIME_MICROS] = {
        [COLUMN_TIMESTAMP] = time_micros, [COLUMN_TIMESTAMPTZ] = time_micros,
    },
    [CODEC_LOCAL_DATE_TIME] = { [COLUMN_TIMESTAMP] = time_local },
    [CODEC_ENUM] = {
        [COLUMN_TEXT] = enum_value, [COLUMN_VARCHAR] = enum_value, [COLUMN_CHAR] = enum_padded,
        [COLUMN_CITEXT] = enum_value, [COLUMN_NAME] = enum_value, [COLUMN_ENUM] = enum_value,
    },
    [CODEC_CUSTOM] = {
        TEXTS, OTHER_TEXTS, [COLUMN_BOOLEAN] = boolean_literal,
        [COLUMN_INT2] = int2_number, [COLUMN_INT4] = int4_number, [COLUMN_INT8] = int8_number,
        [COLUMN_FLOAT4] = float4_number, [COLUMN_FLOAT8] = float8_number,
        [COLUMN_NUMERIC] = numeric_number, [COLUMN_TIMESTAMP] = time_any,
        [COLUMN_TIMESTAMPTZ] = time_any, [COLUMN_BYTEA] = bytea_base64,
        [COLUMN_JSON] = json_value, [COLUMN_JSONB] = json_value,
        [COLUMN_ARRAY] = codec_write_array_json,
    },
};

/* What @quoted scalars show otherwise. */
static codec_write_fn *const quoted_writers[COLUMN_OTHER + 1] = {
    [COLUMN_INT2] = int2_string, [COLUMN_INT4] = int4_string, [COLUMN_INT8] = int8_string,
    [COLUMN_FLOAT4] = other_string, [COLUMN_FLOAT8] = other_string,
    [COLUMN_NUMERIC] = text_string,
};
/* clang-format on */

static enum codec_form
form_of(const struct codec_leaf *leaf)
{
    enum codec_form form = CODEC_ID;

    if (leaf->labels)
        return CODEC_ENUM;
    while (form < CODEC_ENUM && !str_is(leaf->name, form_names[form]))
        form++;
    return form < CODEC_ENUM ? form : CODEC_CUSTOM;
}

/* Is the column a point in time for the scalar, and not what a clock on a wall shows? */
static bool
has_zone(const struct codec *codec)
{
    return codec->type->kind == COLUMN_TIMESTAMPTZ || codec->is_utc;
}

static codec_write_fn *
choose_writer(const struct codec *codec)
{
    enum column_kind kind = codec->type->kind;
    codec_write_fn *write = writers[codec->form][kind];

    if (kind == COLUMN_OTHER && codec->form == CODEC_ID && !codec->is_unjudged)
        return text_string; /* the number of a transaction (judge.c) */
    if (codec->is_quoted && codec->form == CODEC_CUSTOM && quoted_writers[kind])
        write = quoted_writers[kind];
    if (write && kind == COLUMN_TIMESTAMP &&
        (codec->form == CODEC_DATE_TIME || codec->form == CODEC_DATE_TIME_MICROS) &&
        !has_zone(codec))
        return NULL;
    return write;
}

const struct codec *
codec_make(struct arena *a, const struct codec_leaf *leaf, const struct column_type *type)
{
    struct codec *codec = ARENA_NEW(a, struct codec);
    bool is_array = type->kind == COLUMN_ARRAY;

    *codec = (struct codec){ .form = form_of(leaf),
                             .type = type,
                             .labels = leaf->labels,
                             .is_quoted = leaf->is_quoted,
                             .is_list = leaf->is_list,
                             .is_utc = leaf->is_utc,
                             .is_unjudged = !judge_knows(type) };
    if (is_array) {
        struct codec_leaf item = *leaf;
        item.is_list = false;
        if (type->element->kind != COLUMN_ARRAY)
            codec->item = codec_make(a, &item, type->element);
        if (!codec->item)
            return NULL;
    }
    if (leaf->is_list)
        return is_array ? codec : NULL;
    codec->write = choose_writer(codec);
    codec->is_truncated =
        codec->write == time_millis || (codec->write == time_any && has_zone(codec));
    return codec->write ? codec : NULL;
}
