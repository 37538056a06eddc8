/*
 * db_pool.c - a worker's connections to PostgreSQL, and the requests that they are lent to.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/db_pool.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "event/clock.h"
#include "base/log.h"
#include "database/db.h"

/* Milliseconds between two attempts to connect, doubled after each failure.  A PostgreSQL
 * that comes back is found within half a second; when it refuses us (no such user, no
 * such database) an operator must act, so there is no hurry. */
enum { RETRY_LEAST = 100, RETRY_MOST = 400, RETRY_REFUSED = 5000 };

enum member_state { MEMBER_CLOSED, MEMBER_CONNECTING, MEMBER_IDLE, MEMBER_LENT };

/* A place for a connection. */
struct db_member {
    struct loop_watch watch; /* the first member: a watch is its place */
    struct loop_timer late;  /* CONNECTING: it takes too long */
    enum member_state state;
    struct db *db;
    struct db_loan *loan;   /* LENT */
    struct db_member *next; /* IDLE: that was given back before */
    struct db_pool *pool;
};

struct db_pool {
    struct loop *loop;
    const struct db_settings *settings;
    struct db_member *members;
    int maximum;
    int counts[MEMBER_LENT + 1]; /* of members, by state */
    struct db_member *idle;      /* last given back first, since its caches are warm */
    struct db_loan *first, **last;
    int queued;
    struct loop_timer retry; /* set while requests queue and it is too early to connect */
    int64_t retry_at;
    int retry_delay; /* 0: the last attempt has not failed */
};

static void serve_queue(struct db_pool *pool);

static void
set_state(struct db_member *m, enum member_state state)
{
    assert(m->pool->counts[m->state] > 0);
    m->pool->counts[m->state]--;
    m->pool->counts[state]++;
    m->state = state;
}

/* --- the queue --- */

static void
tell(struct loop_task *task)
{
    struct db_loan *loan = CONTAINER_OF(task, struct db_loan, task);

    loan->wake(loan);
}

/* Not at once: the request that is woken may return a connection, which wakes the next,
 * and so on. */
static void
tell_soon(struct db_loan *loan, enum db_loan_state state)
{
    loan->state = state;
    loop_add_task(loan->pool->loop, &loan->task);
}

static void
enqueue(struct db_pool *pool, struct db_loan *loan)
{
    loan->state = DB_LOAN_QUEUED;
    loan->next = NULL;
    *pool->last = loan;
    pool->last = &loan->next;
    pool->queued++;
}

static void
leave_queue(struct db_pool *pool, struct db_loan *loan)
{
    struct db_loan **link = &pool->first;

    assert(loan->state == DB_LOAN_QUEUED);
    for (; *link != loan; link = &(*link)->next)
        assert(*link);
    *link = loan->next;
    if (pool->last == &loan->next)
        pool->last = link;
    pool->queued--;
}

static void
refuse_all(struct db_pool *pool)
{
    while (pool->first) {
        struct db_loan *loan = pool->first;
        leave_queue(pool, loan);
        tell_soon(loan, DB_LOAN_REFUSED);
    }
}

/* --- connecting --- */

static void
close_member(struct db_member *m)
{
    assert(!m->loan);
    loop_stop_timer(m->pool->loop, &m->late);
    loop_unwatch(m->pool->loop, &m->watch);
    db_close(m->db);
    m->db = NULL;
    set_state(m, MEMBER_CLOSED);
}

/* The attempt has failed: plan the next one. */
static void
back_off(struct db_pool *pool, const char *sqlstate)
{
    bool is_refused = strncmp(sqlstate, "28", 2) == 0 || strncmp(sqlstate, "3D", 2) == 0;
    int most = is_refused ? RETRY_REFUSED : RETRY_MOST;
    int delay = pool->retry_delay ? 2 * pool->retry_delay : RETRY_LEAST;

    pool->retry_delay = delay < most ? delay : most;
    pool->retry_at = clock_now() + pool->retry_delay;
}

static void
fail_member(struct db_member *m)
{
    back_off(m->pool, db_sqlstate(m->db));
    close_member(m);
    serve_queue(m->pool);
}

static void
give_up_member(struct loop_timer *timer)
{
    struct db_member *m = CONTAINER_OF(timer, struct db_member, late);

    log_error("database: cannot connect: no answer in time");
    fail_member(m);
}

static void
make_idle(struct db_member *m)
{
    set_state(m, MEMBER_IDLE);
    m->next = m->pool->idle;
    m->pool->idle = m;
}

static void
finish_connecting(struct db_member *m)
{
    struct db_pool *pool = m->pool;

    loop_stop_timer(pool->loop, &m->late);
    if (pool->retry_delay)
        log_info("connected to PostgreSQL");
    pool->retry_delay = 0;
    make_idle(m);
}

/* Wait for the events that the connection needs.  False when the kernel has no memory: then
 * the connection counts as lost. */
