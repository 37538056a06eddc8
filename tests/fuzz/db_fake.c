/*
 * db_fake.c - database/db.h without a database: queue, outcomes, transactions.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/fuzz/db_fake.h"

#include <string.h>

#include "base/arena.h"
#include "event/clock.h"
#include "database/sqlstate.h"
#include "database/statement.h"
#include "tests/fuzz/db_fake_rows.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/fuzz_bytes.h"

enum transaction { TRANSACTION_NONE, TRANSACTION_OPEN, TRANSACTION_FAILED };

/* One call, one command, or Sync. */
struct entry {
    struct db_call *call; /* or NULL: then */
    const char *command;  /* or NULL: Sync */
    struct arena *arena;  /* of the call's rows */
    struct entry *next;
};

struct db {
    struct arena *arena;
    struct fuzz_bytes *bytes;
    const struct plan *plan;
    struct entry *first, **end; /* not answered yet */
    bool is_sent;
    bool is_closed;
    bool is_skipping; /* what is left of the flush, since a call of it has failed */
    bool has_failed;  /* a statement of the plan */
    bool is_stale;    /* a call of the flush, which therefore is sent once more */
    bool has_incarnation;
    enum transaction transaction;
    bool has_savepoint;
};

static const char *const states[] = {
    "XX000", "57014", "LN400", "LN401", "LN403", "LN404", "LN409", "LN429", "40001", "40P01",
    "53300", "57P01", "23505", "42501", "55P03", "08006", "LNxxx", "0A000", "42P01",
};

struct db *
db_fake_open(struct fuzz_bytes *bytes)
{
    struct arena *a = arena_new("fake database");
    struct db *db = ARENA_NEW(a, struct db);

    db->arena = a;
    db->bytes = bytes;
    db->end = &db->first;
    db->has_incarnation = !fuzz_once(bytes, 8);
    return db;
}

void
db_fake_plan(struct db *db, const struct plan *plan)
{
    db->plan = plan;
    db->has_failed = false;
}

bool
db_fake_has_failed(const struct db *db)
{
    return db->has_failed;
}

void
db_close(struct db *db)
{
    if (db)
        arena_free(db->arena);
}

bool
db_is_ready(struct db *db)
{
    if (db->is_closed)
        return false;
    if (db->first || db->transaction != TRANSACTION_NONE)
        fuzz_fail("a request leaves its connection idle", STR_NONE, STR_NONE);
    return true;
}

void
db_watch(struct db *db, int descriptor)
{
    (void)db, (void)descriptor;
}

static void
enqueue(struct db *db, struct entry entry)
{
    if (db->is_sent && db->first)
        fuzz_fail("a flush is awaited before the next is queued", STR_NONE, STR_NONE);
    db->is_sent = false;
    *db->end = ARENA_NEW(db->arena, struct entry);
    **db->end = entry;
    db->end = &(*db->end)->next;
}

void
db_call(struct db *db, struct arena *a, struct db_call *call)
{
    const struct statement *statement = call->statement;

    if (strlen(statement->sql.ptr) != statement->sql.len ||
        (statement->hash && statement->hash != str_hash(statement->sql)))
        fuzz_fail("a statement's text and hash", statement->sql, STR_NONE);
    fake_check_parameters(db->plan, call);
    call->outcome = DB_PENDING;
    call->is_stale = false;
    call->bad_parameter = 0;
    call->is_unchecked = statement->cell_count > 0 && fuzz_once(db->bytes, 2);
    enqueue(db, (struct entry){ .call = call, .arena = a });
}

void
db_command(struct db *db, const char *sql)
{
    enqueue(db, (struct entry){ .command = sql });
}

void
db_sync(struct db *db)
{
    enqueue(db, (struct entry){ .command = NULL });
}

void
db_send(struct db *db)
{
    if (!db->first && !db->is_closed) /* a round trip for nothing */
        fuzz_fail("a flush has something in it", STR_NONE, STR_NONE);
    db->is_sent = true;
}

