/*
 * db_connect.c - make a connection to PostgreSQL, step by step.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/db_connect.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "event/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "database/db_settings.h"

/* Seconds that a child has to ask PostgreSQL to cancel a statement. */
enum { CANCEL_SECONDS = 1 };

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
        int64_t left = deadline - clock_now();
        int ready = poll(wanted, 2, left > 0 ? (int)left : 0);
        if (ready > 0)
            return wanted[0].revents ? DB_POLL_READY : DB_POLL_UNWATCHED;
        if (ready == 0 && left <= 0)
            return DB_POLL_LATE;
        if (ready < 0 && errno != EINTR)
            return DB_POLL_LATE;
    }
}

enum db_connect_state
db_connect_start(const struct db_settings *settings, struct db_connect *connect)
{
    const char *keywords[] = { "dbname", "client_encoding", "application_name", NULL };
    const char *values[] = { settings->conninfo, "UTF8", "linnet", NULL };

    *connect =
        (struct db_connect){ .conn = PQconnectStartParams(keywords, values, 1), .events = POLLOUT };
    if (!connect->conn || PQstatus(connect->conn) == CONNECTION_BAD)
        return DB_CONNECT_FAILED;
    PQsetNoticeReceiver(connect->conn, db_log_notice, NULL);
    return DB_CONNECT_WAITING;
}

/* Send the settings that we rely on, and the role to start as.  How values are written
 * must not depend on what the database or a role has set.  A statement is planned
 * once: otherwise PostgreSQL plans it anew at each call when it guesses that the
 * values might make it cheaper, and that costs more than the execution
 * (docs/performance.md). */
static bool
send_settings(const struct db_settings *settings, PGconn *conn)
{
    const struct limits *limits = settings->limits;
    char statement_time[16], lock_time[16];
    const char *values[] = { statement_time, lock_time, settings->role ? settings->role : "none" };

    snprintf(statement_time, sizeof(statement_time), "%d", limits ? limits->database_time : 0);
    snprintf(lock_time, sizeof(lock_time), "%d", limits ? limits->lock_time : 0);
    return PQsendQueryParams(conn,
                             "SELECT set_config('statement_timeout', $1, false),"
                             " set_config('lock_timeout', $2, false),"
                             " set_config('role', $3, false),"
                             " set_config('TimeZone', 'UTC', false),"
                             " set_config('DateStyle', 'ISO, YMD', false),"
                             " set_config('IntervalStyle', 'iso_8601', false),"
                             " set_config('bytea_output', 'hex', false),"
                             " set_config('extra_float_digits', '1', false),"
                             " set_config('lc_monetary', 'C', false),"
                             " set_config('xmlbinary', 'base64', false),"
                             " set_config('plan_cache_mode', 'force_generic_plan', false),"
                             " set_config('random_page_cost', '1.1', false),"
                             " set_config('jit', 'off', false)",
                             3, NULL, values, NULL, NULL, 0);
}

static enum db_connect_state
step_connection(const struct db_settings *settings, struct db_connect *connect)
{
    switch (PQconnectPoll(connect->conn)) {
    case PGRES_POLLING_READING:
        connect->events = POLLIN;
        return DB_CONNECT_WAITING;
    case PGRES_POLLING_WRITING:
        connect->events = POLLOUT;
        return DB_CONNECT_WAITING;
    case PGRES_POLLING_OK:
        connect->events = POLLIN;
        connect->is_configuring = true;
        return send_settings(settings, connect->conn) ? DB_CONNECT_WAITING : DB_CONNECT_FAILED;
    case PGRES_POLLING_FAILED:
    default: /* PGRES_POLLING_ACTIVE: libpq no longer uses it */
        return DB_CONNECT_FAILED;
    }
}

static enum db_connect_state
step_settings(struct db_connect *connect)
{
    PGconn *conn = connect->conn;
    PGresult *result;

    if (!PQconsumeInput(conn))
        return DB_CONNECT_FAILED;
    while (!PQisBusy(conn)) {
        result = PQgetResult(conn);
        if (!result) /* the answer is complete */
            return PQsetnonblocking(conn, 1) == 0 && PQenterPipelineMode(conn) == 1
                       ? DB_CONNECT_DONE
                       : DB_CONNECT_FAILED;
        bool is_good = PQresultStatus(result) == PGRES_TUPLES_OK;
        const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        snprintf(connect->sqlstate, sizeof(connect->sqlstate), "%s", state ? state : "");
        PQclear(result);
        if (!is_good)
            return DB_CONNECT_FAILED;
    }
    return DB_CONNECT_WAITING;
}

enum db_connect_state
db_connect_step(const struct db_settings *settings, struct db_connect *connect)
{
    return connect->is_configuring ? step_settings(connect) : step_connection(settings, connect);
}

void
db_connect_cancel(PGconn *conn)
{
    char why[256];
    PGcancel *cancel = PQgetCancel(conn);

    /* libpq waits until the server closes the connection, and a stopped server never does. */
    if (cancel && fork() == 0) {
        close_range(STDERR_FILENO + 1, ~0U, 0);
        signal(SIGALRM, SIG_DFL);
        alarm(CANCEL_SECONDS);
        _exit(!PQcancel(cancel, why, sizeof(why)));
    }
    PQfreeCancel(cancel);
}

void
db_connect_ask(PGcancel *question)
{
    char why[256] = "";

    if (!PQcancel(question, why, sizeof(why)))
        log_warning("database: cannot cancel a statement: %.*s",
                    STR_PRINT(str_trim(str_from(why))));
}

void
db_connect_free_question(PGcancel *question)
{
    PQfreeCancel(question);
}
