/*
 * sql_quote.h - the one place where names become SQL.
 *
 * Values never do: they are parameters.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLANNER_SQL_QUOTE_H
#define PLANNER_SQL_QUOTE_H

#include "base/str.h"

struct buf;

/* Write a name of the catalog as an identifier: in double quotes, those within doubled. */
void sql_quote_identifier(struct buf *b, struct str name);

#endif
