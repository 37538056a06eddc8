/*
 * rows.h - the rows that a call has found: cells of bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_ROWS_H
#define DATABASE_ROWS_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct pg_result; /* libpq's PGresult */
struct rows;
struct statement; /* statement.h */

/* The rows of the result, which is released with the arena. */
struct rows *rows_new(struct arena *a, struct pg_result *result);
/* Number the rows anew: row i is from now on the one that came as number order[i], from 0.
 * `order` lives as long as the rows. */
void rows_set_order(struct rows *rows, const int *order);
int rows_count(const struct rows *rows);
/* The bytes of memory that they take. */
size_t rows_size(const struct rows *rows);
/* The cell's bytes; STR_NONE for null. */
struct str rows_get(const struct rows *rows, int row, int column);
/* Are the cells of the result of the types that the statement says? */
bool rows_fit(const struct pg_result *result, const struct statement *statement);

#endif
