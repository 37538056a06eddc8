/*
 * db_count.c - count what becomes of calls.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/db_count.h"

#include "database/db_call.h"
#include "database/rows.h"
#include "metrics/metrics.h"

void
db_count(const struct db_call *call)
{
    switch (call->outcome) {
    case DB_ROWS:
        metrics_add(METRICS_STATEMENT_OK, 1);
        metrics_add(METRICS_ROWS, (uint64_t)rows_count(call->rows));
        break;
    case DB_FAILED:
        metrics_add(METRICS_STATEMENT_FAILED, 1);
        metrics_add_error(call->sqlstate);
        break;
    case DB_SKIPPED:
        metrics_add(METRICS_STATEMENT_SKIPPED, 1);
        break;
    case DB_LOST:
    case DB_EXPIRED:
        metrics_add(METRICS_STATEMENT_LOST, 1);
        break;
    case DB_PENDING: /* it will have one */
    case DB_MOVED:   /* it is sent again */
        break;
    }
}
