/*
 * cost.h - what requests have cost PostgreSQL before, so that costly ones never take all of a
 * worker's connections.
 *
 * A table of fixed size keeps the time that the same statements took before.  Statements that are
 * not in it count as costly: a client that sends new statements may know what they cost, but we do
 * not.  Statements that come only once do not drive those out of the table that many requests
 * send.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef POOL_COST_H
#define POOL_COST_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct costs;

/* Make an empty table, in the arena.  Statements that nearly always take less than `cheap`
 * milliseconds are cheap; those that take `heavy` milliseconds on average are heavy. */
struct costs *costs_new(struct arena *a, int cheap, int heavy);

enum cost {
    COST_CHEAP, /* nearly all take less than `cheap` */
    COST_LIGHT,
    COST_UNKNOWN,
    COST_HEAVY, /* some take long, or have waited: for a lock, or for a core */
    COST_COSTLY /* nearly all take long */
};

/* What the statements with this key cost. */
enum cost costs_find(const struct costs *costs, uint64_t key);
/* The statements with this key took so many microseconds, once more. */
void costs_add(struct costs *costs, uint64_t key, int64_t time);

/* A request of this owner has taken so many microseconds, until now (clock_now()). */
void costs_add_owner(struct costs *costs, uint64_t owner, int64_t time, int64_t now);
/* Has the owner kept PostgreSQL busy in the last second, and more than all others together, however
 * little each of its requests took? */
bool costs_is_busy(const struct costs *costs, uint64_t owner, int64_t now);

#endif
