/*
 * fuzz_scalar.c - values on their way in and out: what a scalar coerces stays as
 * it is when coerced again, what becomes a parameter PostgreSQL can read, and
 * what a cell is written as is JSON.
 *
 * The input is a string, a JSON text where it is one, and the bytes of a cell.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz.h"

#include <endian.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "value/scalar.h"
#include "value/scalar_time.h"
#include "value/value.h"
#include "value/value_json.h"
#include "codec/codec.h"
#include "codec/judge.h"
#include "tests/fuzz/fuzz_readable.h"

static const char *const names[] = { "Int",      "Float",          "String",        "Boolean", "ID",
                                     "DateTime", "DateTimeMicros", "LocalDateTime", "Any" };

enum { NAME_COUNT = ARRAY_LENGTH(names) };

/* Bytes of a cell of the kind; 0: as many as there are. */
static const size_t sizes[COLUMN_OTHER + 1] = {
    [COLUMN_BOOLEAN] = 1, [COLUMN_INT2] = 2,   [COLUMN_INT4] = 4,      [COLUMN_INT8] = 8,
    [COLUMN_FLOAT4] = 4,  [COLUMN_FLOAT8] = 8, [COLUMN_TIMESTAMP] = 8, [COLUMN_TIMESTAMPTZ] = 8,
};

static bool
is_json(struct str text)
{
    const struct value_json_bounds bounds = { 1000, 1000000, 1000000, 1000000, false };
    struct value_json_fault fault;
    struct arena *a = arena_new("json");

    bool is_read = value_json_read(a, text, &bounds, &fault) != NULL;
    arena_free(a);
    return is_read;
}

/* Types of all kinds, and arrays of them. */
enum { TYPE_COUNT = 2 * COLUMN_OTHER };

static const struct column_type *
get_type(struct arena *a, int number)
{
    static const struct enum_type labels = { STR_INIT("mood"), NULL, 0 };
    struct column_type *type = ARENA_NEW(a, struct column_type);
    struct column_type *element = ARENA_NEW(a, struct column_type);

    element->kind = (enum column_kind)(number % COLUMN_OTHER);
    element->labels = element->kind == COLUMN_ENUM ? &labels : NULL;
    if (number < COLUMN_OTHER && element->kind != COLUMN_ARRAY)
        return element;
    *type = (struct column_type){ .kind = COLUMN_ARRAY, .element = element };
    return element->kind == COLUMN_ARRAY ? NULL : type;
}

/* NULL when the scalar cannot show the type. */
static const struct codec *
make_codec(struct arena *a, const char *name, int type)
{
    const struct codec_leaf leaf = { .name = str_from(name), .is_utc = type % 2 == 0 };

    return get_type(a, type) ? codec_make(a, &leaf, get_type(a, type)) : NULL;
}

static void
check_parameter(struct arena *a, struct str input, const struct value *value,
                const struct codec *codec)
{
    struct str text;

    if (!codec || codec_parameter(a, codec, value, true, &text) != CODEC_OK)
        return;
    if (strlen(text.ptr) != text.len || !fuzz_is_readable(codec->type->kind, text) ||
        !judge_text(a, codec->type, text))
        fuzz_fail(column_kind_name(codec->type->kind), input, text);
}

static void
check_value(struct arena *a, struct str input, const struct value *value)
{
    for (int i = 0; i < NAME_COUNT; i++) {
        const struct scalar *scalar = scalar_get(str_from(names[i]));
        struct str why = STR_NONE;
        const struct value *once = scalar->coerce(a, value, &why);
        const struct value *twice = once ? scalar->coerce(a, once, &why) : NULL;
        if (once && (!twice || !value_equal(once, twice)))
            fuzz_fail("what is coerced stays as it is", input, str_from(names[i]));
    }
    if (value->kind == VALUE_NULL)
        return;
    for (int kind = 0; kind < TYPE_COUNT; kind++)
        for (int i = 0; i < NAME_COUNT; i++)
            check_parameter(a, input, value, make_codec(a, names[i], kind));
}

/* Could PostgreSQL send this? */
static bool
is_cell(enum column_kind kind, struct str cell)
{
    if (sizes[kind] > 0 || kind == COLUMN_BYTEA)
        return true;
    if (utf8_check(cell) != cell.len || memchr(cell.ptr, '\0', cell.len))
        return false;
    if (kind == COLUMN_NUMERIC)
        return is_json(cell) && strchr("-0123456789", cell.ptr[0]);
    return (kind != COLUMN_JSON && kind != COLUMN_JSONB) || is_json(cell);
}

/* A cell of the kind that the input makes; STR_NONE: PostgreSQL would not send it. */
static struct str
make_cell(struct arena *a, struct str input, enum column_kind kind)
{
    char bytes[8] = { 0 };
    struct str cell = input;

    if (sizes[kind] > 0) {
        memcpy(bytes, input.ptr, input.len < sizes[kind] ? input.len : sizes[kind]);
        cell = str_copy(a, (struct str){ bytes, sizes[kind] });
    }
    return is_cell(kind, cell) ? cell : STR_NONE;
}

