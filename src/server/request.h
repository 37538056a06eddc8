/*
 * request.h - the life of a request: from the bytes that came to the bytes
 * that go.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_REQUEST_H
#define SERVER_REQUEST_H

#include <stdatomic.h>
#include <stdbool.h>

#include "base/buf.h"

struct arena;
struct auth;
struct cache;
struct config;
struct contract;
struct db;
struct http_source;
struct viewer;

/* What a process needs to serve requests, one after the other. */
struct worker {
    const struct config *config;
    const struct contract *contract;
    const struct auth *auth; /* auth/auth.h */
    const struct viewer *viewer; /* who asks, whatever the request says; NULL: its token says */
    struct cache *cache;     /* NULL until the contract is bound: operations are refused */
    struct arena *arena;     /* of a request; reset behind it */
    struct buf data;         /* of a response; kept, so that it need not grow again */
    struct db *db;           /* NULL while PostgreSQL is away */

    /* Make `db` ready for a request, connecting again if need be; false while
     * PostgreSQL is away. */
    bool (*need_db)(struct worker *worker);
    int64_t request_count;
    const atomic_bool *is_degraded; /* the last reload failed; NULL: there are none */
};

/* Read the request, answer it and log it. */
void request_serve(struct worker *worker, struct http_source *source);

#endif
