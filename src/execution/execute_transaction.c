/*
 * execute_transaction.c - what begins and ends a transaction, and the viewer's identity in it.
 *
 * The identity is sent in the same flush as the statements, and is set for the transaction
 * alone: the next request on the connection sees nothing of it.  A transaction that writes is also
 * asked for its number, which answers whether it was committed when the connection is lost
 * (execute_outcome.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/buf.h"
#include "database/statement.h"
#include "execution/run.h"

/* A hash of 0: sent without being prepared. */
static const struct statement begin_query = {
    .sql = STR_INIT("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
};
static const struct statement begin_mutation = {
    .sql = STR_INIT("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
};
static const struct statement commit = { .sql = STR_INIT("COMMIT") };

/* A query of one statement needs no BEGIN; the statements of other queries see one snapshot.
 * NULL: none is needed. */
static const struct statement *
begin_statement(const struct run *run)
{
    if (run->is_mutation)
        return &begin_mutation;
    return run->options.plan->statement_count > 1 ? &begin_query : NULL;
}

static struct statement
make_statement(struct str sql, int parameter_count)
{
    return (
        struct statement){ .sql = sql, .hash = str_hash(sql), .parameter_count = parameter_count };
}

#define USER_AND_ROLE "set_config('linnet.user_id', $1, true), set_config('linnet.role', $2, true)"
#define DATABASE_ROLE ", set_config('role', $3, true)"
#define XID           "pg_current_xact_id()::text"

/* By what is told: nothing, user and role, database role too; and whether the transaction's
 * number is asked for. */
static const struct str identities[][2] = {
    { STR_INIT(""), STR_INIT("SELECT " XID) },
    { STR_INIT("SELECT " USER_AND_ROLE), STR_INIT("SELECT " USER_AND_ROLE ", " XID) },
    { STR_INIT("SELECT " USER_AND_ROLE DATABASE_ROLE),
      STR_INIT("SELECT " USER_AND_ROLE DATABASE_ROLE ", " XID) },
};
static const int parameter_counts[] = { 0, 2, 3 };

/* The statement: with `settings` more names and values after the others. */
static struct statement
identity_statement(struct run *run, int told, bool has_xid)
{
    int count = parameter_counts[told], settings = run->viewer.setting_count;
    struct str sql = identities[told][has_xid];
    struct buf *b = buf_new(run->arena);

    if (settings == 0)
        return make_statement(sql, count);
    buf_put_c(b, "SELECT ");
    for (int i = 0; i < settings; i++)
        buf_printf(b, "%sset_config($%d, $%d, true)", i ? ", " : "", count + 2 * i + 1,
                   count + 2 * i + 2);
    if (sql.len > 0) {
        buf_put_c(b, ", ");
        buf_put(b,
                (struct str){ sql.ptr + sizeof("SELECT ") - 1, sql.len - sizeof("SELECT ") + 1 });
    }
    return make_statement(buf_copy(run->arena, b), count + 2 * settings);
}

/* Who asks, for policies: the user's key and role.  When nobody is signed in, the connection's
 * own settings are right.  A transaction that writes says its number. */
static void
send_identity(struct run *run)
{
    const struct viewer *viewer = &run->viewer;
    bool has_role = viewer->database_role.ptr != NULL;
    bool has_xid = run->root && run->root->field->kind != PLAN_RESOLVED;
    int told = !viewer->user_id.ptr ? 0 : has_role ? 2 : 1;
    struct statement *statement = ARENA_NEW(run->arena, struct statement);
    int settings = viewer->setting_count, count = parameter_counts[told];
    const char **values = ARENA_ARRAY(run->arena, const char *, (size_t)(3 + 2 * settings));

    run->transaction.xid_column = has_xid ? settings + count : -1;
    if (!told && !has_xid && settings == 0)
        return;
    if (told) {
        values[0] = str_copy_c(run->arena, viewer->user_id);
        values[1] = viewer->role.ptr ? str_copy_c(run->arena, viewer->role) : "anon";
        values[2] = has_role ? str_copy_c(run->arena, viewer->database_role) : NULL;
    }
    for (int i = 0; i < settings; i++) {
        values[count + 2 * i] = str_copy_c(run->arena, viewer->settings[i].name);
        values[count + 2 * i + 1] = str_copy_c(run->arena, viewer->settings[i].value);
    }
    *statement = identity_statement(run, told, has_xid);
    run->transaction.identity =
        (struct db_call){ .statement = statement,
                          .values = values,
                          .is_anew = run->transaction.begun_again[AGAIN_STALE] > 0 };
    db_call(run->db, run->arena, &run->transaction.identity);
}

void
execute_begin(struct run *run)
{
    struct run_transaction *transaction = &run->transaction;

    assert(transaction->state == TRANSACTION_NONE);
    transaction->state = TRANSACTION_OPEN;
    transaction->begin = (struct db_call){ .statement = begin_statement(run) };
    if (transaction->begin.statement)
        db_call(run->db, run->arena, &transaction->begin);
    send_identity(run);
}

void
execute_commit(struct run *run)
{
    struct run_transaction *transaction = &run->transaction;

    assert(transaction->state == TRANSACTION_OPEN);
    transaction->state = TRANSACTION_COMMITTING;
    if (!transaction->begin.statement)
        return;
    transaction->commit = (struct db_call){ .statement = &commit };
    db_call(run->db, run->arena, &transaction->commit);
}

const struct db_call *
execute_plan_mode(struct run *run, const char *mode)
{
    struct statement *statement = ARENA_NEW(run->arena, struct statement);
    struct db_call *call = ARENA_NEW(run->arena, struct db_call);
    const char **values = ARENA_NEW(run->arena, const char *);

    *statement = make_statement(STR("SELECT set_config('plan_cache_mode', $1, true)"), 1);
    values[0] = mode;
    *call = (struct db_call){ .statement = statement,
                              .values = values,
                              .is_anew = run->transaction.begun_again[AGAIN_STALE] > 0 };
    db_call(run->db, run->arena, call);
    return call;
}
