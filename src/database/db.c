/*
 * db.c - one connection to PostgreSQL, in pipeline mode (libpq, 34.5).
 *
 * What has been sent stands in a queue of entries, in the order in which
 * PostgreSQL answers; each answer belongs to the head of the queue.  What is sent is in
 * db_flush.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/db.h"

#include <assert.h>
#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "event/clock.h"
#include "base/log.h"
#include "event/loop.h"
#include "database/complaint.h"
#include "database/db_count.h"
#include "database/db_internal.h"
#include "database/db_session.h"
#include "database/prepared.h"
#include "database/sqlstate.h"
#include "database/statement.h"

static void
db_begin(struct db *db)
{
    db->prepared = prepared_new(db_is_pooled(db));
    db->is_begun = db->is_set_up = false;
    db->has_output = db->is_lost = db->has_turned = false;
    db->has_failed = db_connect_start(db->settings, &db->connect) == DB_CONNECT_FAILED;
    db->conn = NULL;
    if (db->has_failed)
        log_error("database: cannot start to connect: %s", strerror(errno));
}

struct db *
db_start(const struct db_settings *settings)
{
    struct arena *a = arena_new("database");
    struct db *db = ARENA_NEW(a, struct db);

    db->arena = a;
    db->settings = settings;
    db->set_up = db_session_set_up(a, settings);
    db->watched = -1;
    db->queue.arena = arena_new("database queue");
    db_begin(db);
    return db;
}

enum db_state
db_establish(struct db *db)
{
    enum db_connect_state state =
        db->has_failed ? DB_CONNECT_FAILED : db_connect_step(db->settings, &db->connect);

    db->conn = db->connect.conn;
    if (state == DB_CONNECT_WAITING)
        return DB_WAITING;
    if (state == DB_CONNECT_DONE)
        return DB_IDLE;
    if (!db->has_failed)
        db_connect_complain(db->settings, &db->connect);
    db->has_failed = true;
    return DB_CLOSED;
}

const char *
db_sqlstate(const struct db *db)
{
    return db->connect.sqlstate;
}

bool
db_is_refused(const struct db *db)
{
    const char *state = db->connect.sqlstate;

    return db->connect.refusal || strncmp(state, "28", 2) == 0 || strncmp(state, "3D", 2) == 0;
}

bool
db_has_pooler(const struct db *db)
{
    return db->connect.has_pooler;
}

bool
db_is_direct(const struct db *db)
{
    return db->connect.is_direct;
}

struct str
db_incarnation(const struct db *db)
{
    return str_from(db->connect.incarnation);
}

bool
db_is_standby(const struct db *db)
{
    /* What PostgreSQL reports since 14; a pooler may have that of another server. */
    const char *reported = db->settings->pooler == DB_POOLER_NONE
                               ? PQparameterStatus(db->conn, "in_hot_standby")
                               : NULL;

    return db->connect.is_standby || (reported && strcmp(reported, "on") == 0);
}

void
db_note_standby(struct db *db)
{
    db->has_turned |= !db->connect.is_standby;
    db->connect.is_standby = true;
}

bool
db_has_turned(const struct db *db)
{
    return db->has_turned;
}

/* Wait until it is connected, or has failed. */
static bool
db_await_connection(struct db *db)
{
    int64_t deadline = clock_now() + db->settings->connect_time;
    enum db_state state = DB_WAITING;

    while (state == DB_WAITING) {
        if (!db->has_failed &&
            db_connect_poll(db_descriptor(db), POLLIN, deadline, -1) != DB_POLL_READY) {
            complaint_of_silence();
            db->has_failed = true;
            return false;
        }
        state = db_establish(db);
    }
    return state == DB_IDLE;
}

struct db *
db_await(struct db *db, char sqlstate[6])
{
    if (db_await_connection(db))
        return db;
    if (sqlstate)
        memcpy(sqlstate, db->connect.sqlstate, sizeof(db->connect.sqlstate));
    db_close(db);
    return NULL;
}

struct db *
db_open(const struct db_settings *settings, char sqlstate[6])
{
    return db_await(db_start(settings), sqlstate);
}

bool
db_reopen(struct db *db)
{
    assert(!db->queue.head);
    db_connect_close(&db->connect);
    prepared_free(db->prepared);
    db_begin(db);
    if (!db_await_connection(db))
        return false;
    if (db->asks_incarnation)
        db_read_incarnation(db);
    return true;
}

void
db_close(struct db *db)
{
    if (!db)
        return;
    db_connect_close(&db->connect);
    prepared_free(db->prepared);
    arena_free(db->queue.arena);
    arena_free(db->arena);
}

