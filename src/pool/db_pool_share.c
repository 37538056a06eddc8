/*
 * db_pool_share.c - connections that several requests share.
 *
 * Each wakes a backend and a worker less often than one that is lent to a single request: what
 * several ask goes out together, and comes back together.  Only requests that are known to be cheap
 * share.  If the first of them takes long all the same, the connection becomes its own, and the
 * others are to send again what they have sent, on other connections: they only read.
 *
 * Mutations share connections of their own.  What they have sent must not be done twice, so when
 * the first takes long the connection is given up: PostgreSQL cannot send the rows of any, and so
 * ends the session before it commits one (db_break()).  Then all send again what they have sent.
 *
 * SPDX-License-Identifier: MIT
 */
#include "pool/db_pool_internal.h"

#include <assert.h>

#include "base/log.h"
#include "database/db.h"
#include "event/clock.h"

/* Of those that are shared by requests that read there are so many at most; one more is taken only
 * while all of them have something to do. */
enum { READS_MOST = 2 };

/* When so many mutations share each connection, another one is of use: while one commits, the disk
 * can be busy for others. */
enum { DEEP = 2 };

/* How many can be shared by requests of its kind?  For those that read it is a quarter: another
 * quarter is kept from heavy requests.  Those that write can have all but a quarter, or one while
 * others wait. */
static int
shared_most(const struct db_pool *pool, const struct db_loan *loan, bool others_wait)
{
    int quarter = pool->maximum / 4;

    if (pool->shared_requests < 2 || quarter == 0)
        return 0;
    if (!loan->needs_write)
        return quarter < READS_MOST ? quarter : READS_MOST;
    return others_wait ? 1 : pool->maximum - quarter;
}

static int
count_shared(const struct db_pool *pool, bool is_for_writes)
{
    int count = 0;

    for (int i = 0; i < pool->maximum; i++)
        count += pool->members[i].state == MEMBER_SHARED &&
                 pool->members[i].is_for_writes == is_for_writes;
    return count;
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

/* Milliseconds that the first of those who share it may take.  Giving up a connection is dear, and
 * a mutation may wait for the disk or a lock: it may take as long as what is not heavy. */
static int
stall_time(const struct db_member *m)
{
    return m->is_for_writes ? m->pool->heavy_time : m->pool->shared_time;
}

void
db_pool_begin_sharing(struct db_member *m, bool is_for_writes)
{
    struct db_pool *pool = m->pool;

    db_pool_set_state(m, MEMBER_SHARED);
    m->is_for_writes = is_for_writes;
    m->owner = 0;
    m->progress_at = clock_now();
    loop_set_timer(pool->loop, &m->stall, m->progress_at + stall_time(m));
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

/* Has it checked what the loan writes? */
static bool
suits(struct db *db, const struct db_loan *loan)
{
    return !loan->needs_write || db_has_checked(db, loan->statement, loan->role);
}

/* Can one more share it? */
static bool
has_room(const struct db_member *m)
{
    return m->state == MEMBER_SHARED && m->losses == m->pool->losses && !db_is_closed(m->db) &&
           m->sharers.count < m->pool->shared_requests && !db_needs_rest(m->db);
}

/* Of those that are shared, as many as may be: that which the fewest share; NULL: none. */
static struct db_member *
find_shared(const struct db_pool *pool, const struct db_loan *loan, int most)
{
    struct db_member *best = NULL;

    for (int i = 0; i < pool->maximum && most > 0; i++) {
        struct db_member *m = &pool->members[i];
        if (m->state != MEMBER_SHARED || m->is_for_writes != loan->needs_write)
            continue;
        most--;
        if (has_room(m) && suits(m->db, loan) && (!best || m->sharers.count < best->sharers.count))
            best = m;
    }
    return best;
}

/* One that is idle, and can be shared from now on; NULL: none. */
static struct db_member *
take_idle(struct db_pool *pool, const struct db_loan *loan)
{
    if (!loan->needs_write)
        return db_pool_take_idle(pool, loan);
    for (struct db_member **link = &pool->idle; *link; link = &(*link)->next) {
        struct db_member *m = *link;
        if (!db_takes_writes(m->db) || !suits(m->db, loan) || !db_is_ready(m->db))
            continue; /* one that is closed is found when it is to be lent */
        *link = m->next;
        return m;
    }
    return NULL;
}

/* Is there, or can there be, another one that those who write could share as well as `m`, once it
 * has checked the statement?  It does that when it is lent. */
static bool
lacks_another(const struct db_member *m, const struct db_loan *loan)
{
    const struct db_pool *pool = m->pool;

    return loan->needs_write && m->sharers.count >= DEEP && pool->counts[MEMBER_CONNECTING] == 0 &&
           (pool->idle || (pool->counts[MEMBER_CLOSED] > 0 && clock_now() >= pool->retry_at));
}

struct db_member *
db_pool_find_shared(struct db_pool *pool, const struct db_loan *loan, bool others_wait)
{
    int most = shared_most(pool, loan, others_wait);
    struct db_member *m = find_shared(pool, loan, most);

    if ((!m || m->sharers.count > 0) && count_shared(pool, loan->needs_write) < most) {
        struct db_member *idle = take_idle(pool, loan);
        if (idle)
            db_pool_begin_sharing(idle, loan->needs_write);
        else if (m && lacks_another(m, loan))
            return NULL;
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

/* Nothing of what was sent on it is done any more, but what PostgreSQL commits already.  Those who
 * share it are told soon. */
static void
give_up(struct db_member *m)
{
    struct db_loan *first = find_first(m);

    log_info(
        "database: mutations that shared a connection are sent again, as one of them took long");
    if (first)
        first->has_stalled = true;
    db_pool_ask_canceller(m);
    db_break(m->db);
    db_pool_push_soon(m);
}

bool
db_pool_own(struct db_loan *loan)
{
    struct db_member *m = loan->member;
    struct db_loan *next;

    assert(m->state == MEMBER_SHARED && loan->flush.is_shared);
    if (m->is_for_writes && m->sharers.count > 1) {
        if (!db_is_closed(m->db))
            give_up(m);
        return false;
    }
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
    return true;
}

static void
stalled(struct loop_timer *timer)
{
    struct db_member *m = CONTAINER_OF(timer, struct db_member, stall);
    struct db_pool *pool = m->pool;

    if (m->is_for_writes) /* what has come need not be sent again */
        db_pool_take_shared(m);
    if (m->state != MEMBER_SHARED)
        return;
    struct db_loan *first = find_first(m);
    int64_t now = clock_now();

    /* They have sent nothing yet; or the first waits for the disk alone, as others would. */
    bool is_young = (m->sharers.first && !first) || (m->is_for_writes && db_is_committing(m->db));
    int64_t since = is_young ? now : m->progress_at;

    if (now - since < stall_time(m)) {
        loop_set_timer(pool->loop, &m->stall, since + stall_time(m));
        return;
    }
    if (first) {
        if (!db_pool_own(first))
            return; /* they are told soon */
    } else {        /* nobody waits for what it does */
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
