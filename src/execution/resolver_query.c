/*
 * resolver_query.c - the statements of C functions, each a transaction of its own.
 *
 * A connection that is lost is made anew: what was not committed is run once more.
 *
 * SPDX-License-Identifier: MIT
 */
#include "execution/resolver.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "event/clock.h"
#include "value/value.h"
#include "database/db.h"
#include "transaction/outcome.h"
#include "database/sqlstate.h"
#include "database/statement.h"

/* Milliseconds between two questions what has become of a COMMIT. */
enum { PAUSE = 50 };

/* Hashes of 0: sent without being prepared. */
static const struct statement begin = {
    .sql = STR_INIT("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"), .is_begin = true
};
static const struct statement commit = { .sql = STR_INIT("COMMIT") };

#define XID "SELECT pg_current_xact_id()::text"

/* A statement, and what is around it when it writes. */
struct query {
    struct statement statement;
    struct db_call call;
    bool is_write;
    struct statement ask_xid;
    struct db_call begin, xid, commit;
};

static struct statement
make_statement(const char *sql, int count)
{
    struct str text = str_from(sql);

    return (struct statement){ .sql = text, .hash = str_hash(text), .parameter_count = count };
}

static void
flush(struct resolver_call *call)
{
    db_send(call->db);
    enum db_state state = db_wait(call->db, call->deadline);
    (void)state;
}

/* Is the word a part of the text, between underscores or its ends? */
static bool
has_word(struct str text, struct str word)
{
    for (size_t i = 0; i + word.len <= text.len; i++) {
        size_t end = i + word.len;
        if (memcmp(text.ptr + i, word.ptr, word.len) == 0 && (i == 0 || text.ptr[i - 1] == '_') &&
            (end == text.len || text.ptr[end] == '_'))
            return true;
    }
    return false;
}

/* The argument that a constraint is about: whose column it names, or whose name is a part of its
 * own, as in `users_username_key`; STR_NONE: there is none. */
static struct str
find_argument(const struct resolver_call *call, const struct db_call *failed)
{
    for (const struct value *item = call->arguments->items; item; item = item->next) {
        struct str name = str_snake_case(call->arena, item->name);
        if (str_equal(failed->column, name) || has_word(failed->constraint, name))
            return item->name;
    }
    return STR_NONE;
}

/* What the tables refuse, a client may mend (class 23); all else is as sqlstate.h has it. */
static const struct error *
make_error(struct resolver_call *call, const struct db_call *failed)
{
    bool is_constraint = str_starts_with(str_from(failed->sqlstate), STR("23"));
    struct error *error = failed->outcome == DB_FAILED && is_constraint
                              ? sqlstate_refusal(call->arena, failed)
                              : NULL;

    if (!error)
        return sqlstate_error(call->arena, failed);
    if (error->code == ERROR_BAD_USER_INPUT)
        error->argument = find_argument(call, failed);
    else
        error->field = find_argument(call, failed);
    return error;
}

static struct rows *
fail(struct resolver_call *call, const struct db_call *failed)
{
    errors_add_copy(call->errors, make_error(call, failed));
    return NULL;
}

/* Send the statement, and wait for its rows; when it writes, in a transaction that is left open. */
static void
send_query(struct resolver_call *call, struct query *query)
{
    if (query->is_write) {
        query->begin = (struct db_call){ .statement = &begin };
        query->xid = (struct db_call){ .statement = &query->ask_xid };
        db_call(call->db, call->arena, &query->begin);
        db_call(call->db, call->arena, &query->xid);
    }
    db_call(call->db, call->arena, &query->call);
    flush(call);
}

/* The call that has failed first, or NULL. */
static const struct db_call *
find_failure(const struct query *query)
{
    if (query->is_write && query->begin.outcome != DB_ROWS)
        return &query->begin;
    if (query->is_write && query->xid.outcome != DB_ROWS)
        return &query->xid;
    return query->call.outcome != DB_ROWS ? &query->call : NULL;
}

static void
roll_back(struct resolver_call *call, const struct query *query)
{
    if (!query->is_write)
        return;
    db_command(call->db, "ROLLBACK");
    flush(call);
}

/* Run the statement, without COMMIT: once more when the database has changed, or the connection is
 * lost.  The call that has failed, or NULL. */
static const struct db_call *
run_query(struct resolver_call *call, struct query *query)
{
    bool has_reopened = false;

    for (;;) {
        send_query(call, query);
        const struct db_call *failure = find_failure(query);
        if (!failure)
            return NULL;
        if (sqlstate_is_lost(failure)) {
            if (has_reopened || !db_reopen(call->db))
                return failure;
            has_reopened = true;
            continue;
        }
        roll_back(call, query);
        if (!query->call.is_stale || query->call.is_anew)
            return failure;
        query->call.is_anew = true;
    }
}

/* Ask what has become of a COMMIT, until that is known or time is over. */
static enum outcome
ask_outcome(struct resolver_call *call, struct outcome_question *question)
{
    enum outcome outcome = OUTCOME_LOST;

    do {
        if (outcome == OUTCOME_LOST && !db_is_ready(call->db) && !db_reopen(call->db)) {
            clock_sleep(PAUSE);
            continue;
        }
        outcome_ask(call->db, call->arena, question);
        db_wait(call->db, call->deadline);
        outcome = outcome_read(question);
        if (outcome == OUTCOME_IN_PROGRESS)
            clock_sleep(PAUSE);
    } while ((outcome == OUTCOME_IN_PROGRESS || outcome == OUTCOME_LOST) &&
             clock_now() < call->deadline);
    return outcome;
}

/* Commit, and know how it went. */
static enum outcome
commit_query(struct resolver_call *call, struct query *query)
{
    struct outcome_question question = { .xid = rows_get(query->xid.rows, 0, 0),
                                         .incarnation =
                                             str_copy(call->arena, db_incarnation(call->db)) };

    query->commit = (struct db_call){ .statement = &commit };
    db_call(call->db, call->arena, &query->commit);
    flush(call);
    if (query->commit.outcome == DB_ROWS)
        return OUTCOME_COMMITTED;
    if (query->commit.outcome == DB_FAILED && !sqlstate_is_lost(&query->commit))
        return OUTCOME_ABORTED;
    return query->commit.outcome == DB_LOST || query->commit.outcome == DB_FAILED
               ? ask_outcome(call, &question)
               : OUTCOME_UNKNOWN;
}

struct rows *
resolver_query(struct resolver_call *call, const char *sql, int count, const char *const *values)
{
    struct query query = { .statement = make_statement(sql, count) };

    query.call = (struct db_call){ .statement = &query.statement, .values = values };
    const struct db_call *failure = run_query(call, &query);
    return failure ? fail(call, failure) : query.call.rows;
}

struct rows *
resolver_write(struct resolver_call *call, const char *sql, int count, const char *const *values)
{
    struct query query = { .statement = make_statement(sql, count),
                           .is_write = true,
                           .ask_xid = make_statement(XID, 0) };

    query.call = (struct db_call){ .statement = &query.statement, .values = values };
    for (bool is_again = false;; is_again = true) {
        const struct db_call *failure = run_query(call, &query);
        if (failure)
            return fail(call, failure);
        switch (commit_query(call, &query)) {
        case OUTCOME_COMMITTED:
            return query.call.rows;
        case OUTCOME_ABORTED:
            if (is_again || !sqlstate_is_lost(&query.commit))
                return fail(call, &query.commit);
            break;
        default:
            log_error("a write's outcome is not known: its connection was lost during COMMIT");
            errors_add_copy(call->errors, outcome_error());
            return NULL;
        }
    }
}
