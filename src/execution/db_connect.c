/*
 * db_connect.c - make a connection to PostgreSQL, within a time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "execution/db_connect.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>

#include "base/limits.h"
#include "base/log.h"
#include "execution/db.h"

static void
db_log_notice(void *data, const PGresult *result)
{
    (void)data;
    log_debug("postgresql: %s", PQresultErrorMessage(result));
}

enum db_poll
db_connect_poll(PGconn *conn, short events, int64_t deadline, int watched)
{
    struct pollfd wanted[] = { { .fd = PQsocket(conn), .events = events },
                               { .fd = watched, .events = POLLRDHUP } };

    for (;;) {
        int64_t left = deadline - db_now();
        int ready = poll(wanted, 2, left > 0 ? (int)left : 0);
        if (ready > 0)
            return wanted[0].revents ? DB_POLL_READY : DB_POLL_UNWATCHED;
        if (ready == 0 && left <= 0)
            return DB_POLL_LATE;
        if (ready < 0 && errno != EINTR)
            return DB_POLL_LATE;
    }
}

static PGconn *
db_open_connection(const char *conninfo, int64_t deadline)
{
    const char *keywords[] = { "dbname", "client_encoding", "application_name", NULL };
    const char *values[] = { conninfo, "UTF8", "linnet", NULL };
    PGconn *conn = PQconnectStartParams(keywords, values, 1);
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;

    if (!conn || PQstatus(conn) == CONNECTION_BAD)
        return conn;
    PQsetNoticeReceiver(conn, db_log_notice, NULL);
    while (status != PGRES_POLLING_OK && status != PGRES_POLLING_FAILED) {
        short events = status == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        if (db_connect_poll(conn, events, deadline, -1) != DB_POLL_READY)
            break;
        status = PQconnectPoll(conn);
    }
    return conn;
}

/* The result of what was sent; NULL when it does not come in time. */
static PGresult *
db_await(PGconn *conn, int64_t deadline)
{
    PGresult *last = NULL, *result;

    for (;;) {
        while (PQisBusy(conn))
            if (db_connect_poll(conn, POLLIN, deadline, -1) != DB_POLL_READY ||
                !PQconsumeInput(conn)) {
                PQclear(last);
                return NULL;
            }
        result = PQgetResult(conn);
        if (!result)
            return last;
        PQclear(last);
        last = result;
    }
}

/* The settings that everything here relies on, and the role to start as.  Plans
 * are made once for each statement: PostgreSQL would otherwise plan anew at each
 * call where it guesses that the values at hand might make it cheaper, which
 * costs more than the execution (docs/performance.md). */
static bool
db_configure(PGconn *conn, const char *role, const struct limits *limits, int64_t deadline,
             char sqlstate[6])
{
    char statement_time[16], lock_time[16];
    const char *values[] = { statement_time, lock_time, role ? role : "none" };

    snprintf(statement_time, sizeof(statement_time), "%d", limits ? limits->statement_time : 0);
    snprintf(lock_time, sizeof(lock_time), "%d", limits ? limits->lock_time : 0);
    if (!PQsendQueryParams(conn,
                           "SELECT set_config('statement_timeout', $1, false),"
                           " set_config('lock_timeout', $2, false),"
                           " set_config('role', $3, false),"
                           " set_config('TimeZone', 'UTC', false),"
                           " set_config('DateStyle', 'ISO', false),"
                           " set_config('plan_cache_mode', 'force_generic_plan', false),"
                           " set_config('random_page_cost', '1.1', false),"
                           " set_config('jit', 'off', false)",
                           3, NULL, values, NULL, NULL, 0))
        return false;
    PGresult *result = db_await(conn, deadline);
    bool is_good = PQresultStatus(result) == PGRES_TUPLES_OK;
    if (!is_good) {
        const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        snprintf(sqlstate, 6, "%s", state ? state : "");
    }
    PQclear(result);
    return is_good && PQsetnonblocking(conn, 1) == 0 && PQenterPipelineMode(conn) == 1;
}

bool
db_connect(const char *conninfo, const char *role, const struct limits *limits, int64_t deadline,
           char sqlstate[6], PGconn **conn)
{
    *conn = db_open_connection(conninfo, deadline);
    return *conn && PQstatus(*conn) == CONNECTION_OK &&
           db_configure(*conn, role, limits, deadline, sqlstate);
}
