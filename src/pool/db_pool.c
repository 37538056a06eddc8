/*
 * db_pool.c - a worker's connections to PostgreSQL, and the requests that they are lent to.
 *
 * SPDX-License-Identifier: MIT
 */
#include "pool/db_pool_internal.h"

#include <assert.h>
#include <limits.h>

#include "base/arena.h"
#include "event/clock.h"
#include "event/turns.h"
#include "metrics/metrics.h"
#include "base/limits.h"
#include "base/log.h"
#include "database/db.h"
#include "database/db_settings.h"

/* Milliseconds after which it is asked again for a turn, and for which others leave one to us: a
 * worker that hangs does not keep them waiting. */
enum { TURN_AGAIN = 3, TURN_WAIT = 50 };

/* --- the queue --- */

static void
tell(struct loop_task *task)
{
    struct db_loan *loan = CONTAINER_OF(task, struct db_loan, task);

    loan->wake(loan);
}

/* Not at once: the request that is woken may return a connection, which wakes the next,
 * and so on. */
void
db_pool_tell_soon(struct db_loan *loan, enum db_loan_state state)
{
    loan->state = state;
    loop_add_task(loan->pool->loop, &loan->task);
}

void
db_pool_enqueue(struct db_pool *pool, struct db_loan *loan)
{
    loop_drop_task(pool->loop, &loan->task);
    loan->state = DB_LOAN_QUEUED;
    db_pool_list_add(&pool->queue, loan);
    metrics_set(METRICS_DB_WAITING, (uint64_t)pool->queue.count);
}

static void
leave_queue(struct db_pool *pool, struct db_loan *loan)
{
    assert(loan->state == DB_LOAN_QUEUED);
    db_pool_list_remove(&pool->queue, loan);
    metrics_set(METRICS_DB_WAITING, (uint64_t)pool->queue.count);
}

void
db_pool_refuse_writes(struct db_pool *pool)
{
    struct db_loan *next;

    for (struct db_loan *loan = pool->queue.first; loan; loan = next) {
        next = loan->next;
        if (!loan->needs_write)
            continue;
        loan->is_read_only = true;
        leave_queue(pool, loan);
        db_pool_tell_soon(loan, DB_LOAN_REFUSED);
    }
}

static void
refuse_all(struct db_pool *pool)
{
    while (pool->queue.first) {
        struct db_loan *loan = pool->queue.first;
        leave_queue(pool, loan);
        db_pool_tell_soon(loan, DB_LOAN_REFUSED);
    }
}

/* --- lending --- */

void
db_pool_lend(struct db_member *m, struct db_loan *loan)
{
    assert(!loan->db && !m->cancel_until && !m->is_abandoned);
    db_pool_set_state(m, MEMBER_LENT);
    m->loan = loan;
    m->owner = loan->owner;
    loan->member = m;
    loan->db = m->db;
    loan->state = DB_LOAN_GRANTED;
    loan->granted_at = clock_now();
    m->has_turn = loan->is_costly && m->pool->turns;
}

/* Of those in the queue who may, the first of the owner that has the fewest connections, so that
 * nobody waits for all that somebody else has sent; NULL: nobody may.  With `can_write` of all,
 * else of those who only read. */
static struct db_loan *
next_loan(const struct db_pool *pool, bool can_write)
{
    struct db_loan *best = NULL;
    int fewest = INT_MAX;

    for (struct db_loan *loan = pool->queue.first; loan && fewest > 0; loan = loan->next) {
        int count = db_pool_count_lent(pool, loan->owner, false);
        if (count < fewest && (can_write || !loan->needs_write) && db_pool_may_borrow(pool, loan)) {
            best = loan;
            fewest = count;
        }
    }
    return best;
}

/* An idle connection that is good, and of use: the place of it in the list; NULL: there is none. */
static struct db_member **
find_idle(struct db_pool *pool, bool needs_write)
{
    struct db_member **link = &pool->idle;

    while (*link) {
        if (!db_is_ready((*link)->db))
            db_pool_close_idle(*link); /* which takes it out */
        else if (needs_write && db_is_standby((*link)->db))
            link = &(*link)->next;
        else
            return link;
    }
    return NULL;
}

struct db_member *
db_pool_take_idle(struct db_pool *pool, const struct db_loan *loan)
{
    struct db_member **link = find_idle(pool, loan->needs_write);
    struct db_member *m = link ? *link : NULL;

    if (!m || (loan->is_costly && pool->turns && !turns_take(pool->turns, pool->number)))
        return NULL;
    *link = m->next;
    return m;
}

/* --- standbys --- */

