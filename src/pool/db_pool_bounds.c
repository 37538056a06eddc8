/*
 * db_pool_bounds.c - who may have one of a pool's connections, so that enough stay for others.
 *
 * SPDX-License-Identifier: MIT
 */
#include "pool/db_pool_internal.h"

#include "event/clock.h"
#include "event/turns.h"

/* Milliseconds for which an owner leaves connections to others after one of them has asked. */
enum { OTHERS_TIME = 10000 };

/* Milliseconds for which an owner takes turns after it was seen to keep PostgreSQL busy. */
enum { TURNS_TIME = 2000 };

/* A quarter of the connections, or one. */
static int
quarter(const struct db_pool *pool)
{
    return pool->maximum >= 4 ? pool->maximum / 4 : 1;
}

static bool
is_heavy(const struct db_member *m, int64_t now)
{
    if (m->state == MEMBER_SETTLING)
        return true;
    return m->state == MEMBER_LENT &&
           (m->loan->is_heavy || now - m->loan->granted_at > m->pool->heavy_time);
}

/* How many connections can heavy requests have together, or one owner while there are others? */
static int
bound(const struct db_pool *pool)
{
    return pool->maximum - quarter(pool) - pool->counts[MEMBER_SHARED];
}

/* Can a heavy request have a connection, so that enough stay for others? */
static bool
has_room_for_heavy(const struct db_pool *pool)
{
    int64_t now = clock_now();
    int heavy = 0;

    for (int i = 0; i < pool->maximum; i++)
        heavy += is_heavy(&pool->members[i], now);
    return pool->maximum == 1 || heavy < bound(pool);
}

int
db_pool_count_lent(const struct db_pool *pool, uint64_t owner, bool is_abandoned)
{
    int count = 0;

    for (int i = 0; i < pool->maximum; i++) {
        const struct db_member *m = &pool->members[i];
        count += m->owner == owner && m->state >= MEMBER_LENT && m->is_abandoned >= is_abandoned;
    }
    return count;
}

/* Is there only one owner, as far as we have seen lately? */
static bool
is_alone(const struct db_pool *pool)
{
    return clock_now() >= pool->others_until;
}

/* Can its owner have one more? */
static bool
has_room_for_owner(const struct db_pool *pool, uint64_t owner)
{
    return db_pool_count_lent(pool, owner, true) < quarter(pool) &&
           (pool->maximum == 1 || is_alone(pool) ||
            db_pool_count_lent(pool, owner, false) < bound(pool));
}

bool
db_pool_may_borrow(const struct db_pool *pool, const struct db_loan *loan)
{
    return (!loan->owner || has_room_for_owner(pool, loan->owner)) &&
           (!loan->is_heavy || has_room_for_heavy(pool)) &&
           (!loan->is_costly || !pool->turns ||
            turns_are_free(pool->turns, pool->number, clock_now()));
}

/* As long as there is only one owner it may have all connections: it could be a proxy. */
void
db_pool_note_owner(struct db_pool *pool, uint64_t owner)
{
    if (!owner || owner == pool->owner)
        return;
    if (pool->owner)
        pool->others_until = clock_now() + OTHERS_TIME;
    pool->owner = owner;
}

bool
db_pool_takes_turns(struct db_pool *pool, const struct db_loan *loan)
{
    int64_t now = clock_now();

    if (loan->needs_write || !loan->owner)
        return false;
    if (loan->is_busy && !is_alone(pool))
        turns_note_owner(pool->turns, pool->number, loan->owner, now + TURNS_TIME);
    return turns_has_owner(pool->turns, loan->owner, now);
}
