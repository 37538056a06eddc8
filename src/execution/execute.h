/*
 * execute.h - run a plan: its waves of statements, one step at a time.
 *
 * The executor is a step function, so that one process may have many runs; what
 * happens in a request stays in one place (server/request.c).
 *
 *     run = execute_start(...);
 *     for (;;)
 *         switch (execute_step(run)) {
 *         case EXECUTE_CONNECTING: execute_connect(run, db, ...), or execute_refuse(run, ...)
 *         case EXECUTE_WAITING:    wait for db
 *         case EXECUTE_PAUSING:    wait execute_pause(run), then execute_resume(run)
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
#include "transaction/viewer.h"

struct arena;
struct buf;
struct db;
struct db_flush;
struct errors;
struct run;
struct statement;

enum execute_state {
    EXECUTE_CONNECTING, /* it needs a connection, until it is DONE, RESOLVING or PAUSING; when it
                           had one before, that is lost */
    EXECUTE_WAITING,    /* for PostgreSQL */
    EXECUTE_PAUSING,    /* until it makes sense to go on; meanwhile it has no connection */
    EXECUTE_RESOLVING,  /* for a C function; meanwhile it has no connection */
    EXECUTE_DONE
};

/* Prepare a run; nothing is sent yet.  It lives in the arena. */
struct run *execute_start(struct arena *a, const struct execute_options *options);

/* Send the next wave, or take what has come of the one under way. */
enum execute_state execute_step(struct run *run) MUST_CHECK;
/* After CONNECTING: use this connection, which is ready.  `is_joint`: the run, which is brief,
 * sends all in one flush.  `flush`: so it does, since the connection is shared, and this is what
 * it sends (database/db_flush.h); or NULL. */
void execute_connect(struct run *run, struct db *db, struct db_flush *flush, bool is_joint);
/* After CONNECTING: can all that it has to send go out in one flush?  And does that take nearly the
 * same time with all parameters, as far as the plan knows?  Then it can share a connection. */
bool execute_is_brief(const struct run *run);
/* After CONNECTING: is it a mutation that sends one call of a function, with which COMMIT can go
 * along?  Then it can share a connection that takes writes, and has checked this statement; NULL:
 * it cannot. */
const struct statement *execute_shared_write(const struct run *run);
/* Whom its statements are sent as; STR_NONE: as nobody else than the connection. */
struct str execute_role(const struct run *run);
/* If all goes out in one flush: are rows read twice, since a batch has to find their keys? */
bool execute_reads_twice(const struct run *run);
/* Microseconds that PostgreSQL has worked for the first wave; -1: there was but one. */
int64_t execute_first_spent(const struct run *run);
/* After CONNECTING: there is no connection at the moment.  True: the run waits for one, and is
 * PAUSING; false: it is to be refused. */
bool execute_defer(struct run *run) MUST_CHECK;
/* After PAUSING: how many milliseconds; and: they are over. */
int execute_pause(const struct run *run);
void execute_resume(struct run *run);
/* After RESOLVING: call the C function, and wait for it and for `db`, which is ready.  `descriptor`
 * is the client's socket, or -1.  May be called in another thread, which alone uses the run and
 * its arena until this returns. */
void execute_resolve(struct run *run, struct db *db, int descriptor);
/* After RESOLVING: does the C function take time, so that it should be called in another thread? */
bool execute_resolves_slowly(const struct run *run);
/* Then: is it brief all the same (resolver.h)? */
bool execute_resolves_briefly(const struct run *run);
/* After CONNECTING or RESOLVING: there is no connection, or the function cannot be called.  What
 * needs it fails with this message as SERVICE_UNAVAILABLE, to be tried again after so many
 * seconds. */
void execute_refuse(struct run *run, const char *message, int retry_after);

/* The time that PostgreSQL has worked for it, in microseconds, without COMMIT of a mutation, which
 * waits for the disk. */
int64_t execute_spent(const struct run *run);
/* The bytes of memory that its rows take. */
size_t execute_rows_size(const struct run *run);
/* After WAITING: the moment, of clock_now(), from which on that is more than
 * limits->database_time allows: then the caller cuts it short. */
int64_t execute_due(const struct run *run);
/* After DONE: has all that it had to send been answered with rows? */
bool execute_is_complete(const struct run *run);
/* What its statements are, and as whom they are sent, as a number (pool/cost.h). */
uint64_t execute_key(const struct run *run);

/* Nobody waits for the answer any more: no further wave of a query is sent, and no further field
 * of a mutation begins. */
void execute_stop(struct run *run);
/* After WAITING: the run is to end soon.  True: what it has sent may be cancelled; its transaction
 * is then not committed, unless COMMIT has been sent.  False: what it has sent ends the
 * transaction, and must not be cancelled. */
bool execute_cut_short(struct run *run) MUST_CHECK;

/* Step until done, waiting on the database `db`, which may be NULL when plan_needs_db() is
 * false. */
void execute_finish(struct run *run, struct db *db);

/* After DONE: is there a field that fails since its statements do not fit the database, also when
 * they are prepared anew?  Then the caller finds out whether the database has changed since the
 * contract was bound, and settles what such fields say: SCHEMA_RELOADING, or what PostgreSQL's
 * error says, which is then logged. */
bool execute_is_stale(const struct run *run);
void execute_settle_stale(struct run *run, bool has_changed);

/* After DONE: has every root field failed because a service was not available (the database,
 * or the queue of passwords), or the database has changed, or an outcome is unknown?  Then
 * the response is 503, with this error, which says when the client may try again.  Else NULL. */
const struct error *execute_find_refusal(const struct run *run);

/* What the run has asked PostgreSQL for its plan; rows that came before it began again are not
 * counted. */
struct execute_totals {
    int statements; /* that were sent */
    int waves;      /* the last one that was sent */
    int64_t rows;   /* that came */
};

struct execute_totals execute_total(const struct run *run);

/* A statement that was sent in a slow flush. */
struct execute_slow {
    const struct statement *statement;
    int wave;
    int64_t rows;
    int64_t time; /* nanoseconds that the flush took */
};

/* Take the next one, from the number `*next` on, which is 0 at first; false: there is none. */
bool execute_next_slow(const struct run *run, int *next, struct execute_slow *slow) MUST_CHECK;

#endif
