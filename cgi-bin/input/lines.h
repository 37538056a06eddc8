/*
 * lines.h - a stream, line by line, as it comes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CGI_BIN_INPUT_LINES_H
#define CGI_BIN_INPUT_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

struct lines {
    int descriptor;
    size_t maximum;   /* bytes of a line */
    struct buf text;  /* what has been read and not yet been taken, and more before it */
    size_t at;        /* in `text`: after the last line that was taken */
    size_t searched;  /* in `text`: no line ends between `at` and here */
    bool is_skipping; /* within a line that is too long */
};

/* Take the next line that has been read to its end, without that; STR_NONE for one that
 * was longer than the maximum.  It stays as it is until lines_read().  False when
 * there is none: read on. */
bool lines_take(struct lines *l, struct str *line) MUST_CHECK;

/* Wait for more of the stream.  False at its end, and after an error: then `errno` is not 0. */
bool lines_read(struct lines *l) MUST_CHECK;

#endif
