/*
 * db_pool.h - a worker's connections to PostgreSQL, and who has which.
 *
 * A request that needs one borrows it for the whole of its transactions, so that a slow
 * statement holds one connection, and nobody else's request.  Who finds none idle queues, and is
 * served in turn.  Connections are made when they are asked for, up to a number, and kept.
 * While PostgreSQL is away nobody queues for long: all are refused when an attempt to
 * connect fails, and for a while there is no other.
 *
 *     switch (db_pool_borrow(pool, &loan)) ...    GRANTED: loan.db
 *                                                 QUEUED: again, when loan.wake() is called
 *     db_call(loan.db, ...); db_send(loan.db);
 *     while (db_receive(loan.db) == DB_WAITING)
 *         db_pool_await(pool, &loan);             and go on when loan.wake() is called
 *     db_pool_return(pool, &loan);
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_DB_POOL_H
#define DATABASE_DB_POOL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/loop.h"
#include "base/str.h"

struct arena;
struct db;
struct db_pool;
struct db_settings;

enum db_loan_state {
    DB_LOAN_NONE,    /* nothing was asked for */
    DB_LOAN_QUEUED,  /* none is idle: wake() will tell */
    DB_LOAN_GRANTED, /* `db` is as good as new */
    DB_LOAN_REFUSED  /* PostgreSQL is away */
};

struct db_loan {
    void (*wake)(struct db_loan *loan); /* its state has changed, or its socket is ready */
    struct db *db;                      /* GRANTED; else NULL */
    /* the rest belongs to db_pool.c */
    enum db_loan_state state;
    struct db_member *member;
    struct db_loan *next;
    struct loop_task task;
    struct db_pool *pool;
};

/* Make a pool of at most `maximum` connections, in the arena; there is none yet. */
struct db_pool *
db_pool_new(struct arena *a, struct loop *loop, const struct db_settings *settings, int maximum);
/* Close all; nobody has one, or queues. */
void db_pool_free(struct db_pool *pool);

/* Ask for a connection, or how that stands.  After REFUSED nothing has been asked for. */
enum db_loan_state db_pool_borrow(struct db_pool *pool, struct db_loan *loan) MUST_CHECK;
/* Have loan->wake() called when the socket is ready for what the connection waits for. */
void db_pool_await(struct db_pool *pool, struct db_loan *loan);
/* Give back what was lent, or leave the queue, if either is so.  A connection that is lost, or in
 * the middle of something, is closed. */
void db_pool_return(struct db_pool *pool, struct db_loan *loan);

/* When it makes sense to ask again, after REFUSED; of clock_now(). */
int64_t db_pool_retry_at(const struct db_pool *pool);

#endif
