/*
 * execute.c - run a plan: its waves of statements, one step at a time.
 *
 * A query is one transaction: of one statement, or of several that see one
 * snapshot; BEGIN goes out with the first wave and COMMIT with the last, so
 * that a query of list depth d takes d round trips and never more.  One that is
 * joint takes a single one: its batches find their keys themselves
 * (plan_sql/sql_keys.c), and one Sync ends all of it.  A
 * mutation's root fields run one after the other, each a transaction of its
 * own that is awaited before the next begins (specification, 6.2.2); execute_outcome.c has its
 * COMMIT.
 *
 * SPDX-License-Identifier: MIT
 */
#include "execution/execute.h"

#include <assert.h>

#include "base/arena.h"
#include "base/limits.h"
#include "schema/schema.h"
#include "database/sqlstate.h"
#include "batch_rows/batch_rows.h"
#include "execution/run.h"

struct run *
execute_start(struct arena *a, const struct execute_options *options)
{
    const struct plan *plan = options->plan;
    struct run *run = ARENA_NEW(a, struct run);
    int count = 0;

    assert(options->limits && plan && options->viewer);
    run->options = *options;
    run->arena = a;
    run->viewer = *options->viewer;
    run->is_mutation = plan->operation->type == OPERATION_MUTATION;
    run->phase = run->is_mutation ? RUN_NEXT_ROOT : RUN_SENDING;
    run->statements = ARENA_ARRAY(a, struct run_statement, (size_t)plan->statement_count);
    run->roots = ARENA_ARRAY(a, struct run_root, (size_t)plan->root_count);
    for (const struct plan_field *field = plan->fields; field; field = field->next)
        run->roots[count++] =
            (struct run_root){ .field = field, .error = execute_refuse_root(run, field) };
    return run;
}

/* Is it a batch that is sent with its parent, and finds its keys itself? */
static bool
is_ahead(const struct run *run, const struct plan_statement *statement)
{
    return run->is_joint && statement->wave > 1;
}

/* Is the statement to be sent with this wave of this transaction? */
static bool
is_due(struct run *run, const struct plan_statement *statement)
{
    const struct run_root *root = execute_find_root(run, statement->root);

    return (run->is_joint || statement->wave == run->transaction.wave) && !root->error &&
           (!run->root || run->root == root) &&
           run->statements[statement->number].state == RUN_PLANNED;
}

static int
last_wave(const struct run *run)
{
    const struct plan *plan = run->options.plan;
    int wave = 0;

    if (!run->root)
        return plan->wave_count;
    for (int i = 0; i < plan->statement_count; i++)
        if (plan->statements[i]->root == run->root->field && plan->statements[i]->wave > wave)
            wave = plan->statements[i]->wave;
    return wave;
}

/* A connection plans each statement once (db_connect.c), unless the statement asks for a custom
 * plan. */
static void
call_statement(struct run *run, const struct plan_statement *statement, bool needs_savepoint,
               bool is_prompt)
{
    struct run_statement *state = &run->statements[statement->number];
    bool is_custom = statement->statement.needs_custom_plan;

    if (run->transaction.state == TRANSACTION_NONE)
        execute_begin(run);
    assert(run->transaction.state == TRANSACTION_OPEN);
    state->savepoint =
        run->is_mutation ? execute_mark(run, statement) : execute_savepoint(run, needs_savepoint);
    if (is_custom)
        state->before = execute_plan_mode(run, "force_custom_plan");
    state->call.statement = is_ahead(run, statement) ? &statement->ahead : &statement->statement;
    state->call.role = run->viewer.database_role;
    state->call.is_prompt = run->options.is_timed || is_prompt;
    state->call.is_anew = run->transaction.begun_again[AGAIN_STALE] > 0;
    db_call(run->db, run->arena, &state->call);
    state->state = RUN_SENT;
    if (is_custom && !run->transaction.is_alone)
        state->after = execute_plan_mode(run, "force_generic_plan");
}

static bool
find_parameters(struct run *run, const struct plan_statement *statement)
{
    return is_ahead(run, statement) ? execute_find_ahead(run, statement)
                                    : execute_find_parameters(run, statement);
}

