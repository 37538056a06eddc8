/*
 * sql_aggregate.h - the SQL of what is made of many rows: counts, sums, and groups.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_SQL_SQL_AGGREGATE_H
#define PLAN_SQL_SQL_AGGREGATE_H

#include "base/buf.h"
#include "plan/plan.h"

/* Write the statement, whose relation is an AGGREGATE; and the same for a batch of one key. */
void sql_aggregate(struct buf *b, const struct plan_statement *s);
void sql_aggregate_one_key(struct buf *b, const struct plan_statement *s);

#endif