static void
put_int(struct buf *b, uint32_t number)
{
    uint32_t raw = htobe32(number);

    buf_put(b, (struct str){ (const char *)&raw, sizeof(raw) });
}

/* An array of the element, twice, with a null between. */
static struct str
make_array(struct arena *a, struct str element)
{
    struct buf *b = buf_new(a);
    const uint32_t head[] = { 1, 1, 0, 3, 1 };

    for (size_t i = 0; i < ARRAY_LENGTH(head); i++)
        put_int(b, head[i]);
    for (int i = 0; i < 3; i++) {
        put_int(b, i == 1 ? UINT32_MAX : (uint32_t)element.len);
        if (i != 1)
            buf_put(b, element);
    }
    return buf_copy(a, b);
}

/* Is the cell one that PostgreSQL can hold, and of a kind whose every cell is? */
static bool
is_sure(const struct column_type *type, struct str cell)
{
    int64_t time;

    switch (type->kind) {
    case COLUMN_TIMESTAMP:
    case COLUMN_TIMESTAMPTZ:
        memcpy(&time, cell.ptr, sizeof(time));
        time = (int64_t)be64toh((uint64_t)time);
        return time == INT64_MAX || time == INT64_MIN ||
               (time >= -211813488000000000 && time < 9223371331200000000);
    case COLUMN_BOOLEAN:
    case COLUMN_INT2:
    case COLUMN_INT4:
    case COLUMN_INT8:
    case COLUMN_FLOAT4:
    case COLUMN_FLOAT8:
    case COLUMN_TEXT:
    case COLUMN_VARCHAR:
    case COLUMN_BYTEA:
        return true;
    default:
        return false;
    }
}

/* What is shown, given back as a value of the same scalar, can find its row. */
static void
check_way_back(struct arena *a, const char *name, const struct codec *codec, struct str json)
{
    struct errors errors = { .arena = a };
    const struct value *value = value_json_parse(a, json, &limits_default, &errors);
    struct str why = STR_NONE, text;

    if (!value) /* longer than a client may send */
        return;
    value = scalar_get(str_from(name))->coerce(a, value, &why);
    if (!value || codec_parameter(a, codec, value, true, &text) != CODEC_OK)
        fuzz_fail("what is shown can be given back", json, str_from(name));
}

static void
check_cell(struct arena *a, struct str input, int number)
{
    const struct column_type *type = get_type(a, number);
    bool is_array = type && type->kind == COLUMN_ARRAY;
    struct str cell =
        type ? make_cell(a, input, is_array ? type->element->kind : type->kind) : STR_NONE;

    if (!cell.ptr)
        return;
    if (is_array)
        cell = make_array(a, cell);
    for (int i = 0; i < NAME_COUNT; i++) {
        struct buf *b = buf_new(a);
        const struct codec *codec = make_codec(a, names[i], number);
        if (!codec || !codec->write(b, cell, codec))
            continue;
        if (!is_json(buf_str(b)))
            fuzz_fail("a cell is written as JSON", cell, buf_str(b));
        if (!is_array && is_sure(type, cell))
            check_way_back(a, names[i], codec, buf_str(b));
    }
}

/* An array's cell that is broken anywhere is not an array, and nothing worse. */
static void
check_broken_array(struct arena *a, struct str input)
{
    struct codec_elements elements;
    struct str cell = str_copy(a, input);

    if (!codec_elements_open(cell, &elements))
        return;
    for (int i = 0; i < elements.count; i++) {
        struct str element = codec_elements_next(&elements);
        if (element.ptr &&
            (element.ptr < cell.ptr || element.ptr + element.len > cell.ptr + cell.len))
            fuzz_fail("an element is within its array", cell, element);
    }
}

static void
check_time(struct str input)
{
    char written[SCALAR_TIME_MAX];
    int64_t time, again;
    int len = scalar_time_read(input, &time) ? scalar_time_write(time, 6, written) : 0;

    if (len > 0 &&
        (!scalar_time_read((struct str){ written, (size_t)len }, &again) || time != again))
        fuzz_fail("a time is written as it was read", input, (struct str){ written, (size_t)len });
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new("input");
    struct str input = fuzz_text(a, data, size);
    struct errors errors = { .arena = a };
    const struct value *json = value_json_parse(a, input, &limits_default, &errors);
    const struct value string = { .kind = VALUE_STRING, .text = input };

    if (json)
        check_value(a, input, json);
    if (utf8_check(input) == input.len)
        check_value(a, input, &string);
    for (int type = 0; type < TYPE_COUNT; type++)
        check_cell(a, input, type);
    check_broken_array(a, input);
    check_time(input);
    arena_free(a);
    return 0;
}
