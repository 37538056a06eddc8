/*
 * notice.h - texts that master and workers share, for whoever develops: what does not fit.
 *
 * A text lies in memory that processes inherit, outlives each generation of workers, and
 * may be read at any time.  Two that write the same one at once do not wait for each other: the
 * text of one of them stays.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WATCH_NOTICE_H
#define WATCH_NOTICE_H

#include <stdatomic.h>

#include "base/str.h"

struct arena;

/* Bytes of a text.  Of a longer one the first are kept. */
enum { NOTICE_SIZE = 8192 };

struct notice {
    atomic_uint turn; /* odd: it is being written */
    atomic_uint length;
    _Atomic char text[NOTICE_SIZE];
};

struct notices {
    /* By the master: why the last reload failed; empty: it has not. */
    struct notice misfit;
    /* By the first worker of a new generation: what it has logged as errors until it was ready. */
    struct notice found;
    /* By the master: the names of the files of migrations, one a line. */
    struct notice files;
    /* By a worker: which of them have not been applied, as a text to show. */
    struct notice pending;
};

/* To be inherited by fork(); NULL, with errno set, when there is no memory. */
struct notices *notices_new(void) MUST_CHECK;
void notices_free(struct notices *notices);

/* Set the text; STR_NONE or an empty one: there is none any more. */
void notice_set(struct notice *notice, struct str text);
/* The text, copied; STR_NONE: there is none. */
struct str notice_read(const struct notice *notice, struct arena *a);

/* What to show with every answer, or STR_NONE; `notices` may be NULL. */
struct str notices_read_warning(const struct notices *notices, struct arena *a);

#endif
