/*
 * str_make.c - slices of bytes that are made in an arena.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/str.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

struct str
str_copy(struct arena *a, struct str s)
{
    if (!s.ptr)
        return s;
    char *copy = arena_alloc(a, s.len + 1);
    if (s.len)
        memcpy(copy, s.ptr, s.len);
    return (struct str){ copy, s.len };
}

const char *
str_copy_c(struct arena *a, struct str s)
{
    return str_copy(a, s).ptr;
}

struct str
str_vformat(struct arena *a, const char *format, va_list args)
{
    struct buf text = { 0 };

    buf_vprintf(&text, format, args);
    struct str copy = buf_copy(a, &text);
    buf_free(&text);
    return copy;
}

struct str
str_format(struct arena *a, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    struct str text = str_vformat(a, format, args);
    va_end(args);
    return text;
}

static bool
is_upper(struct str s, size_t i)
{
    return i < s.len && s.ptr[i] >= 'A' && s.ptr[i] <= 'Z';
}

/* Does a word begin at `i`, after another?  `URLPath` is two. */
static bool
begins_word(struct str s, size_t i)
{
    if (i == 0 || !is_upper(s, i) || s.ptr[i - 1] == '_')
        return false;
    bool ends_capitals = i + 1 < s.len && s.ptr[i + 1] >= 'a' && s.ptr[i + 1] <= 'z';
    return !is_upper(s, i - 1) || ends_capitals;
}

struct str
str_snake_case(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, 2 * s.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < s.len; i++) {
        if (begins_word(s, i))
            out[len++] = '_';
        out[len++] = (char)(is_upper(s, i) ? s.ptr[i] - 'A' + 'a' : s.ptr[i]);
    }
    return (struct str){ out, len };
}
