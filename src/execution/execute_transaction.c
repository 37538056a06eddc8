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
    .sql = STR_INIT("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"), .is_begin = true
};
static const struct statement begin_mutation = {
    .sql = STR_INIT("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"), .is_begin = true
};
static const struct statement commit = { .sql = STR_INIT("COMMIT") };

/* Of statements that go out in one flush, and so are one transaction up to the next Sync
 * (PostgreSQL, 55.2.3): this setting is the transaction's, also without LOCAL. */
static const struct statement isolate = { .sql = STR_INIT(
                                              "SET transaction_isolation = 'repeatable read'") };

/* A query that is joint, or sends one statement, needs no BEGIN; the statements of others see one
 * snapshot by it.  Nor does a mutation whose connection is shared, which takes writes
 * (database/db_flush.h).  NULL: none is needed. */
static const struct statement *
begin_statement(const struct run *run)
{
    if (run->is_mutation)
        return run->flush ? NULL : &begin_mutation;
    return run->transaction.is_alone || run->is_joint ? NULL : &begin_query;
}

static struct statement
make_statement(struct str sql, int parameter_count)
{
    return (
        struct statement){ .sql = sql, .hash = str_hash(sql), .parameter_count = parameter_count };
}

/* The statement that says who asks, as it is made: its columns, and the values of parameters. */
struct identity {
    struct arena *arena;
    struct buf *sql;
    const char **values;
    int count, columns;
};

/* At most, the trace among them, besides two for each of viewer.settings. */
enum { VIEWER_PARAMETERS = 7 };

static void
add_column(struct identity *identity, const char *sql)
{
    buf_put_c(identity->sql, identity->columns++ ? ", " : "SELECT ");
    buf_put_c(identity->sql, sql);
}

/* Go on with a parameter; STR_NONE is null. */
static void
add_value(struct identity *identity, struct str value, const char *sql)
{
    identity->values[identity->count++] = value.ptr ? str_copy_c(identity->arena, value) : NULL;
    buf_byte(identity->sql, '$');
    buf_int64(identity->sql, identity->count);
    buf_put_c(identity->sql, sql);
}

static void
add_setting(struct identity *identity, const char *sql, struct str value)
{
    add_column(identity, sql);
    add_value(identity, value, ", true)");
}

/* Where a pooler has the session: what it is set up with otherwise, and that nobody is signed in,
 * whatever others have left in it. */
static void
add_set_up(struct identity *identity, const struct db *db, const struct viewer *viewer)
{
    add_column(identity, db_set_up_column(db).ptr);
    if (!viewer->user_id.ptr || !viewer->session_id.ptr)
        add_column(identity, "set_config('linnet.session_id', '', true)");
    if (viewer->user_id.ptr)
        return;
    add_column(identity, "set_config('linnet.user_id', '', true)");
    add_column(identity, "set_config('linnet.role', '', true)");
}

/* For policies: first what is the application's own, then the user's key, session and role.  When
 * nobody is signed in, the session's settings are right. */
static void
add_viewer(struct identity *identity, const struct db *db, const struct viewer *viewer,
           bool sets_up)
{
    bool is_user = viewer->user_id.ptr != NULL;
    struct str role = is_user ? viewer->database_role : STR_NONE;

    if (sets_up)
        add_set_up(identity, db, viewer);
    for (int i = 0; i < viewer->setting_count; i++) {
        add_column(identity, "set_config(");
        add_value(identity, viewer->settings[i].name, ", ");
        add_value(identity, viewer->settings[i].value, ", true)");
    }
    if (is_user) {
        add_setting(identity, "set_config('linnet.user_id', ", viewer->user_id);
        add_setting(identity, "set_config('linnet.role', ",
                    viewer->role.ptr ? viewer->role : STR("anon"));
    }
    if (is_user && viewer->session_id.ptr)
        add_setting(identity, "set_config('linnet.session_id', ", viewer->session_id);
    if (!role.ptr && sets_up)
        role = db_set_up_role(db);
    if (role.ptr)
        add_setting(identity, "set_config('role', ", role);
}

/* PostgreSQL's log, pg_stat_activity and auto_explain show it, until the transaction ends.  (A
 * comment in each statement's text would have all of them prepared anew.) */
static void
add_trace(struct identity *identity, struct str trace)
{
    add_setting(identity, "set_config('application_name', ",
                str_format(identity->arena, "linnet/%.*s", STR_PRINT(trace)));
}

/* Before a field of a mutation: may the viewer's token still write?  The error of a function that
 * says no fails the transaction, and with it what has been sent already. */
static void
add_check(struct identity *identity, const struct viewer *viewer)
{
    add_column(identity, CHECK_SESSION "(");
    add_value(identity, viewer->session_id, "::text, ");
    add_value(identity, viewer->user_id, ")");
}

/* A transaction that writes says its number.  What a C function has put out is read without a
 * check, by whoever it says.  Whether a function may be called PostgreSQL asks before any of the
 * columns: so the check comes after what db_call() sets up. */
static void
send_identity(struct run *run)
{
    const struct viewer *viewer = &run->viewer;
    bool is_of_mutation = run->root && run->root->field->kind != PLAN_RESOLVED;
    bool is_checked = is_of_mutation && run->options.asks_session && viewer->user_id.ptr;
    bool sets_up = db_is_pooled(run->db) && !is_checked;
    size_t most = VIEWER_PARAMETERS + 2 * (size_t)viewer->setting_count;
    struct identity identity = { .arena = run->arena,
                                 .sql = buf_new(run->arena),
                                 .values = ARENA_ARRAY(run->arena, const char *, most) };

    add_viewer(&identity, run->db, viewer, sets_up);
    if (run->options.trace.ptr)
        add_trace(&identity, run->options.trace);
    if (is_checked)
        add_check(&identity, viewer);
    run->transaction.xid_column = is_of_mutation ? identity.columns : -1;
    if (is_of_mutation)
        add_column(&identity, "pg_current_xact_id()::text");
    if (identity.columns == 0)
        return;
    assert((size_t)identity.count <= most);
    struct statement *statement = ARENA_NEW(run->arena, struct statement);
    *statement = make_statement(buf_copy(run->arena, identity.sql), identity.count);
    run->transaction.identity =
        (struct db_call){ .statement = statement,
                          .values = identity.values,
                          .sets_up = sets_up,
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
    else if (run->is_joint && !transaction->is_alone) { /* see one snapshot, too */
        transaction->isolation = (struct db_call){ .statement = &isolate };
        db_call(run->db, run->arena, &transaction->isolation);
    }
    send_identity(run);
}

void
execute_commit(struct run *run)
{
    struct run_transaction *transaction = &run->transaction;

    assert(transaction->state == TRANSACTION_OPEN);
    transaction->state = TRANSACTION_COMMITTING;
    if (run->is_mutation || transaction->begin.statement)
        transaction->commit = (struct db_call){ .statement = &commit };
    if (transaction->begin.statement) /* else it is the Sync */
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
