/*
 * resolver_thread.h - where a worker calls the C functions that take their time, so that
 * nobody else waits for them.
 *
 * One thread, with a connection of its own, takes one call after the other: hashing a
 * password is bounded by cores and memory, not by how many ask.  A few calls may
 * queue; whoever comes then is turned away at once.  The thread is started by the
 * first call.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXECUTION_RESOLVER_THREAD_H
#define EXECUTION_RESOLVER_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct db_settings;
struct loop;
struct resolver_thread;
struct run;

enum resolver_outcome {
    RESOLVER_CALLED,     /* the run may be stepped */
    RESOLVER_BUSY,       /* it has queued for too long, and was not called */
    RESOLVER_NO_DATABASE /* PostgreSQL is away, and it was not called */
};

/* A call of the C function whose turn it is in `run`. */
struct resolver_job {
    struct run *run;
    int descriptor;   /* a socket that closes when nobody waits any more; or -1 */
    int64_t deadline; /* of clock_now(): to be begun by then */
    void (*done)(struct resolver_job *job); /* called by the loop */
    enum resolver_outcome outcome;          /* set by then */
    /* the rest belongs to resolver_thread.c */
    struct resolver_job *next;
};

/* Make one, in the arena; NULL, with errno set, when the kernel has no descriptor. */
struct resolver_thread *resolver_thread_new(struct arena *a, struct loop *loop,
                                            const struct db_settings *settings) MUST_CHECK;
/* Wait for the call that is under way; there is none in the queue. */
void resolver_thread_free(struct resolver_thread *t);

/* Have the job done: job->done() will be called.  Until then the run, its arena and
 * all that it points to are the thread's.  False when too many queue. */
bool resolver_thread_call(struct resolver_thread *t, struct resolver_job *job) MUST_CHECK;

#endif
