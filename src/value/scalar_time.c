/*
 * scalar_time.c - points in time (RFC 3339, 5.6).
 *
 * Dates are counted in the proleptic Gregorian calendar with years that begin
 * in March, so that the leap day is a year's last and months need no table
 * ("chrono-compatible low-level date algorithms", Howard Hinnant).
 *
 * SPDX-License-Identifier: MIT
 */
#include "value/scalar_time.h"

#include <stdio.h>
#include <string.h>

static const int64_t SECOND = 1000000;
static const int64_t DAY = 86400 * SECOND;

enum {
    DAYS_PER_ERA = 146097,      /* 400 years */
    MARCH_0000_TO_2000 = 730425 /* days from 0000-03-01 to 2000-01-01 */
};

/* PostgreSQL's dates and timestamps begin with 4714-11-24 BC; timestamps end with 294276. */
static const int64_t DAY_FIRST = -2451545, DAY_END = 106751983;

/* The days from 2000-01-01 to a date. */
static int64_t
days_from_date(int year, int month, int day)
{
    int shifted = month <= 2 ? year - 1 : year;
    int era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    int year_of_era = shifted - era * 400;
    int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return (int64_t)era * DAYS_PER_ERA + day_of_era - MARCH_0000_TO_2000;
}

static void
date_from_days(int64_t days, int64_t *year, int *month, int *day)
{
    int64_t shifted = days + MARCH_0000_TO_2000;
    int64_t era = (shifted >= 0 ? shifted : shifted - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
    int day_of_era = (int)(shifted - era * DAYS_PER_ERA);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int from_march = (5 * day_of_year + 2) / 153;

    *day = day_of_year - (153 * from_march + 2) / 5 + 1;
    *month = from_march < 10 ? from_march + 3 : from_march - 9;
    *year = era * 400 + year_of_era + (*month <= 2);
}

/* A text that is read from the left; sticky: after a misfit `failed` stays. */
struct time_reader {
    struct str rest;
    bool failed;
};

static int
read_digits(struct time_reader *r, size_t count)
{
    int number = 0;

    if (r->rest.len < count)
        r->failed = true;
    for (size_t i = 0; !r->failed && i < count; i++) {
        char c = r->rest.ptr[i];
        if (c < '0' || c > '9')
            r->failed = true;
        number = number * 10 + (c - '0');
    }
    if (r->failed)
        return 0;
    r->rest.ptr += count;
    r->rest.len -= count;
    return number;
}

/* Take the character if it comes next. */
static bool
accept(struct time_reader *r, char c)
{
    if (r->failed || r->rest.len == 0 || r->rest.ptr[0] != c)
        return false;
    r->rest.ptr++;
    r->rest.len--;
    return true;
}

static void
expect(struct time_reader *r, char c)
{
    if (!accept(r, c))
        r->failed = true;
}

/* A number of so many digits within bounds. */
static int
read_number(struct time_reader *r, size_t count, int least, int most)
{
    int number = read_digits(r, count);

    if (number < least || number > most)
        r->failed = true;
    return number;
}

/* The days from 2000-01-01 to a date; `year` 0 is 1 BC. */
static int64_t
check_date(struct time_reader *r, int year, int month, int day)
{
    static const int lengths[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    if (r->failed)
        return 0;
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day > lengths[month - 1] || (month == 2 && day == 29 && !is_leap))
        r->failed = true;
    return days_from_date(year, month, day);
}

/* full-date = 4DIGIT "-" 2DIGIT "-" 2DIGIT; the days since 2000-01-01.  There is
 * no year 0 in PostgreSQL. */
static int64_t
read_date(struct time_reader *r)
{
    int year, month, day;

    year = read_number(r, 4, 1, 9999);
    expect(r, '-');
    month = read_number(r, 2, 1, 12);
    expect(r, '-');
    day = read_number(r, 2, 1, 31);
    return check_date(r, year, month, day);
}

/* The same with years of four digits or more, up to `year_max`, or before Christ. */
static int64_t
read_long_date(struct time_reader *r, int year_max, bool is_before)
{
    size_t digits = str_find(r->rest, '-');
    int year, month, day;

    if (digits < 4 || digits > 7 || (digits > 4 && r->rest.ptr[0] == '0'))
        r->failed = true;
    year = read_number(r, r->failed ? 0 : digits, 1, year_max);
    expect(r, '-');
    month = read_number(r, 2, 1, 12);
    expect(r, '-');
    day = read_number(r, 2, 1, 31);
    return check_date(r, is_before ? 1 - year : year, month, day);
}

/* time-secfrac = "." 1*DIGIT; in microseconds. */
static int
read_fraction(struct time_reader *r)
{
    int scale = (int)SECOND, fraction = 0;

    if (!accept(r, '.'))
        return 0;
    do {
        int digit = read_digits(r, 1);
        scale /= 10;
        fraction += digit * scale;
    } while (!r->failed && r->rest.len > 0 && r->rest.ptr[0] >= '0' && r->rest.ptr[0] <= '9');
    return fraction;
}

/* time-offset = "Z" / ("+" / "-") 2DIGIT ":" 2DIGIT; in seconds. */
static int
read_offset(struct time_reader *r)
{
    bool is_negative = false;
    int seconds;

    if (accept(r, 'Z'))
        return 0;
    if (!accept(r, '+')) {
        expect(r, '-');
        is_negative = true;
    }
    seconds = read_number(r, 2, 0, 23) * 3600;
    expect(r, ':');
    seconds += read_number(r, 2, 0, 59) * 60;
    if (is_negative && seconds == 0)
        r->failed = true;
    return is_negative ? -seconds : seconds;
}

/* partial-time = time-hour ":" time-minute ":" time-second [time-secfrac]; in microseconds. */
static int64_t
read_clock(struct time_reader *r)
{
    int64_t seconds = read_number(r, 2, 0, 23) * 3600;

    expect(r, ':');
    seconds += read_number(r, 2, 0, 59) * 60;
    expect(r, ':');
    seconds += read_number(r, 2, 0, 59);
    return seconds * SECOND + read_fraction(r);
}

/* A date and a time, without an offset. */
static int64_t
read_date_time(struct time_reader *r)
{
    int64_t days = read_date(r);

    expect(r, 'T');
    return days * DAY + read_clock(r);
}

bool
scalar_time_read(struct str text, int64_t *microseconds)
{
    struct time_reader r = { .rest = text };
    int64_t local = read_date_time(&r), offset = read_offset(&r);

    if (r.failed || r.rest.len > 0)
        return false;
    *microseconds = local - offset * SECOND;
    return true;
}

bool
scalar_time_read_local(struct str text, int64_t *microseconds)
{
    struct time_reader r = { .rest = text };
    int64_t local = read_date_time(&r);

    if (r.failed || r.rest.len > 0)
        return false;
    *microseconds = local;
    return true;
}

/* Take the end ` BC` off. */
static bool
take_before(struct str *text)
{
    if (!str_ends_with(*text, STR(" BC")))
        return false;
    text->len -= 3;
    return true;
}

/* `+02`, `+02:30`, `-00:44:30`: as PostgreSQL writes it; in seconds. */
static int
read_long_offset(struct time_reader *r)
{
    bool is_negative = accept(r, '-');
    int seconds;

    if (!is_negative && accept(r, 'Z'))
        return 0;
    if (!is_negative)
        expect(r, '+');
    seconds = read_number(r, 2, 0, 15) * 3600;
    if (accept(r, ':'))
        seconds += read_number(r, 2, 0, 59) * 60;
    if (accept(r, ':'))
        seconds += read_number(r, 2, 0, 59);
    return is_negative ? -seconds : seconds;
}

/* PostgreSQL would round it. */
static bool
is_too_fine(struct str text)
{
    size_t i = str_find(text, '.') + 1, start = i;

    while (i < text.len && text.ptr[i] >= '0' && text.ptr[i] <= '9')
        i++;
    return i > start + 6;
}

bool
scalar_time_read_database(struct str text, bool has_zone, int64_t *microseconds)
{
    bool is_before = take_before(&text);
    struct time_reader r = { .rest = text };
    int64_t days, of_day = 0;

    if (str_is(text, "infinity") || str_is(text, "-infinity")) {
        *microseconds = text.ptr[0] == '-' ? INT64_MIN : INT64_MAX;
        return !is_before;
    }
    days = read_long_date(&r, 294276, is_before);
    if (!r.failed && r.rest.len > 0) {
        if (!accept(&r, ' '))
            expect(&r, 'T');
        of_day = read_clock(&r);
    }
    if (has_zone && r.rest.len > 0)
        of_day -= read_long_offset(&r) * SECOND;
    if (r.failed || r.rest.len > 0 || days < DAY_FIRST || days > DAY_END || is_too_fine(text))
        return false;
    *microseconds = days * DAY + of_day;
    return *microseconds >= DAY_FIRST * DAY && *microseconds < DAY_END * DAY;
}

bool
scalar_time_read_date(struct str text, int64_t *days)
{
    bool is_before = take_before(&text);
    struct time_reader r = { .rest = text };

    if (str_is(text, "infinity") || str_is(text, "-infinity")) {
        *days = text.ptr[0] == '-' ? INT64_MIN : INT64_MAX;
        return !is_before;
    }
    *days = read_long_date(&r, 5874897, is_before);
    return !r.failed && r.rest.len == 0 && *days >= DAY_FIRST;
}

bool
scalar_time_read_clock(struct str text, bool has_zone)
{
    struct time_reader r = { .rest = text };

    if (str_starts_with(text, STR("24:00:00"))) {
        r.rest.ptr += 8;
        r.rest.len -= 8;
    } else {
        read_clock(&r);
    }
    if (has_zone)
        read_long_offset(&r);
    return !r.failed && r.rest.len == 0;
}

/* Write `count` digits and return where they end. */
static char *
write_digits(char *out, int number, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        out[i] = (char)('0' + number % 10);
        number /= 10;
    }
    return out + count;
}

