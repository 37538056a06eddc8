/*
 * judge_nested.c - texts of ranges and arrays, whose parts are judged on their own.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/arena.h"
#include "value/scalar_time.h"
#include "codec/judge.h"

enum { DEPTH_MAX = 6 }; /* dimensions of an array, as in PostgreSQL */

/* A bound of a range: up to one of `ends` that is not in quotes; return it without quotes and
 * backslashes.  STR_NONE when a quote is not closed or a backslash ends the text. */
static struct str
read_bound(struct arena *a, struct str text, size_t *at, const char *ends)
{
    char *out = arena_alloc(a, text.len - *at + 1);
    size_t len = 0;
    bool is_quoted = false;

    for (; *at < text.len; ++*at) {
        char c = text.ptr[*at];
        if (!is_quoted && strchr(ends, c))
            break;
        if (c == '"' && is_quoted && *at + 1 < text.len && text.ptr[*at + 1] == '"') {
            out[len++] = text.ptr[++*at]; /* two of them within quotes are one */
            continue;
        }
        if (c == '"') {
            is_quoted = !is_quoted;
            continue;
        }
        if (c == '\\' && ++*at == text.len)
            return STR_NONE;
        out[len++] = text.ptr[*at];
    }
    return is_quoted ? STR_NONE : (struct str){ out, len };
}

static enum column_kind
bound_kind(enum column_kind kind)
{
    switch (kind) {
    case COLUMN_INT4RANGE:
        return COLUMN_INT4;
    case COLUMN_INT8RANGE:
        return COLUMN_INT8;
    case COLUMN_DATERANGE:
        return COLUMN_DATE;
    case COLUMN_TSRANGE:
        return COLUMN_TIMESTAMP;
    case COLUMN_TSTZRANGE:
        return COLUMN_TIMESTAMPTZ;
    default:
        return COLUMN_NUMERIC;
    }
}

static int
compare_integers(int64_t x, int64_t y)
{
    return (x > y) - (x < y);
}

/* A range is refused when its bounds are in the wrong order. */
static int
compare_bounds(enum column_kind kind, struct str a, struct str b)
{
    bool has_zone = kind == COLUMN_TIMESTAMPTZ;
    int64_t x, y;

    if (kind == COLUMN_DATE)
        return scalar_time_read_date(a, &x) && scalar_time_read_date(b, &y) ? compare_integers(x, y)
                                                                            : 1;
    if (kind != COLUMN_TIMESTAMP && kind != COLUMN_TIMESTAMPTZ)
        return judge_compare_numbers(a, b);
    return scalar_time_read_database(a, has_zone, &x) && scalar_time_read_database(b, has_zone, &y)
               ? compare_integers(x, y)
               : 1;
}

/* The last value of a kind whose ranges are kept as `[a,b)`: the one after it is none. */
static bool
is_last(enum column_kind kind, struct str bound)
{
    return (kind == COLUMN_INT4 && str_is(bound, "2147483647")) ||
           (kind == COLUMN_INT8 && str_is(bound, "9223372036854775807")) ||
           (kind == COLUMN_DATE && str_is(bound, "5874897-12-31"));
}

bool
judge_range(struct arena *a, enum column_kind kind, struct str text)
{
    const struct column_type bound = { .kind = bound_kind(kind) };
    size_t at = 1, middle;

    if (str_is(text, "empty"))
        return true;
    if (text.len < 3 || !strchr("[(", text.ptr[0]))
        return false;
    struct str lower = read_bound(a, text, &at, ",)]");
    middle = at;
    if (!lower.ptr || at >= text.len || text.ptr[at++] != ',')
        return false;
    struct str upper = read_bound(a, text, &at, ")]");
    if (!upper.ptr || at + 1 != text.len)
        return false;
    bool has_lower = middle > 1, has_upper = at > middle + 1;
    lower = str_copy(a, lower);
    upper = str_copy(a, upper);
    if ((has_lower && !judge_text(a, &bound, lower)) ||
        (has_upper && !judge_text(a, &bound, upper)))
        return false;
    if ((text.ptr[0] == '(' && is_last(bound.kind, lower)) ||
        (text.ptr[at] == ']' && is_last(bound.kind, upper)))
        return false;
    return !has_lower || !has_upper || compare_bounds(bound.kind, lower, upper) <= 0;
}

/* An array's text while it is judged. */
struct array {
    struct arena *arena;
    const struct column_type *element;
    struct str text;
    size_t at;
    int lengths[DEPTH_MAX]; /* of each dimension; -1: not known yet */
    int depth;              /* where the elements are; 0: not known yet */
};

/* The element in double quotes that begins here; STR_NONE when they are not closed. */
static struct str
read_quoted(struct array *array)
{
    char *out = arena_alloc(array->arena, array->text.len - array->at + 1);
    size_t len = 0;

    for (array->at++; array->at < array->text.len; array->at++) {
        if (array->text.ptr[array->at] == '"') {
            array->at++;
            return (struct str){ out, len };
        }
        if (array->text.ptr[array->at] == '\\' && ++array->at == array->text.len)
            break;
        out[len++] = array->text.ptr[array->at];
    }
    return STR_NONE;
}

static bool
judge_element(struct array *array)
{
    struct str rest = { array->text.ptr + array->at, array->text.len - array->at };
    struct str element = { rest.ptr, 0 };

    if (rest.len > 0 && rest.ptr[0] == '"') {
        element = read_quoted(array);
        return element.ptr && judge_text(array->arena, array->element, element);
    }
    while (element.len < rest.len && !strchr("{},\"\\", rest.ptr[element.len]))
        element.len++;
    array->at += element.len;
    if (element.len == 0 || str_trim(element).len != element.len || strpbrk(element.ptr, "\v\f"))
        return false;
    return str_equal_nocase(element, STR("NULL")) ||
           judge_text(array->arena, array->element, str_copy(array->arena, element));
}

/* What stands between braces: elements, or arrays of one length. */
static bool
judge_dimension(struct array *array, int depth)
{
    int count = 0;
    char after;

    if (depth == DEPTH_MAX)
        return false;
    array->at++;
    if (array->at < array->text.len && array->text.ptr[array->at] == '}' && depth == 0) {
        array->at++;
        return true;
    }
    do {
        bool is_nested = array->at < array->text.len && array->text.ptr[array->at] == '{';
        if (!is_nested && array->depth == 0)
            array->depth = depth + 1;
        if (!is_nested && array->depth != depth + 1)
            return false;
        if (!(is_nested ? judge_dimension(array, depth + 1) : judge_element(array)) ||
            array->at == array->text.len)
            return false;
        after = array->text.ptr[array->at++];
        count++;
    } while (after == ',');
    if (array->lengths[depth] < 0)
        array->lengths[depth] = count;
    return after == '}' && array->lengths[depth] == count;
}

bool
judge_array(struct arena *a, const struct column_type *type, struct str text)
{
    struct array array = { .arena = a, .element = type->element, .text = text };

    if (text.len < 2 || text.ptr[0] != '{' || type->element->kind == COLUMN_ARRAY)
        return false;
    for (int i = 0; i < DEPTH_MAX; i++)
        array.lengths[i] = -1;
    return judge_dimension(&array, 0) && array.at == text.len;
}
