/*
 * trial_order.h - orders that have each term that an order can have.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRIAL_TRIAL_ORDER_H
#define TRIAL_TRIAL_ORDER_H

/* As many terms of an order are tried at once; CURSOR_TERMS is more, by those of a key. */
enum { TRIAL_ORDER_TERMS = 30 };

struct buf;
struct type;

/* Write a value of the type, an argument's that orders rows: terms from that number on, counted
 * from 0, as many as are tried at once; of what is no list, one.  Returns how many there are. */
int trial_order_write(struct buf *b, const struct type *type, int from);
/* How many of its terms are tried at once. */
int trial_order_step(const struct type *type);

#endif
