/*
 * rows.h - the rows that a call has found: cells of bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_ROWS_H
#define DATABASE_ROWS_H

#include <stdbool.h>

#include "base/str.h"

struct rows;
struct statement; /* statement.h */

/* Release them: for arena_defer(). */
void rows_free(void *rows);
int rows_count(const struct rows *rows);
/* The bytes of memory that they take. */
size_t rows_size(const struct rows *rows);
/* The cell's bytes; STR_NONE for null. */
struct str rows_get(const struct rows *rows, int row, int column);
/* Are the cells of the types that the statement says? */
bool rows_fit(const struct rows *rows, const struct statement *statement);

#endif
