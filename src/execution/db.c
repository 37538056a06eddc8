/*
 * db.c - one connection to PostgreSQL, in pipeline mode (libpq, 34.5).
 *
 * What has been sent stands in a queue of entries, in the order in which
 * PostgreSQL answers; each answer belongs to the head of the queue.  Statements
 * are prepared once for each connection and found again by their text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "execution/db.h"

#include <assert.h>
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/log.h"
#include "execution/prepared.h"
#include "planner/statement.h"

enum entry_kind { ENTRY_CALL, ENTRY_PREPARE, ENTRY_COMMAND, ENTRY_SYNC };

struct entry {
    enum entry_kind kind;
    bool is_answered;
    struct db_call *call;      /* CALL, PREPARE */
    struct arena *arena;       /* CALL, PREPARE: of the call's rows */
    struct prepared *prepared; /* PREPARE */
    struct entry *next;
};

struct db {
    PGconn *conn;
    struct arena *arena; /* of the struct */
    struct prepared_table *prepared;
    struct arena *queue_arena; /* of the entries; reset when all are answered */
    struct entry *head, *tail;
    bool has_failed; /* the connection is lost */
};

int64_t
db_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
db_log_notice(void *data, const PGresult *result)
{
    (void)data;
    log_debug("postgresql: %s", PQresultErrorMessage(result));
}

/* Wait for the socket; false when the deadline has passed. */
static bool
db_poll(PGconn *conn, short events, int64_t deadline)
{
    struct pollfd wanted = { .fd = PQsocket(conn), .events = events };

    for (;;) {
        int64_t left = deadline - db_now();
        int ready = poll(&wanted, 1, left > 0 ? (int)left : 0);
        if (ready > 0)
            return true;
        if (ready == 0 && left <= 0)
            return false;
        if (ready < 0 && errno != EINTR)
            return false;
    }
}

static PGconn *
db_connect(const char *conninfo, int64_t deadline)
{
    const char *keywords[] = { "dbname", "client_encoding", "application_name", NULL };
    const char *values[] = { conninfo, "UTF8", "linnet", NULL };
    PGconn *conn = PQconnectStartParams(keywords, values, 1);
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;

    if (!conn || PQstatus(conn) == CONNECTION_BAD)
        return conn;
    PQsetNoticeReceiver(conn, db_log_notice, NULL);
    while (status != PGRES_POLLING_OK && status != PGRES_POLLING_FAILED) {
        if (!db_poll(conn, status == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline))
            break;
        status = PQconnectPoll(conn);
    }
    return conn;
}

/* The settings that everything here relies on, and the role to start as.  Plans
 * are made once for each statement: PostgreSQL would otherwise plan anew at each
 * call where it guesses that the values at hand might make it cheaper, which
 * costs more than the execution (docs/performance.md). */
static bool
db_configure(PGconn *conn, const char *role, int statement_time, char sqlstate[6])
{
    char time[16];
    const char *values[] = { time, role ? role : "none" };

    snprintf(time, sizeof(time), "%d", statement_time);
    PGresult *result = PQexecParams(conn,
                                    "SELECT set_config('statement_timeout', $1, false),"
                                    " set_config('role', $2, false),"
                                    " set_config('TimeZone', 'UTC', false),"
                                    " set_config('DateStyle', 'ISO', false),"
                                    " set_config('plan_cache_mode', 'force_generic_plan', false),"
                                    " set_config('random_page_cost', '1.1', false),"
                                    " set_config('jit', 'off', false)",
                                    2, NULL, values, NULL, NULL, 0);
    bool is_good = PQresultStatus(result) == PGRES_TUPLES_OK;
    if (!is_good) {
        const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        snprintf(sqlstate, 6, "%s", state ? state : "");
    }
    PQclear(result);
    return is_good && PQsetnonblocking(conn, 1) == 0 && PQenterPipelineMode(conn) == 1;
}

struct db *
db_open(const char *conninfo, const char *role, int statement_time, int timeout, char sqlstate[6])
{
    char state[6] = "";
    PGconn *conn = db_connect(conninfo, db_now() + timeout);

    if (!conn || PQstatus(conn) != CONNECTION_OK ||
        !db_configure(conn, role, statement_time, state)) {
        log_error("database: cannot connect: %s", conn ? PQerrorMessage(conn) : "out of memory");
        if (sqlstate)
            memcpy(sqlstate, state, sizeof(state));
        PQfinish(conn);
        return NULL;
    }
    struct arena *a = arena_new("database");
    struct db *db = ARENA_NEW(a, struct db);
    db->conn = conn;
    db->arena = a;
    db->prepared = prepared_new();
    db->queue_arena = arena_new("database queue");
    return db;
}

void
db_close(struct db *db)
{
    if (!db)
        return;
    PQfinish(db->conn);
    prepared_free(db->prepared);
    arena_free(db->queue_arena);
    arena_free(db->arena);
}

