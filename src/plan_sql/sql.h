/*
 * sql.h - the SQL of a plan's statements.
 *
 * A function of the contract and of the document's shape alone: names come
 * from the catalog and labels of types from the contract, and are quoted; values
 * are parameters; the one literal of a request is a row limit, an integer that
 * has been checked.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_SQL_SQL_H
#define PLAN_SQL_SQL_H

struct arena;
struct plan_statement;

/* Write the statement's text, and its hash, into the statement. */
void sql_write_statement(struct arena *a, struct plan_statement *statement);

/* How many columns the statement has at most, where it has most. */
int sql_column_count(const struct plan_statement *statement);

#endif
