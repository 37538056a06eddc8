/*
 * db_pool.h - a worker's connections to PostgreSQL, and the requests that they are lent to.
 *
 * A request that needs a connection borrows one for the whole of its transactions, so
 * that a slow statement delays no other request.  When none is idle the request queues.
 * Connections are made on demand, up to a maximum, and
 * kept.  While PostgreSQL is unreachable no request queues for long: when an attempt to
 * connect fails, all that queue are refused, and for a while there is no other attempt.
 *
 * A connection may be to a standby, where only queries can go: then one to a server that can be
 * written to is made for the others, in the place of an idle one if need be; while there is no
 * such server they are refused, and queries go on.
 *
 * Requests that are known to be cheap share connections, each as long as it needs one: what several
 * ask is sent together, and answered together (database/db_flush.h).  Mutations share other
 * connections than queries, so that queries do not wait for the disk.  When one takes longer than
 * limits->shared_time, the connection becomes its own, and the others are to ask again; when it
 * writes, so do the others, and PostgreSQL must not come to them: the connection is given up, and
 * all are to ask again.  Of the connections that heavy requests, or one owner, can have, those that
 * are shared are taken off.
 *
 *     switch (db_pool_borrow(pool, &loan)) ...    GRANTED: loan.db
 *                                                 QUEUED: again, when loan.wake() is called
 *     db_call(loan.db, ...); db_send(loan.db);
 *     while (db_receive(loan.db) == DB_WAITING)
 *         db_pool_await(pool, &loan);             and go on when loan.wake() is called
 *     db_pool_return(pool, &loan);
 *
 * and, when it is shared:
 *
 *     db_call(loan.db, ...); db_end_flush(loan.db, &loan.flush);
 *     while (db_take_flush(loan.db, &loan.flush) == DB_WAITING)
 *         db_pool_await(pool, &loan);
 *     db_pool_return(pool, &loan);                DB_MOVED: again, with another loan
 *
 * Of two connections or more, the last quarter, or the last one, is never lent
 *
 * - to requests that are heavy: those that may take long, and those that have had their connection
 *   for longer than limits->heavy_time, together have no more than the rest;
 * - to an owner that has all others, while there are requests of different owners.
 *
 * Of costly requests all workers together have a number at once (turns.h).
 *
 * When a client does not wait for its answer, its work is abandoned: it is cancelled, and the
 * connection is lent again once PostgreSQL has said that it has been told.  Of all connections no
 * more than a quarter, or one, is in abandoned work of the same owner.
 *
 * Requests that must wait for such a reason are passed by others.  Of all others in the queue, the
 * first of the owner that has the fewest connections is next.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef POOL_DB_POOL_H
#define POOL_DB_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "event/loop.h"
#include "base/str.h"
#include "database/db_flush.h"

struct arena;
struct db;
struct db_pool;
struct db_settings;
struct statement;
struct turns;

enum db_loan_state {
    DB_LOAN_NONE,    /* nothing was asked for */
    DB_LOAN_QUEUED,  /* none is idle: wake() is called when that changes */
    DB_LOAN_GRANTED, /* `db` is idle, and in no transaction; or shared */
    DB_LOAN_REFUSED, /* PostgreSQL is unreachable */
    DB_LOAN_MOVED    /* `db` was shared, and is another's now: return the loan, and borrow anew */
};

struct db_loan {
    void (*wake)(struct db_loan *loan); /* its state has changed, or its socket is ready */
    struct db *db;                      /* GRANTED; else NULL */
    uint64_t owner;                     /* a hash of who asks; 0: it is not known */
    bool is_heavy;                      /* it may take long (cost.h) */
    bool is_costly;                     /* it will, and occupies PostgreSQL for as long */
    bool is_busy;      /* its owner keeps PostgreSQL busy (cost.h): costly while others ask */
    bool needs_write;  /* it is of no use when it is to a standby */
    bool is_shareable; /* it may share one: it is cheap, and sends all in one flush */
    /* needs_write, and is_shareable: its statement, as this role; one that has checked it is shared
     * (db_has_checked()). */
    const struct statement *statement;
    struct str role;
    struct db_flush flush; /* GRANTED, and flush.is_shared: what it sends */
    bool has_stalled;      /* it took long, so that those who shared with it are sent again */
    /* After REFUSED: there is PostgreSQL, but no server that can be written to. */
    bool is_read_only;
    /* the rest belongs to db_pool.c */
    enum db_loan_state state;
    int64_t granted_at;
    struct db_member *member;
    bool is_told;      /* shared: that its flush is over */
    bool is_abandoned; /* shared: nobody waits for what comes of it */
    struct db_loan *next;
    struct loop_task task;
    struct db_pool *pool;
};

/* Make a pool of at most `maximum` connections, in the arena; none is made yet.  NULL, with errno
 * set, when the kernel has no descriptor for it. */
struct db_pool *db_pool_new(struct arena *a, struct loop *loop, const struct db_settings *settings,
                            int maximum) MUST_CHECK;
/* Costly requests take turns with those of other workers; this one has that number. */
void db_pool_set_turns(struct db_pool *pool, struct turns *turns, int number);
/* Close all connections; none may be lent, and no request may queue. */
void db_pool_free(struct db_pool *pool);

/* Ask for a connection; once asked, say how that stands.  After REFUSED the loan is NONE
 * again. */
enum db_loan_state db_pool_borrow(struct db_pool *pool, struct db_loan *loan) MUST_CHECK;
/* Is there a connection that nobody wants, so that none has to be made? */
bool db_pool_has_idle(const struct db_pool *pool);
/* Have loan->wake() called when the socket is ready for what the connection waits for. */
void db_pool_await(struct db_pool *pool, struct db_loan *loan);
/* Nobody waits for what comes of the loan, which is GRANTED. */
void db_pool_abandon(struct db_loan *loan);
/* Have PostgreSQL cancel what runs on the loan's connection: what was sent gets an outcome soon.
 * The connection is kept, unless PostgreSQL cannot be reached: then it is closed after a while, as
 * after db_expire(). */
void db_pool_cancel(struct db_pool *pool, struct db_loan *loan);
/* The same, but do not wait: db_expire() at once. */
void db_pool_expire(struct db_pool *pool, struct db_loan *loan);
/* Give the connection back, or leave the queue; nothing when the loan is NONE.  A connection
 * that is lost, or in a transaction, is closed. */
void db_pool_return(struct db_pool *pool, struct db_loan *loan);

/* After REFUSED: the time, of clock_now(), from which on it makes sense to ask again. */
int64_t db_pool_retry_at(const struct db_pool *pool);

#endif
