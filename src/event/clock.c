/*
 * clock.c - the time that deadlines and timers are told in.
 *
 * SPDX-License-Identifier: MIT
 */
#include "event/clock.h"

#include <errno.h>
#include <time.h>

int64_t
clock_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t
clock_nanoseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void
clock_sleep(int milliseconds)
{
    struct timespec left = { milliseconds / 1000, milliseconds % 1000 * 1000000L };

    while (nanosleep(&left, &left) < 0 && errno == EINTR)
        continue;
}