static void
end_call(struct db *db, struct db_call *call, enum db_outcome outcome)
{
    call->outcome = outcome;
    if (call->bad_parameter > 0) /* it may find no row, which is no error */
        return;
    db->has_failed |= outcome != DB_ROWS && fake_is_of_plan(db->plan, call);
}

static void
end_calls(struct db *db, enum db_outcome outcome)
{
    for (struct entry *entry = db->first; entry; entry = entry->next)
        if (entry->call)
            end_call(db, entry->call, outcome);
    db->first = NULL;
    db->end = &db->first;
    db->is_closed = true;
}

/* Fail; `state`: with this error, or NULL: with any. */
static void
fail_call(struct db *db, struct arena *a, struct db_call *call, const char *state)
{
    int parameters = call->statement->parameter_count;

    if (!state)
        state = states[fuzz_pick(db->bytes, ARRAY_LENGTH(states))];
    memcpy(call->sqlstate, state, sizeof(call->sqlstate));
    call->bad_parameter = parameters > 0 && fuzz_once(db->bytes, 2)
                              ? 1 + (int)fuzz_pick(db->bytes, (size_t)parameters)
                              : 0;
    call->is_stale = call->statement->hash && sqlstate_is_stale(call->sqlstate);
    db->is_stale |= call->is_stale && !call->is_anew;
    end_call(db, call, DB_FAILED);
    call->message = STR("what PostgreSQL says");
    call->primary = fuzz_once(db->bytes, 2) ? STR("what a function says") : STR("\"\\\n");
    call->detail = fake_text(db->bytes, a);
    call->column = fake_text(db->bytes, a);
    call->constraint = fake_text(db->bytes, a);
    call->domain = fake_text(db->bytes, a);
    db->is_skipping = true;
    /* FATAL: PostgreSQL closes the connection after it. */
    db->is_closed = strncmp(call->sqlstate, "57P", 3) == 0 || strncmp(call->sqlstate, "08", 2) == 0;
    if (db->transaction == TRANSACTION_OPEN)
        db->transaction = TRANSACTION_FAILED;
}

static bool
is_way_back(const char *sql)
{
    return strncmp(sql, "ROLLBACK TO ", 12) == 0;
}

/* What BEGIN, COMMIT and ROLLBACK do. */
static bool
apply_command(struct db *db, const char *sql)
{
    bool is_begin = strncmp(sql, "BEGIN", 5) == 0;

    if (is_way_back(sql))
        db->transaction = TRANSACTION_OPEN;
    if (strncmp(sql, "SAVEPOINT ", 10) == 0)
        db->has_savepoint = true;
    if (!is_begin && strcmp(sql, "COMMIT") != 0 && strcmp(sql, "ROLLBACK") != 0)
        return false;
    if (is_begin && db->transaction != TRANSACTION_NONE)
        fuzz_fail("a transaction begins when the one before has ended", STR_NONE, STR_NONE);
    db->transaction = is_begin ? TRANSACTION_OPEN : TRANSACTION_NONE;
    db->has_savepoint = false;
    return true;
}

static void
answer_call(struct db *db, const struct entry *entry)
{
    struct db_call *call = entry->call;

    if (db->is_skipping) {
        end_call(db, call, DB_SKIPPED);
        return;
    }
    if (db->transaction == TRANSACTION_FAILED && !is_way_back(call->statement->sql.ptr))
        fuzz_fail("a statement in a failed transaction", call->statement->sql, STR_NONE);
    if (is_way_back(call->statement->sql.ptr) && !db->has_savepoint) {
        fail_call(db, entry->arena, call, "3B001");
        return;
    }
    if (fuzz_once(db->bytes, 24)) {
        fail_call(db, entry->arena, call, NULL);
        /* A COMMIT that fails has ended its transaction. */
        if (strcmp(call->statement->sql.ptr, "COMMIT") == 0)
            db->transaction = TRANSACTION_NONE;
        return;
    }
    apply_command(db, call->statement->sql.ptr);
    call->rows = fake_rows(db->bytes, entry->arena, db->plan, call);
    end_call(db, call, DB_ROWS);
}

