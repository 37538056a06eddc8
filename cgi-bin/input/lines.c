/*
 * lines.c - a stream, line by line, as it comes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cgi-bin/input/lines.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
    PIECE = 64 * 1024, /* as much as a pipe holds */
    KEPT = 1024 * 1024 /* a buffer that one long line made larger is given back */
};

bool
lines_take(struct lines *l, struct str *line)
{
    assert(l->at <= l->searched && l->searched <= l->text.len);
    struct str rest = { l->text.ptr + l->searched, l->text.len - l->searched };
    size_t length = rest.len ? str_find(rest, '\n') : 0;

    if (length == rest.len) {
        l->searched = l->text.len;
        return false;
    }
    size_t end = l->searched + length;
    *line = (struct str){ l->text.ptr + l->at, end - l->at };
    if (l->is_skipping || line->len > l->maximum)
        *line = STR_NONE;
    l->is_skipping = false;
    l->at = l->searched = end + 1;
    return true;
}

/* Make room: forget the lines that were taken, and what is too long already. */
static void
forget(struct lines *l)
{
    size_t left = l->text.len - l->at;

    if (left > l->maximum || l->is_skipping) {
        l->is_skipping = true;
        left = 0;
    }
    if (left == 0 && l->text.capacity > KEPT)
        buf_free(&l->text);
    if (left > 0 && l->at > 0)
        memmove(l->text.ptr, l->text.ptr + l->at, left);
    buf_truncate(&l->text, left);
    l->at = 0;
    l->searched = left;
}

bool
lines_read(struct lines *l)
{
    ssize_t got;

    forget(l);
    char *end = buf_reserve(&l->text, PIECE);
    do
        got = read(l->descriptor, end, PIECE);
    while (got < 0 && errno == EINTR);
    if (got > 0) {
        buf_advance(&l->text, (size_t)got);
        return true;
    }
    if (got < 0)
        return false;
    errno = 0;
    if (l->text.len == 0 && !l->is_skipping)
        return false;
    buf_byte(&l->text, '\n'); /* the last line ends with the stream */
    return true;
}
