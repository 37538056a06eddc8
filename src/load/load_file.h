/*
 * load_file.h - a file that the configuration names, as a whole.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef LOAD_LOAD_FILE_H
#define LOAD_LOAD_FILE_H

#include <stddef.h>

#include "base/str.h"

struct arena;

/* Read a regular file of at most `maximum` bytes into the arena, ended by NUL.  Anything else is
 * refused: a named pipe that nobody writes to would hold whoever reads it.  NULL when it was read;
 * else what is wrong, for a message `FILE: WHAT`: of a longer file it is `too_long`. */
const char *load_file(struct arena *a, const char *path, size_t maximum, const char *too_long,
                      struct str *text) MUST_CHECK;

#endif