/* Find the parameters of the wave's statements; count those that are ready to be sent. */
static int
prepare_wave(struct run *run)
{
    const struct plan *plan = run->options.plan;
    int count = 0;

    for (int i = 0; i < plan->statement_count; i++)
        if (is_due(run, plan->statements[i]) && find_parameters(run, plan->statements[i]) &&
            execute_count_statement(run, plan->statements[i])) {
            run->statements[i].state = RUN_READY;
            count++;
        }
    return count;
}

/* Send the wave's statements, those that are isolated last; false when there was none to send. */
static bool
send_wave(struct run *run)
{
    const struct plan *plan = run->options.plan;
    bool is_last_wave = run->transaction.wave == last_wave(run);
    int count = prepare_wave(run), left = count;
    const struct plan_statement *along =
        is_last_wave && count == 1 ? execute_find_along(run) : NULL;

    if (run->transaction.state == TRANSACTION_NONE)
        run->transaction.is_alone = !run->is_mutation && count == 1 && is_last_wave;
    for (int isolated = 0; isolated < 2; isolated++)
        for (int i = 0; i < plan->statement_count && left > 0; i++) {
            const struct plan_statement *statement = plan->statements[i];
            if (run->statements[i].state != RUN_READY ||
                execute_is_isolated(run, statement) != isolated)
                continue;
            left--;
            call_statement(run, statement,
                           isolated && execute_needs_savepoint(run, statement, left),
                           statement == along);
            if (isolated)
                execute_isolate(run, statement);
        }
    if (count > 0 && is_last_wave && (!run->is_mutation || execute_goes_along(run, along)))
        execute_commit(run);
    return count > 0;
}

static void
end_run_or_root(struct run *run)
{
    if (execute_begin_again(run))
        return;
    run->phase = run->is_mutation ? RUN_NEXT_ROOT : RUN_ENDED;
}

static bool
has_failed(const struct run *run)
{
    return run->transaction.state == TRANSACTION_FAILED ||
           run->transaction.state == TRANSACTION_LOST;
}

/* After the last wave: end a transaction that is still open. */
static void
end_transaction(struct run *run)
{
    struct run_transaction *transaction = &run->transaction;
    bool is_open =
        transaction->state == TRANSACTION_OPEN || transaction->state == TRANSACTION_FAILED;

    if (!is_open || !transaction->begin.statement) {
        end_run_or_root(run);
        return;
    }
    run->phase = RUN_ENDING;
    if (transaction->state == TRANSACTION_FAILED)
        db_command(run->db, "ROLLBACK");
    else
        execute_commit(run);
    execute_flush(run);
}

static void
send_next_wave(struct run *run)
{
    int last = last_wave(run);

    if (!execute_may_stay(run)) {
        execute_let_go(run);
        return;
    }
    if (execute_claim(run))
        return;
    while (!has_failed(run) && run->transaction.wave < last) {
        if (run->transaction.wave == 1)
            run->first_spent = run->spent;
        run->transaction.wave = run->is_joint ? last : run->transaction.wave + 1;
        if (send_wave(run)) {
            execute_flush(run);
            run->phase = RUN_RECEIVING;
            return;
        }
    }
    if (!execute_keep_answer(run))
        end_transaction(run);
}

/* Why may the transaction begin again, after this call has failed? */
static enum run_again
find_again(struct run *run, const struct plan_statement *statement, const struct db_call *call)
{
    if (call->is_stale)
        return AGAIN_STALE;
    if (sqlstate_is_conflict(call))
        return AGAIN_CONFLICT;
    if (call->outcome == DB_MOVED)
        return AGAIN_MOVED;
    if (sqlstate_is_lost(call))
        return AGAIN_LOST;
    if (run->is_mutation && sqlstate_is_read_only(call)) {
        db_note_standby(run->db);
        return AGAIN_LOST;
    }
    bool is_spoilt = statement && call->outcome != DB_EXPIRED && execute_is_spoilt(run, statement);
    return is_spoilt ? AGAIN_SPOILT : AGAIN_NEVER;
}

/* PostgreSQL skips the calls after one that has failed, which says nothing: the first failure
 * counts. */
