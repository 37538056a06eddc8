/*
 * sqlstate.h - which of PostgreSQL's errors a client may know of, and as what
 * (PostgreSQL, Appendix A).
 *
 * Class LN is ours: an SQL function of the application raises it with a
 * message that is meant for the client.  Of all other errors a client learns
 * no more than the table says.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_SQLSTATE_H
#define DATABASE_SQLSTATE_H

#include <stdbool.h>

struct arena;
struct db_call;
struct error;

/* The error, without path, that a call's failure is to the client; what
 * PostgreSQL said is logged.  The call's outcome is FAILED, LOST or EXPIRED. */
const struct error *sqlstate_error(struct arena *a, const struct db_call *call);

/* Does the failure mean that PostgreSQL is away, or going? */
bool sqlstate_is_away(const struct db_call *call);

#endif
