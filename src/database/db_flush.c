/*
 * db_flush.c - what is sent to PostgreSQL at once, and ends with a Sync.
 *
 * Statements are prepared once for each connection and found again by their text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/db_flush.h"

#include <assert.h>
#include <libpq-fe.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "event/clock.h"
#include "database/db_count.h"
#include "database/db_internal.h"
#include "database/prepared.h"
#include "database/statement.h"

bool
db_is_pooled(const struct db *db)
{
    return db_session_is_pooled(db->settings);
}

struct str
db_set_up_column(const struct db *db)
{
    return db->set_up.column;
}

struct str
db_set_up_role(const struct db *db)
{
    return str_from(db_session_role(db->settings));
}

/* Is no transaction open, and will be none by what is queued? */
static bool
is_idle(const struct db *db)
{
    return !db->queue.head && PQtransactionStatus(db->conn) == PQTRANS_IDLE;
}

/* Have PostgreSQL forget statements that it need not keep, before a transaction begins.  Each
 * command ends by itself: should one fail, nothing is skipped. */
static bool
forget_surplus(struct db *db)
{
    char command[PREPARED_COMMAND_SIZE];

    while (prepared_take_surplus(db->prepared, command)) {
        db_command(db, command);
        db_sync(db);
    }
    return !db->has_failed;
}

/* Send the statement to be prepared, unless it is. */
static bool
prepare(struct db *db, struct arena *a, struct db_call *call, struct str sql,
        struct prepared *prepared)
{
    if (prepared->is_sent)
        return true;
    if (db_is_pooled(db)) {
        struct buf *b = buf_new(a);
        prepared_write(db->prepared, prepared, b);
        sql = buf_copy(a, b);
    }
    if (!PQsendPrepare(db->conn, prepared->name, sql.ptr, 0, NULL))
        return false;
    prepared->is_sent = true;
    struct entry *entry = queue_add(&db->queue, ENTRY_PREPARE);
    entry->call = call;
    entry->arena = a;
    entry->prepared = prepared;
    return true;
}

/* How the statement is prepared, or NULL: it gets no name. */
static struct prepared *
find_prepared(struct db *db, const struct statement *statement, struct str role, bool is_anew)
{
    if (statement->hash == 0 || db->settings->is_unprepared)
        return NULL;
    return prepared_get(db->prepared, statement, role, is_anew);
}

/* Send a statement for the call. */
static bool
send_statement(struct db *db, struct arena *a, struct db_call *call,
               const struct statement *statement, const char *const *values,
               struct prepared *prepared)
{
    if (!prepared)
        return PQsendQueryParams(db->conn, statement->sql.ptr, statement->parameter_count, NULL,
                                 values, NULL, NULL, 1);
    return prepare(db, a, call, statement->sql, prepared) &&
           PQsendQueryPrepared(db->conn, prepared->name, statement->parameter_count, values, NULL,
                               NULL, 1);
}

static struct entry *
add_entry(struct db *db, enum entry_kind kind, struct arena *a, struct db_call *call,
          struct prepared *prepared)
{
    struct entry *entry = queue_add(&db->queue, kind);

    entry->call = call;
    entry->arena = a;
    entry->prepared = prepared;
    return entry;
}

/* Pooled: if the transaction is not set up, do that before the call, which fails with it. */
static bool
set_up(struct db *db, struct arena *a, struct db_call *call)
{
    const struct statement *statement = &db->set_up.statement;

    if (is_idle(db))
        db->is_begun = db->is_set_up = false;
    if (call->statement->is_begin) { /* nothing may come before its isolation level */
        db->is_begun = true;
        return true;
    }
    if (db->is_set_up)
        return true;
    db->is_set_up = true;
    if (call->sets_up)
        return true;
    struct prepared *prepared = find_prepared(db, statement, STR_NONE, call->is_anew);
    if (!send_statement(db, a, call, statement, db->set_up.values, prepared))
        return false;
    add_entry(db, ENTRY_SET_UP, a, call, prepared);
    return true;
}

static bool
send_call(struct db *db, struct arena *a, struct db_call *call)
{
    const struct statement *statement = call->statement;

    if (db->has_failed || (is_idle(db) && !forget_surplus(db)) ||
        (db_is_pooled(db) && !set_up(db, a, call)))
        return false;
    struct prepared *prepared = find_prepared(db, statement, call->role, call->is_anew);
    if (!send_statement(db, a, call, statement, call->values, prepared))
        return false;
    call->is_unchecked = statement->cell_count > 0 && !(prepared && prepared->is_checked);
    add_entry(db, ENTRY_CALL, a, call, prepared);
    return !call->is_prompt || PQsendFlushRequest(db->conn);
}

