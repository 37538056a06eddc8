/*
 * buf.c - a buffer that grows, and fails stickily.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"

enum { FIRST_SIZE = 1024 };

static void
buf_free_deferred(void *b)
{
    buf_free(b);
}

struct buf *
buf_new(struct arena *a)
{
    struct buf *b = ARENA_NEW(a, struct buf);

    arena_defer(a, buf_free_deferred, b);
    return b;
}

void
buf_free(struct buf *b)
{
    free(b->ptr);
    *b = (struct buf){ .maximum = b->maximum };
}

static void
buf_grow(struct buf *b, size_t needed)
{
    size_t capacity = b->capacity ? b->capacity : FIRST_SIZE;

    while (capacity < needed)
        capacity *= 2;
    char *ptr = realloc(b->ptr, capacity);
    if (!ptr) {
        log_error("out of memory: buffer of %zu bytes", capacity);
        _exit(EX_OSERR);
    }
    b->ptr = ptr;
    b->capacity = capacity;
}

char *
buf_reserve(struct buf *b, size_t size)
{
    size_t needed;

    if (b->failed)
        return NULL;
    if (__builtin_add_overflow(b->len, size, &needed) || needed > SIZE_MAX / 4 ||
        (b->maximum && needed > b->maximum)) {
        b->failed = true;
        return NULL;
    }
    if (needed > b->capacity || !b->ptr)
        buf_grow(b, needed);
    return b->ptr + b->len;
}

void
buf_advance(struct buf *b, size_t size)
{
    assert(size <= b->capacity - b->len); /* it was reserved */
    b->len += size;
}

void
buf_put_growing(struct buf *b, struct str s)
{
    char *to = buf_reserve(b, s.len);

    if (!to || s.len == 0)
        return;
    memcpy(to, s.ptr, s.len);
    b->len += s.len;
}

void
buf_byte_growing(struct buf *b, char c)
{
    char *to = buf_reserve(b, 1);

    if (to) {
        *to = c;
        b->len++;
    }
}

void
buf_repeat(struct buf *b, char c, size_t count)
{
    char *to = buf_reserve(b, count);

    if (to && count) {
        memset(to, c, count);
        b->len += count;
    }
}

void
buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    buf_vprintf(b, format, args);
    va_end(args);
}

void
buf_int64(struct buf *b, int64_t n)
{
    char digits[20];
    char *end = digits + sizeof(digits), *p = end;
    uint64_t rest = n < 0 ? -(uint64_t)n : (uint64_t)n;

    do {
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest);
    if (n < 0)
        *--p = '-';
    buf_put(b, (struct str){ p, (size_t)(end - p) });
}

void
buf_truncate(struct buf *b, size_t len)
{
    if (len < b->len)
        b->len = len;
}

struct str
buf_str(const struct buf *b)
{
    return b->ptr ? (struct str){ b->ptr, b->len } : STR("");
}

struct str
buf_copy(struct arena *a, const struct buf *b)
{
    return str_copy(a, buf_str(b));
}