/* A date and a time of day. */
struct moment {
    int64_t year;
    int month, day, seconds, fraction; /* of the day; in microseconds */
};

static struct moment
split(int64_t microseconds)
{
    int64_t days = microseconds / DAY, of_day = microseconds % DAY;
    struct moment m;

    if (of_day < 0) {
        of_day += DAY;
        days--;
    }
    date_from_days(days, &m.year, &m.month, &m.day);
    m.seconds = (int)(of_day / SECOND);
    m.fraction = (int)(of_day % SECOND);
    return m;
}

static char *
write_date(char *p, int64_t year, int digits, const struct moment *m)
{
    p = write_digits(p, (int)year, digits);
    *p++ = '-';
    p = write_digits(p, m->month, 2);
    *p++ = '-';
    return write_digits(p, m->day, 2);
}

static char *
write_clock(char *p, const struct moment *m)
{
    p = write_digits(p, m->seconds / 3600, 2);
    *p++ = ':';
    p = write_digits(p, m->seconds / 60 % 60, 2);
    *p++ = ':';
    return write_digits(p, m->seconds % 60, 2);
}

/* As many digits as it takes; nothing for 0. */
static char *
write_fraction(char *p, int fraction)
{
    if (fraction == 0)
        return p;
    *p++ = '.';
    p = write_digits(p, fraction, 6);
    while (p[-1] == '0')
        p--;
    return p;
}

