/*
 * db_session.h - what the requests rely on in a session: how values are written, how statements are
 * planned, what bounds them, and the role.
 *
 * It is set once, at connect, for the session; or where a pooler may give the session to others
 * after each transaction (db_settings.h), at the beginning of each transaction, for that alone.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_DB_SESSION_H
#define DATABASE_DB_SESSION_H

#include <stdbool.h>

#include "base/str.h"
#include "database/statement.h"

struct arena;
struct db_settings; /* db_settings.h */

/* Named in the session, to see whether a pooler gives statements other names. */
#define DB_SESSION_PROBE "linnet_probe"

/* The columns of db_session_first(). */
enum db_session_column {
    DB_SESSION_PID,        /* of PostgreSQL's process */
    DB_SESSION_IS_STANDBY, /* `t` or `f` */
    DB_SESSION_IS_NAMED    /* `t`: the session has a statement DB_SESSION_PROBE */
};

/* What each transaction begins with. */
struct db_set_up {
    struct str column;          /* of a SELECT: it sets all but the role */
    struct statement statement; /* SELECT that, and the role; sql STR_NONE: nothing */
    const char *values[1];      /* the role, or `none` */
};

/* Is nothing to be set for longer than a transaction? */
bool db_session_is_pooled(const struct db_settings *settings);
/* What each transaction begins with; all of it empty, unless it is pooled. */
struct db_set_up db_session_set_up(struct arena *a, const struct db_settings *settings);
/* The query that is asked first, of one parameter, the role: it sets all for the session, or, if
 * that is pooled, for its own transaction to see whether it can be set.  One row; none, and nothing
 * set, if the session is not what db_settings.pooler says: it is not that of the process `pid`, as
 * libpq was told, or of DB_POOLER_SESSION, another of ours has left it as it was. */
struct str db_session_first(struct arena *a, const struct db_settings *settings, int pid);
/* Where nothing must be asked, as the session is known to be ours alone: commands that set all for
 * it, with the role as a literal of SQL, and have transactions be READ COMMITTED, unless told.
 * PostgreSQL reads no catalog for them; in a new session that is most of what a query costs. */
struct str
db_session_commands(struct arena *a, const struct db_settings *settings, const char *role);
/* The role that the session, or a transaction, starts as; or `none`. */
const char *db_session_role(const struct db_settings *settings);

#endif
