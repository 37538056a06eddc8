/*
 * execute_isolate.c - statements of a query whose failure fails no other.
 *
 * An error aborts the transaction, and PostgreSQL skips all that follows in the pipeline up to
 * the next Sync.  Statements that a client's values may make fail are known when the query is
 * planned.  They are sent after the others of their wave, in the same flush:
 *
 *     BEGIN, who asks, other statements,
 *     SAVEPOINT, the first isolated statement, Sync,
 *     ROLLBACK TO SAVEPOINT, the next one, Sync,
 *     COMMIT, Sync
 *
 * The way back is sent before it is known whether it is needed: a query has written nothing that
 * would be undone.  Where no statement follows, but for those that need its rows, there is no
 * savepoint: COMMIT ends a failed transaction, too.  If another error fails a query, of a policy, a
 * view or a function without arguments, the query is run once more with all statements isolated.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "database/sqlstate.h"
#include "database/statement.h"
#include "execution/run.h"

static const struct statement savepoint = { .sql = STR_INIT("SAVEPOINT isolated") };
static const struct statement way_back = { .sql = STR_INIT("ROLLBACK TO SAVEPOINT isolated") };

bool
execute_is_isolated(const struct run *run, const struct plan_statement *statement)
{
    return !run->is_mutation &&
           (run->transaction.is_alone || run->transaction.begun_again[AGAIN_SPOILT] > 0 ||
            statement->is_isolated);
}

struct db_call *
execute_send_command(struct run *run, const struct statement *statement)
{
    struct db_call *call = ARENA_NEW(run->arena, struct db_call);

    *call = (struct db_call){ .statement = statement };
    db_call(run->db, run->arena, call);
    return call;
}

static bool
is_below(const struct plan_statement *statement, const struct plan_statement *parent)
{
    while (statement && statement != parent)
        statement = statement->parent;
    return statement != NULL;
}

bool
execute_needs_savepoint(const struct run *run, const struct plan_statement *statement, int left)
{
    const struct plan *plan = run->options.plan;

    if (run->is_joint) /* all that there is has been sent with it */
        return false;
    for (int i = 0; i < plan->statement_count && left == 0; i++)
        left += plan->statements[i]->wave > statement->wave &&
                !is_below(plan->statements[i], statement);
    return left > 0;
}

const struct db_call *
execute_savepoint(struct run *run, bool needs_savepoint)
{
    struct run_transaction *transaction = &run->transaction;
    const struct db_call *risk = transaction->risk;

    transaction->risk = NULL;
    if (risk && risk->outcome != DB_ROWS) {
        assert(transaction->has_savepoint);
        return execute_send_command(run, &way_back);
    }
    if (!needs_savepoint || transaction->has_savepoint)
        return NULL;
    transaction->has_savepoint = true;
    return execute_send_command(run, &savepoint);
}

void
execute_isolate(struct run *run, const struct plan_statement *statement)
{
    if (!run->transaction.begin.statement) /* it is alone */
        return;
    run->transaction.risk = &run->statements[statement->number].call;
    db_sync(run->db);
}

void
execute_fail_statement(struct run *run, const struct plan_statement *statement,
                       const struct error *error)
{
    struct run_statement *state = &run->statements[statement->number];
    struct run_root *root = execute_find_root(run, statement->root);

    state->state = RUN_FAILED;
    state->error = error;
    if (!root->error) /* the field fails as a whole, once */
        root->error = error;
}

bool
execute_fail_alone(struct run *run, const struct plan_statement *statement)
{
    struct run_statement *state = &run->statements[statement->number];
    const struct db_call *call = &state->call;

    if (run->is_cut_short || !execute_is_isolated(run, statement) || call->outcome != DB_FAILED ||
        call->is_stale || sqlstate_is_away(call) || sqlstate_is_conflict(call))
        return false;
    if (execute_finds_none(statement, call))
        state->state = RUN_EMPTY;
    else
        execute_fail_statement(run, statement, execute_refusal(run, statement, call));
    return true;
}

/* Does it belong to another root field, and has it not completed?  All of the flush have been
 * answered. */
static bool
is_victim(struct run *run, const struct plan_statement *statement,
          const struct plan_statement *failed)
{
    const struct run_statement *state = &run->statements[statement->number];

    return statement->root != failed->root && !execute_find_root(run, statement->root)->error &&
           (state->state == RUN_PLANNED ||
            (state->state == RUN_SENT && state->call.outcome != DB_ROWS));
}

bool
execute_is_spoilt(struct run *run, const struct plan_statement *statement)
{
    const struct plan *plan = run->options.plan;
    const struct db_call *call = &run->statements[statement->number].call;

    if (run->is_mutation || run->transaction.begun_again[AGAIN_SPOILT] > 0 ||
        !sqlstate_is_own(call))
        return false;
    if (execute_finds_none(statement, call))
        return true;
    for (int i = 0; i < plan->statement_count; i++)
        if (is_victim(run, plan->statements[i], statement))
            return true;
    return false;
}
