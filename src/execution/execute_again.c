/*
 * execute_again.c - a transaction that was not committed, and may succeed when it begins again.
 *
 * Nothing of it has been answered, and nothing of it has been done.
 *
 * SPDX-License-Identifier: MIT
 */
#include "execution/run.h"

/* How often a transaction may begin again, by reason. */
static const int most_begun_again[AGAINS] = {
    [AGAIN_STALE] = 1, [AGAIN_SPOILT] = 1, [AGAIN_LOST] = 1
};

/* Forget what has come of the transaction's statements and root fields. */
static void
forget_transaction(struct run *run)
{
    const struct plan *plan = run->options.plan;
    struct run_transaction again = { .row_count = run->transaction.row_count };

    for (int i = 0; i < plan->statement_count; i++)
        if (!run->root || plan->statements[i]->root == run->root->field)
            run->statements[i] = (struct run_statement){ .state = RUN_PLANNED };
    for (int i = 0; i < plan->root_count; i++)
        if (!run->root || run->root == &run->roots[i])
            run->roots[i].error = execute_refuse_root(run, run->roots[i].field);
    for (int i = 0; i < AGAINS; i++)
        again.begun_again[i] = run->transaction.begun_again[i];
    run->row_count = run->transaction.row_count;
    run->transaction = again;
}

bool
execute_begin_again(struct run *run)
{
    enum run_again why = run->transaction.again;

    if (why == AGAIN_NEVER || run->transaction.begun_again[why] == most_begun_again[why])
        return false;
    forget_transaction(run);
    run->transaction.begun_again[why]++;
    if (why == AGAIN_LOST)
        run->db = NULL;
    run->phase = RUN_SENDING;
    return true;
}
