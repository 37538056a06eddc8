/*
 * errand.h - a call that may take as long as it likes, in a thread of its own.
 *
 * Whoever waits for it watches a descriptor, and may leave it to itself: a thread that waits for a
 * name server cannot be stopped.
 *
 *     errand_start(&errand)        and watch errand.descriptor
 *     if (errand_is_done(&errand)) ... take what run() has made
 *     errand_leave(&errand)        in any case, once
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_ERRAND_H
#define EVENT_ERRAND_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/str.h"

struct errand {
    void (*run)(struct errand *errand); /* in the thread */
    /* Free it, with what run() has made and nobody has taken: in the thread, if it was left before
     * run() returned. */
    void (*free)(struct errand *errand);
    int descriptor; /* readable when run() has returned */
    atomic_int state;
};

/* Start the thread.  False, with errno set, when there is none to be had, or when too many that
 * were left have not returned yet; then it stays the caller's. */
bool errand_start(struct errand *errand) MUST_CHECK;
/* Has run() returned? */
bool errand_is_done(const struct errand *errand);
/* Is nobody waiting for it any more?  For run(). */
bool errand_is_left(const struct errand *errand);
/* The caller is finished with it, and must not touch it again. */
void errand_leave(struct errand *errand);

#endif
