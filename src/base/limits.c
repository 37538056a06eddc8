/*
 * limits.c - every bound on hostile input, with its reason.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/limits.h"

#include <stddef.h>

#include "base/str.h"

const struct limits limits_default = {
#define LIMIT_DEFAULT(member, value, least, most, unit, reason) .member = (value),
    LIMITS(LIMIT_DEFAULT)
#undef LIMIT_DEFAULT
};

const struct limit_row limit_rows[] = {
#define LIMIT_ROW(member, value, least, most, unit, reason)                                        \
    { #member, value, least, most, unit, reason, offsetof(struct limits, member) },
    LIMITS(LIMIT_ROW)
#undef LIMIT_ROW
};

const int limit_row_count = ARRAY_LENGTH(limit_rows);
