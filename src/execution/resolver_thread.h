/*
 * resolver_thread.h - the thread in which a worker calls slow C functions, so that other
 * requests do not wait for them.
 *
 * One thread, with a connection of its own, takes one call after the other: more threads
 * would hash no more passwords, since cores and memory are the bound.  A few calls may
 * queue; further ones are refused at once.  The first call starts the thread.
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
    RESOLVER_BUSY,       /* not called: it has queued for too long */
    RESOLVER_NO_DATABASE /* not called: PostgreSQL is away */
};

/* A call of the C function that `run` waits for. */
struct resolver_job {
    struct run *run;
    int descriptor;   /* the client's socket: when it is closed, the call may be given up; or -1 */
    int64_t deadline; /* of clock_now(): the call must begin by then */
    void (*done)(struct resolver_job *job); /* called by the loop */
    enum resolver_outcome outcome;          /* set by then */
    /* the rest belongs to resolver_thread.c */
    struct resolver_job *next;
};

/* Make one, in the arena.  NULL, with errno set, when the kernel has no descriptor. */
struct resolver_thread *resolver_thread_new(struct arena *a, struct loop *loop,
                                            const struct db_settings *settings) MUST_CHECK;
/* Wait for the current call, and end the thread.  The queue must be empty. */
void resolver_thread_free(struct resolver_thread *t);

/* Queue the job; job->done() will be called.  Until then the run, its arena and all that it
 * points to belong to the thread.  False when the queue is full. */
bool resolver_thread_call(struct resolver_thread *t, struct resolver_job *job) MUST_CHECK;

#endif
