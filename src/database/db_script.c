/*
 * db_script.c - statements outside of any flush, one after the other: for migrations, the
 * catalog and commands.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/db.h"

#include <assert.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/log.h"
#include "event/clock.h"
#include "database/db_internal.h"
#include "database/db_settings.h"

/* Milliseconds that PostgreSQL may take longer than a statement may, until it counts as silent;
 * those of one wait, where nothing bounds a statement; and those of a script, each of whose
 * statements has a bound of its own, and whose answers PostgreSQL may gather before it sends
 * them. */
enum { GRACE = 1000, WAIT = 60000, SCRIPT = 60000 };

/* libpq's own calls that wait do so without end. */
static bool
await_input(struct db *db, int64_t deadline)
{
    int64_t until = clock_now() + WAIT;
    int left = PQflush(db->conn);

    if (left < 0)
        return false;
    short events = left > 0 ? POLLIN | POLLOUT : POLLIN;
    enum db_poll result =
        db_connect_poll(PQsocket(db->conn), events, until < deadline ? until : deadline, -1);
    if (result != DB_POLL_READY && clock_now() >= deadline)
        return false;
    return result != DB_POLL_READY || PQconsumeInput(db->conn);
}

static int64_t
find_deadline(const struct db *db, bool is_script)
{
    const struct limits *limits = db->settings->limits;

    if (!limits)
        return INT64_MAX;
    int statement = limits->database_time + GRACE;
    return clock_now() + (is_script && statement < SCRIPT ? SCRIPT : statement);
}

/* The last result of what was sent, as PQexec() gives it; NULL: the connection is lost, or
 * PostgreSQL is silent.  Of a script, each result shows that it is not. */
static PGresult *
await_result(struct db *db, bool is_script)
{
    int64_t deadline = find_deadline(db, is_script);
    PGresult *last = NULL;

    for (;;) {
        while (PQisBusy(db->conn))
            if (!await_input(db, deadline)) {
                PQclear(last);
                return NULL;
            }
        PGresult *next = PQgetResult(db->conn);
        if (!next)
            return last;
        PQclear(last);
        last = next;
        if (is_script)
            deadline = find_deadline(db, true);
    }
}

#define NO_ANSWER "no answer, or the connection is lost"

/* Run one command, or a script without parameters (`count` -1), outside of pipeline mode.  NULL
 * after an error. */
static PGresult *
run_alone(struct db *db, struct arena *a, const char *sql, int count, const char *const *values,
          char sqlstate[6], struct str *message)
{
    sqlstate[0] = '\0';
    assert(!db->queue.head); /* never while calls are under way */
    if (db->has_failed) {
        *message = STR(NO_ANSWER);
        return NULL;
    }
    if (!PQexitPipelineMode(db->conn)) {
        *message = str_copy(a, str_from(PQerrorMessage(db->conn)));
        return NULL;
    }
    bool is_sent = count < 0 ? PQsendQuery(db->conn, sql)
                             : PQsendQueryParams(db->conn, sql, count, NULL, values, NULL, NULL, 0);
    PGresult *result = is_sent ? await_result(db, count < 0) : NULL;
    if (!result) {
        *message = STR(NO_ANSWER);
        db_lose(db);
        return NULL;
    }
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        if (state)
            snprintf(sqlstate, 6, "%s", state);
        *message = str_copy(a, str_from(PQresultErrorMessage(result)));
        PQclear(result);
        result = NULL;
    }
    if (PQstatus(db->conn) != CONNECTION_OK || !PQenterPipelineMode(db->conn))
        db_lose(db);
    return result;
}

/* The text that sets up a transaction, as db_call() does. */
static struct str
write_set_up(const struct db *db, struct arena *a)
{
    char *role = PQescapeLiteral(db->conn, db->set_up.values[0], strlen(db->set_up.values[0]));
    struct str sql = str_format(a, "SELECT %.*s, set_config('role', %s, true)",
                                STR_PRINT(db->set_up.column), role ? role : "NULL");

    PQfreemem(role);
    return sql;
}

/* The same, in a transaction that is set up: what a script begins, or one for the command. */
static PGresult *
run_pooled(struct db *db, struct arena *a, const char *sql, int count, const char *const *values,
           char sqlstate[6], struct str *message)
{
    char ignored_state[6];
    struct str ignored, before = write_set_up(db, a);

    if (count < 0)
        return run_alone(db, a, str_format(a, "%.*s;\n%s", STR_PRINT(before), sql).ptr, -1, NULL,
                         sqlstate, message);
    before = str_format(a, "BEGIN; %.*s", STR_PRINT(before));
    PGresult *begun = run_alone(db, a, before.ptr, -1, NULL, sqlstate, message);
    PGresult *result = begun ? run_alone(db, a, sql, count, values, sqlstate, message) : NULL;
    const char *end = result ? "COMMIT" : "ROLLBACK";
    PQclear(run_alone(db, a, end, -1, NULL, ignored_state, &ignored));
    PQclear(begun);
    return result;
}

static PGresult *
db_run(struct db *db, struct arena *a, const char *sql, int count, const char *const *values,
       char sqlstate[6], struct str *message)
{
    bool is_to_set_up =
        db_is_pooled(db) && !db->has_failed && PQtransactionStatus(db->conn) == PQTRANS_IDLE;

    return is_to_set_up ? run_pooled(db, a, sql, count, values, sqlstate, message)
                        : run_alone(db, a, sql, count, values, sqlstate, message);
}

bool
db_try(struct db *db, struct arena *a, const char *sql, char sqlstate[6], struct str *message)
{
    PGresult *result = db_run(db, a, sql, -1, NULL, sqlstate, message);
    bool is_good = result != NULL;

    PQclear(result);
    return is_good;
}

bool
db_script(struct db *db, struct arena *a, const char *sql, struct str *message)
{
    char sqlstate[6];

    return db_try(db, a, sql, sqlstate, message);
}

struct rows *
db_query(struct db *db, struct arena *a, const char *sql, int count, const char *const *values,
         struct str *message)
{
    char sqlstate[6];
    PGresult *result = db_run(db, a, sql, count, values, sqlstate, message);

    return result ? rows_new(a, result) : NULL;
}

void
db_read_incarnation(struct db *db)
{
    struct db_connect *connect = &db->connect;
    struct arena *a = arena_new("incarnation");
    struct str message;

    const struct rows *rows = db_query(db, a, DB_INCARNATION_QUERY, 0, NULL, &message);
    if (!rows)
        log_debug("the database's incarnation: %.*s", STR_PRINT(message));
    else if (rows_count(rows) == 1)
        snprintf(connect->incarnation, sizeof(connect->incarnation), "%.*s",
                 STR_PRINT(rows_get(rows, 0, 0)));
    arena_free(a);
}

void
db_ask_incarnation(struct db *db)
{
    if (!db->settings->is_brief || db->asks_incarnation)
        return;
    db->asks_incarnation = true;
    db_read_incarnation(db);
}
