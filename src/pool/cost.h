/*
 * cost.h - what requests have cost PostgreSQL before, so that those that cost much never take all
 * of a worker's connections.
 *
 * What is known is the time that the same statements took; a table of fixed size keeps it.  What
 * is not known counts as costly: whoever sends statements that nobody has sent before can tell
 * what they cost, and we cannot.  Statements that many requests send are not driven out of the
 * table by others that come only once.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef POOL_COST_H
#define POOL_COST_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct costs;

/* Make an empty table, in the arena.  What nearly always takes less than `cheap` milliseconds is
 * cheap; what takes `heavy` on average is heavy. */
struct costs *costs_new(struct arena *a, int cheap, int heavy);

enum cost {
    COST_CHEAP, /* nearly all take less than what is cheap */
    COST_LIGHT,
    COST_UNKNOWN,
    COST_HEAVY, /* some take long, or have waited: for a lock, or for a core */
    COST_COSTLY /* nearly all take long */
};

/* What the statements with this key cost. */
enum cost costs_find(const struct costs *costs, uint64_t key);
/* They took so many microseconds. */
void costs_add(struct costs *costs, uint64_t key, int64_t time);

/* A request of this owner has taken so many microseconds, until now (clock_now()). */
void costs_add_owner(struct costs *costs, uint64_t owner, int64_t time, int64_t now);
/* Has the owner kept PostgreSQL busy in the last second, and more than all others together, however
 * little each of its requests took? */
bool costs_is_busy(const struct costs *costs, uint64_t owner, int64_t now);

#endif