/* Look for a server that can be written to, unless that has failed a moment ago.  When there is no
 * place for a connection, one to a standby makes room. */
static void
connect_to_write(struct db_pool *pool)
{
    struct db_member *standby = db_pool_find_standby(pool);

    if (db_pool_is_connecting_to_write(pool))
        return;
    if (clock_now() < pool->write_at) {
        db_pool_refuse_writes(pool);
        return;
    }
    if (pool->counts[MEMBER_CLOSED] == 0 && standby)
        db_pool_close_idle(standby);
    if (pool->counts[MEMBER_CLOSED] > 0)
        db_pool_connect(pool, true);
}

/* --- serving the queue --- */

/* May another attempt to connect be made? */
static bool
may_connect(const struct db_pool *pool)
{
    return pool->counts[MEMBER_CLOSED] > 0 && clock_now() >= pool->retry_at;
}

/* How many wait for whatever connection is made? */
static int
count_waiting(const struct db_pool *pool)
{
    bool is_apart = db_pool_has_standby(pool); /* for these a connection of their own is made */
    int count = 0;

    for (const struct db_loan *loan = pool->queue.first; loan; loan = loan->next)
        count += !(is_apart && loan->needs_write);
    return count;
}

/* Begin a connection when more requests queue than connections are being made; or refuse
 * them all when none is being made and none exists. */
static void
connect_for_queue(struct db_pool *pool)
{
    if (count_waiting(pool) > pool->counts[MEMBER_CONNECTING] && may_connect(pool))
        db_pool_connect(pool, false);
    if (pool->counts[MEMBER_CLOSED] == pool->maximum)
        refuse_all(pool);
    else if (pool->queue.count > 0 && pool->retry_at > clock_now())
        loop_set_timer(pool->loop, &pool->retry, pool->retry_at);
}

/* Does one who queues need a server that can be written to, while there are standbys alone? */
static bool
lacks_primary(struct db_pool *pool)
{
    if (!db_pool_has_standby(pool) || find_idle(pool, true))
        return false;
    for (const struct db_loan *loan = pool->queue.first; loan; loan = loan->next)
        if (loan->needs_write && db_pool_may_borrow(pool, loan))
            return true;
    return false;
}

/* Could it share a connection? */
static bool
may_share(const struct db_loan *loan)
{
    return loan->is_shareable && !loan->is_costly;
}

/* Does anybody queue for anything else than to write on a connection that is shared? */
static bool
others_wait(const struct db_pool *pool)
{
    const struct db_loan *loan = pool->queue.first;

    while (loan && may_share(loan) && loan->needs_write)
        loan = loan->next;
    return loan != NULL;
}

/* Have those share connections who can. */
static void
lend_shared(struct db_pool *pool)
{
    bool is_wanted = others_wait(pool);
    struct db_loan *next;

    for (struct db_loan *loan = pool->queue.first; loan; loan = next) {
        struct db_member *m = may_share(loan) ? db_pool_find_shared(pool, loan, is_wanted) : NULL;
        next = loan->next;
        if (!m)
            continue;
        leave_queue(pool, loan);
        db_pool_join(m, loan);
        db_pool_tell_soon(loan, DB_LOAN_GRANTED);
    }
}

/* Lend what is idle to those who may have it, and can use it. */
static void
lend_idle(struct db_pool *pool)
{
    struct db_loan *loan;
    struct db_member *m;

    while (pool->queue.first && pool->idle && (loan = next_loan(pool, find_idle(pool, true))) &&
           (m = db_pool_take_idle(pool, loan))) {
        leave_queue(pool, loan);
        db_pool_lend(m, loan);
        db_pool_tell_soon(loan, DB_LOAN_GRANTED);
    }
}

/* Wait for a turn as long as somebody in the queue needs one. */
static void
await_turn(struct db_pool *pool)
{
    const struct db_loan *loan = pool->queue.first;

    while (loan && !loan->is_costly)
        loan = loan->next;
    if (!pool->turns || (!loan && !pool->turn.at))
        return;
    loop_stop_timer(pool->loop, &pool->turn);
    turns_wait(pool->turns, pool->number, loan ? clock_now() + TURN_WAIT : 0);
    if (loan)
        loop_set_timer(pool->loop, &pool->turn, clock_now() + TURN_AGAIN);
}

void
db_pool_serve(struct db_pool *pool)
{
    /* First, or others would always have the connections that could make room. */
    if (pool->queue.first && lacks_primary(pool))
        connect_to_write(pool);
    lend_shared(pool);
    lend_idle(pool);
    await_turn(pool);
    if (pool->queue.first)
        connect_for_queue(pool);
}

