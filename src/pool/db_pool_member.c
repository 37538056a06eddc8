/*
 * db_pool_member.c - the places for connections in a pool: how one is made, and how what runs on
 * it is cancelled.
 *
 * SPDX-License-Identifier: MIT
 */
#include "pool/db_pool_internal.h"

#include <assert.h>
#include <string.h>

#include "event/clock.h"
#include "event/turns.h"
#include "base/log.h"
#include "database/complaint.h"
#include "database/db.h"
#include "metrics/metrics.h"

/* Milliseconds between two attempts to connect, doubled after each failure.  A PostgreSQL
 * that comes back is found within half a second; when it refuses us (no such user, no
 * such database) an operator must act, so there is no hurry. */
enum { RETRY_LEAST = 100, RETRY_MOST = 400, RETRY_REFUSED = 5000 };

/* Milliseconds between two attempts to find a server that can be written to. */
enum { RETRY_WRITE = 300 };

/* Milliseconds after which PostgreSQL is asked again to cancel what still runs, since it overlooks
 * a question that comes between two statements, and goes on with those after the next Sync; and
 * after which the connection is given up. */
enum { CANCEL_AGAIN = 10, CANCEL_MOST = 2000 };

/* Tell those who watch how many are in this state now. */
static void
tell_count(const struct db_pool *pool, enum member_state state)
{
    static const enum metrics_gauge gauges[MEMBER_STATES] = {
        [MEMBER_CONNECTING] = METRICS_DB_CONNECTING, [MEMBER_IDLE] = METRICS_DB_IDLE,
        [MEMBER_SHARED] = METRICS_DB_SHARED,         [MEMBER_LENT] = METRICS_DB_LENT,
        [MEMBER_SETTLING] = METRICS_DB_SETTLING,
    };

    if (state != MEMBER_CLOSED)
        metrics_set(gauges[state], (uint64_t)pool->counts[state]);
}

void
db_pool_set_state(struct db_member *m, enum member_state state)
{
    assert(m->pool->counts[m->state] > 0);
    m->pool->counts[m->state]--;
    m->pool->counts[state]++;
    tell_count(m->pool, m->state);
    tell_count(m->pool, state);
    m->state = state;
    if (m->has_turn && state < MEMBER_LENT) {
        turns_leave(m->pool->turns, m->pool->number);
        m->has_turn = false;
    }
}

/* --- connecting --- */

/* Forget what the last loan was. */
static void
stop_cancelling(struct db_member *m)
{
    loop_stop_timer(m->pool->loop, &m->again);
    canceller_forget(m->pool->canceller, &m->cancel);
    m->cancel_until = 0;
    m->is_abandoned = false;
}

void
db_pool_close_member(struct db_member *m)
{
    assert(!m->loan);
    db_pool_stop_sharing(m);
    stop_cancelling(m);
    loop_stop_timer(m->pool->loop, &m->late);
    loop_unwatch(m->pool->loop, &m->watch);
    db_close(m->db);
    m->db = NULL;
    db_pool_set_state(m, MEMBER_CLOSED);
}

/* The attempt has failed: plan the next one. */
static void
back_off(struct db_pool *pool, bool is_refused)
{
    int most = is_refused ? RETRY_REFUSED : RETRY_MOST;
    int delay = pool->retry_delay ? 2 * pool->retry_delay : RETRY_LEAST;

    pool->retry_delay = delay < most ? delay : most;
    pool->retry_at = clock_now() + pool->retry_delay;
}

static void
fail_member(struct db_member *m)
{
    metrics_add(METRICS_CONNECT_FAILED, 1);
    if (m->is_to_write) {
        m->pool->write_at = clock_now() + RETRY_WRITE;
        db_pool_refuse_writes(m->pool);
    } else {
        back_off(m->pool, db_is_refused(m->db));
    }
    db_pool_close_member(m);
    db_pool_serve(m->pool);
}

static void
give_up_member(struct loop_timer *timer)
{
    struct db_member *m = CONTAINER_OF(timer, struct db_member, late);

    complaint_of_silence();
    fail_member(m);
}

