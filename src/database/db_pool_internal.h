/*
 * db_pool_internal.h - what the files of the pool share: the places for connections.
 *
 *     CLOSED ----> CONNECTING ----> IDLE <----> LENT
 *                                     ^           |  was to be cancelled, and PostgreSQL is
 *                                     |           v  still asked to
 *                                     '-------- SETTLING
 *
 * Any of them is CLOSED when its connection is lost.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_DB_POOL_INTERNAL_H
#define DATABASE_DB_POOL_INTERNAL_H

#include "database/canceller.h"
#include "database/db_pool.h"
#include "database/db_settings.h"

enum member_state {
    MEMBER_CLOSED,
    MEMBER_CONNECTING,
    MEMBER_IDLE,
    MEMBER_LENT,     /* this and what follows count for the owner of the loan */
    MEMBER_SETTLING, /* given back, while PostgreSQL is still asked to cancel what ran on it */
    MEMBER_STATES
};

/* A place for a connection. */
struct db_member {
    struct loop_watch watch; /* the first member: a watch is its place */
    struct loop_timer late;  /* CONNECTING: it takes too long */
    struct loop_timer again; /* LENT, SETTLING: the cancellation takes too long */
    struct cancel cancel;    /* likewise */
    int64_t cancel_until;    /* likewise: until when that is tried; 0: nothing is cancelled */
    enum member_state state;
    bool is_to_write; /* CONNECTING: a standby does not count */
    struct db *db;
    struct db_loan *loan;   /* LENT */
    uint64_t owner;         /* LENT, SETTLING: of the loan */
    int losses;             /* the pool's, when it was made */
    bool has_turn;          /* LENT, SETTLING: of turns.h */
    bool is_abandoned;      /* LENT, SETTLING: nobody waits for what comes of it */
    struct db_member *next; /* IDLE: that was given back before */
    struct db_pool *pool;
};

struct db_pool {
    struct loop *loop;
    const struct db_settings *settings;
    struct db_settings to_write; /* the same, to a server that can be written to */
    struct db_member *members;
    int maximum;
    int heavy_time;       /* milliseconds */
    uint64_t owner;       /* of the last request that had one */
    int64_t others_until; /* of clock_now(): there were different ones a while before */
    struct canceller *canceller;
    int losses;                /* connections that were lost while they were lent */
    int counts[MEMBER_STATES]; /* of members, by state */
    struct db_member *idle;    /* last given back first, since its caches are warm */
    struct db_loan *first, **last;
    int queued;
    struct turns *turns;     /* for costly requests of all workers; NULL: there is no bound */
    int number;              /* of this worker, in `turns` */
    struct loop_timer turn;  /* set while costly requests queue */
    struct loop_timer retry; /* set while requests queue and it is too early to connect */
    int64_t retry_at;
    int retry_delay;  /* 0: the last attempt has not failed */
    int64_t write_at; /* no server that can be written to is looked for before then */
};

/* db_pool_member.c: Make a place that is CLOSED. */
void db_pool_init_member(struct db_member *m, struct db_pool *pool);
void db_pool_set_state(struct db_member *m, enum member_state state);
/* Begin a connection; one of the places must be CLOSED. */
void db_pool_connect(struct db_pool *pool, bool is_to_write);
/* Wait for the events that the connection needs.  False when the kernel has no memory: then
 * the connection counts as lost. */
bool db_pool_watch(struct db_member *m) MUST_CHECK;
void db_pool_close_idle(struct db_member *m);
/* The connection was given back: it is IDLE, SETTLING or CLOSED after this. */
void db_pool_take_back(struct db_member *m);
void db_pool_close_member(struct db_member *m);
/* A connection to a standby, of those that are idle; NULL: there is none. */
struct db_member *db_pool_find_standby(const struct db_pool *pool);
/* Is there a connection to a standby?  Then others may be, too. */
bool db_pool_has_standby(const struct db_pool *pool);
bool db_pool_is_connecting_to_write(const struct db_pool *pool);

/* db_pool.c: Lend what is idle to those who queue, and connect for more. */
void db_pool_serve(struct db_pool *pool);
/* There is no server that can be written to: refuse who needs one. */
void db_pool_refuse_writes(struct db_pool *pool);

#endif
