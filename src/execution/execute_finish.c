/*
 * execute_finish.c - a run from its start to its end, whether it failed as a whole, and what it is
 * given when it has waited.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "event/clock.h"
#include "database/rows.h"
#include "database/sqlstate.h"
#include "execution/execute.h"
#include "execution/run.h"

/* How long to wait for PostgreSQL. */
static int64_t
wait_until(const struct run *run)
{
    int64_t due = execute_due(run);

    return due < run->options.deadline ? due : run->options.deadline;
}

void
execute_finish(struct run *run, struct db *db)
{
    enum execute_state state;

    while ((state = execute_step(run)) != EXECUTE_DONE) {
        if (state == EXECUTE_CONNECTING && db && db_is_ready(db))
            execute_connect(run, db, NULL, false);
        else if (state == EXECUTE_CONNECTING)
            execute_refuse(run, "The database is not available.", 1);
        else if (state == EXECUTE_RESOLVING)
            execute_resolve(run, db, -1);
        else if (state == EXECUTE_WAITING)
            db_wait(db, wait_until(run));
        else {
            clock_sleep(execute_pause(run));
            execute_resume(run);
        }
    }
    if (execute_is_stale(run))
        execute_settle_stale(run, false);
}

struct run_root *
execute_find_root(struct run *run, const struct plan_field *field)
{
    struct run_root *root = run->roots;

    while (root->field != field) {
        root++;
        assert(root < run->roots + run->options.plan->root_count);
    }
    return root;
}

const struct error *
execute_find_refusal(const struct run *run)
{
    const struct error *refusal = NULL;

    for (int i = 0; i < run->options.plan->root_count; i++) {
        const struct error *error = run->roots[i].error;
        if (!error ||
            (error->code != ERROR_SERVICE_UNAVAILABLE && error->code != ERROR_SCHEMA_RELOADING &&
             error->code != ERROR_OUTCOME_UNKNOWN))
            return NULL;
        if (error->code == ERROR_OUTCOME_UNKNOWN) /* what follows it has not been done */
            return error;
        if (!refusal || error->retry_after > refusal->retry_after)
            refusal = error;
    }
    return refusal;
}

void
execute_fail_unbegun(struct run *run)
{
    const struct error *failure = run->transaction.failure;

    if (failure && failure->code == ERROR_OUTCOME_UNKNOWN)
        failure = sqlstate_error(run->arena, &(struct db_call){ .outcome = DB_LOST });
    for (int i = run->next_root; run->is_mutation && i < run->options.plan->root_count; i++)
        if (!run->roots[i].error && run->roots[i].field->kind != PLAN_TYPENAME)
            run->roots[i].error = failure;
}

/* --- what it waits for --- */

void
execute_connect(struct run *run, struct db *db, struct db_flush *flush, bool is_joint)
{
    assert(db && (run->phase == RUN_ASKING ||
                  (run->phase == RUN_SENDING && run->transaction.state == TRANSACTION_NONE)));
    run->db = db;
    run->flush = flush;
    run->is_joint = !run->is_mutation && (is_joint || flush);
}

bool
execute_defer(struct run *run)
{
    return run->phase == RUN_ASKING && execute_pause_asking(run);
}

int
execute_pause(const struct run *run)
{
    assert(run->phase == RUN_PAUSING);
    return run->transaction.pause;
}

void
execute_resume(struct run *run)
{
    assert(run->phase == RUN_PAUSING && !run->db);
    run->phase = run->transaction.state == TRANSACTION_COMMITTING ? RUN_ASKING : RUN_SENDING;
}

struct execute_totals
execute_total(const struct run *run)
{
    struct execute_totals totals = { 0 };

    for (int i = 0; i < run->options.plan->statement_count; i++) {
        const struct db_call *call = &run->statements[i].call;
        if (!call->statement) /* it was not sent */
            continue;
        int wave = run->options.plan->statements[i]->wave;
        totals.statements++;
        totals.waves = wave > totals.waves ? wave : totals.waves;
        totals.rows += call->outcome == DB_ROWS ? rows_count(call->rows) : 0;
    }
    return totals;
}

bool
execute_next_slow(const struct run *run, int *next, struct execute_slow *slow)
{
    while (run->is_slow && *next < run->options.plan->statement_count) {
        int i = (*next)++;
        const struct run_statement *state = &run->statements[i];
        if (state->slow == 0 || !state->call.statement)
            continue;
        *slow = (struct execute_slow){
            .statement = state->call.statement,
            .wave = run->options.plan->statements[i]->wave,
            .rows = state->call.outcome == DB_ROWS ? rows_count(state->call.rows) : 0,
            .time = state->slow,
        };
        return true;
    }
    return false;
}