/* Nothing that is queued will be answered. */
static void
db_abandon(struct db *db, enum db_outcome outcome)
{
    db->has_failed = true;
    queue_abandon(&db->queue, outcome);
}

void
db_lose(struct db *db)
{
    struct str why = str_trim(str_from(PQerrorMessage(db->conn)));

    if (!db->has_failed)
        log_error("database: connection lost: %.*s",
                  STR_PRINT(why.len > 0 ? why : STR("PostgreSQL has ended the session")));
    db->is_lost |= !db->has_failed;
    db_abandon(db, DB_LOST);
}

bool
db_is_lost(const struct db *db)
{
    return db->is_lost;
}

int
db_descriptor(const struct db *db)
{
    return db_connect_descriptor(&db->connect);
}

short
db_wants(const struct db *db)
{
    return db->has_output ? POLLIN | POLLOUT : POLLIN;
}

void
db_watch(struct db *db, int descriptor)
{
    db->watched = descriptor;
}

/* Is it to be closed, and made anew?  Where a pooler has given us the session for as long as we
 * are connected, PostgreSQL is not asked to forget statements: there would be flushes under way
 * behind each other (db_flush.h). */
static bool
is_worn(const struct db *db)
{
    return prepared_is_worn(db->prepared) ||
           (db->settings->pooler == DB_POOLER_SESSION && prepared_has_surplus(db->prepared));
}

bool
db_is_ready(struct db *db)
{
    if (db->has_failed || db->queue.head || is_worn(db))
        return false;
    /* PQstatus() notices a loss only by reading: an idle connection with input is
     * about to close, or has a notice. */
    for (int i = 0; i < 3; i++) {
        struct pollfd wanted = { .fd = PQsocket(db->conn), .events = POLLIN };
        if (poll(&wanted, 1, 0) == 0)
            break;
        if (!PQconsumeInput(db->conn) || PQisBusy(db->conn) || i == 2) {
            db_lose(db);
            return false;
        }
    }
    if (db->connect.is_ended)
        db_lose(db);
    return !db->has_failed && PQstatus(db->conn) == CONNECTION_OK &&
           PQtransactionStatus(db->conn) == PQTRANS_IDLE;
}

bool
db_write(struct db *db)
{
    int left = PQflush(db->conn);

    db->has_output = left > 0;
    return left >= 0;
}

static struct str
db_error_field(const struct entry *entry, const PGresult *result, int field)
{
    return str_copy(entry->arena, str_from(PQresultErrorField(result, field)));
}

static void
db_fail_call(struct entry *entry, const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
    struct db_call *call = entry->call;

    if (call->outcome != DB_PENDING)
        return;
    call->outcome = DB_FAILED;
    snprintf(call->sqlstate, sizeof(call->sqlstate), "%s", state ? state : "");
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    call->is_raised = context && severity && strcmp(severity, "ERROR") == 0;
    /* With a context the error is of the body of a function, which is called as before. */
    call->is_stale = call->statement->hash != 0 && sqlstate_is_stale(call->sqlstate) && !context;
    call->bad_parameter = context ? sqlstate_bad_parameter(call->sqlstate, context) : 0;
    if (call->is_stale && entry->prepared)
        entry->prepared->is_stale = entry->prepared->is_sent;
    call->primary = db_error_field(entry, result, PG_DIAG_MESSAGE_PRIMARY);
    call->message = sqlstate_words(entry->arena, call->sqlstate, call->primary, context);
    call->detail = db_error_field(entry, result, PG_DIAG_MESSAGE_DETAIL);
    call->table = db_error_field(entry, result, PG_DIAG_TABLE_NAME);
    call->column = db_error_field(entry, result, PG_DIAG_COLUMN_NAME);
    call->constraint = db_error_field(entry, result, PG_DIAG_CONSTRAINT_NAME);
    call->domain = db_error_field(entry, result, PG_DIAG_DATATYPE_NAME);
}

/* Are the rows what the statement was made for?  That is asked each time: PostgreSQL refuses a
 * prepared statement whose rows would come otherwise than before, but not always: not when they
 * are of a function that was made part of the statement. */
static bool
db_check_rows(struct entry *entry, PGresult *result)
{
    struct db_call *call = entry->call;

    bool fits = rows_fit(result, call->statement);
    if (entry->prepared) {
        entry->prepared->is_checked = fits;
        entry->prepared->is_stale |= !fits;
    }
    if (fits)
        return true;
    call->is_stale = true;
    call->outcome = DB_FAILED;
    memcpy(call->sqlstate, "0A000", sizeof("0A000")); /* as PostgreSQL does */
    call->message = STR("its columns have other types than the contract was bound to");
    return false;
}

