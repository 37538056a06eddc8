/*
 * execute_bounds.c - what a run may cost: rows, and PostgreSQL's time, over all that it sends; and
 * how it is ended early.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "event/clock.h"
#include "base/limits.h"
#include "database/db_flush.h"
#include "database/sqlstate.h"
#include "database/statement.h"
#include "execution/execute.h"
#include "execution/run.h"

static const int64_t MILLISECOND = 1000000;

void
execute_flush(struct run *run)
{
    run->flushed_at = clock_nanoseconds();
    run->is_working = true;
    if (run->flush && run->is_mutation)
        db_end_writes(run->db, run->arena, run->flush, &run->transaction.commit);
    else if (run->flush)
        db_end_flush(run->db, run->flush);
    else
        db_send(run->db);
}

enum db_state
execute_receive(struct run *run)
{
    return run->flush ? db_take_flush(run->db, run->flush) : db_receive(run->db);
}

/* One cannot tell how long each of its statements took: PostgreSQL sends their rows when all are
 * there. */
static void
note_slow(struct run *run, int64_t time)
{
    run->is_slow = true;
    for (int i = 0; i < run->options.plan->statement_count; i++)
        if (run->statements[i].state == RUN_SENT)
            run->statements[i].slow = time;
}

void
execute_take_flush(struct run *run)
{
    int64_t time = run->flush ? run->flush->time : clock_nanoseconds() - run->flushed_at;

    run->spent += time;
    if (run->phase == RUN_ENDING)
        run->commit_time += time;
    run->is_working = false;
    if (run->options.slow_time > 0 && time >= run->options.slow_time * MILLISECOND)
        note_slow(run, time);
}

void
execute_let_go(struct run *run)
{
    run->db = NULL;
    run->flush = NULL;
}

const struct error execute_unheard = { .code = ERROR_TIMEOUT };

const struct error *
execute_too_late(struct run *run)
{
    return sqlstate_error(run->arena, &(struct db_call){ .outcome = DB_EXPIRED });
}

static const struct error *
too_many_rows(struct run *run)
{
    return errors_add_limit(&(struct errors){ .arena = run->arena }, "nodes",
                            run->options.limits->nodes, "The request fetches more than %d rows.",
                            run->options.limits->nodes);
}

size_t
execute_rows_size(const struct run *run)
{
    size_t size = 0;

    for (int i = 0; i < run->options.plan->statement_count; i++)
        if (run->statements[i].call.rows)
            size += rows_size(run->statements[i].call.rows);
    return size;
}

bool
execute_is_spent(const struct run *run)
{
    return run->spent >= run->options.limits->database_time * MILLISECOND;
}

/* The plan has counted as many as it sends, but for lists of ids: the types that these are of. */
bool
execute_count_statement(struct run *run, const struct plan_statement *statement)
{
    struct errors errors = { .arena = run->arena };
    int most = run->options.limits->statements;

    if (run->transaction.sent_count++ < most)
        return true;
    execute_fail_statement(
        run, statement,
        errors_add_limit(&errors, "statements", most, "The request asks for too many statements."));
    return false;
}

const struct error *
execute_refuse_wave(struct run *run)
{
    if (run->is_stopped && (run->is_cut_short || !run->is_mutation))
        return &execute_unheard;
    if (run->is_cut_short || execute_is_spent(run))
        return execute_too_late(run);
    if (run->row_count > run->options.limits->nodes)
        return too_many_rows(run);
    return NULL;
}

int64_t
execute_spent(const struct run *run)
{
    int64_t working = run->is_working ? clock_nanoseconds() - run->flushed_at : 0;

    return (run->spent - run->commit_time + working) / 1000;
}

int64_t
execute_first_spent(const struct run *run)
{
    return run->first_spent > 0 ? run->first_spent / 1000 : -1;
}

/* What ends a transaction is sent whatever was spent before. */
int64_t
execute_due(const struct run *run)
{
    if (!run->is_working || run->phase == RUN_ENDING)
        return INT64_MAX;
    return (run->flushed_at - run->spent) / MILLISECOND + run->options.limits->database_time;
}

bool
execute_is_complete(const struct run *run)
{
    for (int i = 0; i < run->options.plan->statement_count; i++)
        if (run->statements[i].state != RUN_DONE && run->statements[i].state != RUN_EMPTY)
            return false;
    return true;
}

/* May the statement go out in one flush with all others of the query? */
static bool
is_brief(const struct plan_statement *statement, bool is_alone)
{
    return !statement->statement.needs_custom_plan && (is_alone || !statement->is_isolated) &&
           (statement->wave == 1 || statement->ahead.sql.ptr);
}

bool
execute_is_brief(const struct run *run)
{
    const struct plan *plan = run->options.plan;

    if (run->is_mutation || run->options.is_timed)
        return false;
    for (int i = 0; i < plan->statement_count; i++)
        if (!is_brief(plan->statements[i], plan->statement_count == 1))
            return false;
    return plan->statement_count > 0;
}

uint64_t
execute_key(const struct run *run)
{
    const struct plan *plan = run->options.plan;
    uint64_t key = str_hash(run->viewer.database_role);

    for (int i = 0; i < plan->statement_count; i++)
        key = (key ^ plan->statements[i]->statement.hash) * 0x100000001B3U; /* as FNV-1a does */
    return key ^ key >> 32;
}

void
execute_stop(struct run *run)
{
    run->is_stopped = true;
}

bool
execute_cut_short(struct run *run)
{
    if (run->phase == RUN_ENDING || execute_precedes_commit(run))
        return false;
    run->is_cut_short = true;
    return true;
}

bool
execute_reads_twice(const struct run *run)
{
    return run->options.plan->wave_count > 1;
}
