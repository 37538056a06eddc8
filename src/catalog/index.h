/*
 * index.h - the indexes of a table, and what they can do for a statement.
 *
 * What PostgreSQL (chapter 11) can answer from an index without reading all of it, whatever the
 * values: so that `linnet check` can say what no index serves, and how to mend that.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CATALOG_INDEX_H
#define CATALOG_INDEX_H

#include <stdbool.h>

#include "base/str.h"

struct column;
struct table;

/* Of how many columns at most an order that an index can have consists: PostgreSQL's limit. */
enum { INDEX_ORDER_MAX = 32 };

/* A term of an order: a column or an expression, and where its nulls are. */
struct index_order {
    const struct column *column; /* NULL: */
    struct str expression;       /* as PostgreSQL writes it */
    bool is_descending;
    bool is_nulls_first;
};

/* Can `table` have indexes that serve what is asked of it?  False for views and foreign tables,
 * of which nothing is known. */
bool index_is_possible(const struct table *table);

/* Does an index find the rows in which `column OPERATOR value`, reading only those?  The operator
 * is one of PostgreSQL's: `=`, `<`, `~~` (LIKE), `~~*` (ILIKE), `@>`; `IS NULL` is one, too. */
bool index_serves(const struct table *table, const struct column *column, const char *op);

/* The same for an expression, as PostgreSQL writes it. */
bool index_serves_expression(const struct table *table, struct str expression, const char *op);

/* Does it find texts by what they begin with (LIKE with a prefix)? */
bool index_serves_prefix(const struct table *table, const struct column *column);

/* Does an index find the rows in which all of these columns are equal to values: by one of them
 * at least?  True for no columns. */
bool
index_serves_equality(const struct table *table, const struct column *const *columns, int count);

/* Do these columns tell all rows apart?  Nothing is sorted behind them. */
bool index_is_decided(const struct table *table, const struct column *const *columns, int count);

/* An index may have the rows in which the columns `equal` have some value in this order, either
 * way round: how many of the terms, from the first?  All, where those in front decide it. */
int index_count_order(const struct table *table, const struct column *const *equal, int equal_count,
                      const struct index_order *terms, int term_count);

#endif
