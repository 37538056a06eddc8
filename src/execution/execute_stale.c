/*
 * execute_stale.c - statements that no longer fit the database, since it has changed after they
 * were made or prepared.
 *
 * PostgreSQL refuses them, or their cells would come as other types (database/db.h).  Such a
 * transaction begins again, once, with all of its statements prepared anew (execute_again.c).
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
