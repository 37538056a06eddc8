/*
 * execute_again.c - a transaction that was not committed, and may succeed when it begins again.
 *
 * Nothing of it has been answered, and nothing of it has been done.
 *
 * One reason is that statements no longer fit the database, since it has changed after they were
 * made or prepared: PostgreSQL refuses them, or their cells would come as other types
 * (database/db.h).  Such a transaction begins again, once, with all of its statements prepared
 * anew.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>
#include <stdint.h>
#include <sys/random.h>

#include "base/arena.h"
#include "database/sqlstate.h"
#include "execution/execute.h"
#include "execution/run.h"

/* Milliseconds that a transaction waits at most, by chance, after its first conflict and after its
 * second: two that are in conflict must not meet again. */
static const int conflict_pauses[] = { 20, 80 };

/* How often a transaction may begin again, by reason.  Who ends one session often ends all that are
 * idle, and the next connection is one of these as well: a worker has four, unless told. */
static const int most_begun_again[AGAINS] = {
    [AGAIN_STALE] = 1, [AGAIN_SPOILT] = 1, [AGAIN_LOST] = 4, [AGAIN_CONFLICT] = 2, [AGAIN_MOVED] = 1
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
    if (run->root)
        run->root->answer = run->root->answer_errors = STR_NONE;
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
    run->is_joint = false;
    run->phase = RUN_SENDING;
    if (why == AGAIN_CONFLICT) {
        run->transaction.pause = draw_pause(conflict_pauses[run->transaction.begun_again[why]]);
        run->phase = RUN_PAUSING;
    }
    if (why == AGAIN_LOST || why == AGAIN_CONFLICT || run->flush) /* it shares only once */
        execute_let_go(run);
    run->transaction.begun_again[why]++;
    return true;
}

/* --- statements that do not fit --- */

/* Seconds after which a client may ask again: a reload takes less. */
enum { RELOAD_RETRY = 1 };

const struct error execute_untold = { .code = ERROR_INTERNAL };

const struct error *
execute_stale_error(struct run *run, const struct db_call *call)
{
    assert(call->is_stale);
    if (run->root && run->root->is_done) /* it must not be tried again */
        return sqlstate_error(run->arena, call);
    if (run->transaction.begun_again[AGAIN_STALE] == 0)
        return &execute_untold;
    if (!run->stale_error) {
        struct db_call *kept = ARENA_NEW(run->arena, struct db_call);
        *kept = *call;
        run->stale_call = kept;
        run->stale_error = ARENA_NEW(run->arena, struct error);
    }
    return run->stale_error;
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
