/*
 * sql_through.h - the SQL of lists that are joined by a table between.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_SQL_SQL_THROUGH_H
#define PLAN_SQL_SQL_THROUGH_H

#include "base/buf.h"
#include "plan/plan.h"

/* `"product_tags" AS p2 JOIN "tags" AS t1 ON ...` */
void sql_through_from(struct buf *b, const struct plan_relation *r);

#endif
