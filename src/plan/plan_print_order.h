/*
 * plan_print_order.h - what rows are sorted by, as text.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_PLAN_PRINT_ORDER_H
#define PLAN_PLAN_PRINT_ORDER_H

#include <stdbool.h>

#include "binding/order.h"

struct buf;
struct plan_relation;

/* `l1.url`, `u2.username`, `count(v3)`, `score(l1)`: a term of the relation's order. */
void plan_print_term(struct buf *b, const struct plan_relation *r, int number);
/* ` DESC NULLS LAST` */
void plan_print_direction(struct buf *b, struct order_direction direction, bool may_be_null);
/* The terms, separated by commas. */
void plan_print_order(struct buf *b, const struct plan_relation *r);

#endif
