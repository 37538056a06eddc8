/*
 * db.h - one connection to PostgreSQL, in pipeline mode: the only door to libpq.
 *
 * Statements are queued with db_call(), go out together with db_send(), and
 * their rows come back through db_receive(), which never blocks; db_wait()
 * does.  A statement is prepared on the connection when it is first called, in
 * the same flush, if there is room for it (prepared.h).  Rows are cells of bytes: in
 * PostgreSQL's binary format for the kinds of columns that the catalog marks so; the SQL
 * casts all others to text.
 * A worker, which serves several requests at a time, lends its connections
 * (db_pool.h).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_DB_H
#define DATABASE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "database/db_call.h"
#include "database/db_settings.h"
#include "database/rows.h"

struct arena;
struct db;
struct pg_cancel; /* libpq's */

enum db_state {
    DB_WAITING, /* for PostgreSQL */
    DB_IDLE,    /* every call sent has its outcome */
    DB_CLOSED   /* the connection is lost; calls without outcome are DB_LOST */
};

/* Begin to connect.  Never NULL: db_establish() reports a failure. */
struct db *db_start(const struct db_settings *settings) MUST_CHECK;
/* Take the next step of connecting.  WAITING: call again after an event of db_descriptor()
 * that db_wants() names; IDLE: the connection can be used; CLOSED: it has failed, and why
 * has been logged: then db_sqlstate() is what PostgreSQL answered, or "". */
enum db_state db_establish(struct db *db) MUST_CHECK;
const char *db_sqlstate(const struct db *db);
/* CLOSED: will it fail again, as long as nobody does something about it? */
bool db_is_refused(const struct db *db);

/* Wait until it is connected.  NULL, and it is closed, after logging why it failed; then
 * `sqlstate`, unless it is NULL, is what PostgreSQL answered, or "". */
struct db *db_await(struct db *db, char sqlstate[6]) MUST_CHECK;
/* db_start() and db_await(). */
struct db *db_open(const struct db_settings *settings, char sqlstate[6]) MUST_CHECK;
void db_close(struct db *db);
/* The connection is lost, or is to be replaced: connect anew, and wait for it.  False after logging
 * why it failed; then it stays lost. */
bool db_reopen(struct db *db) MUST_CHECK;
/* Does something stand between us and PostgreSQL, that has told us of another process than the one
 * which answers? */
bool db_has_pooler(const struct db *db);
/* Does nothing stand between us and PostgreSQL, no network either?  Then whatever it has sent is
 * here, also when the connection ends. */
bool db_is_direct(const struct db *db);
/* The incarnation of the database when it was asked, at connect unless db_settings.is_brief
 * (transaction/outcome.h); "": not known. */
struct str db_incarnation(const struct db *db);
/* If it has not been asked, ask, and wait for the answer; then db_reopen() asks again.  Before a
 * transaction whose outcome must be known. */
void db_ask_incarnation(struct db *db);
/* Was it connected to a standby, which can be read alone, or has PostgreSQL said since that it is
 * one?  That counts also when the standby was promoted since.  And: it has turned out to be one. */
bool db_is_standby(const struct db *db);
void db_note_standby(struct db *db);
/* Has it turned out to be one, which it was not when it was connected?  Others may have, too. */
bool db_has_turned(const struct db *db);

/* Is the connection idle, in no transaction, not closed by PostgreSQL meanwhile, and good for more
 * statements?  To be asked before a request uses it. */
bool db_is_ready(struct db *db);
/* Has PostgreSQL, or the network, closed the connection?  Others may not know it yet. */
bool db_is_lost(const struct db *db);
/* The socket, and the events of poll.h to wait for on it: input, and room for what is
 * still to be sent. */
int db_descriptor(const struct db *db);
short db_wants(const struct db *db);

/* May others have the session after each transaction?  Then what it is set up with, as at connect
 * otherwise, is set for each transaction anew: by db_call() before the first call after BEGIN, or
 * after a Sync, unless that call.sets_up. */
bool db_is_pooled(const struct db *db);
/* Pooled: a column of a SELECT that sets it all but for the role; and the role, or "none". */
struct str db_set_up_column(const struct db *db);
struct str db_set_up_role(const struct db *db);

/* Queue a call.  The rows' memory goes with the arena. */
void db_call(struct db *db, struct arena *a, struct db_call *call);
/* Queue a command without parameters and without rows: BEGIN, COMMIT. */
void db_command(struct db *db, const char *sql);
/* An error skips the calls after it up to here.  It leaves the transaction that BEGIN has begun
 * failed: only ROLLBACK, COMMIT and ROLLBACK TO SAVEPOINT are of use then. */
void db_sync(struct db *db);
/* End the flush: db_sync(), unless that was the last, and send what was queued. */
void db_send(struct db *db);
/* Take the answers that have come, without blocking.  The first time after db_send() the socket is
 * not looked at: PostgreSQL needs longer than that.  Wait for the socket then. */
enum db_state db_receive(struct db *db);
/* Give up what is under way, and close the connection; calls without outcome are DB_EXPIRED.
 * PostgreSQL goes on with what it does, unless it is asked to cancel it.  If the connection is
 * direct, it goes no further than to an answer that it is to send at once (db_call.is_prompt):
 * either that has come by now, and is taken, or it cannot be sent any more. */
void db_expire(struct db *db);
/* What canceller.h asks PostgreSQL with, whatever becomes of the connection meanwhile; NULL: there
 * is no memory. */
struct pg_cancel *db_cancel_question(const struct db *db) MUST_CHECK;
/* Receive until idle or closed, or until `deadline` (milliseconds of
 * CLOCK_MONOTONIC) has passed or the socket that db_watch() named has been closed
 * by its peer: then PostgreSQL is asked to cancel it, and db_expire().  A child process asks: the
 * caller must ignore SIGCHLD, or reap. */
enum db_state db_wait(struct db *db, int64_t deadline);
/* The socket of the client for whom db_wait() waits, so that it notices when the client
 * goes; -1, as at first: there is none. */
void db_watch(struct db *db, int descriptor);

/* Run statements, separated by semicolons, as they stand in a file: for migrations and seeds,
 * outside of any flush; where db_is_pooled() they may begin a transaction, but of no isolation
 * level.  False after an error: `*message` is then PostgreSQL's, with its line, in the arena. */
bool db_script(struct db *db, struct arena *a, const char *sql, struct str *message) MUST_CHECK;
/* The same; after an error also its SQLSTATE, or "" when PostgreSQL gave none. */
bool db_try(struct db *db, struct arena *a, const char *sql, char sqlstate[6], struct str *message)
    MUST_CHECK;
/* Run one query with text parameters and wait for its rows, all cells as text:
 * for the catalog and for commands.  NULL after an error, as db_script. */
struct rows *db_query(struct db *db, struct arena *a, const char *sql, int count,
                      const char *const *values, struct str *message) MUST_CHECK;

#endif
