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

struct db_settings; /* db_settings.h */
struct pg_cancel;   /* libpq's */
struct pg_conn;     /* libpq's */

enum db_connect_state { DB_CONNECT_WAITING, DB_CONNECT_DONE, DB_CONNECT_FAILED };

/* A connection in the making. */
struct db_connect {
    struct pg_conn *conn; /* NULL: there was no memory for one */
    bool is_configuring;  /* connected; its settings are under way */
    short events;         /* WAITING: of poll.h, for which events of its socket */
    char sqlstate[6];     /* FAILED: what PostgreSQL answered, or "" */
};

/* Begin to connect.  `connect->conn` is the caller's to finish, also after FAILED. */
enum db_connect_state
db_connect_start(const struct db_settings *settings, struct db_connect *connect) MUST_CHECK;
/* Take the next step, after such an event.  DONE: the connection has its settings, and is in
 * pipeline mode. */
enum db_connect_state
db_connect_step(const struct db_settings *settings, struct db_connect *connect) MUST_CHECK;

enum db_poll { DB_POLL_READY, DB_POLL_LATE, DB_POLL_UNWATCHED };

/* Wait for events (of poll.h) of the connection's socket, until the deadline, or until
 * the peer of `watched`, a socket or -1, has closed it. */
enum db_poll
db_connect_poll(struct pg_conn *conn, short events, int64_t deadline, int watched) MUST_CHECK;

/* Ask PostgreSQL to cancel the statement that runs, without waiting: a child process asks.  It
 * need not be reaped (workers ignore SIGCHLD), and an alarm ends it. */
void db_connect_cancel(struct pg_conn *conn);

/* Ask PostgreSQL with what db_cancel_question() has made, and wait until it has been told: then
 * no later statement of the connection is cancelled.  It takes as long as PostgreSQL likes, and
 * is a point where a thread may be cancelled. */
void db_connect_ask(struct pg_cancel *question);
void db_connect_free_question(struct pg_cancel *question);

#endif
