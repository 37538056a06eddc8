/*
 * suggest.c - "Did you mean ...?"
 *
 * The distance is Damerau and Levenshtein's (optimal string alignment):
 * characters inserted, deleted, replaced, or exchanged with their neighbour.
 * Names that differ in case only are at distance one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/suggest.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

enum { SUGGESTIONS_MAXIMUM = 5 };

enum { TOO_FAR = -1 };

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int
least(int a, int b)
{
    return a < b ? a : b;
}

/* Row `i` of the matrix of distances, from the two rows before it.  Return its
 * smallest cell: no later one can be smaller. */
static int
distance_row(int *const rows[3], int i, struct str longer, struct str shorter)
{
    const int *up = rows[(i + 2) % 3], *up_twice = rows[(i + 1) % 3];
    int *row = rows[i % 3];
    int smallest = row[0] = i;
    char c = lower(longer.ptr[i - 1]);

    for (int j = 1; j <= (int)shorter.len; j++) {
        int cost = c != lower(shorter.ptr[j - 1]);
        int cell = least(least(up[j] + 1, row[j - 1] + 1), up[j - 1] + cost);

        if (i > 1 && j > 1 && c == lower(shorter.ptr[j - 2]) &&
            lower(longer.ptr[i - 2]) == lower(shorter.ptr[j - 1]))
            cell = least(cell, up_twice[j - 2] + 1);
        smallest = least(smallest, cell);
        row[j] = cell;
    }
    return smallest;
}

/* The distance of two names, or TOO_FAR when it is over `threshold`.  `cells`
 * has room for three rows of the shorter name's length and one more. */
static int
distance(struct str a, struct str b, int threshold, int *cells)
{
    struct str longer = a.len < b.len ? b : a, shorter = a.len < b.len ? a : b;
    int width = (int)shorter.len + 1;
    int *const rows[3] = { cells, cells + width, cells + 2 * width };

    if (str_equal_nocase(a, b))
        return 1;
    if ((int)(longer.len - shorter.len) > threshold)
        return TOO_FAR;
    for (int j = 0; j < width; j++)
        rows[0][j] = j;
    for (int i = 1; i <= (int)longer.len; i++)
        if (distance_row(rows, i, longer, shorter) > threshold)
            return TOO_FAR;
    int result = rows[longer.len % 3][shorter.len];
    return result <= threshold ? result : TOO_FAR;
}

static bool
has_digit(struct str s, size_t at)
{
    return at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9';
}

/* The number at `*at`; a leading zero is a number of its own. */
static double
read_number(struct str s, size_t *at)
{
    double number = 0;

    do
        number = number * 10 + (s.ptr[(*at)++] - '0');
    while (has_digit(s, *at) && number > 0);
    return number;
}

int
suggest_compare(struct str a, struct str b)
{
    size_t i = 0, j = 0;

    while (i < a.len && j < b.len) {
        double x, y;

        if (has_digit(a, i) && has_digit(b, j)) {
            x = read_number(a, &i);
            y = read_number(b, &j);
        } else {
            x = (unsigned char)a.ptr[i++];
            y = (unsigned char)b.ptr[j++];
        }
        if (x != y)
            return x < y ? -1 : 1;
    }
    return (a.len > b.len) - (a.len < b.len);
}

int
suggest_close(struct arena *a, struct str input, struct str *names, int count)
{
    int threshold = (int)(input.len * 2 / 5) + 1;
    int *cells = ARENA_ARRAY(a, int, 3 * (input.len + 1));
    int distances[SUGGESTIONS_MAXIMUM];
    int close = 0;

    for (int i = 0; i < count; i++) {
        struct str name = names[i];
        int d = distance(input, name, threshold, cells);
        int at = close;

        if (d == TOO_FAR)
            continue;
        while (at > 0 && (distances[at - 1] > d ||
                          (distances[at - 1] == d && suggest_compare(names[at - 1], name) > 0)))
            at--;
        if (at == SUGGESTIONS_MAXIMUM || (at > 0 && str_equal(names[at - 1], name)))
            continue;
        close += close < SUGGESTIONS_MAXIMUM;
        for (int k = close - 1; k > at; k--) {
            distances[k] = distances[k - 1];
            names[k] = names[k - 1];
        }
        distances[at] = d;
        names[at] = name;
    }
    return close;
}

struct str
suggest_text(struct arena *a, const char *what, const struct str *names, int count)
{
    struct buf b = { 0 };
    int shown = least(count, SUGGESTIONS_MAXIMUM);

    if (shown == 0)
        return STR("");
    buf_printf(&b, " Did you mean %s%s", what ? what : "", what ? " " : "");
    for (int i = 0; i < shown; i++) {
        bool is_last = i > 0 && i == shown - 1;

        if (i > 0)
            buf_put_c(&b, !is_last ? ", " : shown == 2 ? " or " : ", or ");
        buf_printf(&b, "\"%.*s\"", STR_PRINT(names[i]));
    }
    buf_byte(&b, '?');
    struct str text = buf_copy(a, &b);
    buf_free(&b);
    return text;
}
