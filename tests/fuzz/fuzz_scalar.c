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
#include "catalog/scalar_parameter.h"
#include "catalog/scalar_write.h"
#include "tests/fuzz/fuzz_readable.h"

static const char *const names[] = { "Int", "Float", "String", "Boolean", "ID", "DateTime", "Any" };

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
    if (value->kind == VALUE_NULL || value->kind == VALUE_LIST)
        return;
    for (int kind = 0; kind <= COLUMN_OTHER; kind++) {
        struct str text;
        if (scalar_parameter(a, value, (enum column_kind)kind, &text) != PARAMETER_OK)
            continue;
        if (strlen(text.ptr) != text.len || !fuzz_is_readable((enum column_kind)kind, text))
            fuzz_fail(column_kind_name((enum column_kind)kind), input, text);
    }
}

/* Could PostgreSQL send this? */
static bool
is_cell(enum column_kind kind, struct str cell)
{
    if (sizes[kind] > 0)
        return true;
    if (utf8_check(cell) != cell.len || memchr(cell.ptr, '\0', cell.len))
        return false;
    if (kind == COLUMN_NUMERIC)
        return is_json(cell) && strchr("-0123456789", cell.ptr[0]);
    return (kind != COLUMN_JSON && kind != COLUMN_JSONB) || is_json(cell);
}

static void
check_cell(struct arena *a, struct str input, enum column_kind kind)
{
    char bytes[8] = { 0 };
    struct str cell = input;

    if (sizes[kind] > 0) {
        memcpy(bytes, input.ptr, input.len < sizes[kind] ? input.len : sizes[kind]);
        cell = str_copy(a, (struct str){ bytes, sizes[kind] });
    }
    if (!is_cell(kind, cell))
        return;
    for (int i = 0; i <= NAME_COUNT; i++) {
        struct buf *b = buf_new(a);
        scalar_write_fn *write =
            scalar_writer(i < NAME_COUNT ? str_from(names[i]) : STR("Enum"), i == NAME_COUNT, kind);
        if (write && write(b, cell) && !is_json(buf_str(b)))
            fuzz_fail("a cell is written as JSON", cell, buf_str(b));
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
    for (int kind = 0; kind <= COLUMN_OTHER; kind++)
        check_cell(a, input, (enum column_kind)kind);
    check_time(input);
    arena_free(a);
    return 0;
}
