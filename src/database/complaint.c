/*
 * complaint.c - why PostgreSQL cannot be reached, said every ten seconds.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/complaint.h"

#include <stdatomic.h>

#include "base/log.h"
#include "event/clock.h"

static struct complaint own, *complaint = &own;

void
complaint_share(struct complaint *shared)
{
    complaint = shared;
}

bool
complaint_is_due(void)
{
    int64_t last = atomic_load(&complaint->last), now = clock_now();

    if (last && now - last < COMPLAINT_PAUSE)
        return false;
    return atomic_compare_exchange_strong(&complaint->last, &last, now);
}

void
complaint_of_silence(void)
{
    if (complaint_is_due())
        log_error("database: cannot connect: no answer in time");
}
