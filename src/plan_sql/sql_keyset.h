/*
 * sql_keyset.h - the rows behind a cursor, or in front of it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_SQL_SQL_KEYSET_H
#define PLAN_SQL_SQL_KEYSET_H

#include <stdbool.h>

#include "base/buf.h"
#include "plan/plan.h"

/* Writes a relation's rows up to what their cursors say: `SELECT ... FROM ... WHERE ...`.  Returns
 * what stands before one more condition: " AND ", or " WHERE ". */
typedef const char *sql_rows_fn(struct buf *b, const struct plan_relation *r);

/* What the rows on the right side of each cursor meet, with `before` first, unless there is no
 * cursor. */
void sql_keyset_conditions(struct buf *b, const struct plan_relation *r, const char *before);
/* Do the cursors part the rows, so that they stand in a subselect? */
bool sql_keyset_has_parts(const struct plan_relation *r);
/* Write these parts, `(SELECT ...) UNION ALL (SELECT ...)`: each is in the rows' order and cut to
 * their limit, and all of them together are not. */
void sql_keyset_parts(struct buf *b, const struct plan_relation *r, sql_rows_fn *rows);
/* Write the rows on the right side of each cursor, in their order and cut to their limit. */
void sql_keyset(struct buf *b, const struct plan_statement *s, sql_rows_fn *rows);
/* The same for each key of a batch: in a fence of keys, with what is joined to the rows, and in
 * their order, by key first, unless who gets them sorts them. */
void sql_keyset_by_key(struct buf *b, const struct plan_statement *s, sql_rows_fn *rows);
/* The rows, where it is only asked whether there is one. */
void sql_keyset_probe(struct buf *b, const struct plan_statement *s, sql_rows_fn *rows);

#endif
