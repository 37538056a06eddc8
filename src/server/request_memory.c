/*
 * request_memory.c - what requests hold while they wait.
 *
 * A request that waits for PostgreSQL keeps its document, its values and its plan.  A few hundred
 * large ones at a time would take a gigabyte, so they share a bound.  Small ones always find
 * room: there are at most so many connections.
 *
 * Rows come in many small pieces, among which what is kept for longer finds its place; so the heap
 * would stay as large as it has ever been.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include <assert.h>

#include "base/arena.h"
#include "document/cache.h"
#include "execution/execute.h"
#include "config/config.h"
#include "server/service.h"

enum {
    SMALL_PART = 256,      /* of the bound: what is less is small */
    MUCH = 8 * 1024 * 1024 /* bytes: what is worth giving back to the system */
};

bool
request_hold(struct request *r)
{
    struct service *service = r->service;
    size_t maximum = (size_t)r->config->limits.request_memory;
    size_t size = arena_size(r->arena) + cache_size_alone(r->document, r->plan);

    assert(r->held == 0);
    if (size > maximum / SMALL_PART && service->held + size > maximum)
        return false;
    r->held = size;
    service->held += size;
    return true;
}

void
request_let_go(struct request *r)
{
    assert(r->service->held >= r->held);
    r->service->held -= r->held;
    r->held = 0;
}

void
request_forget(struct request *r)
{
    size_t size = arena_size(r->arena) + (r->run ? execute_rows_size(r->run) : 0);

    arena_reset(r->arena);
    if (size >= MUCH)
        arena_give_back();
}
