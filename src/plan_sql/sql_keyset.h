/*
 * sql_keyset.h - the rows behind a cursor, or in front of it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_SQL_SQL_KEYSET_H
#define PLAN_SQL_SQL_KEYSET_H

#include "base/buf.h"
#include "plan/plan.h"

/* What the rows on the right side of each cursor meet, with `before` first, unless there is no
 * cursor. */
void sql_keyset(struct buf *b, const struct plan_relation *r, const char *before);

#endif
