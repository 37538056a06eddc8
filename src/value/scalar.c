/*
 * scalar.c - what values scalars take (specification, 3.5.1 to 3.5.6, input
 * coercion).
 *
 * SPDX-License-Identifier: MIT
 */
#include "value/scalar.h"

#include <math.h>
#include <stdlib.h>

#include "base/arena.h"
#include "value/scalar_time.h"
#include "value/value.h"

static const struct value *
coerce_int(struct arena *a, const struct value *value, struct str *why)
{
    int64_t number;

    (void)a;
    if (value->kind != VALUE_INT) {
        *why = STR("Int cannot represent non-integer value");
        return NULL;
    }
    if (!str_read_int64(value->text, &number) || number < INT32_MIN || number > INT32_MAX) {
        *why = STR("Int cannot represent non 32-bit signed integer value");
        return NULL;
    }
    return value;
}

static const struct value *
coerce_float(struct arena *a, const struct value *value, struct str *why)
{
    (void)a;
    if ((value->kind == VALUE_INT || value->kind == VALUE_FLOAT) &&
        isfinite(strtod(value->text.ptr, NULL)))
        return value;
    *why = STR("Float cannot represent non numeric value");
    return NULL;
}

static const struct value *
coerce_string(struct arena *a, const struct value *value, struct str *why)
{
    (void)a;
    if (value->kind == VALUE_STRING)
        return value;
    *why = STR("String cannot represent a non string value");
    return NULL;
}

static const struct value *
coerce_boolean(struct arena *a, const struct value *value, struct str *why)
{
    (void)a;
    if (value->kind == VALUE_BOOLEAN)
        return value;
    *why = STR("Boolean cannot represent a non boolean value");
    return NULL;
}

/* 3.5.5: an integer is taken, as the string of its digits. */
static const struct value *
coerce_id(struct arena *a, const struct value *value, struct str *why)
{
    struct value *string;

    if (value->kind == VALUE_STRING)
        return value;
    if (value->kind != VALUE_INT) {
        *why = STR("ID cannot represent a non-string and non-integer value");
        return NULL;
    }
    string = ARENA_NEW(a, struct value);
    string->kind = VALUE_STRING;
    string->text = value->text;
    return string;
}

static const struct value *
coerce_date_time(struct arena *a, const struct value *value, struct str *why)
{
    int64_t microseconds;

    (void)a;
    if (value->kind == VALUE_STRING && scalar_time_read(value->text, &microseconds))
        return value;
    *why = STR("DateTime cannot represent a value that is not an RFC 3339 date and time");
    return NULL;
}

static const struct value *
coerce_date_time_micros(struct arena *a, const struct value *value, struct str *why)
{
    if (coerce_date_time(a, value, why))
        return value;
    *why = STR("DateTimeMicros cannot represent a value that is not an RFC 3339 date and time");
    return NULL;
}

static const struct value *
coerce_local_date_time(struct arena *a, const struct value *value, struct str *why)
{
    int64_t microseconds;

    (void)a;
    if (value->kind == VALUE_STRING && scalar_time_read_local(value->text, &microseconds))
        return value;
    *why = STR("LocalDateTime cannot represent a value that is not a date and time without offset");
    return NULL;
}

static const struct value *
coerce_custom(struct arena *a, const struct value *value, struct str *why)
{
    (void)a;
    (void)why;
    return value;
}

static const struct scalar scalars[] = {
    { "ID", coerce_id },
    { "Int", coerce_int },
    { "Float", coerce_float },
    { "String", coerce_string },
    { "Boolean", coerce_boolean },
    { "DateTime", coerce_date_time },
    { "DateTimeMicros", coerce_date_time_micros },
    { "LocalDateTime", coerce_local_date_time },
};

static const struct scalar custom = { "", coerce_custom };

const struct scalar *
scalar_get(struct str name)
{
    for (size_t i = 0; i < ARRAY_LENGTH(scalars); i++)
        if (str_is(name, scalars[i].name))
            return &scalars[i];
    return &custom;
}
