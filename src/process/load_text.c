/*
 * load_text.c - a whole file or stream, whatever kind it is.
 *
 * SPDX-License-Identifier: MIT
 */
#include "process/load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"

/* Bytes that are read at once. */
enum { PIECE = 65536 };

static bool
read_all(FILE *in, struct buf *b)
{
    size_t got;
    do {
        got = fread(buf_reserve(b, PIECE), 1, PIECE, in);
        buf_advance(b, got);
    } while (got > 0);
    return !ferror(in) && !b->failed;
}

/* False, with errno set. */
static bool
read_text(struct arena *a, const char *path, struct str *text)
{
    FILE *in = path ? fopen(path, "re") : stdin;
    struct buf b = { 0 };
    bool is_read = in && read_all(in, &b);
    int error = errno;

    if (is_read)
        *text = buf_copy(a, &b);
    if (in && path)
        fclose(in);
    buf_free(&b);
    errno = error;
    return is_read;
}

bool
load_text(struct arena *a, const char *path, struct str *text)
{
    const char *file = path && strcmp(path, "-") != 0 ? path : NULL;
    bool is_read = read_text(a, file, text);

    if (!is_read)
        fprintf(stderr, "%s: %s\n", file ? file : "standard input", strerror(errno));
    return is_read;
}

bool
load_text_or_log(struct arena *a, const char *path, struct str *text)
{
    bool is_read = read_text(a, path, text);

    if (!is_read)
        log_error("%s: %s", path, strerror(errno));
    return is_read;
}
