/*
 * sqlstate.h - which of PostgreSQL's errors a client may know of, and as what
 * (PostgreSQL, Appendix A).
 *
 * Class LN is ours: an SQL function of the application raises it with a
 * message that is meant for the client.  Of any other error a client learns
 * only what the tables in sqlstate.c say.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_SQLSTATE_H
#define DATABASE_SQLSTATE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct db_call;
struct error;

/* What the log may have of an error: the message, and which functions it was in, if a context (or
 * NULL) says so.  Not what else PostgreSQL says, which quotes rows and parameters; and of a value
 * that it refuses (class 22), not what it quotes in the message. */
struct str
sqlstate_words(struct arena *a, const char *state, struct str primary, const char *context);

/* Is it a number or a time that has become too large? */
bool sqlstate_is_out_of_range(const struct db_call *call);
/* The error, without path, that tells the client of a call's failure; PostgreSQL's own
 * message is logged.  The call's outcome must be FAILED, LOST or EXPIRED. */
struct error *sqlstate_error(struct arena *a, const struct db_call *call);

/* The same for a call of an application's function: what the values that it was given lead to
 * (classes 22 and 23), and nobody caught, is the client's to mend.  NULL for all else. */
struct error *sqlstate_refusal(struct arena *a, const struct db_call *call);

/* Is it an error that a statement gives which was made, or prepared, before the database was
 * changed? */
bool sqlstate_is_stale(const char *state);

/* Is what PostgreSQL refused wrong in itself: the statement, a value, what a function raised?
 * Then other statements may succeed.  Not so if it took too long, or the server is short of
 * something. */
bool sqlstate_is_own(const struct db_call *call);

/* Could PostgreSQL not read a text as a value of a type? */
bool sqlstate_is_unreadable(const struct db_call *call);

/* The number of the parameter whose text PostgreSQL could not read as a value of its type, from the
 * context of the error: `unnamed portal parameter $2 = '...'`, in any language.  0: the error is
 * not about that, or is one that the application raised. */
int sqlstate_bad_parameter(const char *state, const char *context);

/* Does the failure mean that PostgreSQL is unreachable, or shutting down?  Not so when a function
 * has raised its code, as one does that asks another server. */
bool sqlstate_is_away(const struct db_call *call);

/* Was a write refused, since the server is a standby? */
bool sqlstate_is_read_only(const struct db_call *call);

/* Was it in conflict with another transaction, so that it may succeed when it is done again? */
bool sqlstate_is_conflict(const struct db_call *call);
/* Has a policy's USING kept the row that ON CONFLICT was to change?  Not its WITH CHECK, and not a
 * missing right. */
bool sqlstate_is_row_kept(const struct db_call *call);
/* Has a write given the same row twice to ON CONFLICT? */
bool sqlstate_is_row_twice(const struct db_call *call);

/* Was the connection lost, or closed by PostgreSQL, before the call was answered? */
bool sqlstate_is_lost(const struct db_call *call);

#endif
