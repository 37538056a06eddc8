/*
 * template.c - large documents from short texts.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/pathological/template.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

struct expansion {
    struct buf *out;
    long n, fill; /* what `n` and `*` stand for */
};

static long
read_count(const struct expansion *e, const char **at)
{
    char *end;
    long count;

    if (**at == 'n' || **at == '*') {
        count = **at == 'n' ? e->n : e->fill;
        end = (char *)*at + 1;
    } else {
        count = strtol(*at, &end, 10);
    }
    assert(*end == ':');
    *at = end + 1;
    return count;
}

/* The place after the `>` that ends what begins here. */
static const char *
skip(const char *at)
{
    for (int depth = 1; depth > 0; at++)
        depth += (*at == '<') - (*at == '>');
    return at;
}

/* Write the text up to its `>` or its end. */
static void
expand(const struct expansion *e, const char *at, long index, long outer)
{
    while (*at && *at != '>' && !e->out->failed) {
        if (*at == '<') {
            at++;
            long count = read_count(e, &at);
            for (long i = 0; i < count && !e->out->failed; i++)
                expand(e, at, i, index);
            at = skip(at);
        } else if (*at == '%') {
            long number = index;
            at++;
            if (*at == '^') {
                number = outer;
                at++;
            }
            if (*at == '+') {
                number++;
                at++;
            }
            buf_int64(e->out, number);
        } else {
            buf_byte(e->out, *at++);
        }
    }
}

/* Is the text with that many of `*` within the bound? */
static bool
fits(const char *template, long n, long fill, size_t maximum)
{
    struct buf b = { .maximum = maximum };
    struct expansion e = { &b, n, fill };

    expand(&e, template, 0, 0);
    bool is_within = !b.failed;
    buf_free(&b);
    return is_within;
}

struct str
template_expand(struct arena *a, const char *template, long n, size_t maximum)
{
    struct expansion e = { buf_new(a), n, 0 };

    e.out->maximum = maximum;
    if (strchr(template, '*'))
        for (long step = (long)maximum; step > 0; step /= 2)
            while (fits(template, n, e.fill + step, maximum))
                e.fill += step;
    expand(&e, template, 0, 0);
    return e.out->failed ? STR_NONE : buf_str(e.out);
}