void
execute_fail_transaction(struct run *run, const struct plan_statement *statement,
                         const struct db_call *call)
{
    struct run_transaction *transaction = &run->transaction;
    bool is_lost = sqlstate_is_away(call) || call->outcome == DB_EXPIRED;

    assert(transaction->state != TRANSACTION_NONE);
    if (transaction->state != TRANSACTION_LOST)
        transaction->state = is_lost ? TRANSACTION_LOST : TRANSACTION_FAILED;
    if (transaction->failure || call->outcome == DB_SKIPPED)
        return;
    if (run->is_stopped || run->is_cut_short || execute_is_spent(run)) { /* it is not begun again */
        transaction->failure = run->is_stopped ? &execute_unheard : execute_too_late(run);
        return;
    }
    transaction->again = find_again(run, statement, call);
    transaction->failure = call->is_stale ? execute_stale_error(run, call)
                           : transaction->again == AGAIN_SPOILT
                               ? &execute_untold
                               : execute_refusal(run, statement, call);
}

/* The commands around the statements are answered with them, and fail like them. */
static void
take_command(struct run *run, const struct db_call *call)
{
    if (call && call->statement && call->outcome != DB_ROWS)
        execute_fail_transaction(run, NULL, call);
}

/* A write has not done what was asked for: the transaction is rolled back. */
static void
refuse_written(struct run *run, const struct error *refusal)
{
    if (!refusal || run->transaction.state != TRANSACTION_OPEN)
        return;
    run->transaction.state = TRANSACTION_FAILED;
    run->transaction.failure = refusal;
}

static void
take_statement(struct run *run, const struct plan_statement *statement)
{
    struct run_statement *state = &run->statements[statement->number];

    state->sent_at = run->flushed_at;
    take_command(run, state->savepoint);
    take_command(run, state->before);
    if (state->call.outcome != DB_ROWS) {
        if (!execute_fail_alone(run, statement))
            execute_fail_transaction(run, statement, &state->call);
        return;
    }
    state->state = RUN_DONE;
    refuse_written(run, execute_judge_written(run, statement));
    if (is_ahead(run, statement))
        execute_take_keys(run, statement);
    if (statement->relation->kind == PLAN_BATCH)
        state->first_row = batch_rows_index(run->arena, statement, state->call.rows,
                                            state->key_count, state->keys);
    run->row_count += execute_count_shown(run, statement);
    take_command(run, state->after);
}

/* The transaction has failed: what has not completed fails with it.  Of a mutation's field,
 * nothing has happened, unless a C function has done it: then it must not be tried again. */
static void
fail_the_rest(struct run *run)
{
    const struct plan *plan = run->options.plan;

    if (run->root && run->root->is_done &&
        run->transaction.failure->code == ERROR_SERVICE_UNAVAILABLE)
        run->transaction.failure = outcome_error();
    for (int i = 0; i < plan->statement_count; i++) {
        enum run_statement_state state = run->statements[i].state;
        bool is_of_transaction = !run->root || plan->statements[i]->root == run->root->field;
        if (is_of_transaction && (state == RUN_PLANNED || state == RUN_SENT))
            execute_fail_statement(run, plan->statements[i], run->transaction.failure);
    }
    if (run->root && !run->root->error)
        run->root->error = run->transaction.failure;
}

/* The transaction is open still, and is to go on.  May it? */
static void
check_transaction(struct run *run)
{
    bool has_next = run->transaction.wave < last_wave(run);

    if (run->transaction.state != TRANSACTION_OPEN || !(has_next || run->is_cut_short))
        return;
    const struct error *refusal = execute_refuse_wave(run);
    if (!refusal)
        return;
    run->transaction.state = TRANSACTION_FAILED;
    run->transaction.failure = refusal;
}

static void
take_wave(struct run *run)
{
    const struct plan *plan = run->options.plan;

    execute_take_flush(run);
    take_command(run, &run->transaction.begin);
    take_command(run, &run->transaction.isolation);
    take_command(run, &run->transaction.identity);
    execute_take_claim(run);
    for (int isolated = 0; isolated < 2; isolated++) /* as they were sent */
        for (int i = 0; i < plan->statement_count; i++)
            if (run->statements[i].state == RUN_SENT &&
                execute_is_isolated(run, plan->statements[i]) == isolated)
                take_statement(run, plan->statements[i]);
    if (execute_await_commit(run))
        return;
    if (!run->is_mutation)
        take_command(run, &run->transaction.commit);
    check_transaction(run);
    if (execute_seek(run))
        return;
    if (has_failed(run))
        fail_the_rest(run);
    run->phase = RUN_SENDING;
}

