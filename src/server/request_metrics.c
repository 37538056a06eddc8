/*
 * request_metrics.c - what is counted of a request, and /metrics.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include "base/buf.h"
#include "document/cache.h"
#include "document/trusted.h"
#include "language/ast.h"
#include "metrics/metrics_board.h"
#include "server/service.h"

static enum metrics_operation
find_operation(const struct request *r)
{
    static const enum metrics_operation operations[] = {
        [OPERATION_QUERY] = METRICS_QUERY,
        [OPERATION_MUTATION] = METRICS_MUTATION,
        [OPERATION_SUBSCRIPTION] = METRICS_SUBSCRIPTION,
    };

    return r->operation ? operations[r->operation->type] : METRICS_NONE;
}

static int
find_outcome(const struct request *r)
{
    if (r->abort == ABORT_GONE)
        return METRICS_GONE;
    return r->errors.first ? (int)r->errors.first->code : METRICS_OK;
}

void
request_count(const struct request *r)
{
    int64_t time = r->marked - r->started;

    if (r->http.target != HTTP_OPERATION)
        return;
    metrics_add_request(find_operation(r), find_outcome(r), time);
    for (int i = 0; i < TIMES; i++)
        metrics_add((enum metrics_counter)(METRICS_PHASE_READ + i), (uint64_t)r->times[i]);
    if (r->has_borrowed)
        metrics_add_wait(r->times[TIME_QUEUE]);
    if (r->trusted)
        metrics_add_document(r->trusted->place, time);
}

void
request_count_document(const struct request *r, enum metrics_counter result)
{
    metrics_add(result, 1);
    if (result == METRICS_DOCUMENT_MISS)
        metrics_set(METRICS_CACHE_BYTES, cache_size(r->service->cache));
}

bool
request_write_metrics(struct request *r)
{
    struct buf *b = buf_new(r->arena);

    if (!metrics_print(b))
        return false;
    r->response.status = 200;
    r->response.media = HTTP_PROMETHEUS;
    r->text = buf_str(b);
    return true;
}
