/*
 * execute_options.h - what a run is given.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXECUTION_EXECUTE_OPTIONS_H
#define EXECUTION_EXECUTE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct buf;
struct contract;
struct cursor_keys;
struct errors;
struct limits;
struct mock_object;
struct path;
struct plan;
struct plan_field;
struct resolvers;
struct run;
struct variables;
struct viewer;
struct writer;

/* Write the value of a PLAN_MOCK field; `object` is what it is a field of, NULL at the
 * root.  False when a null propagates (write.h). */
typedef bool execute_mock_fn(struct writer *w, const struct plan_field *field,
                             const struct mock_object *object, const struct path *path);

/* Write the value of a root field of a mutation, whose rows have come, and add what has failed of
 * it to `errors`; `null` where a null propagates (response/response.h). */
typedef void execute_answer_fn(struct buf *b, struct run *run, const struct plan_field *root,
                               struct errors *errors);

struct execute_options {
    const struct contract *contract;
    const struct limits *limits;
    const struct plan *plan;
    const struct variables *variables;
    const struct viewer *viewer;           /* viewer.h */
    const struct resolvers *resolvers;     /* resolver.h */
    const struct cursor_keys *cursor_keys; /* codec/cursor.h; or NULL */
    execute_mock_fn *write_mock;           /* of plans of a contract that is_mock; or NULL */
    int64_t deadline;                      /* of clock_now(), for C functions */
    bool is_timed; /* measure each statement, for who asks what the run has done */
    execute_answer_fn *write_answer; /* NULL: no field has a key */
    /* The key that the request has for all of its writes, or STR_NONE; and a hash of its document
     * and variables, if any may have one. */
    struct str request_key, request_hash;
    int slow_time;     /* milliseconds from which on a flush is slow; 0: none is */
    struct str trace;  /* that PostgreSQL is told of; STR_NONE: of none */
    bool asks_session; /* the database says which signed-in viewers may write (run.h) */
};

#endif
