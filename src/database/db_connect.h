/*
 * db_connect.h - make a connection to PostgreSQL, step by step, and wait for its
 * socket.  For db.c alone.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_DB_CONNECT_H
#define DATABASE_DB_CONNECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct db_dial;     /* db_connect.c */
struct db_settings; /* db_settings.h */
struct pg_cancel;   /* libpq's */
struct pg_conn;     /* libpq's */
struct pg_result;   /* libpq's */

enum db_connect_state { DB_CONNECT_WAITING, DB_CONNECT_DONE, DB_CONNECT_FAILED };

/* A connection in the making. */
struct db_connect {
    struct db_dial *dial; /* a thread connects; then NULL */
    struct pg_conn *conn; /* NULL: not yet, or there was no memory for one */
    int synced;           /* configuring: flushes that have been answered */
    bool is_commanded;    /* it is set up by db_session_commands(), which are the first of them */
    char sqlstate[6];     /* FAILED: what PostgreSQL answered, the last of its hosts; or "" */
    const char *refusal;  /* FAILED: why we do not take the session, a constant; or NULL */
    bool is_wrong_target; /* FAILED: it is a standby's, and must not be */
    bool has_pooler;      /* db_has_pooler() */
    bool is_direct;       /* db_is_direct() */
    bool is_standby;      /* DONE: it can be read alone */
    bool is_ended;        /* later: PostgreSQL has said that it ends the session */
    char incarnation[64]; /* DONE: of the database (outcome.h), or "" */
};

/* Begin to connect, in a thread, since libpq waits for name servers.  FAILED, with errno set,
 * when there is none. */
enum db_connect_state
db_connect_start(const struct db_settings *settings, struct db_connect *connect) MUST_CHECK;
/* What to wait for: the thread or the socket; -1: nothing. */
int db_connect_descriptor(const struct db_connect *connect);
/* Close the connection, or give up connecting. */
void db_connect_close(struct db_connect *connect);
/* Take the next step, after such an event.  DONE: the connection has its settings, and is in
 * pipeline mode. */
enum db_connect_state
db_connect_step(const struct db_settings *settings, struct db_connect *connect) MUST_CHECK;

/* Log why it has failed.  What libpq quotes of a connection string that it may have misread is left
 * out: it may be of the password. */
void db_connect_complain(const struct db_settings *settings, const struct db_connect *connect);

enum db_poll { DB_POLL_READY, DB_POLL_LATE, DB_POLL_UNWATCHED };

/* Wait for events (of poll.h) of a descriptor, until the deadline, or until
 * the peer of `watched`, a socket or -1, has closed it. */
enum db_poll
db_connect_poll(int descriptor, short events, int64_t deadline, int watched) MUST_CHECK;

/* Does PostgreSQL say with this notice or error that it ends the session?  Its socket may be closed
 * a moment later. */
bool db_connect_ends(const struct pg_result *result);

/* Ask PostgreSQL to cancel the statement that runs, without waiting: a child process asks.  It
 * need not be reaped (workers ignore SIGCHLD), and an alarm ends it. */
void db_connect_cancel(struct pg_conn *conn);

/* Ask PostgreSQL with what db_cancel_question() has made, and wait until it has been told: then
 * no later statement of the connection is cancelled.  It takes as long as PostgreSQL likes, and
 * is a point where a thread may be cancelled. */
void db_connect_ask(struct pg_cancel *question);
void db_connect_free_question(struct pg_cancel *question);

#endif
