/*
 * db_pool_share.c - connections that several requests share.
 *
 * Each wakes a backend and a worker less often than one that is lent to a single request: what
 * several ask goes out together, and comes back together.  Only requests that are known to be cheap
 * share.  If the first of them takes long all the same, the connection becomes its own, and the
 * others are to send again what they have sent, on other connections: they only read.
 *
 * SPDX-License-Identifier: MIT
 */
#include "pool/db_pool_internal.h"

#include <assert.h>

#include "database/db.h"
#include "event/clock.h"

/* Of all connections so many are shared at most; one more is taken only while all that are shared
 * have something to do. */
enum { SHARED_MOST = 2 };

static int
shared_most(const struct db_pool *pool)
{
    int quarter = pool->maximum / 4; /* another quarter is kept from heavy requests */

    return pool->shared_requests < 2 ? 0 : quarter < SHARED_MOST ? quarter : SHARED_MOST;
}

/* --- who shares --- */

void
db_pool_join(struct db_member *m, struct db_loan *loan)
{
    loan->member = m;
    loan->db = m->db;
    loan->flush = (struct db_flush){ .is_shared = true };
    loan->is_told = loan->is_abandoned = false;
    loan->state = DB_LOAN_GRANTED;
    db_pool_list_add(&m->sharers, loan);
}

static void
part(struct db_member *m, struct db_loan *loan)
{
    db_pool_list_remove(&m->sharers, loan);
    loan->member = NULL;
    loan->db = NULL;
    loan->flush.is_shared = false;
}

void
db_pool_begin_sharing(struct db_member *m)
{
    struct db_pool *pool = m->pool;

    db_pool_set_state(m, MEMBER_SHARED);
    m->owner = 0;
    m->progress_at = clock_now();
    loop_set_timer(pool->loop, &m->stall, m->progress_at + pool->shared_time);
}

void
db_pool_stop_sharing(struct db_member *m)
{
    assert(!m->sharers.first);
    loop_stop_timer(m->pool->loop, &m->stall);
    loop_drop_task(m->pool->loop, &m->push);
}

/* Nobody shares it any more.  While it has answers to come, which nobody waits for, it can be
 * shared still, but not be lent. */
static void
rest(struct db_member *m)
{
    if (db_is_pending(m->db))
        return;
    db_pool_stop_sharing(m);
    db_pool_take_back(m);
}

/* Can one more share it? */
static bool
has_room(const struct db_member *m)
{
    return m->state == MEMBER_SHARED && m->losses == m->pool->losses && !db_is_closed(m->db) &&
           m->sharers.count < m->pool->shared_requests && !db_needs_rest(m->db);
}

/* That which the fewest share; NULL: none. */
static struct db_member *
find_shared(const struct db_pool *pool)
{
    struct db_member *best = NULL;

    for (int i = 0; i < pool->maximum; i++) {
        struct db_member *m = &pool->members[i];
        if (has_room(m) && (!best || m->sharers.count < best->sharers.count))
            best = m;
    }
    return best;
}

struct db_member *
db_pool_find_shared(struct db_pool *pool, const struct db_loan *loan)
{
    struct db_member *m = find_shared(pool);

    if ((!m || m->sharers.count > 0) && pool->counts[MEMBER_SHARED] < shared_most(pool)) {
        struct db_member *idle = db_pool_take_idle(pool, loan);
        if (idle)
            db_pool_begin_sharing(idle);
        m = idle ? idle : m;
    }
    return m;
}

/* --- what they send, and what comes --- */

/* One whose flush is over, and who was not told. */
static struct db_loan *
find_answered(const struct db_member *m)
{
    struct db_loan *loan = m->sharers.first;

    while (loan && (loan->is_told || loan->flush.is_under_way || !loan->flush.ended_at))
        loan = loan->next;
    return loan;
}

static void
tell_answered(struct db_member *m)
{
    struct db_loan *loan;

    while (m->state == MEMBER_SHARED && (loan = find_answered(m))) {
        m->progress_at = clock_now();
        loan->is_told = true;
        loan->wake(loan);
    }
}

/* Wait for what the connection needs, and tell those whose flush is over. */
static void
go_on(struct db_member *m)
{
    if (!db_is_closed(m->db))
        (void)db_pool_watch_or_expire(m);
    tell_answered(m);
    if (m->state == MEMBER_SHARED && !m->sharers.first)
        rest(m);
}

static void
push(struct loop_task *task)
{
    struct db_member *m = CONTAINER_OF(task, struct db_member, push);

    db_push(m->db);
    go_on(m);
}

void
db_pool_push_soon(struct db_member *m)
{
    loop_add_task(m->pool->loop, &m->push);
}

void
db_pool_take_shared(struct db_member *m)
{
    (void)db_take(m->db);
    go_on(m);
}

void
db_pool_leave_shared(struct db_member *m, struct db_loan *loan)
{
    assert(m->state == MEMBER_SHARED && !loan->flush.is_under_way);
    part(m, loan);
    if (db_is_closed(m->db))
        db_pool_push_soon(m); /* the others have an outcome, too */
    else if (!m->sharers.first)
        rest(m);
}

/* --- one that takes long --- */

/* It is to be sent again, on another connection; or it was not sent, and can queue as before. */
static void
move(struct db_member *m, struct db_loan *loan)
{
    bool is_sent = loan->flush.ended_at != 0;

    if (loan->flush.is_under_way)
        db_forget_flush(m->db, &loan->flush, DB_MOVED);
    part(m, loan);
    if (is_sent)
        db_pool_tell_soon(loan, DB_LOAN_MOVED);
    else
        db_pool_enqueue(m->pool, loan);
}

void
db_pool_own(struct db_loan *loan)
{
    struct db_member *m = loan->member;
    struct db_loan *next;

    assert(m->state == MEMBER_SHARED && loan->flush.is_shared);
    for (struct db_loan *other = m->sharers.first; other; other = next) {
        next = other->next;
        if (other != loan)
            move(m, other);
    }
    part(m, loan);
    db_pool_stop_sharing(m);
    db_pool_lend(m, loan);
    m->is_abandoned = loan->is_abandoned;
    loan->is_heavy = true;
}

/* Of those that were sent and not answered, the first. */
static struct db_loan *
find_first(const struct db_member *m)
{
    struct db_loan *first = NULL;

    for (struct db_loan *loan = m->sharers.first; loan; loan = loan->next)
        if (loan->flush.is_under_way && (!first || loan->flush.ended_at < first->flush.ended_at))
            first = loan;
    return first;
}

static void
stalled(struct loop_timer *timer)
{
    struct db_member *m = CONTAINER_OF(timer, struct db_member, stall);
    struct db_pool *pool = m->pool;
    struct db_loan *first = find_first(m);
    int64_t now = clock_now();

    int64_t since =
        m->sharers.first && !first ? now : m->progress_at; /* they have sent nothing yet */

    if (now - since < pool->shared_time) {
        loop_set_timer(pool->loop, &m->stall, since + pool->shared_time);
        return;
    }
    if (first) {
        db_pool_own(first);
    } else { /* nobody waits for what it does */
        db_pool_ask_canceller(m);
        db_pool_close_member(m);
    }
    db_pool_serve(pool);
}

void
db_pool_init_sharing(struct db_member *m)
{
    m->stall.due = stalled;
    m->push.run = push;
}
