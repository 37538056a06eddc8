/*
 * execute_seek.c - which row was it, of many that one statement was to write?
 *
 * PostgreSQL says what is wrong with a row, and not which row it is.  So a statement of several
 * rows follows a savepoint.  If it is refused, it is done again from there for one row after the
 * other, in one flush:
 *
 *     SAVEPOINT written, INSERT of all, Sync
 *     ROLLBACK TO SAVEPOINT written, INSERT of the first, INSERT of the second, ..., Sync
 *     ROLLBACK
 *
 * The first that is refused for the same reason is the one, and those after it are skipped.  Where
 * another reason is met first, or none, it stays unknown: what refers to a row that comes later is
 * refused alone, and a conflict may be over.  All of that is rolled back, as the statement was.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "database/sqlstate.h"
#include "database/statement.h"
#include "execution/run.h"

static const struct statement mark = { .sql = STR_INIT("SAVEPOINT written") };
static const struct statement way_back = { .sql = STR_INIT("ROLLBACK TO SAVEPOINT written") };

/* Is it a write of several rows? */
static bool
writes_several(const struct run *run, const struct plan_statement *statement)
{
    const struct plan_write *write = plan_write_of(statement->relation);
    const struct run_objects *objects = run->statements[statement->number].objects;

    return write && write->is_many && objects && objects->count > 1;
}

const struct db_call *
execute_mark(struct run *run, const struct plan_statement *statement)
{
    return writes_several(run, statement) ? execute_send_command(run, &mark) : NULL;
}

/* Is it an error that says what to mend in a row? */
static bool
is_of_row(const struct error *error)
{
    return error->code == ERROR_BAD_USER_INPUT || error->code == ERROR_CONFLICT ||
           error->code == ERROR_NOT_FOUND;
}

/* The write of several rows that was refused; NULL: none was. */
static const struct plan_statement *
find_refused(const struct run *run)
{
    const struct plan *plan = run->options.plan;

    for (int i = 0; i < plan->statement_count; i++) {
        const struct run_statement *state = &run->statements[i];
        if (state->state == RUN_SENT && state->call.outcome == DB_FAILED &&
            plan->statements[i]->root == run->root->field)
            return writes_several(run, plan->statements[i]) ? plan->statements[i] : NULL;
    }
    return NULL;
}

static void
send_one(struct run *run, const struct plan_statement *statement, int object)
{
    struct db_call *call = &run->transaction.seeking[object];
    const char **values =
        ARENA_ARRAY(run->arena, const char *, (size_t)statement->parameter_count + 1);

    for (int i = 0; i < statement->parameter_count; i++) {
        const struct error *error =
            execute_find_one_setting(run, statement, &statement->parameters[i], object, &values[i]);
        assert(!error); /* or they would not have been sent */
        (void)error;
    }
    *call = (struct db_call){ .statement = &statement->statement,
                              .values = values,
                              .role = run->viewer.database_role };
    db_call(run->db, run->arena, call);
}

bool
execute_seek(struct run *run)
{
    struct run_transaction *transaction = &run->transaction;
    const struct plan_statement *statement;

    if (transaction->state != TRANSACTION_FAILED || transaction->again != AGAIN_NEVER ||
        !run->root || !is_of_row(transaction->failure) || run->is_stopped || run->is_cut_short ||
        execute_is_spent(run))
        return false;
    statement = find_refused(run);
    if (!statement)
        return false;
    int count = run->statements[statement->number].objects->count;
    transaction->sought = statement;
    transaction->seeking = ARENA_ARRAY(run->arena, struct db_call, (size_t)count);
    execute_send_command(run, &way_back);
    for (int i = 0; i < count; i++)
        send_one(run, statement, i);
    execute_flush(run);
    run->phase = RUN_SEEKING;
    return true;
}

static bool
is_same(struct str a, struct str b)
{
    return a.ptr && b.ptr ? str_equal(a, b) : a.ptr == b.ptr;
}

static bool
is_same_refusal(const struct db_call *a, const struct db_call *b)
{
    return strcmp(a->sqlstate, b->sqlstate) == 0 && is_same(a->constraint, b->constraint) &&
           is_same(a->column, b->column) && a->bad_parameter == b->bad_parameter;
}

/* Let the error say which it was. */
static void
name_row(struct run *run, const struct plan_statement *statement, const struct db_call *call)
{
    struct error *named = ARENA_NEW(run->arena, struct error);

    *named = *run->transaction.failure;
    *(named->code == ERROR_BAD_USER_INPUT ? &named->argument : &named->field) =
        execute_refused_name(run, statement, call);
    run->transaction.failure = named;
}

void
execute_take_sought(struct run *run)
{
    const struct plan_statement *statement = run->transaction.sought;
    struct run_statement *state = &run->statements[statement->number];
    int i = 0;

    while (i < state->objects->count && run->transaction.seeking[i].outcome == DB_ROWS)
        i++;
    if (i == state->objects->count)
        return;
    const struct db_call *call = &run->transaction.seeking[i];
    if (call->outcome == DB_FAILED && is_same_refusal(call, &state->call)) {
        state->refused = i + 1;
        name_row(run, statement, call);
    } else if (call->outcome != DB_SKIPPED) {
        execute_fail_transaction(run, NULL, call); /* it may be lost */
    }
}
