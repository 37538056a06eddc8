/*
 * db_connect.h - make a connection to PostgreSQL, within a time; and wait for one.
 * For db.c alone.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXECUTION_DB_CONNECT_H
#define EXECUTION_DB_CONNECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct limits;
struct pg_conn; /* libpq's */

/* Connect and configure the connection, as db_open() says.  False when that fails
 * or is not done at `deadline`; `*conn` is then what there is of it, or NULL, and
 * `sqlstate` what PostgreSQL answered, if it did. */
bool db_connect(const char *conninfo, const char *role, const struct limits *limits,
                int64_t deadline, char sqlstate[6], struct pg_conn **conn) MUST_CHECK;

enum db_poll { DB_POLL_READY, DB_POLL_LATE, DB_POLL_UNWATCHED };

/* Wait for events (of poll.h) of the connection's socket, until the deadline, or until
 * the peer of `watched`, a socket or -1, has closed it. */
enum db_poll
db_connect_poll(struct pg_conn *conn, short events, int64_t deadline, int watched) MUST_CHECK;

#endif