/* The connection is gone: nothing that waits will be answered. */
static void
db_lose(struct db *db)
{
    if (!db->has_failed)
        log_error("database: connection lost: %s", PQerrorMessage(db->conn));
    db->has_failed = true;
    for (struct entry *entry = db->head; entry; entry = entry->next)
        if (entry->kind == ENTRY_CALL && entry->call->outcome == DB_PENDING)
            entry->call->outcome = DB_LOST;
    db->head = db->tail = NULL;
}

int
db_descriptor(const struct db *db)
{
    return PQsocket(db->conn);
}

bool
db_is_ready(struct db *db)
{
    if (db->has_failed || db->head)
        return false;
    /* PQstatus() learns of a loss only by reading: an idle connection that has
     * something to say is about to close, or has a notice. */
    for (int i = 0; i < 3; i++) {
        struct pollfd wanted = { .fd = PQsocket(db->conn), .events = POLLIN };
        if (poll(&wanted, 1, 0) == 0)
            break;
        if (!PQconsumeInput(db->conn) || PQisBusy(db->conn) || i == 2) {
            db_lose(db);
            return false;
        }
    }
    return PQstatus(db->conn) == CONNECTION_OK && PQtransactionStatus(db->conn) == PQTRANS_IDLE;
}

static struct entry *
db_enqueue(struct db *db, enum entry_kind kind)
{
    struct entry *entry = ARENA_NEW(db->queue_arena, struct entry);

    entry->kind = kind;
    if (db->tail)
        db->tail->next = entry;
    else
        db->head = entry;
    db->tail = entry;
    return entry;
}

static void
db_forget_prepared(struct db *db)
{
    db_command(db, "DEALLOCATE ALL");
    prepared_free(db->prepared);
    db->prepared = prepared_new();
}

/* The statement's name on this connection; sent to be prepared if it has none yet. */
static const char *
db_prepare(struct db *db, struct arena *a, struct db_call *call)
{
    if (prepared_is_crowded(db->prepared) && !db->head)
        db_forget_prepared(db);
    struct prepared *prepared = prepared_get(db->prepared, call->statement);
    if (!prepared)
        return NULL;
    if (!prepared->is_sent) {
        if (!PQsendPrepare(db->conn, prepared->name, call->statement->sql.ptr, 0, NULL))
            return NULL;
        prepared->is_sent = true;
        struct entry *entry = db_enqueue(db, ENTRY_PREPARE);
        entry->call = call;
        entry->arena = a;
        entry->prepared = prepared;
    }
    return prepared->name;
}

void
db_call(struct db *db, struct arena *a, struct db_call *call)
{
    call->outcome = DB_PENDING;
    call->rows = NULL;
    call->sqlstate[0] = '\0';
    call->message = STR("");
    const char *name = db->has_failed ? NULL : db_prepare(db, a, call);
    if (!name || !PQsendQueryPrepared(db->conn, name, call->statement->parameter_count,
                                      call->values, NULL, NULL, 1)) {
        call->outcome = DB_LOST;
        db_lose(db);
        return;
    }
    struct entry *entry = db_enqueue(db, ENTRY_CALL);
    entry->call = call;
    entry->arena = a;
}

void
db_command(struct db *db, const char *sql)
{
    if (db->has_failed)
        return;
    if (PQsendQueryParams(db->conn, sql, 0, NULL, NULL, NULL, NULL, 0))
        db_enqueue(db, ENTRY_COMMAND);
    else
        db_lose(db);
}

void
db_send(struct db *db)
{
    if (db->has_failed)
        return;
    if (!PQpipelineSync(db->conn)) {
        db_lose(db);
        return;
    }
    db_enqueue(db, ENTRY_SYNC);
    if (PQflush(db->conn) < 0)
        db_lose(db);
}

static void
db_fail_call(struct entry *entry, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    struct db_call *call = entry->call;

    if (call->outcome != DB_PENDING)
        return;
    call->outcome = DB_FAILED;
    snprintf(call->sqlstate, sizeof(call->sqlstate), "%s", state ? state : "");
    call->message = str_copy(entry->arena, str_from(PQresultErrorMessage(result)));
}

static void
db_clear_rows(void *rows)
{
    PQclear(rows);
}

static void
db_answer_call(struct entry *entry, PGresult *result)
{
    struct db_call *call = entry->call;

    switch (PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
        call->outcome = DB_ROWS;
        call->rows = (struct rows *)result;
        arena_defer(entry->arena, db_clear_rows, result);
        return;
    case PGRES_PIPELINE_ABORTED:
        if (call->outcome == DB_PENDING)
            call->outcome = DB_SKIPPED;
        break;
    default:
        db_fail_call(entry, result);
    }
    PQclear(result);
}

