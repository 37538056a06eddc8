/*
 * init_propose.h - of a contract that was written, what is about one table: to be pasted and cut.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef INIT_INIT_PROPOSE_H
#define INIT_INIT_PROPOSE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct ast_document;
struct buf;
struct errors;
struct init_model;
struct init_table;

/* The table that a name of the command line means, `films` or `sales.orders`, if it has a type; or
 * NULL. */
const struct init_table *init_propose_find(const struct init_model *model, struct str name);

/* Write the table's fields of Query, its type, filter, order and connection, and the scalars, enums
 * and operators that these need, from `text`, which is what init_write() wrote.  What `known`, a
 * contract or NULL, defines by the same names is left out, and so are other tables' types.  False
 * after adding an error: `text` is no contract. */
bool init_propose(struct arena *a, const struct init_model *model, const struct init_table *table,
                  struct str text, const struct ast_document *known, struct buf *out,
                  struct errors *errors) MUST_CHECK;

#endif
