/*
 * sql_page.h - what else a connection asks of its rows: the probe and the count.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_SQL_SQL_PAGE_H
#define PLAN_SQL_SQL_PAGE_H

#include "base/buf.h"
#include "plan/plan.h"

/* Is there a row on the other side of the cursor? */
void sql_probe(struct buf *b, const struct plan_statement *s);
/* How many rows are there? */
void sql_count(struct buf *b, const struct plan_statement *s);

#endif
