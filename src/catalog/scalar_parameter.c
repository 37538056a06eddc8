/*
 * scalar_parameter.c - values as texts of parameters.  They are checked
 * here, since PostgreSQL would answer a text that is not a value of the type with an
 * error, and that ends the transaction.
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/scalar_parameter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "value/scalar_time.h"
#include "value/value.h"

/* The value's text as it stands; STR_NONE for what has none, or has U+0000,
 * which PostgreSQL's texts cannot hold. */
static struct str
plain_text(const struct value *value)
{
    if (value->kind == VALUE_BOOLEAN)
        return value->boolean ? STR("true") : STR("false");
    if (value->kind == VALUE_NULL || value->kind == VALUE_LIST || value->kind == VALUE_OBJECT)
        return STR_NONE;
    return str_find(value->text, '\0') == value->text.len ? value->text : STR_NONE;
}

/* `-?(0|[1-9][0-9]*)` within the bounds, and not -0: each number has one text. */
static bool
is_integer(struct str text, int64_t least, int64_t most)
{
    bool is_negative = text.len > 0 && text.ptr[0] == '-';
    int64_t number;

    if (text.len > 1u + is_negative && text.ptr[is_negative] == '0')
        return false;
    if (!str_read_int64(text, &number) || (is_negative && number == 0))
        return false;
    return number >= least && number <= most;
}

/* Skip digits, at least one. */
static bool
skip_digits(struct str text, size_t *at)
{
    size_t start = *at;

    while (*at < text.len && text.ptr[*at] >= '0' && text.ptr[*at] <= '9')
        ++*at;
    return *at > start;
}

/* A number as JSON has it, which is one for PostgreSQL too. */
static bool
is_number(struct str text)
{
    size_t at = text.len > 0 && text.ptr[0] == '-';

    if (!skip_digits(text, &at))
        return false;
    if (at < text.len && text.ptr[at] == '.') {
        at++;
        if (!skip_digits(text, &at))
            return false;
    }
    if (at < text.len && (text.ptr[at] == 'e' || text.ptr[at] == 'E')) {
        at++;
        if (at < text.len && (text.ptr[at] == '+' || text.ptr[at] == '-'))
            at++;
        if (!skip_digits(text, &at))
            return false;
    }
    return at == text.len;
}

/* Is every digit of the number before its exponent a zero? */
static bool
is_zero(const char *text)
{
    return text[strspn(text, "-0.")] == '\0' || strchr("eE", text[strspn(text, "-0.")]) != NULL;
}

/* Does the number fit: neither above the kind's range nor so small that it would be 0?
 * For `numeric`, whose range is far larger, a double's is enough. */
static bool
is_in_range(struct str text, enum column_kind kind)
{
    double number = kind == COLUMN_FLOAT4 ? strtof(text.ptr, NULL) : strtod(text.ptr, NULL);

    return isfinite(number) && (number != 0 || is_zero(text.ptr));
}

/* 8-4-4-4-12 hexadecimal digits. */
static bool
is_uuid(struct str text)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    if (text.len != sizeof(form) - 1)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (form[i] == 'x' ? !strchr("0123456789abcdefABCDEF", text.ptr[i]) : text.ptr[i] != '-')
            return false;
    return true;
}

/* In UTC, since a `timestamp without time zone` ignores an offset. */
static struct str
time_text(struct arena *a, struct str text)
{
    char written[SCALAR_TIME_MAX];
    int64_t microseconds;
    int len;

    if (!scalar_time_read(text, &microseconds))
        return STR_NONE;
    len = scalar_time_write(microseconds, 6, written);
    /* The offset may have led out of the years that PostgreSQL has. */
    if (len == 0 || memcmp(written, "0000", 4) == 0)
        return STR_NONE;
    return str_copy(a, (struct str){ written, (size_t)len });
}

static bool
has_nul(const struct value *value)
{
    if (value->text.ptr && str_find(value->text, '\0') < value->text.len)
        return true;
    for (const struct value *item = value->items; item; item = item->next)
        if (has_nul(item))
            return true;
    return false;
}

/* Any value, as JSON. */
static struct str
json_text(struct arena *a, const struct value *value)
{
    struct buf b = { 0 };
    struct str text;

    if (has_nul(value))
        return STR_NONE;
    value_write_json(&b, value);
    text = buf_copy(a, &b);
    buf_free(&b);
    return text;
}

/* Is the text one of the kind's values? */
static bool
fits(const struct value *value, struct str text, enum column_kind kind)
{
    int64_t days;

    switch (kind) {
    case COLUMN_BOOLEAN:
        return value->kind == VALUE_BOOLEAN;
    case COLUMN_INT2:
        return is_integer(text, INT16_MIN, INT16_MAX);
    case COLUMN_INT4:
        return is_integer(text, INT32_MIN, INT32_MAX);
    case COLUMN_INT8:
        return is_integer(text, INT64_MIN, INT64_MAX);
    case COLUMN_FLOAT4:
    case COLUMN_FLOAT8:
    case COLUMN_NUMERIC:
        return is_number(text) && is_in_range(text, kind);
    case COLUMN_UUID:
        return is_uuid(text);
    case COLUMN_DATE:
        return scalar_time_read_date(text, &days);
    default:
        return true;
    }
}

enum parameter_result
scalar_parameter(struct arena *a, const struct value *value, enum column_kind kind, struct str *out)
{
    struct str text;

    if (kind == COLUMN_JSON || kind == COLUMN_JSONB)
        text = json_text(a, value);
    else
        text = plain_text(value);
    if (!text.ptr)
        return PARAMETER_NEVER;
    if (kind == COLUMN_TIMESTAMP || kind == COLUMN_TIMESTAMPTZ)
        text = time_text(a, text);
    if (!text.ptr || !fits(value, text, kind))
        return PARAMETER_NEVER;
    *out = text;
    return PARAMETER_OK;
}
