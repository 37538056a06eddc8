/*
 * execute_again.c - a transaction that was not committed, and may succeed when it begins again.
 *
 * Nothing of it has been answered, and nothing of it has been done.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdint.h>
#include <sys/random.h>

#include "execution/run.h"

/* Milliseconds that a transaction waits at most, by chance, after its first conflict and after its
 * second: two that are in conflict must not meet again. */
static const int conflict_pauses[] = { 20, 80 };

/* How often a transaction may begin again, by reason. */
static const int most_begun_again[AGAINS] = {
    [AGAIN_STALE] = 1, [AGAIN_SPOILT] = 1, [AGAIN_LOST] = 1, [AGAIN_CONFLICT] = 2
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

static int
draw_pause(int most)
{
    unsigned char byte = 0;

    /* Without a random number it is the least. */
    if (getrandom(&byte, 1, GRND_NONBLOCK) != 1)
        byte = 0;
    return 1 + byte * most / UINT8_MAX;
}

bool
execute_begin_again(struct run *run)
{
    enum run_again why = run->transaction.again;

    if (why == AGAIN_NEVER || run->transaction.begun_again[why] == most_begun_again[why])
        return false;
    forget_transaction(run);
    run->phase = RUN_SENDING;
    if (why == AGAIN_CONFLICT) {
        run->transaction.pause = draw_pause(conflict_pauses[run->transaction.begun_again[why]]);
        run->phase = RUN_PAUSING;
    }
    if (why == AGAIN_LOST || why == AGAIN_CONFLICT)
        run->db = NULL;
    run->transaction.begun_again[why]++;
    return true;
}
