/*
 * execute_stale.c - statements that no longer fit the database, since it has changed after they
 * were made or prepared.
 *
 * PostgreSQL refuses them, or their cells would come as other types (database/db.h).  Such a
 * transaction is begun again, once, with all of its statements prepared anew: nothing of it has
 * been answered, and it was rolled back.  So is a query that one statement has spoilt, with all
 * of them isolated.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "database/sqlstate.h"
#include "execution/execute.h"
#include "execution/run.h"

/* Seconds after which a client may ask again: a reload takes less. */
enum { RELOAD_RETRY = 1 };

/* A mutation: has it been done? */
static bool
has_committed(const struct run *run)
{
    const struct db_call *commit = &run->transaction.commit;

    return run->is_mutation && commit->statement && commit->outcome == DB_ROWS;
}

const struct error execute_untold = { .code = ERROR_INTERNAL };

const struct error *
execute_stale_error(struct run *run, const struct db_call *call)
{
    assert(call->is_stale);
    if (has_committed(run)) /* it must not be tried again */
        return sqlstate_error(run->arena, call);
    if (!run->transaction.is_again)
        return &execute_untold;
    if (!run->stale_error) {
        struct db_call *kept = ARENA_NEW(run->arena, struct db_call);
        *kept = *call;
        run->stale_call = kept;
        run->stale_error = ARENA_NEW(run->arena, struct error);
    }
    return run->stale_error;
}

/* Forget what has come of the transaction's statements and root fields. */
static void
forget_transaction(struct run *run)
{
    const struct plan *plan = run->options.plan;
    const struct run_transaction old = run->transaction;

    for (int i = 0; i < plan->statement_count; i++)
        if (!run->root || plan->statements[i]->root == run->root->field)
            run->statements[i] = (struct run_statement){ .state = RUN_PLANNED };
    for (int i = 0; i < plan->root_count; i++)
        if (!run->root || run->root == &run->roots[i])
            run->roots[i].error = execute_refuse_root(run, run->roots[i].field);
    run->row_count = old.row_count;
    run->transaction = (struct run_transaction){ .is_again = old.is_again || old.is_stale,
                                                 .is_isolated = old.is_isolated || old.is_spoilt,
                                                 .row_count = old.row_count };
}

bool
execute_begin_again(struct run *run)
{
    const struct run_transaction *transaction = &run->transaction;
    bool is_stale = transaction->is_stale && !transaction->is_again && !has_committed(run);

    if (transaction->state != TRANSACTION_FAILED || !(is_stale || transaction->is_spoilt))
        return false;
    forget_transaction(run);
    run->phase = RUN_SENDING;
    return true;
}

bool
execute_is_stale(const struct run *run)
{
    return run->stale_error != NULL;
}

void
execute_settle_stale(struct run *run, bool has_changed)
{
    struct errors errors = { .arena = run->arena };

    if (has_changed) {
        *run->stale_error =
            *errors_add(&errors, ERROR_SCHEMA_RELOADING, "The database has changed; try again.");
        run->stale_error->retry_after = RELOAD_RETRY;
    } else {
        *run->stale_error = *sqlstate_error(run->arena, run->stale_call);
    }
}
