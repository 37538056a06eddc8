/*
 * judge_interval.c - texts of intervals.
 *
 * An interval is months, days and microseconds, each with a bound of its own.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "codec/judge.h"

enum { DIGITS_MAX = 15, SECOND = 1000000 };

struct sums {
    int64_t months, days, microseconds;
    bool has_overflown;
};

/* `-12.345`: the number before the point. */
struct amount {
    int64_t whole;
    bool has_fraction;
};

static bool
read_amount(struct str *rest, struct amount *amount)
{
    size_t i = rest->len > 0 && rest->ptr[0] == '-', start = i;
    int64_t sign = i > 0 ? -1 : 1;

    *amount = (struct amount){ 0 };
    for (; i < rest->len && rest->ptr[i] >= '0' && rest->ptr[i] <= '9'; i++)
        if (i - start < DIGITS_MAX)
            amount->whole = amount->whole * 10 + (rest->ptr[i] - '0');
    if (i == start || i - start > DIGITS_MAX)
        return false;
    if (i < rest->len && rest->ptr[i] == '.') {
        start = ++i;
        amount->has_fraction = true;
        while (i < rest->len && rest->ptr[i] >= '0' && rest->ptr[i] <= '9')
            i++;
        if (i == start || i - start > 6)
            return false;
    }
    amount->whole *= sign;
    *rest = (struct str){ rest->ptr + i, rest->len - i };
    return true;
}

/* Units in the order in which they come, before and after the T. */
static const char units[] = "YMWDTHMS";

static void
add(struct sums *sums, size_t unit, const struct amount *amount)
{
    switch (unit) {
    case 0:
        sums->months += amount->whole * 12;
        return;
    case 1:
        sums->months += amount->whole;
        return;
    case 2:
        sums->days += amount->whole * 7;
        return;
    case 3:
        sums->days += amount->whole;
        return;
    default:
        break;
    }
    int64_t seconds = unit == 5 ? 3600 : unit == 6 ? 60 : 1, microseconds;
    sums->has_overflown |=
        __builtin_mul_overflow(amount->whole, seconds * SECOND, &microseconds) ||
        __builtin_add_overflow(sums->microseconds, microseconds, &sums->microseconds);
}

static bool
is_within(int64_t number, int64_t most)
{
    return number >= -most && number <= most;
}

bool
judge_interval(struct str text)
{
    struct str rest = { text.ptr + 1, text.len - 1 };
    struct sums sums = { 0 };
    struct amount amount;
    size_t next = 0;
    bool has_any = false;

    if (text.len < 3 || text.ptr[0] != 'P')
        return false;
    while (rest.len > 0) {
        if (rest.ptr[0] == 'T' && next <= 4) {
            next = 5;
            rest = (struct str){ rest.ptr + 1, rest.len - 1 };
            has_any = false;
        }
        if (!read_amount(&rest, &amount) || rest.len == 0)
            return false;
        size_t end = next <= 4 ? 4 : sizeof(units) - 1, unit = next;
        while (unit < end && units[unit] != rest.ptr[0])
            unit++;
        if (unit == end || (amount.has_fraction && unit != sizeof(units) - 2))
            return false;
        add(&sums, unit, &amount);
        next = unit + 1;
        rest = (struct str){ rest.ptr + 1, rest.len - 1 };
        has_any = true;
    }
    /* The fraction, which is not counted, is less than a second. */
    return has_any && !sums.has_overflown && is_within(sums.months, INT32_MAX) &&
           is_within(sums.days, INT32_MAX) && is_within(sums.microseconds, INT64_MAX - SECOND);
}
