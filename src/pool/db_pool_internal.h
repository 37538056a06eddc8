/*
 * db_pool_internal.h - what the files of the pool share: the places for connections.
 *
 *     CLOSED ----> CONNECTING ----> IDLE <----> LENT
 *                                   |  ^        ^ |  was to be cancelled, and PostgreSQL is
 *                                   |  |        | v  still asked to
 *                                   |  '--------|-- SETTLING
 *                                   v           |
 *                                 SHARED -------'  takes long: it is one request's own
 *
 * Any of them is CLOSED when its connection is lost.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef POOL_DB_POOL_INTERNAL_H
#define POOL_DB_POOL_INTERNAL_H

#include "pool/canceller.h"
#include "pool/db_pool.h"
#include "database/db_settings.h"

enum member_state {
    MEMBER_CLOSED,
    MEMBER_CONNECTING,
    MEMBER_IDLE,
    MEMBER_SHARED,   /* by several requests; it is the own connection of none */
    MEMBER_LENT,     /* this and what follows count for the owner of the loan */
    MEMBER_SETTLING, /* given back, while PostgreSQL is still asked to cancel what ran on it */
    MEMBER_STATES
};

/* Loans, in the order in which they came; all zero: none.  A loan is in one list at most. */
struct db_loan_list {
    struct db_loan *first, *last;
    int count;
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
    struct db_loan *loan;        /* LENT */
    uint64_t owner;              /* LENT, SETTLING: of the loan */
    int losses;                  /* the pool's, when it was made */
    bool has_turn;               /* LENT, SETTLING: of turns.h */
    bool is_abandoned;           /* LENT, SETTLING: nobody waits for what comes of it */
    struct db_member *next;      /* IDLE: that was given back before */
    struct db_loan_list sharers; /* SHARED */
    bool is_for_writes;          /* SHARED: by those who write; else by those who read */
    struct loop_task push;       /* SHARED: send what they have queued */
    struct loop_timer stall;     /* SHARED: the first of them may take too long */
    int64_t progress_at;         /* SHARED: of clock_now(): one was answered last */
    struct db_pool *pool;
};

struct db_pool {
    struct loop *loop;
    const struct db_settings *settings;
    struct db_settings to_write; /* the same, to a server that can be written to */
    struct db_member *members;
    int maximum;
    int heavy_time;       /* milliseconds */
    int shared_time;      /* likewise: for one of those who share */
    int shared_requests;  /* that share a connection at most */
    uint64_t owner;       /* of the last request that had one */
    int64_t others_until; /* of clock_now(): there were different ones a while before */
    struct canceller *canceller;
    int losses;                /* connections that were lost while they were lent */
    int counts[MEMBER_STATES]; /* of members, by state */
    struct db_member *idle;    /* last given back first, since its caches are warm */
    struct db_loan_list queue;
    struct turns *turns;     /* for costly requests of all workers; NULL: there is no bound */
    int number;              /* of this worker, in `turns` */
    struct loop_timer turn;  /* set while costly requests queue */
    struct loop_timer retry; /* set while requests queue and it is too early to connect */
    int64_t retry_at;
    int retry_delay;  /* 0: the last attempt has not failed */
    int64_t write_at; /* no server that can be written to is looked for before then */
};

/* db_pool_list.c: Add a loan, as the last one. */
void db_pool_list_add(struct db_loan_list *list, struct db_loan *loan);
/* Take out a loan that is in the list. */
void db_pool_list_remove(struct db_loan_list *list, struct db_loan *loan);

/* db_pool_member.c: Make a place that is CLOSED. */
void db_pool_init_member(struct db_member *m, struct db_pool *pool);
void db_pool_set_state(struct db_member *m, enum member_state state);
/* Begin a connection; one of the places must be CLOSED. */
void db_pool_connect(struct db_pool *pool, bool is_to_write);
/* Wait for the events that the connection needs.  False when the kernel has no memory: then
 * the connection counts as lost. */
bool db_pool_watch(struct db_member *m) MUST_CHECK;
/* The same; when that fails, it is given up (db_expire()), and said so. */
bool db_pool_watch_or_expire(struct db_member *m);
/* Have PostgreSQL asked to cancel what runs on it, unless it is being asked, or too many questions
 * wait. */
void db_pool_ask_canceller(struct db_member *m);
void db_pool_close_idle(struct db_member *m);
/* The connection was given back: it is IDLE, SETTLING or CLOSED after this. */
void db_pool_take_back(struct db_member *m);
void db_pool_close_member(struct db_member *m);
/* A connection to a standby, of those that are idle; NULL: there is none. */
struct db_member *db_pool_find_standby(const struct db_pool *pool);
/* Is there a connection to a standby?  Then others may be, too. */
bool db_pool_has_standby(const struct db_pool *pool);
bool db_pool_is_connecting_to_write(const struct db_pool *pool);

/* db_pool_bounds.c: How many connections has the owner?  With those in abandoned work, or those
 * alone. */
int db_pool_count_lent(const struct db_pool *pool, uint64_t owner, bool is_abandoned);
/* May it have a connection of its own now, if there is one? */
bool db_pool_may_borrow(const struct db_pool *pool, const struct db_loan *loan);
/* A request of this owner asks. */
void db_pool_note_owner(struct db_pool *pool, uint64_t owner);
/* Does its owner keep PostgreSQL busy while others ask, here or at another worker? */
bool db_pool_takes_turns(struct db_pool *pool, const struct db_loan *loan);

/* db_pool_share.c: Prepare a place for it. */
void db_pool_init_sharing(struct db_member *m);
/* One that the loan can share, which may be an idle one until now; NULL: none.  And share it.
 * `others_wait`: somebody queues for anything else than to write on a connection that is shared. */
struct db_member *
db_pool_find_shared(struct db_pool *pool, const struct db_loan *loan, bool others_wait) MUST_CHECK;
void db_pool_join(struct db_member *m, struct db_loan *loan);
/* Send what those who share it have queued, once the loop has told of all that has come. */
void db_pool_push_soon(struct db_member *m);
/* SHARED: its socket is ready. */
void db_pool_take_shared(struct db_member *m);
/* The loan, which shares it, is given back: its flush is over. */
void db_pool_leave_shared(struct db_member *m, struct db_loan *loan);
/* Make the connection that the loan shares its own.  False: others who write have sent something
 * behind it, so it was given up instead. */
bool db_pool_own(struct db_loan *loan) MUST_CHECK;
/* It is SHARED from now on: also when it was given back, but has answers to come that nobody waits
 * for. */
void db_pool_begin_sharing(struct db_member *m, bool is_for_writes);
/* It is no longer SHARED; nobody shares it. */
void db_pool_stop_sharing(struct db_member *m);

/* db_pool.c: Have the loan's wake() called soon, in that state. */
void db_pool_tell_soon(struct db_loan *loan, enum db_loan_state state);
/* Have the loan wait for a connection. */
void db_pool_enqueue(struct db_pool *pool, struct db_loan *loan);
/* A connection that is idle, for a loan that may have it; NULL: none. */
struct db_member *db_pool_take_idle(struct db_pool *pool, const struct db_loan *loan) MUST_CHECK;
/* Lend it to this one alone. */
void db_pool_lend(struct db_member *m, struct db_loan *loan);
/* Lend what is idle to those who queue, and connect for more. */
void db_pool_serve(struct db_pool *pool);
/* There is no server that can be written to: refuse who needs one. */
void db_pool_refuse_writes(struct db_pool *pool);

#endif
