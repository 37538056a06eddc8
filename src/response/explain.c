/*
 * explain.c - what a run has sent to PostgreSQL, for who asks.
 *
 * SPDX-License-Identifier: MIT
 */
#include "response/explain.h"

#include "base/buf.h"
#include "base/json.h"
#include "database/rows.h"
#include "database/statement.h"
#include "plan/plan_path.h"
#include "execution/run.h"

static void
write_path(struct buf *b, const struct path *path)
{
    if (path->parent) {
        write_path(b, path->parent);
        buf_byte(b, ',');
    }
    json_write_string(b, path->name);
}

static void
write_statement(struct buf *b, const struct plan_statement *statement,
                const struct run_statement *state, const struct path *path)
{
    const struct db_call *call = &state->call;

    buf_printf(b, "{\"wave\":%d,\"path\":[", statement->wave);
    write_path(b, path);
    buf_put(b, STR("],\"sql\":"));
    json_write_string(b, call->statement->sql);
    buf_put(b, STR(",\"rows\":"));
    if (call->outcome == DB_ROWS)
        buf_int64(b, rows_count(call->rows));
    else
        buf_put(b, STR("null"));
    buf_put(b, STR(",\"milliseconds\":"));
    if ((call->outcome == DB_ROWS || call->outcome == DB_FAILED) && call->answered_at)
        buf_printf(b, "%.3f", (double)(call->answered_at - state->sent_at) / 1e6);
    else
        buf_put(b, STR("null"));
    buf_byte(b, '}');
}

void
explain_write(struct buf *b, struct arena *a, const struct run *run)
{
    const struct plan *plan = run->options.plan;
    const struct path **paths = plan_paths(a, plan);
    const char *separator = "";

    buf_byte(b, '[');
    for (int wave = 1; wave <= plan->wave_count; wave++)
        for (int i = 0; i < plan->statement_count; i++) {
            const struct run_statement *state = &run->statements[i];
            if (plan->statements[i]->wave != wave || !state->call.statement) /* not sent */
                continue;
            buf_put_c(b, separator);
            separator = ",";
            write_statement(b, plan->statements[i], state, paths[i]);
        }
    buf_byte(b, ']');
}
