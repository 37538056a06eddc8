/*
 * plan_print_filter.h - a condition of a plan as text.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_PLAN_PRINT_FILTER_H
#define PLAN_PLAN_PRINT_FILTER_H

struct buf;
struct plan_filter;

/* Write the condition, with what it is about in it: `l1.url contains $1`. */
void plan_print_filter(struct buf *b, const struct plan_filter *filter);

#endif
