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

#include "base/str.h"

struct arena;
struct buf;
struct contract;
struct db;
struct errors;
struct limits;
struct plan;
struct run;
struct variables;

/* Who asks. */
struct viewer {
    struct str user_id; /* the key of the user; STR_NONE: nobody is signed in */
};

struct execute_options {
    const struct contract *contract;
    const struct limits *limits;
    const struct plan *plan;
    const struct variables *variables;
    const struct viewer *viewer;
    struct db *db; /* ready; may be NULL when plan_needs_db() is false */
};

enum execute_state { EXECUTE_WAITING, EXECUTE_DONE };

/* Prepare a run; nothing is sent yet.  It lives in the arena. */
struct run *execute_start(struct arena *a, const struct execute_options *options);

/* Send the next wave, or take what has come of the one under way. */
enum execute_state execute_step(struct run *run);

/* Step, waiting on the database, until done or until the deadline
 * (milliseconds of CLOCK_MONOTONIC); what is not done then fails. */
void execute_finish(struct run *run, int64_t deadline);

/* After DONE: has nothing been answered because the database is not there?
 * Then HTTP says 503. */
bool execute_is_unavailable(const struct run *run);

/* After DONE: write the value of `data`, and add to `errors` what has failed,
 * each with its path and place. */
void write_data(struct buf *b, struct run *run, struct errors *errors);

#endif