static void
db_answer_call(struct entry *entry, PGresult *result)
{
    struct db_call *call = entry->call;

    if (call->is_prompt)
        call->answered_at = clock_nanoseconds();
    switch (PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
        if (!db_check_rows(entry, result))
            break;
        call->outcome = DB_ROWS;
        call->rows = rows_new(entry->arena, result);
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

/* What COMMIT is refused for, such as a constraint that is deferred, comes before the answer to the
 * Sync. */
static void
db_answer_sync(struct entry *entry, PGresult *result)
{
    bool is_over = PQresultStatus(result) == PGRES_PIPELINE_SYNC;

    if (entry->call && !is_over)
        db_fail_call(entry, result);
    else if (entry->call && entry->call->outcome == DB_PENDING)
        entry->call->outcome = DB_ROWS;
    PQclear(result);
}

static void
db_answer(struct db *db, PGresult *result)
{
    struct entry *entry = db->queue.head;

    db->connect.is_ended |= db_connect_ends(result);
    if (!entry) { /* an error outside of any call: PostgreSQL ends the session */
        PQclear(result);
        return;
    }
    if (entry->kind == ENTRY_SYNC) {
        db_answer_sync(entry, result);
        return;
    }
    entry->is_answered = true;
    if (entry->kind == ENTRY_CALL && entry->call) {
        db_answer_call(entry, result);
        db_count(entry->call);
        return;
    }
    bool is_refused =
        PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK;
    if (is_refused && entry->kind == ENTRY_PREPARE)
        prepared_refuse(db->prepared, entry->prepared);
    if (is_refused && (entry->kind == ENTRY_PREPARE || entry->kind == ENTRY_SET_UP)) {
        if (entry->call && PQresultStatus(result) != PGRES_PIPELINE_ABORTED)
            db_fail_call(entry, result);
    } else if (entry->kind == ENTRY_COMMAND && PQresultStatus(result) == PGRES_FATAL_ERROR) {
        log_error("database: %s", PQresultErrorMessage(result));
    }
    PQclear(result);
}

/* Give each answer that is there to its call. */
static void
take_answers(struct db *db)
{
    while (!db->has_failed && !db->connect.is_ended && db->queue.head && !PQisBusy(db->conn)) {
        PGresult *result = PQgetResult(db->conn);
        if (result) {
            bool is_sync = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
            db_answer(db, result);
            if (is_sync && db->queue.head->flush)
                db_answer_flush(db, db->queue.head);
            if (is_sync)
                queue_remove(&db->queue);
        } else if (db->queue.head->is_answered) {
            queue_remove(&db->queue);
        } else if (PQstatus(db->conn) != CONNECTION_OK) {
            db_lose(db);
        }
    }
}

enum db_state
db_receive(struct db *db)
{
    bool may_have_come = !db->has_just_sent; /* else the caller is told when something has */

    db->has_just_sent = false;
    if (!db->has_failed && (!db_write(db) || (may_have_come && !PQconsumeInput(db->conn))))
        db_lose(db);
    take_answers(db);
    if (!db->has_failed && (db->connect.is_ended || PQstatus(db->conn) != CONNECTION_OK))
        db_lose(db);
    return db->has_failed ? DB_CLOSED : db->queue.head ? DB_WAITING : DB_IDLE;
}

void
db_give_up(struct db *db, enum db_outcome outcome)
{
    if (db->has_failed)
        return;
    shutdown(PQsocket(db->conn), SHUT_RDWR); /* at once, so that no transaction stays open */
    while (db->connect.is_direct && !db->has_failed && PQconsumeInput(db->conn))
        take_answers(db);
    db_abandon(db, outcome);
}

void
db_expire(struct db *db)
{
    db_give_up(db, DB_EXPIRED);
}

struct pg_cancel *
db_cancel_question(const struct db *db)
{
    return PQgetCancel(db->conn);
}

enum db_state
db_wait(struct db *db, int64_t deadline)
{
    enum db_state state;

    while ((state = db_receive(db)) == DB_WAITING) {
        enum db_poll result =
            db_connect_poll(db_descriptor(db), db_wants(db), deadline, db->watched);
        if (result == DB_POLL_READY)
            continue;
        if (result == DB_POLL_LATE)
            log_warning("database: no answer in time");
        else
            log_info("the client has disconnected: its statement is cancelled");
        /* And close, since the cancellation could come late and hit the next statement. */
        db_connect_cancel(db->conn);
        db_expire(db);
    }
    return state;
}
