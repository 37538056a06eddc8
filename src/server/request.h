/*
 * request.h - the life of a request: from the bytes that came to the bytes
 * that go.
 *
 * A process that serves one request after the other calls request_serve().  One that
 * serves many at once has a pool of connections, and takes each a step further when it is told to:
 *
 *     r = request_begin(&worker, source);
 *     request_step(r);             DONE: it has been answered, and `r` is no more
 *                                  WAITING: again, when worker.resume(r) is called
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_REQUEST_H
#define SERVER_REQUEST_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct arena;
struct auth;
struct cache;
struct config;
struct contract;
struct db;
struct db_pool;
struct http_source;
struct loop;
struct request;
struct resolver_thread;
struct viewer;

/* What a process needs to serve requests. */
struct worker {
    const struct config *config;
    const struct contract *contract;
    const struct auth *auth;     /* auth/auth.h */
    const struct viewer *viewer; /* who asks, whatever the request says; NULL: its token says */
    struct cache *cache;         /* NULL until the contract is bound: operations are refused */
    struct arena *arena;         /* of the process */
    struct buf data; /* of the response that is written; kept, so that it need not grow again */
    int64_t request_count;
    const atomic_bool *is_degraded; /* the last reload failed; NULL: there are none */
    struct request *idle;           /* of request.c: to be used again, with their memory */

    /* One request after the other: a connection, NULL while PostgreSQL is away. */
    struct db *db;
    /* Make `db` ready for a request, connecting again if need be; false while
     * PostgreSQL is away. */
    bool (*need_db)(struct worker *worker);

    /* Many at once, in a loop, which calls resume(); or NULL. */
    struct loop *loop;
    struct db_pool *pool;           /* NULL: there is no database */
    struct resolver_thread *thread; /* likewise */
    void (*resume)(struct request *r);
};

enum request_state { REQUEST_WAITING, REQUEST_DONE };

/* Take a request that has come; its time begins. */
struct request *request_begin(struct worker *worker, struct http_source *source) MUST_CHECK;
/* Go on as far as can be done without waiting.  DONE: it has been answered and logged. */
enum request_state request_step(struct request *r) MUST_CHECK;
/* Nobody waits for the answer of a request that is WAITING: what it asked of PostgreSQL is
 * cancelled, and it is resumed to come to its end. */
void request_abandon(struct request *r);

/* Read the request, answer it and log it, waiting on the database. */
void request_serve(struct worker *worker, struct http_source *source);

/* Release the memory of the requests that are idle; all are. */
void request_release_idle(struct worker *worker);

#endif
