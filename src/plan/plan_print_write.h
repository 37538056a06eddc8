/*
 * plan_print_write.h - what a write does to its rows, as text.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_PLAN_PRINT_WRITE_H
#define PLAN_PLAN_PRINT_WRITE_H

struct buf;
struct plan_relation;

/* The lines about the columns that the relation's write sets, each indented by `indent` characters;
 * none if it is no write. */
void plan_print_write(struct buf *b, const struct plan_relation *r, int indent);

#endif
