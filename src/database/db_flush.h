/*
 * db_flush.h - what one sends on a connection that several share: some calls, and the Sync that
 * ends them.
 *
 * PostgreSQL answers one flush after the other.  Each is a transaction of its own (PostgreSQL,
 * 55.2.3 and 55.2.4): none sees what another has set for its transaction, and an error skips the
 * rest of its own flush alone.  The calls must not begin a transaction that is still open at the
 * Sync, which commits what they have written.
 *
 *     db_call(db, a, &call); db_end_flush(db, &flush);    each of those who share it
 *     db_push(db);                                        once, for all of them
 *     db_take(db);                                        when the socket is readable
 *
 * Behind a pooler no flush is sent while another is under way, unless both belong to a transaction
 * that is ended by the last.  PgBouncer before 1.22.1 gives a session to the next client when a
 * client leaves, or is killed, after one of its transactions was ended and before all was answered:
 * the next client would get the rest as its own.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_DB_FLUSH_H
#define DATABASE_DB_FLUSH_H

#include <stdbool.h>
#include <stdint.h>

#include "database/db.h"

struct statement;

/* End what was called since the last Sync. */
void db_end_flush(struct db *db, struct db_flush *flush);
/* The same of calls that write, the last of which is prompt.  The outcome of `commit`, whose
 * statement the caller has set, says whether the Sync has committed; after the failure of another
 * call it says nothing.  Its messages' memory goes with the arena. */
void db_end_writes(struct db *db, struct arena *a, struct db_flush *flush, struct db_call *commit);
/* Can several mutations share it?  It is direct, and a transaction that no BEGIN has begun is as
 * one that a mutation begins: READ COMMITTED, READ WRITE (db_session_commands()). */
bool db_takes_writes(const struct db *db);
/* Has it prepared the statement for the role, and seen that its cells are sent as it says?  Then
 * the call that comes next does not find it unchecked. */
bool db_has_checked(struct db *db, const struct statement *statement, struct str role);
/* Is all answered but a Sync, which is next? */
bool db_is_committing(const struct db *db);
/* Give up a connection that takes writes, as db_expire() does; but what has no outcome is MOVED: it
 * is not committed, unless all of its flush but the Sync is answered. */
void db_break(struct db *db);
/* Send all that is queued.  What has come is not looked at. */
void db_push(struct db *db);
/* Take the answers that have come, whosever they are, as db_receive() does; but the socket is
 * always looked at. */
enum db_state db_take(struct db *db);
/* How the flush stands: WAITING, or IDLE.  Takes the answers that have come, unless it is
 * shared. */
enum db_state db_take_flush(struct db *db, const struct db_flush *flush);
/* Forget a flush that is under way: its calls have this outcome, and what comes of them is
 * thrown away. */
void db_forget_flush(struct db *db, struct db_flush *flush, enum db_outcome outcome);
/* Has it failed, or been given up?  Nothing that was sent is under way then. */
bool db_is_closed(const struct db *db);
/* Has something been sent that is not answered yet? */
bool db_is_pending(const struct db *db);
/* Has it so many prepared statements that it is to be idle once, before it gets more calls? */
bool db_needs_rest(const struct db *db);

#endif