/* When one connection is lost, PostgreSQL may be about to close those that there were before, too:
 * they are not lent again, so that a request whose connection is lost is not sent on the next one
 * that is. */
static void
make_idle(struct db_member *m)
{
    if (m->losses != m->pool->losses) {
        db_pool_close_member(m);
        return;
    }
    db_pool_set_state(m, MEMBER_IDLE);
    m->next = m->pool->idle;
    m->pool->idle = m;
}

static void
finish_connecting(struct db_member *m)
{
    struct db_pool *pool = m->pool;

    loop_stop_timer(pool->loop, &m->late);
    metrics_add(METRICS_CONNECT_OK, 1);
    if (db_is_standby(m->db))
        log_info("connected to a standby, for queries");
    if (pool->retry_delay)
        log_info("connected to PostgreSQL");
    pool->retry_delay = 0;
    m->losses = pool->losses;
    make_idle(m);
}

bool
db_pool_watch(struct db_member *m)
{
    return loop_watch(m->pool->loop, &m->watch, db_descriptor(m->db), (uint32_t)db_wants(m->db));
}

bool
db_pool_watch_or_expire(struct db_member *m)
{
    if (db_pool_watch(m))
        return true;
    log_error("database: cannot wait for the connection: out of memory");
    db_expire(m->db);
    return false;
}

static void
step_connecting(struct db_member *m)
{
    /* libpq may close its socket and make another under the same number. */
    loop_unwatch(m->pool->loop, &m->watch);
    enum db_state state = db_establish(m->db);
    if (state == DB_CLOSED || !db_pool_watch(m)) {
        fail_member(m);
    } else if (state == DB_IDLE) {
        finish_connecting(m);
        db_pool_serve(m->pool);
    }
}

void
db_pool_close_idle(struct db_member *m)
{
    struct db_member **link = &m->pool->idle;

    for (; *link != m; link = &(*link)->next)
        assert(*link);
    *link = m->next;
    db_pool_close_member(m);
}

static void
member_ready(struct loop_watch *watch, uint32_t events)
{
    struct db_member *m = (struct db_member *)watch;

    (void)events;
    switch (m->state) {
    case MEMBER_CONNECTING:
        step_connecting(m);
        break;
    case MEMBER_IDLE: /* PostgreSQL closes it, or sends a notice */
        if (!db_is_ready(m->db))
            db_pool_close_idle(m);
        break;
    case MEMBER_SHARED:
        db_pool_take_shared(m);
        break;
    case MEMBER_LENT:
        m->loan->wake(m->loan);
        break;
    case MEMBER_SETTLING: /* its state is asked when that is over */
        loop_unwatch(m->pool->loop, &m->watch);
        break;
    case MEMBER_CLOSED:
    case MEMBER_STATES:
        break;
    }
}

void
db_pool_connect(struct db_pool *pool, bool is_to_write)
{
    struct db_member *m = pool->members;

    assert(pool->counts[MEMBER_CLOSED] > 0);
    while (m->state != MEMBER_CLOSED)
        m++;
    m->is_to_write = is_to_write;
    m->db = db_start(is_to_write ? &pool->to_write : pool->settings);
    db_pool_set_state(m, MEMBER_CONNECTING);
    loop_set_timer(pool->loop, &m->late, clock_now() + pool->settings->connect_time);
    if (db_descriptor(m->db) < 0 || !db_pool_watch(m))
        step_connecting(m); /* it has failed: report why */
}

/* --- cancelling --- */

void
db_pool_ask_canceller(struct db_member *m)
{
    if (!m->cancel.job && !canceller_ask(m->pool->canceller, m->db, &m->cancel))
        log_debug("database: too many statements are to be cancelled");
}

/* Ask PostgreSQL, or ask it again. */
static void
ask_to_cancel(struct db_member *m)
{
    struct db_pool *pool = m->pool;

    assert(m->state == MEMBER_LENT && m->cancel_until);
    /* When too many questions wait, it is tried again after a while. */
    db_pool_ask_canceller(m);
    loop_set_timer(pool->loop, &m->again, clock_now() + CANCEL_AGAIN);
}

