/*
 * execute.c - run a plan: its waves of statements, one step at a time.
 *
 * A query of one statement is its own transaction.  One of several sees one
 * snapshot: BEGIN goes out with the first wave and COMMIT with the last, so
 * that a query of list depth d takes d round trips and never more.
 *
 * SPDX-License-Identifier: MIT
 */
#include "execution/execute.h"

#include <assert.h>

#include "base/arena.h"
#include "base/log.h"
#include "execution/run.h"
#include "execution/sqlstate.h"
#include "type/schema.h"

static void
fail_statement(struct run_statement *statement, const struct error *error)
{
    statement->state = RUN_FAILED;
    statement->error = error;
}

/* @signedIn is checked before any SQL, so that a refusal is no SQL error. */
static void
refuse_root(struct run *run, const struct plan_field *root)
{
    const struct binding *binding = root->definition->binding;
    struct errors errors = { .arena = run->arena };

    if (!binding || !binding->signed_in.ptr || run->options.viewer->user_id.ptr)
        return;
    const struct error *error =
        errors_add(&errors, ERROR_UNAUTHENTICATED, "%.*s", STR_PRINT(binding->signed_in));
    for (int i = 0; i < run->options.plan->statement_count; i++)
        if (run->options.plan->statements[i]->root == root)
            fail_statement(&run->statements[i], error);
}

struct run *
execute_start(struct arena *a, const struct execute_options *options)
{
    struct run *run = ARENA_NEW(a, struct run);

    run->options = *options;
    run->arena = a;
    run->statements = ARENA_ARRAY(a, struct run_statement, (size_t)options->plan->statement_count);
    for (const struct plan_field *root = options->plan->fields; root; root = root->next)
        refuse_root(run, root);
    return run;
}

static const struct error *
make_error(struct run *run, const char *state)
{
    const struct sqlstate *row = sqlstate_get(state);
    struct errors errors = { .arena = run->arena };
    struct error *error = errors_add(&errors, row->code, "%s", row->message);

    if (row->code == ERROR_SERVICE_UNAVAILABLE)
        error->retry_after = 1;
    return error;
}

const struct error *
execute_statement_error(struct run *run, const struct db_call *call)
{
    if (call->outcome == DB_LOST)
        return make_error(run, "08006");
    if (call->outcome == DB_FAILED) {
        log_error("statement failed: %s %.*s", call->sqlstate, STR_PRINT(call->message));
        return make_error(run, call->sqlstate);
    }
    return make_error(run, ""); /* skipped, since another one failed */
}

/* Send the wave's statements; false when none needed to be. */
static bool
send_wave(struct run *run)
{
    const struct plan *plan = run->options.plan;
    int sent = 0;

    for (int i = 0; i < plan->statement_count; i++) {
        const struct plan_statement *statement = plan->statements[i];
        struct run_statement *state = &run->statements[i];
        if (statement->wave != run->wave || state->state != RUN_PLANNED ||
            !execute_find_parameters(run, statement))
            continue;
        if (plan->statement_count > 1 && !run->in_transaction) {
            db_command(run->options.db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            run->in_transaction = true;
        }
        state->call.statement = &statement->statement;
        db_call(run->options.db, run->arena, &state->call);
        state->state = RUN_SENT;
        sent++;
    }
    if (sent > 0 && run->in_transaction && run->wave == plan->wave_count) {
        db_command(run->options.db, "COMMIT");
        run->is_committed = true;
    }
    return sent > 0;
}

/* After the last wave: end a transaction that is still open. */
static void
end_transaction(struct run *run)
{
    bool is_open =
        run->in_transaction && !run->is_disconnected && (!run->is_committed || run->has_failed);

    run->phase = is_open ? RUN_ENDING : RUN_ENDED;
    if (is_open) {
        db_command(run->options.db, run->has_failed ? "ROLLBACK" : "COMMIT");
        db_send(run->options.db);
    }
}

static void
send_next_wave(struct run *run)
{
    while (!run->has_failed && run->wave < run->options.plan->wave_count) {
        run->wave++;
        if (send_wave(run)) {
            db_send(run->options.db);
            run->phase = RUN_RECEIVING;
            return;
        }
    }
    end_transaction(run);
}

static void
take_statement(struct run *run, const struct plan_statement *statement)
{
    struct run_statement *state = &run->statements[statement->number];

    if (state->call.outcome == DB_ROWS) {
        state->state = RUN_DONE;
        if (statement->parent)
            execute_index_batch(run, statement);
        return;
    }
    fail_statement(state, execute_statement_error(run, &state->call));
    run->has_failed = true;
    run->is_disconnected |= state->call.outcome == DB_LOST;
}

/* One statement's error ends the transaction: what has not completed by now never will. */
static void
fail_the_rest(struct run *run)
{
    const struct error *error = make_error(run, run->is_disconnected ? "08006" : "");

    for (int i = 0; i < run->options.plan->statement_count; i++)
        if (run->statements[i].state == RUN_PLANNED)
            fail_statement(&run->statements[i], error);
}

static void
take_wave(struct run *run)
{
    const struct plan *plan = run->options.plan;

    for (int i = 0; i < plan->statement_count; i++)
        if (run->statements[i].state == RUN_SENT)
            take_statement(run, plan->statements[i]);
    if (run->has_failed)
        fail_the_rest(run);
    run->phase = RUN_SENDING;
}

enum execute_state
execute_step(struct run *run)
{
    while (run->phase != RUN_ENDED) {
        if (run->phase == RUN_SENDING) {
            send_next_wave(run);
            continue;
        }
        if (db_receive(run->options.db) == DB_WAITING)
            return EXECUTE_WAITING;
        if (run->phase == RUN_ENDING)
            run->phase = RUN_ENDED;
        else
            take_wave(run);
    }
    return EXECUTE_DONE;
}

void
execute_finish(struct run *run, int64_t deadline)
{
    while (execute_step(run) == EXECUTE_WAITING)
        db_wait(run->options.db, deadline);
}

bool
execute_is_unavailable(const struct run *run)
{
    for (int i = 0; i < run->options.plan->statement_count; i++)
        if (run->statements[i].state == RUN_DONE)
            return false;
    return run->is_disconnected;
}
