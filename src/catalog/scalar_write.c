/*
 * scalar_write.c - the database's cells as JSON (specification, 3.5.1 to 3.5.6,
 * result coercion).
 *
 * A table of pairs, scalar and column kind, says which writer shows which.  The
 * writers run once for each cell of an answer: but for floats, they format nothing.
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/scalar_write.h"

#include <assert.h>
#include <endian.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "value/scalar_time.h"

enum { INTEGER_MAX = 20 }; /* characters of an int64 */

/* PostgreSQL's binary integers and floats: network byte order. */
static int64_t
cell_int2(struct str cell)
{
    uint16_t raw;

    memcpy(&raw, cell.ptr, sizeof(raw));
    return (int16_t)be16toh(raw);
}

static int64_t
cell_int4(struct str cell)
{
    uint32_t raw;

    memcpy(&raw, cell.ptr, sizeof(raw));
    return (int32_t)be32toh(raw);
}

static int64_t
cell_int8(struct str cell)
{
    uint64_t raw;

    memcpy(&raw, cell.ptr, sizeof(raw));
    return (int64_t)be64toh(raw);
}

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
int2_number(struct buf *b, struct str cell)
{
    return write_integer(b, cell_int2(cell));
}

static bool
int4_number(struct buf *b, struct str cell)
{
    return write_integer(b, cell_int4(cell));
}

static bool
int8_number(struct buf *b, struct str cell)
{
    return write_integer(b, cell_int8(cell));
}

/* As an Int, which has 32 bits (3.5.1). */
static bool
int8_int(struct buf *b, struct str cell)
{
    int64_t number = cell_int8(cell);

    return number >= INT32_MIN && number <= INT32_MAX && write_integer(b, number);
}

static bool
int2_string(struct buf *b, struct str cell)
{
    return write_quoted_integer(b, cell_int2(cell));
}

static bool
int4_string(struct buf *b, struct str cell)
{
    return write_quoted_integer(b, cell_int4(cell));
}

static bool
int8_string(struct buf *b, struct str cell)
{
    return write_quoted_integer(b, cell_int8(cell));
}

/* The shortest number that is this float: as a double it would show the digits of an
 * approximation, 0.1 as 0.10000000149011612. */
