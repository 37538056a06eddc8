/*
 * execute_outcome.c - COMMIT of a mutation, and what has become of it when the connection was lost
 * before it was answered.
 *
 * COMMIT is not sent before the rows and the transaction's number have come: what was written may
 * not be what was asked for, and when the connection is lost during COMMIT, all is there that the
 * answer needs.
 *
 * A call of a function leaves nothing to judge.  On a direct connection (db_is_direct()) its COMMIT
 * goes along with it, which saves a round trip.  A Flush between them has PostgreSQL send the rows
 * first (PostgreSQL, 55.2.3).  If it cannot send them, it ends the session, and does not come to
 * COMMIT.
 *
 * Nor does it on a connection that several mutations share (database/db_flush.h), where the Sync is
 * COMMIT.  There it is known before that the statement has been checked.
 *
 * When the connection is lost, the rows are in memory, and another connection knows whether they
 * were committed (transaction/outcome.h): then the mutation is answered as if nothing had
 * happened; if they were not, it begins again.  PostgreSQL may be away for a while, or may not have
 * noticed yet that the connection is lost: so it is asked again and again, until the request's time
 * is over.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "base/arena.h"
#include "base/log.h"
#include "event/clock.h"
#include "database/db_flush.h"
#include "database/sqlstate.h"
#include "execution/execute.h"
#include "execution/run.h"

/* Milliseconds between two questions, doubled each time. */
enum { PAUSE_LEAST = 5, PAUSE_MOST = 160 };

void
execute_fail_outcome(struct run *run)
{
    log_error("a mutation's outcome is not known: its connection was lost during COMMIT");
    run->transaction.failure = outcome_error();
    run->transaction.state = TRANSACTION_LOST;
}

/* Has the transaction written anything?  Where a C function does the work, what follows only
 * reads. */
static bool
has_written(const struct run *run)
{
    return run->transaction.xid_column >= 0;
}

/* The question, from what was asked with identity. */
static struct outcome_question
make_question(const struct run *run)
{
    const struct db_call *identity = &run->transaction.identity;

    assert(identity->outcome == DB_ROWS);
    return (
        struct outcome_question){ .xid = rows_get(identity->rows, 0, run->transaction.xid_column),
                                  .incarnation = str_copy(run->arena, db_incarnation(run->db)) };
}

/* Is it a call of a function that may write? */
static bool
calls_volatile(const struct plan_statement *statement)
{
    const struct function *function = plan_function(statement->relation);

    return function && function->is_volatile;
}

const struct statement *
execute_shared_write(const struct run *run)
{
    const struct plan *plan = run->options.plan;
    bool is_alone = run->is_mutation && plan->root_count == 1 && plan->statement_count == 1;

    if (!is_alone || run->phase != RUN_SENDING || run->root->field->kind == PLAN_RESOLVED ||
        run->root->key.ptr || run->options.is_timed)
        return NULL;
    const struct plan_statement *only = plan->statements[0];
    bool is_plain = calls_volatile(only) && !only->statement.needs_custom_plan;
    return is_plain ? &only->statement : NULL;
}

struct str
execute_role(const struct run *run)
{
    return run->viewer.database_role;
}

bool
execute_may_stay(const struct run *run)
{
    return !run->is_mutation || !run->flush || run->transaction.state != TRANSACTION_NONE ||
           db_has_checked(run->db, execute_shared_write(run), execute_role(run));
}

const struct plan_statement *
execute_find_along(const struct run *run)
{
    const struct plan *plan = run->options.plan;
    const struct plan_statement *ready = NULL;

    if (!run->is_mutation || !db_is_direct(run->db) || run->root->key.ptr)
        return NULL;
    for (int i = 0; i < plan->statement_count; i++)
        if (run->statements[i].state == RUN_READY)
            ready = plan->statements[i];
    assert(ready);
    /* What a write has written is judged, and a function that is made part of the statement may
     * return other types than before (db_call.is_unchecked). */
    return calls_volatile(ready) ? ready : NULL;
}

bool
execute_goes_along(const struct run *run, const struct plan_statement *along)
{
    return along && !run->statements[along->number].call.is_unchecked;
}

bool
execute_precedes_commit(const struct run *run)
{
    const struct plan *plan = run->options.plan;

    if (!run->is_mutation || run->transaction.state != TRANSACTION_COMMITTING)
        return false;
    for (int i = 0; i < plan->statement_count; i++)
        if (run->statements[i].state == RUN_SENT && run->statements[i].call.outcome != DB_ROWS)
            return false;
    return true;
}

/* Nanoseconds, of a flush that is over. */
static int64_t
time_of_commit(const struct run *run)
{
    int64_t answered_at = run->statements[0].call.answered_at;

    return answered_at > 0 && run->flush->answered_at > answered_at
               ? run->flush->answered_at - answered_at
               : 0;
}

bool
execute_await_commit(struct run *run)
{
    if (!run->is_mutation || run->transaction.state != TRANSACTION_COMMITTING)
        return false;
    run->phase = RUN_ENDING;
    if (run->flush) { /* it has been answered, too, and its time is taken */
        run->commit_time += time_of_commit(run);
    } else {
        run->flushed_at = clock_nanoseconds();
        run->is_working = true;
    }
    return true;
}

bool
execute_take_commit(struct run *run)
{
    struct db_call *commit = &run->transaction.commit;

    bool is_open =
        commit->outcome == DB_EXPIRED || commit->outcome == DB_MOVED || sqlstate_is_lost(commit);

    assert(run->transaction.state == TRANSACTION_COMMITTING);
    if (!run->is_mutation || !is_open) {
        if (commit->statement && commit->outcome != DB_ROWS)
            execute_fail_transaction(run, NULL, commit);
        return true;
    }
    if (!has_written(run)) { /* all of its rows have come */
        commit->outcome = DB_ROWS;
        return true;
    }
    if (commit->outcome == DB_EXPIRED) {
        execute_fail_outcome(run);
        return true;
    }
    run->transaction.question = make_question(run);
    execute_let_go(run);
    run->phase = RUN_ASKING;
    return false;
}

void
execute_ask_outcome(struct run *run)
{
    outcome_ask(run->db, run->arena, &run->transaction.question);
    run->phase = RUN_ASKED;
}

bool
execute_pause_asking(struct run *run)
{
    int pause = run->transaction.pause ? 2 * run->transaction.pause : PAUSE_LEAST;

    run->transaction.pause = pause < PAUSE_MOST ? pause : PAUSE_MOST;
    if (clock_now() + run->transaction.pause >= run->options.deadline)
        return false;
    execute_let_go(run);
    run->phase = RUN_PAUSING;
    return true;
}

bool
execute_take_outcome(struct run *run)
{
    struct run_transaction *transaction = &run->transaction;

    switch (outcome_read(&transaction->question)) {
    case OUTCOME_COMMITTED:
        log_info("a mutation was committed, though its connection was lost");
        transaction->commit.outcome = DB_ROWS;
        return true;
    case OUTCOME_ABORTED:
        log_info("a mutation was not committed, as its connection was lost");
        execute_fail_transaction(run, NULL, &transaction->commit);
        return true;
    case OUTCOME_IN_PROGRESS:
    case OUTCOME_LOST:
        if (execute_pause_asking(run))
            return false;
        break;
    case OUTCOME_UNKNOWN:
        break;
    }
    execute_fail_outcome(run);
    return true;
}
