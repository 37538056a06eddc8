/*
 * db.h - one connection to PostgreSQL, in pipeline mode: the only door to libpq.
 *
 * Statements are queued with db_call(), go out together with db_send(), and
 * their rows come back through db_receive(), which never blocks; db_wait()
 * does.  A statement is prepared on the connection when it is first called, in
 * the same flush.  Rows are cells of bytes: in PostgreSQL's binary format for
 * the kinds that catalog.h marks so; the SQL casts all others to text.  A process
 * that does several things at once lends its connections out (db_pool.h).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_DB_H
#define DATABASE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct db;
struct limits;
struct rows;
struct statement; /* database/statement.h */

enum db_outcome {
    DB_PENDING,
    DB_ROWS,    /* it has succeeded; `rows` is set */
    DB_FAILED,  /* PostgreSQL refused it: `sqlstate` and `message` are set */
    DB_SKIPPED, /* not executed, since one before it in the flush failed */
    DB_LOST,    /* the connection went before the answer came */
    DB_EXPIRED  /* the deadline passed, or nobody waited any more, before the answer came */
};

/* One call of a statement.  The caller fills the first part and keeps it, and
 * what it points to, until the outcome is known. */
struct db_call {
    const struct statement *statement; /* hash 0: a command, sent without being prepared */
    const char *const *values;         /* texts ended by NUL, or NULL for null; one a parameter */
    /* The role that it runs as.  Statements are prepared for each role, since
     * PostgreSQL plans one anew whenever its role changes. */
    struct str role;

    enum db_outcome outcome;
    struct rows *rows;  /* released with the arena given to db_call() */
    char sqlstate[6];   /* or "" when there is none: the connection was lost */
    struct str message; /* PostgreSQL's words, for the log alone */
    /* What an error of our own SQL functions says besides (sqlstate.h); or STR_NONE. */
    struct str primary, detail, column, constraint;
};

enum db_state {
    DB_WAITING, /* for PostgreSQL */
    DB_IDLE,    /* every call sent has its outcome */
    DB_CLOSED   /* the connection is lost; calls without outcome are DB_LOST */
};

/* How to connect; all of it lives until that is done. */
struct db_settings {
    const char *conninfo;        /* libpq's connection string */
    const char *role;            /* that connections start as; NULL: they stay the login role */
    const struct limits *limits; /* PostgreSQL keeps to their times, for a statement and for a lock;
                                    NULL: no bounds */
    int connect_time;            /* milliseconds to wait for a connection */
};

/* Begin to connect.  Never NULL; db_establish() says what becomes of it. */
struct db *db_start(const struct db_settings *settings) MUST_CHECK;
/* Go on with that: WAITING for an event of db_descriptor(), as db_wants() says; IDLE: it can
 * be used; or CLOSED, after logging why: then db_sqlstate() is what PostgreSQL
 * answered, or "". */
enum db_state db_establish(struct db *db) MUST_CHECK;
const char *db_sqlstate(const struct db *db);

/* Connect, and wait for it.  NULL after logging why not; then `sqlstate`, when given, says
 * what PostgreSQL answered, or is "". */
struct db *db_open(const struct db_settings *settings, char sqlstate[6]) MUST_CHECK;
void db_close(struct db *db);

/* Is the connection as good as new: idle, in no transaction, and not closed by
 * the other side meanwhile?  To be asked before a request uses it. */
bool db_is_ready(struct db *db);
/* The socket, and which events of poll.h to wait on it for: input, and room for what is left
 * to be sent. */
int db_descriptor(const struct db *db);
short db_wants(const struct db *db);

/* Queue a call.  The rows' memory goes with the arena. */
void db_call(struct db *db, struct arena *a, struct db_call *call);
/* Queue a command without parameters whose rows nobody wants: BEGIN, COMMIT.
 * `sql` must be constant. */
void db_command(struct db *db, const char *sql);
/* End the flush: what was queued is sent, and is answered as one. */
void db_send(struct db *db);
/* Take what has come. */
enum db_state db_receive(struct db *db);
/* Give up what is under way: ask PostgreSQL to cancel it, and close; calls without outcome
 * are DB_EXPIRED.  The asking is done by a child process: the caller ignores SIGCHLD, or
 * reaps. */
void db_expire(struct db *db);
/* Receive until idle or closed, or until `deadline` (milliseconds of
 * CLOCK_MONOTONIC) has passed or the socket that db_watch() named has been closed
 * by its peer: then db_expire(). */
enum db_state db_wait(struct db *db, int64_t deadline);
/* The socket of who waits for what db_wait() waits for; -1: nobody can be seen to go. */
void db_watch(struct db *db, int descriptor);

/* Run statements, separated by semicolons, as they stand in a file: for
 * migrations and seeds, outside any flush.  False after an error: `*message` is then
 * PostgreSQL's, with its line, in the arena. */
bool db_script(struct db *db, struct arena *a, const char *sql, struct str *message) MUST_CHECK;
/* Run one query with text parameters and wait for its rows, all cells as text:
 * for the catalog and for commands.  NULL after an error, as db_script. */
struct rows *db_query(struct db *db, struct arena *a, const char *sql, int count,
                      const char *const *values, struct str *message) MUST_CHECK;

int rows_count(const struct rows *rows);
/* The cell's bytes; STR_NONE for null. */
struct str rows_get(const struct rows *rows, int row, int column);

#endif
