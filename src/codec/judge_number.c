/*
 * judge_number.c - texts of numbers.
 *
 * SPDX-License-Identifier: MIT
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "codec/judge.h"

enum {
    EXPONENT_MAX = 308,      /* of a double */
    NUMERIC_BEFORE = 131072, /* digits of a numeric before its point */
    NUMERIC_AFTER = 16383,   /* and after it */
    INTEGER_DIGITS = 19      /* of a bigint */
};

/* A number as JSON has it, taken apart. */
struct number {
    bool is_negative;
    struct str whole, fraction; /* digits; the fraction may be empty */
    int exponent;               /* clamped: beyond 10^5 it is all the same */
};

static struct str
take_digits(struct str *rest)
{
    struct str digits = { rest->ptr, 0 };

    while (digits.len < rest->len && str_is_digit(digits.ptr[digits.len]))
        digits.len++;
    rest->ptr += digits.len;
    rest->len -= digits.len;
    return digits;
}

static bool
take_byte(struct str *rest, char c)
{
    if (rest->len == 0 || rest->ptr[0] != c)
        return false;
    rest->ptr++;
    rest->len--;
    return true;
}

static bool
take_exponent(struct str *rest, int *exponent)
{
    bool is_negative = take_byte(rest, '-');

    if (!is_negative)
        take_byte(rest, '+');
    struct str digits = take_digits(rest);
    *exponent = 0;
    for (size_t i = 0; i < digits.len; i++)
        if (*exponent < 100000)
            *exponent = *exponent * 10 + (digits.ptr[i] - '0');
    if (is_negative)
        *exponent = -*exponent;
    return digits.len > 0;
}

/* `-?[0-9]+(.[0-9]+)?([eE][+-]?[0-9]+)?`, all of the text. */
static bool
split_number(struct str text, struct number *number)
{
    *number = (struct number){ .is_negative = take_byte(&text, '-') };
    number->whole = take_digits(&text);
    if (number->whole.len == 0)
        return false;
    if (take_byte(&text, '.')) {
        number->fraction = take_digits(&text);
        if (number->fraction.len == 0)
            return false;
    }
    if ((take_byte(&text, 'e') || take_byte(&text, 'E')) &&
        !take_exponent(&text, &number->exponent))
        return false;
    return text.len == 0;
}

static bool
is_zero(const struct number *n)
{
    for (size_t i = 0; i < n->whole.len; i++)
        if (n->whole.ptr[i] != '0')
            return false;
    for (size_t i = 0; i < n->fraction.len; i++)
        if (n->fraction.ptr[i] != '0')
            return false;
    return true;
}

bool
judge_digits(struct str text)
{
    bool is_negative = text.len > 0 && text.ptr[0] == '-';
    struct str digits = { text.ptr + is_negative, text.len - is_negative };

    if (digits.len == 0 || (digits.ptr[0] == '0' && text.len > 1))
        return false;
    for (size_t i = 0; i < digits.len; i++)
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
            return false;
    return true;
}

bool
judge_integer(struct str text, int64_t least, int64_t most)
{
    int64_t number;

    return judge_digits(text) && str_read_int64(text, &number) && number >= least && number <= most;
}

static bool
is_not_finite(struct str text)
{
    return str_is(text, "NaN") || str_is(text, "Infinity") || str_is(text, "-Infinity");
}

bool
judge_float(struct str text, bool is_real)
{
    struct number number;

    if (is_not_finite(text))
        return true;
    if (!split_number(text, &number))
        return false;
    double value = is_real ? strtof(text.ptr, NULL) : strtod(text.ptr, NULL);
    return isfinite(value) && (value != 0 || is_zero(&number));
}

/* Is it a number that does not grow long when it is written out? */
static bool
is_short(const struct number *number)
{
    return number->whole.len <= NUMERIC_BEFORE && number->fraction.len <= NUMERIC_AFTER &&
           number->exponent <= EXPONENT_MAX && number->exponent >= -EXPONENT_MAX &&
           (number->exponent == 0 || number->whole.len + number->fraction.len <= 1000);
}

bool
judge_numeric(struct str text)
{
    struct number number;

    return is_not_finite(text) || (split_number(text, &number) && is_short(&number));
}

bool
judge_numbers_of_json(struct str text)
{
    bool is_string = false;

    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\' && is_string) {
            i++;
        } else if (text.ptr[i] == '"') {
            is_string = !is_string;
        } else if (!is_string && (str_is_digit(text.ptr[i]) || text.ptr[i] == '-')) {
            size_t start = i;
            struct number number;
            while (i + 1 < text.len && memchr("0123456789+-.eE", text.ptr[i + 1], 15))
                i++;
            if (!split_number((struct str){ text.ptr + start, i + 1 - start }, &number) ||
                !is_short(&number))
                return false;
        }
    }
    return true;
}

