/*
 * metrics.c - what a worker counts.
 *
 * SPDX-License-Identifier: MIT
 */
#include "metrics/metrics.h"

#include <assert.h>
#include <string.h>

struct metrics_slot *metrics_own;
_Thread_local _Atomic uint64_t *metrics_counters;

#define MS(milliseconds) ((int64_t)((milliseconds)*1e6))

const int64_t metrics_bounds[METRICS_BOUNDS] = { MS(0.5),  MS(1),    MS(2.5),  MS(5),    MS(10),
                                                 MS(25),   MS(50),   MS(100),  MS(250),  MS(500),
                                                 MS(1000), MS(2500), MS(5000), MS(10000) };

static const char classes[][3] = {
#define METRICS_NAME(name) #name,
    METRICS_CLASSES(METRICS_NAME)
#undef METRICS_NAME
};

void
metrics_add_error(const char *sqlstate)
{
    size_t i = 0;

    while (i < ARRAY_LENGTH(classes) && strncmp(classes[i], sqlstate, 2) != 0)
        i++;
    metrics_add((enum metrics_counter)(METRICS_CLASS_08 + i), 1);
}

static void
add_time(struct metrics_histogram *histogram, int64_t time)
{
    int i = 0;

    while (i < METRICS_BOUNDS && time > metrics_bounds[i])
        i++;
    metrics_add_to(&histogram->buckets[i], 1);
    metrics_add_to(&histogram->sum, (uint64_t)time);
}

void
metrics_add_request(enum metrics_operation operation, int outcome, int64_t time)
{
    assert((unsigned)operation < METRICS_OPERATION_COUNT);
    assert(outcome >= 0 && outcome < METRICS_OUTCOME_COUNT && time >= 0);
    if (metrics_own)
        add_time(&metrics_own->requests[operation][outcome], time);
}

void
metrics_add_wait(int64_t time)
{
    if (metrics_own)
        add_time(&metrics_own->waits, time);
}

void
metrics_add_document(int place, int64_t time)
{
    if (!metrics_own || place < 0)
        return;
    assert(place < METRICS_DOCUMENTS);
    metrics_add_to(&metrics_own->documents[place].requests, 1);
    metrics_add_to(&metrics_own->documents[place].sum, (uint64_t)time);
}

void
metrics_join_thread(void)
{
    metrics_counters = metrics_own ? metrics_own->counters[1] : NULL;
}