/* The connection can be lent again. */
static void
settle(struct db_member *m)
{
    struct db_pool *pool = m->pool;

    stop_cancelling(m);
    if (db_pool_watch(m))
        make_idle(m);
    else
        db_pool_close_member(m);
    db_pool_serve(pool);
}

static void
cancel_again(struct loop_timer *timer)
{
    struct db_member *m = CONTAINER_OF(timer, struct db_member, again);
    struct db_pool *pool = m->pool;

    if (clock_now() < m->cancel_until) {
        if (m->state == MEMBER_LENT)
            ask_to_cancel(m);
        else
            loop_set_timer(pool->loop, &m->again, m->cancel_until);
        return;
    }
    log_warning("database: a statement could not be cancelled in time");
    if (m->state == MEMBER_LENT) {
        db_expire(m->db);
        m->loan->wake(m->loan);
    } else {
        db_pool_close_member(m);
        db_pool_serve(pool);
    }
}

static void
cancel_done(struct cancel *cancel)
{
    struct db_member *m = CONTAINER_OF(cancel, struct db_member, cancel);

    if (m->state == MEMBER_SETTLING)
        settle(m);
}

void
db_pool_cancel(struct db_pool *pool, struct db_loan *loan)
{
    struct db_member *m = loan->member;

    assert(loan->state == DB_LOAN_GRANTED && m->pool == pool);
    if ((loan->flush.is_shared && !db_pool_own(loan)) || m->cancel_until)
        return;
    m->cancel_until = clock_now() + CANCEL_MOST;
    ask_to_cancel(m);
}

void
db_pool_expire(struct db_pool *pool, struct db_loan *loan)
{
    assert(loan->state == DB_LOAN_GRANTED);
    db_pool_cancel(pool, loan);
    db_expire(loan->db);
}

void
db_pool_abandon(struct db_loan *loan)
{
    assert(loan->state == DB_LOAN_GRANTED);
    if (loan->flush.is_shared)
        loan->is_abandoned = true;
    else
        loan->member->is_abandoned = true;
}

/* A connection is lost, or its server can be read alone since: what was connected before may be
 * to the same server. */
static void
renew(struct db_pool *pool)
{
    pool->losses++;
    while (pool->idle)
        db_pool_close_idle(pool->idle);
}

/* What was to be cancelled has come to its end; what asks PostgreSQL to cancel it may still do so,
 * and would hit the next statement. */
void
db_pool_take_back(struct db_member *m)
{
    bool is_asked = m->cancel.job != NULL;

    if (db_is_lost(m->db) || db_has_turned(m->db))
        renew(m->pool);
    if (db_is_closed(m->db) || (m->cancel_until && !db_is_ready(m->db))) {
        db_pool_close_member(m);
    } else if (is_asked) {
        db_pool_set_state(m, MEMBER_SETTLING);
        loop_set_timer(m->pool->loop, &m->again, m->cancel_until);
    } else {
        stop_cancelling(m);
        if (db_is_pending(m->db))
            db_pool_begin_sharing(m, false);
        else
            make_idle(m);
    }
}

void
db_pool_init_member(struct db_member *m, struct db_pool *pool)
{
    *m = (struct db_member){ .pool = pool,
                             .watch.ready = member_ready,
                             .late.due = give_up_member,
                             .again.due = cancel_again,
                             .cancel.done = cancel_done };
    db_pool_init_sharing(m);
}

struct db_member *
db_pool_find_standby(const struct db_pool *pool)
{
    struct db_member *m = pool->idle;

    while (m && !db_is_standby(m->db))
        m = m->next;
    return m;
}

bool
db_pool_has_standby(const struct db_pool *pool)
{
    for (int i = 0; i < pool->maximum; i++) {
        const struct db_member *m = &pool->members[i];
        if (m->state >= MEMBER_IDLE && db_is_standby(m->db))
            return true;
    }
    return false;
}

bool
db_pool_is_connecting_to_write(const struct db_pool *pool)
{
    for (int i = 0; i < pool->maximum; i++)
        if (pool->members[i].state == MEMBER_CONNECTING && pool->members[i].is_to_write)
            return true;
    return false;
}
