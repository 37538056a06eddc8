/*
 * db_call.h - one call of a statement, and its outcome.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_DB_CALL_H
#define DATABASE_DB_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct rows;
struct statement; /* statement.h */

enum db_outcome {
    DB_PENDING,
    DB_ROWS,    /* it has succeeded; `rows` is set */
    DB_FAILED,  /* PostgreSQL refused it: `sqlstate` and `message` are set */
    DB_SKIPPED, /* not executed, since one before it in the flush failed */
    DB_LOST,    /* the connection was lost before the answer came */
    DB_EXPIRED, /* given up before the answer came: the deadline passed, or the client went */
    DB_MOVED    /* forgotten, since others that share the connection took long: to be sent again; of
                   COMMIT it is not known whether it was done */
};

/* One call of a statement.  The caller fills the first part and keeps it, and
 * what it points to, until the outcome is known. */
struct db_call {
    const struct statement *statement; /* hash 0: a command, sent without being prepared */
    const char *const *values;         /* one per parameter: a text ended by NUL, or NULL */
    /* The role that it runs as.  Statements are prepared for each role, since
     * PostgreSQL plans one anew whenever its role changes. */
    struct str role;
    bool is_anew; /* prepare it anew, whatever the connection has prepared */
    bool sets_up; /* where db_is_pooled(): it sets db_set_up_column() for the transaction itself */
    bool is_prompt; /* PostgreSQL is to send its answer before it goes on with what follows */

    /* By db_call(): nothing is known yet of the types that its cells will be sent as. */
    bool is_unchecked;

    enum db_outcome outcome;
    int64_t answered_at; /* prompt: when all of the answer had come, of clock_nanoseconds() */
    struct rows *rows;   /* released with the arena given to db_call() */
    char sqlstate[6];    /* or "" when there is none: the connection was lost */
    /* FAILED: the database may have changed since the statement was made or prepared: it may
     * succeed when it is prepared anew. */
    bool is_stale;
    /* FAILED: a function that the statement called has raised it, and the connection goes on,
     * whatever the code says. */
    bool is_raised;
    struct str message; /* PostgreSQL's words, for the log alone: without values */
    /* FAILED: the number, from 1, of the parameter whose text its type does not take; 0: none,
     * and the statement has been executed. */
    int bad_parameter;
    /* FAILED: more of what PostgreSQL said, or STR_NONE (sqlstate.h). */
    struct str primary, detail, table, column, constraint, domain;
};

/* What is sent at once on a connection that several share (db_flush.h).  Its owner keeps it until
 * it is no longer under way. */
struct db_flush {
    bool is_under_way;   /* from db_end_flush() until all of its calls have an outcome */
    bool is_shared;      /* for those who take it: somebody else calls db_take() */
    int64_t ended_at;    /* of clock_nanoseconds(): when it was queued */
    int64_t answered_at; /* then: of clock_nanoseconds() */
    int64_t time; /* then: the nanoseconds that PostgreSQL had for it, after those before it */
};

#endif
