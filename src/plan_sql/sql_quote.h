/*
 * sql_quote.h - the one place where names, and what the contract itself compares
 * with, become SQL.
 *
 * Values of a request never do: they are parameters.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_SQL_SQL_QUOTE_H
#define PLAN_SQL_SQL_QUOTE_H

#include "base/str.h"

struct buf;
struct column;
struct column_type;
struct function;

/* Write a name of the catalog as an identifier (catalog/identifier.h), with the name of its schema
 * before it, unless that is STR_NONE. */
void sql_quote_qualified(struct buf *b, struct str schema, struct str name);

/* `l1."url"` */
void sql_quote_column(struct buf *b, struct str alias, const struct column *column);
/* The same, or `l1."mood"::mood`: as operators and aggregates take it, since those of enums take no
 * domain.  An index on the column serves it; no order needs it. */
void sql_quote_operand(struct buf *b, struct str alias, const struct column *column);
/* `"word_count"(l1.*)`: a function of the row. */
void sql_quote_call(struct buf *b, const struct function *function, struct str alias);
/* `::mood`, behind a value of the type, where it is a domain of an enum. */
void sql_quote_cast(struct buf *b, const struct column_type *type);

/* Write a text of the contract as a string constant: in quotes, those within doubled. */
void sql_quote_literal(struct buf *b, struct str text);

#endif