void
db_call(struct db *db, struct arena *a, struct db_call *call)
{
    assert(call->statement && (call->values || call->statement->parameter_count == 0));
    assert(db->has_failed || PQpipelineStatus(db->conn) != PQ_PIPELINE_OFF);
    call->outcome = DB_PENDING;
    call->rows = NULL;
    call->sqlstate[0] = '\0';
    call->is_stale = call->is_unchecked = false;
    call->message = STR("");
    if (send_call(db, a, call))
        return;
    call->outcome = DB_LOST;
    db_count(call);
    db_lose(db);
}

void
db_command(struct db *db, const char *sql)
{
    if (db->has_failed)
        return;
    if (PQsendQueryParams(db->conn, sql, 0, NULL, NULL, NULL, NULL, 0))
        queue_add(&db->queue, ENTRY_COMMAND);
    else
        db_lose(db);
}

void
db_sync(struct db *db)
{
    if (db->has_failed)
        return;
    if (!PQpipelineSync(db->conn)) {
        db_lose(db);
        return;
    }
    queue_add(&db->queue, ENTRY_SYNC);
    if (!db->is_begun)
        db->is_set_up = false;
}

/* --- flushes --- */

void
db_send(struct db *db)
{
    if (!db->queue.tail || db->queue.tail->kind != ENTRY_SYNC)
        db_sync(db);
    db_push(db);
    db->has_just_sent = true;
}

void
db_push(struct db *db)
{
    if (!db->has_failed && !db_write(db))
        db_lose(db);
}

void
db_end_flush(struct db *db, struct db_flush *flush)
{
    flush->ended_at = clock_nanoseconds();
    db_sync(db);
    flush->is_under_way = !db->has_failed;
    if (!flush->is_under_way)
        return;
    assert(db->queue.tail->kind == ENTRY_SYNC);
    db->queue.tail->flush = flush;
}

void
db_end_writes(struct db *db, struct arena *a, struct db_flush *flush, struct db_call *commit)
{
    commit->outcome = DB_PENDING;
    db_end_flush(db, flush);
    if (flush->is_under_way) {
        db->queue.tail->call = commit;
        db->queue.tail->arena = a;
    } else {
        commit->outcome = DB_LOST;
    }
}

void
db_answer_flush(struct db *db, struct entry *sync)
{
    struct db_flush *flush = sync->flush;
    int64_t now = clock_nanoseconds();

    assert(flush->is_under_way);
    flush->is_under_way = false;
    flush->answered_at = now;
    flush->time = now - (flush->ended_at > db->answered_at ? flush->ended_at : db->answered_at);
    db->answered_at = now;
}

enum db_state
db_take(struct db *db)
{
    db->has_just_sent = false;
    return db_receive(db);
}

enum db_state
db_take_flush(struct db *db, const struct db_flush *flush)
{
    if (flush->is_under_way && !flush->is_shared)
        (void)db_receive(db);
    return flush->is_under_way ? DB_WAITING : DB_IDLE;
}

void
db_forget_flush(struct db *db, struct db_flush *flush, enum db_outcome outcome)
{
    struct entry *first = db->queue.head, *entry = first;

    assert(flush->is_under_way);
    for (; entry->flush != flush; entry = entry->next)
        if (entry->kind == ENTRY_SYNC)
            first = entry->next;
    for (; first != entry; first = first->next)
        entry_forget(first, outcome);
    entry->flush = NULL;
    flush->is_under_way = false;
}

bool
db_needs_rest(const struct db *db)
{
    return prepared_has_surplus(db->prepared);
}

void
db_break(struct db *db)
{
    assert(db->connect.is_direct);
    db_give_up(db, DB_MOVED);
}

bool
db_takes_writes(const struct db *db)
{
    const char *read_only = PQparameterStatus(db->conn, "default_transaction_read_only");

    return db->connect.is_commanded && read_only && strcmp(read_only, "off") == 0;
}

bool
db_has_checked(struct db *db, const struct statement *statement, struct str role)
{
    return !db->has_failed && prepared_use_checked(db->prepared, statement, role);
}

bool
db_is_committing(const struct db *db)
{
    return db->queue.head && db->queue.head->kind == ENTRY_SYNC;
}

bool
db_is_closed(const struct db *db)
{
    return db->has_failed;
}

bool
db_is_pending(const struct db *db)
{
    return db->queue.head != NULL;
}