static bool
watch_member(struct db_member *m)
{
    return loop_watch(m->pool->loop, &m->watch, db_descriptor(m->db), (uint32_t)db_wants(m->db));
}

static void
step_connecting(struct db_member *m)
{
    /* libpq may close its socket and make another under the same number. */
    loop_unwatch(m->pool->loop, &m->watch);
    enum db_state state = db_establish(m->db);
    if (state == DB_CLOSED || !watch_member(m)) {
        fail_member(m);
    } else if (state == DB_IDLE) {
        finish_connecting(m);
        serve_queue(m->pool);
    }
}

static void
close_idle(struct db_member *m)
{
    struct db_member **link = &m->pool->idle;

    for (; *link != m; link = &(*link)->next)
        assert(*link);
    *link = m->next;
    close_member(m);
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
            close_idle(m);
        break;
    case MEMBER_LENT:
        m->loan->wake(m->loan);
        break;
    case MEMBER_CLOSED:
        break;
    }
}

static void
start_connecting(struct db_pool *pool)
{
    struct db_member *m = pool->members;

    assert(pool->counts[MEMBER_CLOSED] > 0);
    while (m->state != MEMBER_CLOSED)
        m++;
    m->db = db_start(pool->settings);
    m->late.due = give_up_member;
    set_state(m, MEMBER_CONNECTING);
    loop_set_timer(pool->loop, &m->late, clock_now() + pool->settings->connect_time);
    if (db_descriptor(m->db) < 0 || !watch_member(m))
        step_connecting(m); /* it has failed: report why */
}

/* --- lending --- */

static void
grant(struct db_member *m, struct db_loan *loan)
{
    assert(m->state == MEMBER_IDLE && !loan->db);
    set_state(m, MEMBER_LENT);
    m->loan = loan;
    loan->member = m;
    loan->db = m->db;
    loan->state = DB_LOAN_GRANTED;
}

/* Take an idle connection that is good; NULL: there is none. */
static struct db_member *
take_idle(struct db_pool *pool)
{
    while (pool->idle) {
        struct db_member *m = pool->idle;
        if (db_is_ready(m->db)) {
            pool->idle = m->next;
            return m;
        }
        close_idle(m);
    }
    return NULL;
}

/* May another attempt to connect be made? */
static bool
may_connect(const struct db_pool *pool)
{
    return pool->counts[MEMBER_CLOSED] > 0 && clock_now() >= pool->retry_at;
}

/* Begin a connection when more requests queue than connections are being made; or refuse
 * them all when none is being made and none exists. */
static void
connect_for_queue(struct db_pool *pool)
{
    if (pool->queued > pool->counts[MEMBER_CONNECTING] && may_connect(pool))
        start_connecting(pool);
    if (pool->counts[MEMBER_CLOSED] == pool->maximum)
        refuse_all(pool);
    else if (pool->queued > 0 && pool->retry_at > clock_now())
        loop_set_timer(pool->loop, &pool->retry, pool->retry_at);
}

static void
serve_queue(struct db_pool *pool)
{
    struct db_member *m;

    while (pool->first && (m = take_idle(pool))) {
        struct db_loan *loan = pool->first;
        leave_queue(pool, loan);
        grant(m, loan);
        tell_soon(loan, DB_LOAN_GRANTED);
    }
    if (pool->first)
        connect_for_queue(pool);
}

static void
retry(struct loop_timer *timer)
{
    serve_queue(CONTAINER_OF(timer, struct db_pool, retry));
}

enum db_loan_state
db_pool_borrow(struct db_pool *pool, struct db_loan *loan)
{
    struct db_member *m;

    if (loan->state == DB_LOAN_NONE) {
        loan->pool = pool;
        loan->task.run = tell;
        if (!pool->first && (m = take_idle(pool))) {
            grant(m, loan);
        } else {
            enqueue(pool, loan);
            serve_queue(pool);
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
    if (!watch_member(loan->member)) {
        log_error("database: cannot wait for the connection: out of memory");
        db_expire(loan->db);
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
    if (state == DB_LOAN_GRANTED) {
        assert(m->state == MEMBER_LENT && m->loan == loan);
        m->loan = NULL;
        make_idle(m);
        serve_queue(pool);
    }
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

    pool->loop = loop;
    pool->settings = settings;
    pool->maximum = pool->counts[MEMBER_CLOSED] = maximum;
    pool->last = &pool->first;
    pool->retry.due = retry;
    pool->members = ARENA_ARRAY(a, struct db_member, (size_t)maximum);
    for (int i = 0; i < maximum; i++) {
        pool->members[i].pool = pool;
        pool->members[i].watch.ready = member_ready;
    }
    return pool;
}

void
db_pool_free(struct db_pool *pool)
{
    if (!pool)
        return;
    assert(!pool->first && pool->counts[MEMBER_LENT] == 0);
    loop_stop_timer(pool->loop, &pool->retry);
    for (int i = 0; i < pool->maximum; i++)
        if (pool->members[i].state != MEMBER_CLOSED)
            close_member(&pool->members[i]);
}
