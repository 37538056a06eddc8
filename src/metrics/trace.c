/*
 * trace.c - which trace a request is part of.
 *
 * SPDX-License-Identifier: MIT
 */
#include "metrics/trace.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>

/* Where the parts begin. */
enum { ID_AT = 3, PARENT_AT = 36, FLAGS_AT = 53, LENGTH = 55 };

enum { SAMPLED = 1 }; /* of the flags */

static bool
is_hexadecimal(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!str_is_digit(s.ptr[i]) && !(s.ptr[i] >= 'a' && s.ptr[i] <= 'f'))
            return false;
    return true;
}

static bool
is_zero(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] != '0')
            return false;
    return true;
}

struct trace
trace_read(struct str header)
{
    if (header.len != LENGTH || !str_starts_with(header, STR("00-")) ||
        header.ptr[PARENT_AT - 1] != '-' || header.ptr[FLAGS_AT - 1] != '-')
        return (struct trace){ 0 };
    struct str id = { header.ptr + ID_AT, TRACE_DIGITS };
    struct str parent = { header.ptr + PARENT_AT, TRACE_SPAN_DIGITS };
    struct str flags = { header.ptr + FLAGS_AT, 2 };
    if (!is_hexadecimal(id) || !is_hexadecimal(parent) || !is_hexadecimal(flags) || is_zero(id) ||
        is_zero(parent))
        return (struct trace){ 0 };
    return (struct trace){ id, parent, (str_hex_digit(flags.ptr[1]) & SAMPLED) != 0 };
}

void
trace_draw_span(char span[TRACE_SPAN_DIGITS + 1])
{
    uint64_t number = 0;

    if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != (ssize_t)sizeof(number) || !number)
        number = 1; /* it has gone wrong, and an id must not be 0 */
    snprintf(span, TRACE_SPAN_DIGITS + 1, "%016llx", (unsigned long long)number);
}
