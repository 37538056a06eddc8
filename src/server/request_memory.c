/*
 * request_memory.c - what requests hold while they wait.
 *
 * A request that waits for PostgreSQL keeps its document, its values and its plan.  A few hundred
 * large ones at a time would take a gigabyte, so they share a bound.  Small ones always find
 * room: there are at most so many connections.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include <assert.h>

#include "base/arena.h"
#include "document/cache.h"
#include "config/config.h"
#include "server/service.h"

/* What is less than such a part of the bound is small. */
enum { SMALL_PART = 256 };

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
