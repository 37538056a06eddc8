/*
 * plan_print.h - a plan as text, in the manner of EXPLAIN.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_PLAN_PRINT_H
#define PLAN_PLAN_PRINT_H

struct buf;
struct plan;

/* Write the tree of relations, root fields in their order. */
void plan_print(struct buf *b, const struct plan *plan);
/* Write the statements, each after a comment that tells its wave and parameters. */
void plan_print_sql(struct buf *b, const struct plan *plan);

#endif
