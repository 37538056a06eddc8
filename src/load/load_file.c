/*
 * load_file.c - a file that the configuration names, as a whole.
 *
 * SPDX-License-Identifier: MIT
 */
#include "load/load_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

/* Bytes that are read at once. */
enum { PIECE = 65536 };

static const char *
read_open(int descriptor, size_t maximum, const char *too_long, struct buf *b)
{
    while (b->len <= maximum) {
        ssize_t got = read(descriptor, buf_reserve(b, PIECE), PIECE);
        if (got == 0)
            return NULL;
        if (got > 0)
            buf_advance(b, (size_t)got);
        else if (errno != EINTR)
            return strerror(errno);
    }
    return too_long;
}

const char *
load_file(struct arena *a, const char *path, size_t maximum, const char *too_long, struct str *text)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct buf b = { 0 };
    struct stat about;
    const char *fault;

    if (descriptor < 0)
        return strerror(errno);
    if (fstat(descriptor, &about) != 0)
        fault = strerror(errno);
    else if (!S_ISREG(about.st_mode))
        fault = "is not a file.";
    else
        fault = read_open(descriptor, maximum, too_long, &b);
    close(descriptor);
    if (!fault)
        *text = buf_copy(a, &b);
    buf_free(&b);
    return fault;
}