/* The transaction is over. */
static void
take_end(struct run *run)
{
    if (has_failed(run))
        fail_the_rest(run);
    end_run_or_root(run);
}

/* ENDING: all has been answered. */
static void
take_ending(struct run *run)
{
    if (run->is_working)
        execute_take_flush(run);
    if (has_failed(run) || execute_take_commit(run))
        take_end(run);
}

static void
begin_next_root(struct run *run)
{
    if (run->next_root == run->options.plan->root_count || run->is_stopped ||
        run->transaction.state == TRANSACTION_LOST) {
        run->root = NULL;
        run->phase = RUN_ENDED;
        return;
    }
    run->root = &run->roots[run->next_root++];
    run->viewer = *run->options.viewer;
    run->transaction = (struct run_transaction){ .row_count = run->row_count };
    if (!run->root->error && run->root->field->kind != PLAN_TYPENAME && execute_is_spent(run))
        run->root->error = execute_too_late(run);
    if (!run->root->error)
        run->root->error = execute_find_key(run, run->root);
    if (!run->root->error)
        run->root->error = execute_judge_given(run, run->root);
    if (run->root->error)
        return;
    run->phase = run->root->field->kind == PLAN_RESOLVED ? RUN_RESOLVING : RUN_SENDING;
    if (run->phase == RUN_RESOLVING)
        execute_let_go(run);
}

/* Has it statements to send, and no connection? */
static bool
lacks_connection(const struct run *run)
{
    return !run->db && last_wave(run) > 0;
}

enum execute_state
execute_step(struct run *run)
{
    enum db_state came;

    for (;;)
        switch (run->phase) {
        case RUN_NEXT_ROOT:
            begin_next_root(run);
            break;
        case RUN_RESOLVING:
            return EXECUTE_RESOLVING;
        case RUN_SENDING:
            if (lacks_connection(run))
                return EXECUTE_CONNECTING;
            send_next_wave(run);
            break;
        case RUN_RECEIVING:
            came = execute_receive(run);
            if (came == DB_WAITING && (run->flush || !execute_precedes_commit(run)))
                return EXECUTE_WAITING;
            take_wave(run);
            if (run->phase == RUN_ENDING && came != DB_WAITING)
                take_ending(run);
            break;
        case RUN_SEEKING:
            if (db_receive(run->db) == DB_WAITING)
                return EXECUTE_WAITING;
            execute_take_flush(run);
            execute_take_sought(run);
            fail_the_rest(run);
            run->phase = RUN_SENDING;
            break;
        case RUN_ENDING:
            if (db_receive(run->db) == DB_WAITING)
                return EXECUTE_WAITING;
            take_ending(run);
            break;
        case RUN_ASKING:
            if (!run->db)
                return EXECUTE_CONNECTING;
            execute_ask_outcome(run);
            break;
        case RUN_ASKED:
            if (db_receive(run->db) == DB_WAITING)
                return EXECUTE_WAITING;
            if (execute_take_outcome(run))
                take_end(run);
            break;
        case RUN_PAUSING:
            return EXECUTE_PAUSING;
        case RUN_ENDED:
            execute_fail_unbegun(run);
            return EXECUTE_DONE;
        }
}

void
execute_refuse(struct run *run, const char *message, int retry_after)
{
    if (run->phase == RUN_ASKING) {
        execute_fail_outcome(run);
        take_end(run);
        return;
    }
    struct error *error = errors_add(&(struct errors){ .arena = run->arena },
                                     ERROR_SERVICE_UNAVAILABLE, "%s", message);
    assert(run->phase == RUN_SENDING || run->phase == RUN_RESOLVING);
    error->retry_after = retry_after;
    run->transaction.failure = error;
    run->transaction.state = TRANSACTION_LOST;
    fail_the_rest(run);
    run->phase = RUN_ENDED;
}
