/*
 * resolver.h - C functions that answer a root field: for what is not SQL.
 *
 * They stand in one constant table (account/account.h), which is given to the executor;
 * the contract names them with @resolver.  A function gets the field's arguments,
 * coerced, and sets outputs by the numbers of its signature.  An output that is a key
 * stands for a row, which the field's selection reads as the user that `viewer` then is.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXECUTION_RESOLVER_H
#define EXECUTION_RESOLVER_H

#include <stdbool.h>

#include "base/str.h"
#include "binding/binding.h"
#include "transaction/viewer.h"

struct arena;
struct db;
struct error;
struct errors;
struct rows;
struct value;

enum { RESOLVER_OUTPUTS = 8 };

struct resolver_call {
    struct arena *arena;           /* the request's */
    struct db *db;                 /* idle, in no transaction; left so, unless it is lost; NULL
                                      unless `is_slow` */
    int descriptor;                /* the client's socket, or -1: resolver_is_awaited() */
    int64_t deadline;              /* of clock_now() */
    const void *context;           /* the table's own, from struct resolvers */
    const struct viewer *asking;   /* who sent the request */
    const struct value *arguments; /* an object: the field's arguments; absent ones are not in it */

    struct viewer viewer; /* out: who reads the selection below; at first `asking` */
    const struct value *outputs[RESOLVER_OUTPUTS]; /* out: by number; NULL is null */
    /* Out: what it has done must not be done again, also when the selection cannot be read. */
    bool is_done;
    struct errors *errors; /* out: one error, without path, when it fails */
};

struct resolver {
    struct resolver_signature signature;
    /* It asks the database, or takes milliseconds.  A worker calls it in another thread
     * (resolver_thread.h), so that it may change nothing but what the call has. */
    bool is_slow;
    /* False after adding one error; what it has committed stays. */
    bool (*resolve)(struct resolver_call *call);
    bool is_brief; /* it is slow, but hashes nothing: many calls may queue */
    /* It is slow, and refused like what is written by SQL when the viewer's session has ended. */
    bool asks_session;
};

/* What the executor is given: the table, ended by one without name, and its context. */
struct resolvers {
    const struct resolver *table;
    const void *context;
};

/* The signatures of a table, ended by NULL, as contract_bind() takes them. */
const struct resolver_signature *const *
resolver_signatures(struct arena *a, const struct resolver *table);

/* Is the client still there?  To be asked before work that takes long. */
bool resolver_is_awaited(const struct resolver_call *call) MUST_CHECK;

/* Run one statement for a resolver, in a transaction of its own as the
 * anonymous role, and wait until it is committed; `sql` must be constant, cells
 * come as db.h says.  NULL after adding an error: what sqlstate.h makes of PostgreSQL's. */
struct rows *resolver_query(struct resolver_call *call, const char *sql, int count,
                            const char *const *values) MUST_CHECK;
/* The same for a statement that changes something.  When the connection is lost, it is known all
 * the same whether it was committed (transaction/outcome.h); else the error is OUTCOME_UNKNOWN. */
struct rows *resolver_write(struct resolver_call *call, const char *sql, int count,
                            const char *const *values) MUST_CHECK;

#endif
