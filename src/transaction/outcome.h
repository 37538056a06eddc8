/*
 * outcome.h - has a transaction been committed whose connection was lost before COMMIT was
 * answered?
 *
 * Another connection knows by the transaction's number (PostgreSQL, 9.27.12, pg_xact_status),
 * which means the same only in one incarnation of the database: after a crash, and after a
 * promotion, a number that was given before may be given again.  An incarnation is told by
 * the system identifier, the timeline and the start of the statistics, which begin anew at
 * recovery.  A standby has none, nor has a database that keeps these to itself: there the outcome
 * stays unknown.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRANSACTION_OUTCOME_H
#define TRANSACTION_OUTCOME_H

#include "base/str.h"
#include "database/db_call.h"

struct arena;
struct db;
struct error;

struct outcome_question {
    /* By the caller, before the connection is lost. */
    struct str xid;         /* of the transaction, as pg_current_xact_id() gives it */
    struct str incarnation; /* of its connection: db_incarnation() */
    /* The rest belongs to outcome.c. */
    const char *values[1];
    bool is_same; /* the incarnation of the connection that is asked, before it is */
    struct db_call status, after;
};

enum outcome {
    OUTCOME_COMMITTED,
    OUTCOME_ABORTED,
    OUTCOME_IN_PROGRESS, /* PostgreSQL has not noticed yet: ask again */
    OUTCOME_LOST,        /* this connection, too, is lost: ask again */
    OUTCOME_UNKNOWN      /* nor will it be known */
};

/* Ask on another connection, which is ready; both have their place until it is answered. */
void outcome_ask(struct db *db, struct arena *a, struct outcome_question *question);
/* After the answers have come: what they say. */
enum outcome outcome_read(const struct outcome_question *question) MUST_CHECK;

/* What the client is told of an UNKNOWN one. */
const struct error *outcome_error(void);

#endif
