/*
 * trial_filter.h - filters that have each condition that a filter can have.
 *
 * An input type is a filter of one table's rows, wherever it stands: so each of its conditions is
 * written once, on the way on which it is met first.  Within another filter, one that a field of
 * the query type takes is left to that: what a filter leads to may be the whole contract.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRIAL_TRIAL_FILTER_H
#define TRIAL_TRIAL_FILTER_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct bound_filter;
struct buf;
struct map;

/* Every condition. */
enum { TRIAL_FILTER_ALL = -1 };

/* Write a filter with the condition of that number alone, or with all of them, but nothing within
 * filters whose names `elsewhere` has, a set or NULL.  Return how many there are.  `*place`
 * becomes what the condition is written as: `LinkFilter.url.eq`. */
int trial_filter_write(struct arena *a, struct buf *b, const struct bound_filter *filter,
                       const struct map *elsewhere, int number, struct str *place);
/* Write a filter that a write takes, which has nothing in it without a condition: with one
 * condition, or with all of them. */
void trial_filter_write_strict(struct arena *a, struct buf *b, const struct bound_filter *filter,
                               bool is_of_one);

#endif
