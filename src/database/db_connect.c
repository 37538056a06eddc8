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
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "event/clock.h"
#include "event/errand.h"
#include "event/peer.h"
#include "base/limits.h"
#include "base/log.h"
#include "database/complaint.h"
#include "database/db_session.h"
#include "database/db_settings.h"

/* Seconds that a child has to ask PostgreSQL to cancel a statement. */
enum { CANCEL_SECONDS = 1 };

struct db_settings
db_settings_to_write(const struct db_settings *settings)
{
    struct db_settings copy = *settings;

    copy.target = "read-write";
    return copy;
}

bool
db_connect_ends(const PGresult *result)
{
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);

    return severity && (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0);
}

static void
take_notice(void *data, const PGresult *result)
{
    struct db_connect *connect = data; /* NULL: it is being made */

    if (connect)
        connect->is_ended |= db_connect_ends(result);
    log_debug("postgresql: %s", PQresultErrorMessage(result));
}

enum db_poll
db_connect_poll(int descriptor, short events, int64_t deadline, int watched)
{
    struct pollfd wanted[] = { { .fd = descriptor, .events = events },
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

/* --- in a thread of its own --- */

struct db_dial {
    struct errand errand; /* the first member */
    struct arena *arena;
    const char *conninfo;
    const char *target; /* a constant, or NULL */
    const char *user;   /* or NULL */
    PGconn *conn;
    int64_t deadline;
};

/* Connect.  libpq waits for name servers in the first of these calls and, when a host does not
 * answer and another is named, in one that follows. */
static void
dial_run(struct errand *errand)
{
    struct db_dial *dial = (struct db_dial *)errand;
    /* One without a value does not count, and a later one more than what `dbname` says. */
    const char *keywords[] = { "dbname",          "target_session_attrs", "user",
                               "client_encoding", "application_name",     NULL };
    const char *values[] = { dial->conninfo, dial->target, dial->user, "UTF8", "linnet", NULL };
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;

    dial->conn = PQconnectStartParams(keywords, values, 1);
    if (!dial->conn || PQstatus(dial->conn) == CONNECTION_BAD)
        return;
    PQsetNoticeReceiver(dial->conn, take_notice, NULL);
    PQsetErrorVerbosity(dial->conn, PQERRORS_VERBOSE); /* for find_sqlstate() */
    while (state == PGRES_POLLING_READING || state == PGRES_POLLING_WRITING) {
        short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        if (errand_is_left(errand) ||
            db_connect_poll(PQsocket(dial->conn), events, dial->deadline, -1) != DB_POLL_READY)
            return;
        state = PQconnectPoll(dial->conn);
    }
}

static void
dial_free(struct errand *errand)
{
    struct db_dial *dial = (struct db_dial *)errand;

    PQfinish(dial->conn);
    arena_free(dial->arena);
}

/* --- step by step --- */

enum db_connect_state
db_connect_start(const struct db_settings *settings, struct db_connect *connect)
{
    struct arena *a = arena_new("connecting");
    struct db_dial *dial = ARENA_NEW(a, struct db_dial);

    *connect = (struct db_connect){ .dial = dial };
    dial->errand.run = dial_run;
    dial->errand.free = dial_free;
    dial->arena = a;
    /* The settings may not live as long as the thread. */
    dial->conninfo = str_copy_c(a, str_from(settings->conninfo));
    /* A pooler may say of itself what a server was once. */
    dial->target = db_session_is_pooled(settings) ? NULL : settings->target;
    dial->user = settings->user ? str_copy_c(a, str_from(settings->user)) : NULL;
    dial->deadline = clock_now() + settings->connect_time;
    if (errand_start(&dial->errand))
        return DB_CONNECT_WAITING;
    int why = errno;
    arena_free(a);
    connect->dial = NULL;
    errno = why;
    return DB_CONNECT_FAILED;
}

int
db_connect_descriptor(const struct db_connect *connect)
{
    return connect->dial ? connect->dial->errand.descriptor : PQsocket(connect->conn);
}

void
db_connect_close(struct db_connect *connect)
{
    if (connect->dial)
        errand_leave(&connect->dial->errand);
    PQfinish(connect->conn);
    connect->dial = NULL;
    connect->conn = NULL;
}

/* Have a statement prepared, to see under which name. */
static bool
send_probe(const struct db_settings *settings, PGconn *conn)
{
    return !db_session_is_pooled(settings) || settings->is_unprepared ||
           PQsendPrepare(conn, DB_SESSION_PROBE, "SELECT 1", 0, NULL);
}

/* Send what is asked first: the settings, without which there is no connection.  The next flush
 * waits for the answer to this one: when a client of PgBouncer before 1.22.1 leaves between the
 * answers to two, its session goes to another client, which gets the second answer as its own. */
static bool
send_first(const struct db_settings *settings, PGconn *conn)
{
    struct arena *a = arena_new("asking first");
    const char *sql = db_session_first(a, settings, PQbackendPID(conn)).ptr,
               *role = db_session_role(settings);
    bool is_sent = PQenterPipelineMode(conn) && send_probe(settings, conn) &&
                   PQsendQueryParams(conn, sql, 1, NULL, &role, NULL, NULL, 0) &&
                   PQpipelineSync(conn);

    arena_free(a);
    return is_sent;
}

/* The same by commands alone, where nothing need be asked: what listens has started the process
 * that libpq was told of, so that it is PostgreSQL itself; and since PostgreSQL 14 it has said
 * whether it is a standby.  The result is that of a single query, outside of pipeline mode. */
static bool
can_command(const struct db_settings *settings, const struct db_connect *connect)
{
    return settings->pooler == DB_POOLER_NONE && connect->is_direct &&
           PQparameterStatus(connect->conn, "in_hot_standby");
}

static bool
send_commands(const struct db_settings *settings, struct db_connect *connect)
{
    const char *role = db_session_role(settings);
    struct arena *a = arena_new("setting up");
    char *literal = PQescapeLiteral(connect->conn, role, strlen(role));
    bool is_sent =
        literal && PQsendQuery(connect->conn, db_session_commands(a, settings, literal).ptr);

    connect->is_commanded = true;
    connect->is_standby = strcmp(PQparameterStatus(connect->conn, "in_hot_standby"), "on") == 0;
    PQfreemem(literal);
    arena_free(a);
    return is_sent;
}

/* Are there flushes that have not been answered? */
static bool
has_more(const struct db_settings *settings, const struct db_connect *connect)
{
    return connect->synced < (settings->is_brief ? 1 : 2);
}

/* Then the incarnation, which a database may keep to itself. */
static bool
send_second(PGconn *conn)
{
    return PQsendQueryParams(conn, DB_INCARNATION_QUERY, 0, NULL, NULL, NULL, NULL, 0) &&
           PQpipelineSync(conn);
}

#define READ_MORE " (see poolers.md)"

/* Why must a session not be used that a pooler has given us? */
static const char *
refuse_session(const struct db_settings *settings)
{
    static const char *const refusals[] = {
        [DB_POOLER_NONE] = "a connection pooler stands in front of PostgreSQL, and may give the"
                           " session to others: set `pooler`, or let `database` name PostgreSQL"
                           " itself" READ_MORE,
        [DB_POOLER_SESSION] = "the connection pooler gives sessions to others as they are: set"
                              " `pooler = transaction`" READ_MORE,
        [DB_POOLER_TRANSACTION] = "the connection pooler does not keep prepared statements: set"
                                  " `prepared = off`, or max_prepared_statements in PgBouncer 1.21"
                                  " or later" READ_MORE,
    };

    return refusals[settings->pooler];
}

/* The answer to the first query has come: may the session be used? */
static void
take_session(const struct db_settings *settings, struct db_connect *connect, const PGresult *result)
{
    bool is_there = PQntuples(result) == 1;
    bool is_named = is_there && *PQgetvalue(result, 0, DB_SESSION_IS_NAMED) == 't';

    connect->has_pooler =
        !is_there || atoi(PQgetvalue(result, 0, DB_SESSION_PID)) != PQbackendPID(connect->conn);
    connect->is_standby = is_there && *PQgetvalue(result, 0, DB_SESSION_IS_STANDBY) == 't';
    if (!is_there || (connect->has_pooler && is_named))
        connect->refusal = refuse_session(settings);
    else if (connect->is_standby && settings->target) /* where libpq was not asked to look for it */
        connect->is_wrong_target = true;
}

/* The probe is there already, in a session that a pooler gives to others. */
static bool
is_probe_known(const struct db_settings *settings, const char *state)
{
    return db_session_is_pooled(settings) && state && strcmp(state, "42P05") == 0;
}

/* A flush has been answered.  False: there is no connection.  That is not said before, since a
 * pooler must end the session of a client that leaves in the middle of a flush. */
static bool
take_sync(const struct db_settings *settings, struct db_connect *connect)
{
    connect->synced++;
    if (connect->refusal || connect->is_wrong_target)
        return false;
    return !has_more(settings, connect) || send_second(connect->conn);
}

/* There are no more answers to one statement, or to all commands. */
static bool
take_end(const struct db_settings *settings, struct db_connect *connect)
{
    if (connect->is_commanded && connect->synced == 0)
        return PQenterPipelineMode(connect->conn) && take_sync(settings, connect);
    return PQstatus(connect->conn) == CONNECTION_OK;
}

/* Take one answer to what was sent first.  False: there is no connection. */
static bool
take_first(const struct db_settings *settings, struct db_connect *connect, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    switch (PQresultStatus(result)) {
    case PGRES_PIPELINE_SYNC:
        return take_sync(settings, connect);
    case PGRES_COMMAND_OK: /* the probe, or a command */
        return true;
    case PGRES_PIPELINE_ABORTED: /* the probe was refused */
        return connect->refusal != NULL;
    case PGRES_TUPLES_OK:
        if (connect->synced == 0)
            take_session(settings, connect, result);
        else if (PQntuples(result) == 1)
            snprintf(connect->incarnation, sizeof(connect->incarnation), "%s",
                     PQgetvalue(result, 0, 0));
        return true;
    default:
        if (connect->synced > 0) {
            log_debug("the database's incarnation: %s", PQresultErrorMessage(result));
            return PQstatus(connect->conn) == CONNECTION_OK;
        }
        if (is_probe_known(settings, state))
            connect->refusal = refuse_session(settings);
        else
            snprintf(connect->sqlstate, sizeof(connect->sqlstate), "%s", state ? state : "");
        return connect->refusal != NULL;
    }
}

/* libpq says what PostgreSQL has answered in words alone: `FATAL:  28P01: ...`.  (The first word
 * may be in another language.) */
static void
find_sqlstate(const char *message, char sqlstate[6])
{
    static const char characters[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    for (const char *at = message; (at = strstr(at, ":  ")); at++)
        if (strspn(at + 3, characters) == 5 && strncmp(at + 8, ": ", 2) == 0) {
            memcpy(sqlstate, at + 3, 5);
            sqlstate[5] = '\0';
        }
}

/* The thread may be at an end. */
static enum db_connect_state
step_dial(const struct db_settings *settings, struct db_connect *connect)
{
    struct db_dial *dial = connect->dial;

    if (!errand_is_done(&dial->errand))
        return DB_CONNECT_WAITING;
    connect->conn = dial->conn;
    dial->conn = NULL;
    connect->dial = NULL;
    errand_leave(&dial->errand);
    if (PQstatus(connect->conn) != CONNECTION_OK) {
        find_sqlstate(PQerrorMessage(connect->conn), connect->sqlstate);
        return DB_CONNECT_FAILED;
    }
    PQsetErrorVerbosity(connect->conn, PQERRORS_DEFAULT);
    PQsetNoticeReceiver(connect->conn, take_notice, connect);
    connect->is_direct = peer_is_parent(PQsocket(connect->conn), PQbackendPID(connect->conn));
    bool is_sent = can_command(settings, connect) ? send_commands(settings, connect)
                                                  : send_first(settings, connect->conn);
    return is_sent ? DB_CONNECT_WAITING : DB_CONNECT_FAILED;
}

static enum db_connect_state
step_settings(const struct db_settings *settings, struct db_connect *connect)
{
    PGconn *conn = connect->conn;

    if (!PQconsumeInput(conn))
        return DB_CONNECT_FAILED;
    while (has_more(settings, connect) && !PQisBusy(conn)) {
        PGresult *result = PQgetResult(conn);
        bool is_good = result ? take_first(settings, connect, result) : take_end(settings, connect);
        PQclear(result);
        if (!is_good)
            return DB_CONNECT_FAILED;
    }
    if (has_more(settings, connect))
        return DB_CONNECT_WAITING;
    connect->is_direct = connect->is_direct && !connect->has_pooler;
    return PQsetnonblocking(conn, 1) == 0 ? DB_CONNECT_DONE : DB_CONNECT_FAILED;
}

enum db_connect_state
db_connect_step(const struct db_settings *settings, struct db_connect *connect)
{
    return connect->dial ? step_dial(settings, connect) : step_settings(settings, connect);
}

/* --- what went wrong --- */

/* Is it not a connection string, or a URI whose password has an `@` or a `/` that should be
 * percent-encoded?  Then libpq takes a part of the password for a host or a port. */
static bool
is_misread(const char *conninfo)
{
    PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
    const char *rest = strstr(conninfo, "://"), *at = strrchr(conninfo, '@');

    if (!options)
        return true;
    PQconninfoFree(options);
    return rest && at && rest + 3 + strcspn(rest + 3, "@/") < at;
}

void
db_connect_complain(const struct db_settings *settings, const struct db_connect *connect)
{
    const char *message = connect->conn ? PQerrorMessage(connect->conn) : "out of memory";
    const char *first = strchr(message, '"'), *last = strrchr(message, '"');

    if (!complaint_is_due())
        return;
    if (connect->refusal)
        log_error("database: %s", connect->refusal);
    else if (connect->is_wrong_target)
        log_error("database: cannot connect to a server that can be written to: it is a standby");
    else if (first && is_misread(settings->conninfo))
        log_error("database: cannot connect: %.*s\"...%s", (int)(first - message), message, last);
    else
        log_error("database: cannot connect: %s", message);
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
        log_debug("database: cannot cancel a statement: %.*s", STR_PRINT(str_trim(str_from(why))));
}

void
db_connect_free_question(PGcancel *question)
{
    PQfreeCancel(question);
}
