/*
 * buf.h - a buffer that grows, and fails stickily.
 *
 * All text that this program makes (responses, SQL, printed plans) is written
 * through a buffer.  Over its maximum a buffer does nothing more and remembers
 * that it failed; the caller asks once, at the end.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/str.h"

struct buf {
    char *ptr;
    size_t len;
    size_t capacity;
    size_t maximum; /* bytes; 0: none */
    /* Bytes that a %s or %.*s of buf_printf() writes; of more, the first and the last, with an
     * ellipsis between them; 0: all. */
    size_t text_maximum;
    bool failed; /* more was written than `maximum` */
};

/* An empty buffer is all zeroes: `struct buf b = { 0 };`. */

/* Make a buffer whose memory the arena releases. */
struct buf *buf_new(struct arena *a);
/* Release the memory and make the buffer empty. */
void buf_free(struct buf *b);

/* Is there room already, as for most that is put? */
static inline bool
buf_has_room(const struct buf *b, size_t size)
{
    return size < b->capacity - b->len && (!b->maximum || b->len + size <= b->maximum) &&
           !b->failed;
}

/* buf.c: The same as buf_put() and buf_byte(), where the buffer may have to grow, or to fail. */
void buf_put_growing(struct buf *b, struct str s);
void buf_byte_growing(struct buf *b, char c);

static inline void
buf_put(struct buf *b, struct str s)
{
    if (s.len == 0 || !buf_has_room(b, s.len)) {
        buf_put_growing(b, s);
        return;
    }
    memcpy(b->ptr + b->len, s.ptr, s.len);
    b->len += s.len;
}

static inline void
buf_put_c(struct buf *b, const char *text)
{
    buf_put(b, str_from(text));
}

static inline void
buf_byte(struct buf *b, char c)
{
    if (buf_has_room(b, 1))
        b->ptr[b->len++] = c;
    else
        buf_byte_growing(b, c);
}

void buf_repeat(struct buf *b, char c, size_t count);
/* As printf(), but that `%.*s` writes all bytes, NUL among them.  The directives are %s, %.*s, %c,
 * %d, %u, %x, %X and %f, with a width, `0`, `l`, `ll` and `z` where they make sense. */
void buf_printf(struct buf *b, const char *format, ...) PRINTF(2, 3);
void buf_vprintf(struct buf *b, const char *format, va_list args) PRINTF(2, 0);
/* An integer in decimal; faster than buf_printf. */
void buf_int64(struct buf *b, int64_t n);

/* Make room for `size` bytes after the end and return where they start, or
 * NULL when the buffer has failed.  buf_advance() then counts what was written. */
char *buf_reserve(struct buf *b, size_t size);
void buf_advance(struct buf *b, size_t size);

/* Forget what was written after `len`. */
void buf_truncate(struct buf *b, size_t len);

/* What was written; valid until the next write. */
struct str buf_str(const struct buf *b);
/* A copy of it in the arena, ended by NUL. */
struct str buf_copy(struct arena *a, const struct buf *b);

#endif
