/*
 * request_slow.c - the statements of a request that took long.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include "base/log.h"
#include "database/statement.h"
#include "execution/execute.h"
#include "server/service.h"
#include "server/slow.h"

/* The text has no values: they are parameters. */
static void
log_statement(struct request *r, const struct execute_slow *slow)
{
    const struct log_member members[] = {
        { "requestId", LOG_TEXT, response_id(&r->response), 0 },
        { "documentHash", LOG_TEXT, request_digest(r), 0 },
        { "wave", LOG_NUMBER, STR_NONE, slow->wave },
        { "milliseconds", LOG_NUMBER, STR_NONE, slow->time / 1000000 },
        { "rows", LOG_NUMBER, STR_NONE, slow->rows },
        { "sql", LOG_LONG, slow->statement->sql, 0 },
    };

    log_event(LOG_WARNING, "slow", members, ARRAY_LENGTH(members));
}

void
request_log_slow(struct request *r)
{
    struct execute_slow slow;
    int next = 0;

    if (!r->run)
        return;
    while (execute_next_slow(r->run, &next, &slow)) {
        log_statement(r, &slow);
        if (r->abort == ABORT_NONE)
            slow_explain(r->service, slow.statement, r->viewer.database_role,
                         response_id(&r->response));
    }
}
