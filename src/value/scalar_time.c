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

static const int64_t SECOND = 1000000;
static const int64_t DAY = 86400 * SECOND;

enum {
    DAYS_PER_ERA = 146097,      /* 400 years */
    MARCH_0000_TO_2000 = 730425 /* days from 0000-03-01 to 2000-01-01 */
};

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

/* full-date = 4DIGIT "-" 2DIGIT "-" 2DIGIT; the days since 2000-01-01.  There is
 * no year 0 in PostgreSQL. */
static int64_t
read_date(struct time_reader *r)
{
    static const int lengths[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int year, month, day;

    year = read_number(r, 4, 1, 9999);
    expect(r, '-');
    month = read_number(r, 2, 1, 12);
    expect(r, '-');
    day = read_number(r, 2, 1, 31);
    if (r->failed)
        return 0;
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    if (day > lengths[month - 1] || (month == 2 && day == 29 && !is_leap))
        r->failed = true;
    return days_from_date(year, month, day);
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

bool
scalar_time_read(struct str text, int64_t *microseconds)
{
    struct time_reader r = { .rest = text };
    int64_t days, seconds;
    int fraction;

    days = read_date(&r);
    expect(&r, 'T');
    seconds = read_number(&r, 2, 0, 23) * 3600;
    expect(&r, ':');
    seconds += read_number(&r, 2, 0, 59) * 60;
    expect(&r, ':');
    seconds += read_number(&r, 2, 0, 59);
    fraction = read_fraction(&r);
    seconds -= read_offset(&r);
    if (r.failed || r.rest.len > 0)
        return false;
    *microseconds = days * DAY + seconds * SECOND + fraction;
    return true;
}

bool
scalar_time_read_date(struct str text)
{
    struct time_reader r = { .rest = text };

    read_date(&r);
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

int
scalar_time_write(int64_t microseconds, int digits, char out[SCALAR_TIME_MAX])
{
    int64_t days = microseconds / DAY, of_day = microseconds % DAY, year;
    int month, day, seconds;
    char *p = out;

    if (of_day < 0) {
        of_day += DAY;
        days--;
    }
    date_from_days(days, &year, &month, &day);
    if (year < 0 || year > 9999)
        return 0;
    seconds = (int)(of_day / SECOND);
    p = write_digits(p, (int)year, 4);
    *p++ = '-';
    p = write_digits(p, month, 2);
    *p++ = '-';
    p = write_digits(p, day, 2);
    *p++ = 'T';
    p = write_digits(p, seconds / 3600, 2);
    *p++ = ':';
    p = write_digits(p, seconds / 60 % 60, 2);
    *p++ = ':';
    p = write_digits(p, seconds % 60, 2);
    *p++ = '.';
    p = write_digits(p, (int)(of_day % SECOND) / (digits == 3 ? 1000 : 1), digits);
    *p++ = 'Z';
    return (int)(p - out);
}
