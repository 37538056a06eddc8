/*
 * sql_filter.h - what rows must meet: comparisons, their combinations, and rows beside them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_SQL_SQL_FILTER_H
#define PLAN_SQL_SQL_FILTER_H

#include "base/str.h"

struct buf;
struct plan_filter;
struct plan_relation;

/* The conditions, joined by AND, with `before` first, unless there is none. */
void sql_filters(struct buf *b, const struct plan_filter *filters, const char *before);

/* `ts_rank(to_tsvector('english', l1."url"), websearch_to_tsquery('english', $1::text))`: how well
 * rows fit the words of a condition by `matches`. */
void sql_rank(struct buf *b, const struct plan_filter *words);

#endif
