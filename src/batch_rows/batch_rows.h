/*
 * batch_rows.h - the rows of a batch: which are those of a key, and in what order.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BATCH_ROWS_BATCH_ROWS_H
#define BATCH_ROWS_BATCH_ROWS_H

struct arena;
struct batch_keys;
struct plan_statement;
struct rows;

/* Find the rows of each of so many keys, in the statement's order: by the key's number, from 0, its
 * first row, and one number more than there are keys.  Rows that have come in another order are
 * numbered anew (rows_set_order()), where the statement says by what they are sorted; else they
 * must come by key.
 *
 * A row's first cell is the number of its key, or, where `keys` is not NULL, one of these: then the
 * rows may come by key in any order, and those of other keys are left out. */
int *batch_rows_index(struct arena *a, const struct plan_statement *statement, struct rows *rows,
                      int key_count, const struct batch_keys *keys);

#endif
