/*
 * judge.c - would PostgreSQL take a text as a value of a type?
 *
 * SPDX-License-Identifier: MIT
 */
#include "codec/judge.h"

#include <string.h>

#include "value/scalar_time.h"
#include "value/value_json.h"

enum { NAME_MAX_BYTES = 63, MONEY_DIGITS = 17 };

static bool
judge_json(struct arena *a, struct str text)
{
    static const struct value_json_bounds bounds = { 1000, 1000000, 64 << 20, 200000, false };
    struct value_json_fault fault;

    return value_json_read(a, text, &bounds, &fault) && judge_numbers_of_json(text);
}

static bool
judge_bits(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '0' && text.ptr[i] != '1')
            return false;
    return true;
}

/* `\x`, and pairs of hexadecimal digits. */
static bool
judge_bytea(struct str text)
{
    if (text.len < 2 || text.len % 2 != 0 || !str_starts_with(text, STR("\\x")))
        return false;
    return strspn(text.ptr + 2, "0123456789abcdefABCDEF") == text.len - 2;
}

/* `-$1,234.50`, with or without the sign, the currency and the commas; 64 bits of cents. */
static bool
judge_money(struct str text)
{
    bool is_negative = text.len > 0 && text.ptr[0] == '-';
    struct str most = is_negative ? STR("08") : STR("07"); /* of INT64_MAX / 100 */
    size_t i = is_negative;
    int digits = 0;
    int64_t units = 0;

    i += i < text.len && text.ptr[i] == '$';
    for (; i < text.len && (text.ptr[i] == ',' || (text.ptr[i] >= '0' && text.ptr[i] <= '9')); i++)
        if (text.ptr[i] != ',' && ++digits <= MONEY_DIGITS)
            units = units * 10 + (text.ptr[i] - '0');
    if (digits == 0 || digits > MONEY_DIGITS || units > INT64_MAX / 100)
        return false;
    if (i == text.len)
        return units < INT64_MAX / 100;
    struct str cents = { text.ptr + i + 1, text.len - i - 1 };
    if (text.ptr[i] != '.' || cents.len == 0 || cents.len > 2 ||
        strspn(cents.ptr, "0123456789") != cents.len)
        return false;
    return units < INT64_MAX / 100 || (cents.len == 2 && str_compare(cents, most) <= 0);
}

static bool
judge_label(const struct enum_type *labels, struct str text)
{
    for (int i = 0; labels && i < labels->label_count; i++)
        if (str_equal(labels->labels[i], text))
            return true;
    return labels == NULL;
}

static bool
judge_boolean(struct str text)
{
    return str_is(text, "true") || str_is(text, "false") || str_is(text, "t") || str_is(text, "f");
}

static bool
judge_timestamp(struct str text, bool has_zone)
{
    int64_t microseconds;

    return scalar_time_read_database(text, has_zone, &microseconds);
}

/* The number of a transaction, which is of no kind of its own. */
static bool
is_transaction(const struct column_type *type)
{
    return type->kind == COLUMN_OTHER && str_is(type->base_name, "xid");
}

bool
judge_knows(const struct column_type *type)
{
    if (type->kind == COLUMN_ARRAY && type->element)
        return judge_knows(type->element);
    if (is_transaction(type))
        return true;
    return type->kind != COLUMN_XML && type->kind != COLUMN_OTHER && type->kind != COLUMN_ARRAY;
}

bool
judge_text(struct arena *a, const struct column_type *type, struct str text)
{
    int64_t days;

    switch (type->kind) {
    case COLUMN_BOOLEAN:
        return judge_boolean(text);
    case COLUMN_INT2:
        return judge_integer(text, INT16_MIN, INT16_MAX);
    case COLUMN_INT4:
        return judge_integer(text, INT32_MIN, INT32_MAX);
    case COLUMN_INT8:
        return judge_integer(text, INT64_MIN, INT64_MAX);
    case COLUMN_OID:
        return judge_integer(text, 0, UINT32_MAX);
    case COLUMN_FLOAT4:
    case COLUMN_FLOAT8:
        return judge_float(text, type->kind == COLUMN_FLOAT4);
    case COLUMN_NUMERIC:
        return judge_numeric(text);
    case COLUMN_NAME: /* a cast would cut it */
        return text.len <= NAME_MAX_BYTES;
    case COLUMN_BYTE: /* likewise */
        return text.len <= 1;
    case COLUMN_UUID:
        return judge_uuid(text);
    case COLUMN_DATE:
        return scalar_time_read_date(text, &days);
    case COLUMN_TIME:
    case COLUMN_TIMETZ:
        return scalar_time_read_clock(text, type->kind == COLUMN_TIMETZ);
    case COLUMN_TIMESTAMP:
    case COLUMN_TIMESTAMPTZ:
        return judge_timestamp(text, type->kind == COLUMN_TIMESTAMPTZ);
    case COLUMN_INTERVAL:
        return judge_interval(text);
    case COLUMN_BYTEA:
        return judge_bytea(text);
    case COLUMN_INET:
    case COLUMN_CIDR:
        return judge_inet(text, type->kind == COLUMN_CIDR);
    case COLUMN_MACADDR:
        return judge_macaddr(text, 6);
    case COLUMN_MACADDR8:
        return judge_macaddr(text, 8);
    case COLUMN_MONEY:
        return judge_money(text);
    case COLUMN_BIT:
    case COLUMN_VARBIT:
        return judge_bits(text);
    case COLUMN_INT4RANGE:
    case COLUMN_INT8RANGE:
    case COLUMN_NUMRANGE:
    case COLUMN_DATERANGE:
    case COLUMN_TSRANGE:
    case COLUMN_TSTZRANGE:
        return judge_range(a, type->kind, text);
    case COLUMN_JSON:
    case COLUMN_JSONB:
        return judge_json(a, text);
    case COLUMN_ENUM:
        return judge_label(type->labels, text);
    case COLUMN_ARRAY:
        return judge_array(a, type, text);
    case COLUMN_TEXT:
    case COLUMN_VARCHAR:
    case COLUMN_CHAR:
    case COLUMN_CITEXT:
    case COLUMN_XML:
        break;
    case COLUMN_OTHER:
        return !is_transaction(type) || judge_integer(text, 0, UINT32_MAX);
    }
    return true;
}