int
scalar_time_write(int64_t microseconds, int digits, char out[SCALAR_TIME_MAX])
{
    struct moment m = split(microseconds);
    char *p;

    if (m.year < 0 || m.year > 9999)
        return 0;
    p = write_date(out, m.year, 4, &m);
    *p++ = 'T';
    p = write_clock(p, &m);
    *p++ = '.';
    p = write_digits(p, m.fraction / (digits == 3 ? 1000 : 1), digits);
    *p++ = 'Z';
    return (int)(p - out);
}

int
scalar_time_write_local(int64_t microseconds, char out[SCALAR_TIME_MAX])
{
    struct moment m = split(microseconds);
    char *p;

    if (m.year < 1 || m.year > 9999)
        return 0;
    p = write_date(out, m.year, 4, &m);
    *p++ = 'T';
    p = write_clock(p, &m);
    return (int)(write_fraction(p, m.fraction) - out);
}

int
scalar_time_write_database(int64_t microseconds, bool has_zone, char out[SCALAR_TIME_MAX])
{
    struct moment m = split(microseconds);
    bool is_before = m.year < 1;
    int64_t year = is_before ? 1 - m.year : m.year;
    char *p;

    if (microseconds == INT64_MAX || microseconds == INT64_MIN)
        return snprintf(out, SCALAR_TIME_MAX, microseconds < 0 ? "-infinity" : "infinity");
    p = write_date(out, year, year < 10000 ? 4 : year < 100000 ? 5 : 6, &m);
    *p++ = ' ';
    p = write_fraction(write_clock(p, &m), m.fraction);
    if (has_zone)
        p = stpcpy(p, "+00");
    if (is_before)
        p = stpcpy(p, " BC");
    return (int)(p - out);
}
