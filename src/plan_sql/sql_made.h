/*
 * sql_made.h - the cells of aggregates: counts, functions of columns, and the keys of groups.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_SQL_SQL_MADE_H
#define PLAN_SQL_SQL_MADE_H

#include "base/buf.h"
#include "plan/plan.h"

/* Has an aggregate alone such cells? */
bool sql_made_is(const struct plan_cell *cell);
/* `sum(l1."size")`: such a cell, or a column, which is a key of groups. */
void sql_made_cell(struct buf *b, const struct plan_cell *cell);

#endif