static void
answer_all(struct db *db)
{
    bool had_failed = db->has_failed;

    db->is_skipping = db->is_stale = false;
    for (struct entry *entry = db->first; entry; entry = entry->next) {
        if (db->is_closed || fuzz_once(db->bytes, 64)) {
            db->first = entry;
            end_calls(db, DB_LOST);
            return;
        }
        if (entry->call)
            answer_call(db, entry);
        else if (!entry->command)
            db->is_skipping = false;
        else if (!db->is_skipping && !apply_command(db, entry->command))
            fuzz_fail("a command that nobody knows", str_from(entry->command), STR_NONE);
    }
    if (db->is_stale)
        db->has_failed = had_failed;
    db->first = NULL;
    db->end = &db->first;
}

enum db_state
db_receive(struct db *db)
{
    if (db->is_closed) {
        end_calls(db, DB_LOST);
        return DB_CLOSED;
    }
    if (!db->is_sent)
        fuzz_fail("what is queued is sent before it is awaited", STR_NONE, STR_NONE);
    if (fuzz_once(db->bytes, 3))
        return DB_WAITING;
    answer_all(db);
    return db->is_closed ? DB_CLOSED : DB_IDLE;
}

enum db_state
db_wait(struct db *db, int64_t deadline)
{
    if (fuzz_once(db->bytes, 32) || clock_now() > deadline)
        end_calls(db, DB_EXPIRED);
    enum db_state state;
    do
        state = db_receive(db);
    while (state == DB_WAITING);
    return state;
}

void
db_expire(struct db *db)
{
    end_calls(db, DB_EXPIRED);
}

/* What only the loop of a worker asks for. */
static _Noreturn void
never(void)
{
    fuzz_fail("nobody connects here", STR_NONE, STR_NONE);
}

struct db *
db_start(const struct db_settings *settings)
{
    (void)settings;
    never();
}

struct db *
db_open(const struct db_settings *settings, char sqlstate[6])
{
    (void)settings, (void)sqlstate;
    never();
}

bool
db_script(struct db *db, struct arena *a, const char *sql, struct str *message)
{
    (void)db, (void)a, (void)sql, (void)message;
    never();
}

bool
db_try(struct db *db, struct arena *a, const char *sql, char sqlstate[6], struct str *message)
{
    (void)db, (void)a, (void)sql, (void)sqlstate, (void)message;
    never();
}

struct rows *
db_query(struct db *db, struct arena *a, const char *sql, int count, const char *const *values,
         struct str *message)
{
    (void)db, (void)a, (void)sql, (void)count, (void)values, (void)message;
    never();
}

enum db_state
db_establish(struct db *db)
{
    (void)db;
    never();
}

const char *
db_sqlstate(const struct db *db)
{
    (void)db;
    never();
}

struct pg_cancel *
db_cancel_question(const struct db *db)
{
    (void)db;
    never();
}

int
db_descriptor(const struct db *db)
{
    (void)db;
    never();
}

short
db_wants(const struct db *db)
{
    (void)db;
    never();
}

int64_t
clock_now(void)
{
    return fuzz_tick();
}

int64_t
clock_nanoseconds(void)
{
    static int64_t now;

    return now += 1000;
}

void
clock_sleep(int milliseconds)
{
    for (int i = 0; i < milliseconds; i++)
        clock_now();
}

bool
db_reopen(struct db *db)
{
    db->is_closed = fuzz_once(db->bytes, 8);
    db->transaction = TRANSACTION_NONE;
    return !db->is_closed;
}

bool
db_is_lost(const struct db *db)
{
    return db->is_closed;
}

struct str
db_incarnation(const struct db *db)
{
    return db->has_incarnation ? STR("the same") : STR("");
}

bool
db_is_standby(const struct db *db)
{
    (void)db;
    return false;
}

void
db_note_standby(struct db *db)
{
    (void)db;
}