static bool
float4_number(struct buf *b, struct str cell)
{
    uint32_t raw = (uint32_t)cell_int4(cell);
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

static bool
float8_number(struct buf *b, struct str cell)
{
    uint64_t raw = (uint64_t)cell_int8(cell);
    double number;

    memcpy(&number, &raw, sizeof(number));
    if (!isfinite(number))
        return false;
    json_write_double(b, number);
    return true;
}

/* The digits as PostgreSQL keeps them; not `NaN`, `Infinity`, `-Infinity`. */
static bool
numeric_number(struct buf *b, struct str cell)
{
    char first = cell.ptr[cell.len > 1 && cell.ptr[0] == '-'];

    if (first < '0' || first > '9')
        return false;
    buf_put(b, cell);
    return true;
}

static bool
text_string(struct buf *b, struct str cell)
{
    json_write_string(b, cell);
    return true;
}

static bool
boolean_literal(struct buf *b, struct str cell)
{
    json_write_bool(b, cell.ptr[0] != 0);
    return true;
}

static bool
json_value(struct buf *b, struct str cell)
{
    buf_put(b, cell);
    return true;
}

static bool
time_string(struct buf *b, struct str cell)
{
    char text[SCALAR_TIME_MAX + 2];
    int len = scalar_time_write(cell_int8(cell), 3, text + 1);

    if (len == 0)
        return false;
    text[0] = text[len + 1] = '"';
    buf_put(b, (struct str){ text, (size_t)len + 2 });
    return true;
}

enum shown_as { AS_ID, AS_INT, AS_FLOAT, AS_STRING, AS_BOOLEAN, AS_DATE_TIME, AS_ENUM, AS_CUSTOM };

static const char *const shown_names[] = {
    [AS_ID] = "ID",         [AS_INT] = "Int",         [AS_FLOAT] = "Float",
    [AS_STRING] = "String", [AS_BOOLEAN] = "Boolean", [AS_DATE_TIME] = "DateTime",
};

/* clang-format off */

/* What String and the custom scalars show as PostgreSQL's own text. */
#define AS_TEXT                                                                                \
    [COLUMN_TEXT] = text_string, [COLUMN_VARCHAR] = text_string, [COLUMN_CHAR] = text_string,  \
    [COLUMN_CITEXT] = text_string, [COLUMN_NAME] = text_string, [COLUMN_UUID] = text_string,   \
    [COLUMN_BYTE] = text_string,                                                                \
    [COLUMN_DATE] = text_string, [COLUMN_TIME] = text_string, [COLUMN_TIMETZ] = text_string,   \
    [COLUMN_INTERVAL] = text_string, [COLUMN_BYTEA] = text_string, [COLUMN_INET] = text_string, \
    [COLUMN_CIDR] = text_string, [COLUMN_MACADDR] = text_string,                               \
    [COLUMN_MACADDR8] = text_string, [COLUMN_OID] = text_string, [COLUMN_MONEY] = text_string, \
    [COLUMN_BIT] = text_string, [COLUMN_VARBIT] = text_string, [COLUMN_INT4RANGE] = text_string, \
    [COLUMN_INT8RANGE] = text_string, [COLUMN_NUMRANGE] = text_string,                         \
    [COLUMN_DATERANGE] = text_string, [COLUMN_TSRANGE] = text_string,                          \
    [COLUMN_TSTZRANGE] = text_string, [COLUMN_XML] = text_string, [COLUMN_ENUM] = text_string, \
    [COLUMN_ARRAY] = text_string, [COLUMN_OTHER] = text_string

static scalar_write_fn *const writers[][COLUMN_OTHER + 1] = {
    [AS_ID] = {
        [COLUMN_INT2] = int2_string, [COLUMN_INT4] = int4_string, [COLUMN_INT8] = int8_string,
        [COLUMN_TEXT] = text_string, [COLUMN_VARCHAR] = text_string, [COLUMN_CHAR] = text_string,
        [COLUMN_CITEXT] = text_string, [COLUMN_NAME] = text_string,
        [COLUMN_UUID] = text_string,
        [COLUMN_OID] = text_string,
    },
    [AS_INT] = {
        [COLUMN_INT2] = int2_number, [COLUMN_INT4] = int4_number, [COLUMN_INT8] = int8_int,
    },
    [AS_FLOAT] = {
        [COLUMN_INT2] = int2_number, [COLUMN_INT4] = int4_number, [COLUMN_INT8] = int8_number,
        [COLUMN_FLOAT4] = float4_number, [COLUMN_FLOAT8] = float8_number,
        [COLUMN_NUMERIC] = numeric_number,
    },
    [AS_STRING] = {
        AS_TEXT, [COLUMN_NUMERIC] = text_string, [COLUMN_JSON] = text_string,
        [COLUMN_JSONB] = text_string,
    },
    [AS_BOOLEAN] = { [COLUMN_BOOLEAN] = boolean_literal },
    [AS_DATE_TIME] = { [COLUMN_TIMESTAMP] = time_string, [COLUMN_TIMESTAMPTZ] = time_string },
    [AS_ENUM] = {
        [COLUMN_TEXT] = text_string, [COLUMN_VARCHAR] = text_string, [COLUMN_CHAR] = text_string,
        [COLUMN_CITEXT] = text_string, [COLUMN_NAME] = text_string, [COLUMN_ENUM] = text_string,
    },
    [AS_CUSTOM] = {
        AS_TEXT, [COLUMN_BOOLEAN] = boolean_literal,
        [COLUMN_INT2] = int2_number, [COLUMN_INT4] = int4_number, [COLUMN_INT8] = int8_number,
        [COLUMN_FLOAT4] = float4_number, [COLUMN_FLOAT8] = float8_number,
        [COLUMN_NUMERIC] = numeric_number,
        [COLUMN_TIMESTAMP] = time_string, [COLUMN_TIMESTAMPTZ] = time_string,
        [COLUMN_JSON] = json_value, [COLUMN_JSONB] = json_value,
    },
};
/* clang-format on */

scalar_write_fn *
scalar_writer(struct str name, bool is_enum, enum column_kind kind)
{
    int as = 0;

    assert(kind <= COLUMN_OTHER);
    if (is_enum)
        return writers[AS_ENUM][kind];
    while (as < AS_ENUM && !str_is(name, shown_names[as]))
        as++;
    return writers[as < AS_ENUM ? as : AS_CUSTOM][kind];
}
