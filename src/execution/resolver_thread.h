/*
 * resolver_thread.h - the thread in which a worker calls slow C functions, so that other
 * requests do not wait for them.
 *
 * One thread, with a connection of its own, takes one call after the other: more threads
 * would hash no more passwords, since cores and memory are the bound.  A few calls may
 * queue, and many brief ones, which hash nothing; further ones are refused at once.  When the
 * queue is full, a client with few calls in it takes the place of one with many, and calls of
 * different clients take turns, so that a flood from one client keeps no other out.  A call whose
 * client has gone is dropped; one that has begun is not cancelled, since its statements are short.
 * The first call starts the thread.
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
    RESOLVER_CALLED,      /* the run may be stepped */
    RESOLVER_BUSY,        /* not called: it has queued for too long, or gave its place to another */
    RESOLVER_READ_ONLY,   /* not called: PostgreSQL cannot be written to */
    RESOLVER_NO_DATABASE, /* not called: PostgreSQL is away */
    RESOLVER_GONE         /* not called: its client has gone */
};

/* A call of the C function that `run` waits for. */
struct resolver_job {
    struct run *run;
    int descriptor;   /* the client's socket, or -1: once its peer closes it, nobody waits */
    uint64_t client;  /* who sent the request: client_key() of auth/client.h; 0: not known */
    int64_t deadline; /* of clock_now(): the call must begin by then */
    bool is_brief;    /* it hashes nothing */
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
/* Take the job out of the queue; job->done() will not be called.  False when it is not in the
 * queue any more: its call has begun. */
bool resolver_thread_drop(struct resolver_thread *t, struct resolver_job *job) MUST_CHECK;

#endif
