/*
 * service.h - what a process needs to serve requests: a contract, and ways to PostgreSQL.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_SERVICE_H
#define SERVER_SERVICE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct arena;
struct auth;
struct cache;
struct config;
struct contract;
struct costs;
struct db;
struct db_pool;
struct known_tokens;
struct loop;
struct notices;
struct poison;
struct request;
struct resolver_thread;
struct slow;
struct trusted;
struct viewer;

struct service {
    const struct config *config;
    const struct contract *contract;
    const struct auth *auth;           /* auth/auth.h */
    struct known_tokens *known_tokens; /* auth/known_tokens.h; or NULL */
    const struct viewer *viewer; /* of every request; NULL: the request's token says who asks */
    bool explains;               /* every answer (request_explain.c): of `linnet query --explain` */
    const struct trusted *documents; /* document/trusted.h; NULL: none are configured */
    struct cache *cache;             /* NULL until the contract is bound: operations are refused */
    struct str graphiql;             /* its page, or STR_NONE (page/page.h) */
    struct arena *arena;             /* of the process */
    struct buf data; /* of the response that is written; kept, so that it need not grow again */
    size_t held;     /* bytes: what the requests hold that are planned and not ended */
    int64_t request_count;
    const atomic_bool *is_degraded; /* the last reload failed; NULL: there are none */
    const struct notices *notices;  /* watch/notice.h; NULL: nothing is shown with answers */
    const struct poison *poison;    /* poison.h; NULL: nobody counts */
    _Atomic uint64_t *at_hand;      /* the hash of the document at hand is told there; or NULL */
    struct request *idle;           /* of request.c: to be used again, with their memory */

    /* Has the database changed since the contract was bound?  What is known of it until a time of
     * clock_now(), and what to do then, or NULL (request_stale.c). */
    int64_t change_until;
    bool has_changed;
    uint64_t fingerprint; /* of the catalog that it was bound to; 0: not known yet */
    void (*change)(struct service *service, uint64_t fingerprint);

    /* One request after the other: a connection, NULL while PostgreSQL is away. */
    struct db *db;
    /* Make `db` ready for a request, connecting again if need be; false while
     * PostgreSQL is away, or when it is to be written and `db` is to a standby. */
    bool (*need_db)(struct service *service, bool needs_write);

    /* Many at once, in a loop, which calls resume(); or NULL. */
    struct loop *loop;
    struct db_pool *pool;           /* NULL: there is no database */
    struct resolver_thread *thread; /* likewise */
    struct slow *slow;              /* slow.h; NULL: nothing was slow yet */
    struct costs *costs;            /* likewise: of what requests asked PostgreSQL */
    void (*resume)(struct request *r);
};

#endif
