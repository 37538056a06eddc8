/*
 * execute.h - run a plan: its waves of statements, one step at a time.
 *
 * The executor is a step function, so that one process may hold many runs; the
 * story of a request stays in one place (server/request.c).
 *
 *     run = execute_start(...);
 *     while (execute_step(run) == EXECUTE_WAITING)
 *         wait for input on db_descriptor(db);
 *     write_data(buf, run);
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXECUTION_EXECUTE_H
#define EXECUTION_EXECUTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct buf;
struct contract;
struct db;
struct errors;
struct limits;
struct error;
struct plan;
struct resolvers;
struct run;
struct variables;

/* Who asks.  The role and the settings hold within the request's transactions
 * alone; policies read current_setting('linnet.user_id', true) and 'linnet.role'. */
struct viewer {
    struct str user_id;  /* the key of the user; STR_NONE: nobody is signed in */
    struct str role;     /* linnet.role: `user`, `staff`; STR_NONE: `anon` */
    struct str database_role; /* PostgreSQL's role to take on; STR_NONE: stay as one is */
    const struct error *token_error; /* why the token that came was refused, or NULL */
};

struct execute_options {
    const struct contract *contract;
    const struct limits *limits;
    const struct plan *plan;
    const struct variables *variables;
    const struct viewer *viewer;
    const struct resolvers *resolvers; /* resolver.h */
    struct db *db; /* ready; may be NULL when plan_needs_db() is false */
    int64_t deadline; /* milliseconds of CLOCK_MONOTONIC: what is not done then fails */
};

enum execute_state { EXECUTE_WAITING, EXECUTE_DONE };

/* Prepare a run; nothing is sent yet.  It lives in the arena. */
struct run *execute_start(struct arena *a, const struct execute_options *options);

/* Send the next wave, or take what has come of the one under way. */
enum execute_state execute_step(struct run *run);

/* Step, waiting on the database, until done. */
void execute_finish(struct run *run);

/* After DONE: has nothing been answered, since every root field met a service
 * that is not available (the database away, the hash queue full)?  Then HTTP says
 * 503, and that a client may try again after `*retry_after` seconds. */
bool execute_is_unavailable(const struct run *run, int *retry_after);

/* After DONE: write the value of `data`, and add to `errors` what has failed,
 * each with its path and place. */
void write_data(struct buf *b, struct run *run, struct errors *errors);

#endif
