/*
 * sql_quote.h - the one place where names, and what the contract itself compares
 * with, become SQL.
 *
 * Values of a request never do: they are parameters.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLANNER_SQL_QUOTE_H
#define PLANNER_SQL_QUOTE_H

#include "base/str.h"
#include "catalog/catalog.h"

struct buf;

/* Write a name of the catalog as an identifier: in double quotes, those within doubled. */
void sql_quote_identifier(struct buf *b, struct str name);

/* Write a text of the contract as a string constant: in quotes, those within doubled. */
void sql_quote_literal(struct buf *b, struct str text);

/* The name of the SQL type that a parameter is cast to: the kind's own name, or
 * `type_name` for those that have none.  Without length or precision, so that
 * a value is compared as it is and never cut. */
struct str sql_type_name(enum column_kind kind, struct str type_name);

#endif