static void
turn_is_due(struct loop_timer *timer)
{
    db_pool_serve(CONTAINER_OF(timer, struct db_pool, turn));
}

static void
retry(struct loop_timer *timer)
{
    db_pool_serve(CONTAINER_OF(timer, struct db_pool, retry));
}

enum db_loan_state
db_pool_borrow(struct db_pool *pool, struct db_loan *loan)
{
    struct db_member *m;

    if (loan->state == DB_LOAN_NONE) {
        loan->pool = pool;
        loan->task.run = tell;
        loan->is_read_only = false;
        db_pool_note_owner(pool, loan->owner);
        loan->is_costly |= pool->turns && db_pool_takes_turns(pool, loan);
        /* While a connection is idle, nobody queues who may have it and can use it. */
        if (may_share(loan) && (m = db_pool_find_shared(pool, loan, others_wait(pool)))) {
            db_pool_join(m, loan);
        } else if (db_pool_may_borrow(pool, loan) && (m = db_pool_take_idle(pool, loan))) {
            db_pool_lend(m, loan);
        } else {
            db_pool_enqueue(pool, loan);
            db_pool_serve(pool);
        }
    }
    enum db_loan_state state = loan->state;
    if (state == DB_LOAN_REFUSED)
        db_pool_return(pool, loan);
    return state;
}

void
db_pool_await(struct db_pool *pool, struct db_loan *loan)
{
    assert(loan->state == DB_LOAN_GRANTED);
    if (loan->flush.is_shared) {
        db_pool_push_soon(loan->member);
    } else if (!db_pool_watch_or_expire(loan->member)) {
        loop_add_task(pool->loop, &loan->task);
    }
}

void
db_pool_return(struct db_pool *pool, struct db_loan *loan)
{
    struct db_member *m = loan->member;
    enum db_loan_state state = loan->state;

    if (state == DB_LOAN_NONE)
        return;
    loop_drop_task(pool->loop, &loan->task);
    if (state == DB_LOAN_QUEUED)
        leave_queue(pool, loan);
    loan->state = DB_LOAN_NONE;
    loan->db = NULL;
    if (state != DB_LOAN_GRANTED)
        return;
    if (loan->flush.is_shared) {
        db_pool_leave_shared(m, loan);
    } else {
        assert(m->state == MEMBER_LENT && m->loan == loan);
        m->loan = NULL;
        db_pool_take_back(m);
    }
    db_pool_serve(pool);
}

bool
db_pool_has_idle(const struct db_pool *pool)
{
    return pool->counts[MEMBER_IDLE] > 0 && pool->queue.count == 0;
}

int64_t
db_pool_retry_at(const struct db_pool *pool)
{
    return pool->retry_at;
}

struct db_pool *
db_pool_new(struct arena *a, struct loop *loop, const struct db_settings *settings, int maximum)
{
    struct db_pool *pool = ARENA_NEW(a, struct db_pool);

    /* Twice: those who asked for a connection that was closed meanwhile may still wait. */
    pool->canceller = canceller_new(a, loop, 2 * maximum);
    if (!pool->canceller)
        return NULL;
    pool->loop = loop;
    pool->settings = settings;
    pool->to_write = db_settings_to_write(settings);
    pool->heavy_time = settings->limits ? settings->limits->heavy_time : INT_MAX;
    pool->shared_time = settings->limits ? settings->limits->shared_time : 0;
    /* A session that several keep busy is never given back to a pooler. */
    pool->shared_requests = settings->limits && settings->pooler == DB_POOLER_NONE
                                ? settings->limits->shared_requests
                                : 0;
    pool->maximum = pool->counts[MEMBER_CLOSED] = maximum;
    metrics_set(METRICS_DB_MAX, (uint64_t)maximum);
    pool->retry.due = retry;
    pool->turn.due = turn_is_due;
    pool->members = ARENA_ARRAY(a, struct db_member, (size_t)maximum);
    for (int i = 0; i < maximum; i++)
        db_pool_init_member(&pool->members[i], pool);
    return pool;
}

void
db_pool_set_turns(struct db_pool *pool, struct turns *turns, int number)
{
    pool->turns = turns;
    pool->number = number;
}

void
db_pool_free(struct db_pool *pool)
{
    if (!pool)
        return;
    assert(!pool->queue.first && pool->counts[MEMBER_LENT] == 0);
    loop_stop_timer(pool->loop, &pool->retry);
    loop_stop_timer(pool->loop, &pool->turn);
    for (int i = 0; i < pool->maximum; i++)
        if (pool->members[i].state != MEMBER_CLOSED)
            db_pool_close_member(&pool->members[i]);
    canceller_free(pool->canceller);
}