/* All digits in one: the position of the point is `*point`, from their start. */
static struct str
join_digits(struct arena *a, const struct number *n, int64_t *point)
{
    char *digits = arena_alloc(a, n->whole.len + n->fraction.len + 1);
    struct str all = { digits, n->whole.len + n->fraction.len };

    memcpy(digits, n->whole.ptr, n->whole.len);
    if (n->fraction.len > 0)
        memcpy(digits + n->whole.len, n->fraction.ptr, n->fraction.len);
    *point = (int64_t)n->whole.len + n->exponent;
    while (all.len > 0 && all.ptr[0] == '0') {
        all.ptr++;
        all.len--;
        --*point;
    }
    while (all.len > 0 && all.ptr[all.len - 1] == '0')
        all.len--;
    return all;
}

struct str
judge_whole_number(struct arena *a, struct str text)
{
    struct number number;
    int64_t point;

    if (!split_number(text, &number) || text.len > 1000)
        return STR_NONE;
    struct str digits = join_digits(a, &number, &point);
    if (digits.len == 0)
        return STR("0");
    if (point < (int64_t)digits.len || point > INTEGER_DIGITS)
        return STR_NONE;
    return str_format(a, "%s%.*s%.*s", number.is_negative ? "-" : "", STR_PRINT(digits),
                      (int)(point - (int64_t)digits.len), "0000000000000000000");
}

/* The first digits of a number below 10^19, as many as stand before its point. */
static uint64_t
read_whole(struct str digits, int64_t point)
{
    uint64_t whole = 0;

    for (int64_t i = 0; i < point; i++)
        whole = whole * 10 + (i < (int64_t)digits.len ? (uint64_t)(digits.ptr[i] - '0') : 0);
    return whole;
}

/* What is at most, or at least, the number and a whole one; of several the nearest.  False: it is
 * beyond 64 bits. */
static bool
round_number(struct arena *a, const struct number *number, bool is_up, int64_t *out)
{
    int64_t point;
    struct str digits = join_digits(a, number, &point);

    *out = 0;
    if (digits.len == 0)
        return true;
    if (point > INTEGER_DIGITS)
        return false;
    uint64_t whole = read_whole(digits, point);
    whole += (int64_t)digits.len > point && is_up != number->is_negative;
    if (whole > (uint64_t)INT64_MAX + number->is_negative)
        return false;
    *out = number->is_negative ? (int64_t)(0 - whole) : (int64_t)whole;
    return true;
}

struct str
judge_bound(struct arena *a, struct str text, const struct judge_bounds *bounds)
{
    struct number number;
    int64_t bound, step = bounds->is_strict ? 1 : 0;
    int64_t end = bounds->is_upper ? bounds->most : bounds->least;

    if (!split_number(text, &number) || text.len > 1000)
        return STR_NONE;
    /* Below 2, below 1.5 and at most 1.5 are at most 1. */
    bool is_up = bounds->is_upper == bounds->is_strict;
    bool is_read = round_number(a, &number, is_up, &bound);
    if (!is_read)
        return bounds->is_upper != number.is_negative ? str_format(a, "%lld", (long long)end)
                                                      : STR_NONE;
    if (__builtin_add_overflow(bound, bounds->is_upper ? -step : step, &bound) ||
        (bounds->is_upper ? bound < bounds->least : bound > bounds->most))
        return STR_NONE;
    bool is_beyond = bounds->is_upper ? bound > bounds->most : bound < bounds->least;
    return str_format(a, "%lld", (long long)(is_beyond ? end : bound));
}

/* Where NaN and the infinities stand among numbers: -1, 1, 2 for NaN; 0 for a number. */
static int
find_rank(struct str text)
{
    return str_is(text, "-Infinity")  ? -1
           : str_is(text, "Infinity") ? 1
           : str_is(text, "NaN")      ? 2
                                      : 0;
}

static int
compare_digits(struct str a, int64_t a_point, struct str b, int64_t b_point)
{
    if (a.len == 0 || b.len == 0)
        return (a.len > 0) - (b.len > 0);
    if (a_point != b_point)
        return a_point < b_point ? -1 : 1;
    return str_compare(a, b);
}

int
judge_compare_numbers(struct str a, struct str b)
{
    struct number x, y;
    int rank = find_rank(a) - find_rank(b);
    int64_t x_point = 0, y_point = 0;

    if (rank != 0 || find_rank(a) != 0 || !split_number(a, &x) || !split_number(b, &y))
        return rank;
    struct arena *scratch = arena_new("numbers");
    struct str x_digits = join_digits(scratch, &x, &x_point);
    struct str y_digits = join_digits(scratch, &y, &y_point);
    int order = compare_digits(x_digits, x_point, y_digits, y_point);
    if (x_digits.len > 0 && y_digits.len > 0 && x.is_negative != y.is_negative)
        order = x.is_negative ? -1 : 1;
    else if (x.is_negative && x_digits.len > 0)
        order = -order;
    else if (y.is_negative && y_digits.len > 0)
        order = 1;
    arena_free(scratch);
    return order;
}
