/*
 * fuzz_readable.c - what PostgreSQL would read.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/fuzz_readable.h"

#include <stdlib.h>

#include "base/utf8.h"

/* Is it a number that fits into so many bits? */
static bool
is_integer(struct str text, int bits)
{
    int64_t number;

    return str_read_int64(text, &number) && number >= -((int64_t)1 << (bits - 1)) &&
           number <= ((int64_t)1 << (bits - 1)) - 1;
}

bool
fuzz_is_readable(enum column_kind kind, struct str text)
{
    int64_t number;
    char *end;

    switch (kind) {
    case COLUMN_BOOLEAN:
        return str_is(text, "true") || str_is(text, "false") || str_is(text, "t") ||
               str_is(text, "f");
    case COLUMN_INT2:
        return is_integer(text, 16);
    case COLUMN_INT4:
        return is_integer(text, 32);
    case COLUMN_INT8:
        return str_read_int64(text, &number);
    case COLUMN_FLOAT4:
    case COLUMN_FLOAT8:
    case COLUMN_NUMERIC:
        strtod(text.ptr, &end);
        return text.len > 0 && *end == '\0';
    default:
        return utf8_check(text) == text.len;
    }
}
