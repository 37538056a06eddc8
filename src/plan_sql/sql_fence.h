/*
 * sql_fence.h - the subselects that statements cut their rows in, and the keys of batches.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_SQL_SQL_FENCE_H
#define PLAN_SQL_SQL_FENCE_H

#include "base/buf.h"
#include "plan/plan.h"

/* What a subselect must show of the statement's own rows: their cells, what orders them, what
 * joins others to them.  `separator` stands before the first. */
void sql_row_columns(struct buf *b, const struct plan_statement *s, struct str separator);
/* `) AS l1`: the end of a subselect, which has its rows' alias. */
void sql_end_subselect(struct buf *b, struct str alias);
/* The keys of a batch, each with its number; what follows gives a key's rows, which have this
 * alias. */
void sql_begin_keys(struct buf *b, const struct plan_statement *s, struct str alias);
/* `unnest($1::integer[]) WITH ORDINALITY AS k(key, "#0") CROSS JOIN LATERAL `: the keys alone. */
void sql_unnest_keys(struct buf *b, const struct plan_statement *s);
/* The end of it, which has the alias, too. */
void sql_end_keys(struct buf *b, struct str alias);
/* ` ORDER BY v1."#0"`: by key first; the order within a key follows. */
void sql_order_by_key(struct buf *b, const struct plan_statement *s, struct str alias);

/* --- sql_keys.c --- */

/* Can the batch find its keys itself, by reading its parent's rows once more? */
bool sql_may_find_keys(const struct plan_statement *s);
/* `unnest(ARRAY(SELECT l1."id" FROM "links" AS l1 LIMIT 20)) AS k("#0") CROSS JOIN LATERAL `: the
 * keys, as it finds them. */
void sql_found_keys(struct buf *b, const struct plan_statement *s);

#endif
