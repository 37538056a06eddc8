/*
 * plan_print_write.h - what a write does to its rows, as text.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_PLAN_PRINT_WRITE_H
#define PLAN_PLAN_PRINT_WRITE_H

#include <stdbool.h>

struct buf;
struct plan_parameter;
struct plan_relation;
struct plan_statement;

/* Has the statement's parameter something of each of the objects that it writes? */
bool
plan_print_is_of_objects(const struct plan_statement *s, const struct plan_parameter *parameter);
/* `input.votes.kind`: then, what that is. */
void plan_print_of_objects(struct buf *b, const struct plan_statement *s,
                           const struct plan_parameter *parameter);

/* The lines about the columns that the relation's write sets, each indented by `indent` characters;
 * none if it is no write. */
void plan_print_write(struct buf *b, const struct plan_relation *r, int indent);

#endif
