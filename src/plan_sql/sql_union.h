/*
 * sql_union.h - the SQL of rows that stand in several tables.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_SQL_SQL_UNION_H
#define PLAN_SQL_SQL_UNION_H

#include <stdbool.h>

struct buf;
struct plan_relation;

/* The rows of a union's branches, in its order, cut to its limit: what stands in a subselect. */
void sql_union_rows(struct buf *b, const struct plan_relation *r);
/* The terms of a union's order, of its columns' names alone or with its alias before them. */
void sql_union_order(struct buf *b, const struct plan_relation *r, bool has_alias);

/* As many rows as the union has, without their columns: to be counted. */
void sql_union_count(struct buf *b, const struct plan_relation *r);

#endif
