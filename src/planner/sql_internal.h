/*
 * sql_internal.h - what sql.c and sql_union.c share: pieces of SQL.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLANNER_SQL_INTERNAL_H
#define PLANNER_SQL_INTERNAL_H

#include "base/buf.h"
#include "planner/plan.h"

/* --- sql.c --- */

/* `l1."url"` */
void sql_column(struct buf *b, struct str alias, const struct column *column);
/* `"#3"`: the name of a cell that is no column. */
void sql_cell_name(struct buf *b, int number);
/* `"word_count"(l1)` */
void sql_function_of_row(struct buf *b, const struct plan_cell *cell);
/* `$2::bigint` */
void sql_parameter(struct buf *b, const struct plan_statement *s, int number);
/* `"links" AS l1` */
void sql_from(struct buf *b, const struct plan_relation *r);
/* What the relation's rows must meet, `before` in front, unless it is nothing. */
void sql_filters(struct buf *b, const struct plan_relation *r, const char *before);
void sql_order_by(struct buf *b, const struct plan_relation *r);
void sql_limit(struct buf *b, const struct plan_relation *r);

/* --- sql_union.c --- */

/* The union as a subselect: the rows of its branches, in its order, cut to its limit. */
void sql_union_select(struct buf *b, const struct plan_statement *s);
/* The order of a union, of its columns' names alone or with its alias before them. */
void sql_union_order(struct buf *b, const struct plan_relation *r, bool has_alias);
/* A cell of a union, or of a branch, outside the union. */
void sql_union_cell(struct buf *b, const struct plan_statement *s, int number);
/* The same for a column of a branch, which is a cell. */
void
sql_union_column(struct buf *b, const struct plan_relation *branch, const struct column *column);
/* The kind of such a cell. */
enum column_kind sql_union_kind(const struct plan_cell *cell);

#endif