static void
db_answer(struct db *db, PGresult *result)
{
    struct entry *entry = db->head;

    if (!entry) { /* an error that nobody asked for: PostgreSQL ends the session */
        PQclear(result);
        return;
    }
    entry->is_answered = true;
    if (entry->kind == ENTRY_CALL) {
        db_answer_call(entry, result);
        return;
    }
    if (entry->kind == ENTRY_PREPARE && PQresultStatus(result) != PGRES_COMMAND_OK) {
        entry->prepared->is_sent = false;
        if (PQresultStatus(result) != PGRES_PIPELINE_ABORTED)
            db_fail_call(entry, result);
    } else if (entry->kind == ENTRY_COMMAND && PQresultStatus(result) == PGRES_FATAL_ERROR) {
        log_error("database: %s", PQresultErrorMessage(result));
    }
    PQclear(result);
}

static void
db_dequeue(struct db *db)
{
    db->head = db->head->next;
    if (!db->head) {
        db->tail = NULL;
        arena_reset(db->queue_arena);
    }
}

enum db_state
db_receive(struct db *db)
{
    if (!db->has_failed && (PQflush(db->conn) < 0 || !PQconsumeInput(db->conn)))
        db_lose(db);
    while (!db->has_failed && db->head && !PQisBusy(db->conn)) {
        PGresult *result = PQgetResult(db->conn);
        if (result) {
            bool is_sync = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
            db_answer(db, result);
            if (is_sync)
                db_dequeue(db);
        } else if (db->head->is_answered) {
            db_dequeue(db);
        } else if (PQstatus(db->conn) != CONNECTION_OK) {
            db_lose(db);
        }
    }
    if (!db->has_failed && PQstatus(db->conn) != CONNECTION_OK)
        db_lose(db);
    return db->has_failed ? DB_CLOSED : db->head ? DB_WAITING : DB_IDLE;
}

static void
db_cancel(struct db *db)
{
    char why[256];
    PGcancel *cancel = PQgetCancel(db->conn);

    if (cancel && !PQcancel(cancel, why, sizeof(why)))
        log_warning("database: cannot cancel: %s", why);
    PQfreeCancel(cancel);
}

enum db_state
db_wait(struct db *db, int64_t deadline)
{
    enum db_state state;

    while ((state = db_receive(db)) == DB_WAITING) {
        short events = PQflush(db->conn) > 0 ? POLLIN | POLLOUT : POLLIN;
        if (!db_poll(db->conn, events, deadline)) {
            log_warning("database: no answer in time");
            db_cancel(db);
            db_lose(db);
        }
    }
    return state;
}

bool
db_reset(struct db *db, int64_t deadline)
{
    if (db_wait(db, deadline) == DB_CLOSED)
        return false;
    if (PQtransactionStatus(db->conn) == PQTRANS_IDLE)
        return true;
    db_command(db, "ROLLBACK");
    db_send(db);
    return db_wait(db, deadline) == DB_IDLE && PQtransactionStatus(db->conn) == PQTRANS_IDLE;
}

/* Run one command outside of pipeline mode.  NULL after an error. */
static PGresult *
db_run(struct db *db, struct arena *a, const char *sql, int count, const char *const *values,
       struct str *message)
{
    assert(!db->head); /* never while calls are under way */
    if (!PQexitPipelineMode(db->conn)) {
        *message = str_copy(a, str_from(PQerrorMessage(db->conn)));
        return NULL;
    }
    PGresult *result = count < 0 ? PQexec(db->conn, sql)
                                 : PQexecParams(db->conn, sql, count, NULL, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        *message = str_copy(a, str_from(PQresultErrorMessage(result)));
        PQclear(result);
        result = NULL;
    }
    if (PQstatus(db->conn) != CONNECTION_OK || !PQenterPipelineMode(db->conn))
        db_lose(db);
    return result;
}

bool
db_script(struct db *db, struct arena *a, const char *sql, struct str *message)
{
    PGresult *result = db_run(db, a, sql, -1, NULL, message);
    bool is_good = result != NULL;

    PQclear(result);
    return is_good;
}

struct rows *
db_query(struct db *db, struct arena *a, const char *sql, int count, const char *const *values,
         struct str *message)
{
    PGresult *result = db_run(db, a, sql, count, values, message);

    if (result)
        arena_defer(a, db_clear_rows, result);
    return (struct rows *)result;
}

int
rows_count(const struct rows *rows)
{
    return PQntuples((const PGresult *)rows);
}

struct str
rows_get(const struct rows *rows, int row, int column)
{
    const PGresult *result = (const PGresult *)rows;

    if (PQgetisnull(result, row, column))
        return STR_NONE;
    return (struct str){ PQgetvalue(result, row, column),
                         (size_t)PQgetlength(result, row, column) };
}
