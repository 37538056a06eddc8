/*
 * execute.h - run a plan: its waves of statements, one step at a time.
 *
 * The executor is a step function, so that one process may hold many runs; the
 * story of a request stays in one place (server/request.c).
 *
 *     run = execute_start(...);
 *     for (;;)
 *         switch (execute_step(run)) {
 *         case EXECUTE_CONNECTING: execute_connect(run, db), or execute_refuse(run, ...)
 *         case EXECUTE_WAITING:    wait for db
 *         case EXECUTE_RESOLVING:  execute_resolve(run, db), which takes time, or execute_refuse()
 *         case EXECUTE_DONE:       write_data(buf, run, ...)
 *         }
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXECUTION_EXECUTE_H
#define EXECUTION_EXECUTE_H

#include <stdbool.h>

#include "execution/execute_options.h"
#include "execution/viewer.h"

struct arena;
struct buf;
struct db;
struct errors;
struct run;

enum execute_state {
    EXECUTE_CONNECTING, /* it needs a connection, until it is DONE or RESOLVING */
    EXECUTE_WAITING,    /* for PostgreSQL */
    EXECUTE_RESOLVING,  /* it is a C function's turn; meanwhile it has no connection */
    EXECUTE_DONE
};

/* Prepare a run; nothing is sent yet.  It lives in the arena. */
struct run *execute_start(struct arena *a, const struct execute_options *options);

/* Send the next wave, or take what has come of the one under way. */
enum execute_state execute_step(struct run *run) MUST_CHECK;
/* After CONNECTING: here is one, ready. */
void execute_connect(struct run *run, struct db *db);
/* After RESOLVING: call the C function; `db` is ready, and waited for.  The run and its arena
 * belong to whoever calls this until it is over, be it in another thread. */
void execute_resolve(struct run *run, struct db *db);
/* Does the C function wait for something, so that it should not be called where others wait? */
bool execute_resolves_slowly(const struct run *run);
/* After CONNECTING and RESOLVING: it cannot be had; what needs it fails with this message, as
 * not available, to be tried again after so many seconds. */
void execute_refuse(struct run *run, const char *message, int retry_after);

/* Step until done, waiting on the database `db`, which may be NULL when plan_needs_db() is
 * false. */
void execute_finish(struct run *run, struct db *db);

/* After DONE: has nothing been answered, since every root field met a service
 * that is not available (the database away, the hash queue full)?  Then HTTP says
 * 503, and that a client may try again after `*retry_after` seconds. */
bool execute_is_unavailable(const struct run *run, int *retry_after);

/* After DONE: write the value of `data`, and add to `errors` what has failed,
 * each with its path and place. */
void write_data(struct buf *b, struct run *run, struct errors *errors);

#endif
