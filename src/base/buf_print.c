/*
 * buf_print.c - formatted text in a buffer.
 *
 * Not vsnprintf(): that ends what `%.*s` writes at a NUL, and texts of clients may have U+0000
 * in them.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"

/* What stands between the `%` and the conversion. */
struct directive {
    bool is_zero_padded;
    int width;     /* at least so many characters; 0: any */
    int precision; /* -1: none */
    int longs;     /* `l` once or twice; `z` counts once */
    char conversion;
};

/* A number of the format, or for `*` of the arguments. */
static int
read_number(const char **format, va_list *args)
{
    int number = 0;

    if (**format == '*') {
        (*format)++;
        return va_arg(*args, int);
    }
    for (; str_is_digit(**format); (*format)++)
        number = 10 * number + (**format - '0');
    return number;
}

/* Read the directive after its `%`, and move past it. */
static struct directive
read_directive(const char **format, va_list *args)
{
    struct directive d = { .precision = -1 };

    for (; **format == '0'; (*format)++)
        d.is_zero_padded = true;
    d.width = read_number(format, args);
    if (**format == '.') {
        (*format)++;
        d.precision = read_number(format, args);
    }
    for (; **format == 'l' || **format == 'z'; (*format)++)
        d.longs++;
    d.conversion = *(*format)++;
    return d;
}

/* The middle of a text is left out, since what stands before and after one long word says most. */
static void
put_ends(struct buf *b, struct str text)
{
    size_t half = utf8_cut(text, b->text_maximum / 2);
    size_t rest = utf8_cut(text, text.len - b->text_maximum / 2);

    buf_put(b, (struct str){ text.ptr, half });
    buf_put(b, STR("\u2026"));
    buf_put(b, (struct str){ text.ptr + rest, text.len - rest });
}

static void
put_text(struct buf *b, const struct directive *d, const char *text)
{
    size_t len = d->precision >= 0 ? (size_t)d->precision : strlen(text);
    struct str s = { text, len };

    if (b->text_maximum && len > b->text_maximum)
        put_ends(b, s);
    else
        buf_put(b, s);
}

/* A number's digits, which may have a minus before them, in the directive's width. */
static void
put_digits(struct buf *b, const struct directive *d, const char *digits)
{
    size_t len = strlen(digits), width = (size_t)d->width;

    if (d->is_zero_padded && *digits == '-')
        buf_byte(b, *digits++);
    if (len < width)
        buf_repeat(b, d->is_zero_padded ? '0' : ' ', width - len);
    buf_put_c(b, digits);
}

static void
put_signed(struct buf *b, const struct directive *d, va_list *args)
{
    char text[32];
    long long number = d->longs == 2   ? va_arg(*args, long long)
                       : d->longs == 1 ? va_arg(*args, long)
                                       : va_arg(*args, int);

    snprintf(text, sizeof(text), "%lld", number);
    put_digits(b, d, text);
}

static void
put_unsigned(struct buf *b, const struct directive *d, va_list *args)
{
    char text[32];
    unsigned long long number = d->longs == 2   ? va_arg(*args, unsigned long long)
                                : d->longs == 1 ? va_arg(*args, unsigned long)
                                                : va_arg(*args, unsigned);

    if (d->conversion == 'u')
        snprintf(text, sizeof(text), "%llu", number);
    else
        snprintf(text, sizeof(text), d->conversion == 'x' ? "%llx" : "%llX", number);
    put_digits(b, d, text);
}

static void
put_double(struct buf *b, const struct directive *d, double number)
{
    char text[350]; /* 309 digits before the point */

    assert(d->precision >= 0 && d->precision < 20);
    snprintf(text, sizeof(text), "%.*f", d->precision, number);
    buf_put_c(b, text);
}

static void
put_directive(struct buf *b, const struct directive *d, va_list *args)
{
    switch (d->conversion) {
    case '%':
        buf_byte(b, '%');
        break;
    case 'c':
        buf_byte(b, (char)va_arg(*args, int));
        break;
    case 's':
        put_text(b, d, va_arg(*args, const char *));
        break;
    case 'd':
        put_signed(b, d, args);
        break;
    case 'u':
    case 'x':
    case 'X':
        put_unsigned(b, d, args);
        break;
    case 'f':
        put_double(b, d, va_arg(*args, double));
        break;
    default:
        assert(false); /* another directive: add it */
    }
}

void
buf_vprintf(struct buf *b, const char *format, va_list args)
{
    va_list rest;

    va_copy(rest, args);
    while (*format) {
        size_t plain = strcspn(format, "%");
        buf_put(b, (struct str){ format, plain });
        format += plain;
        if (*format++ == '\0')
            break;
        struct directive d = read_directive(&format, &rest);
        put_directive(b, &d, &rest);
    }
    va_end(rest);
}
