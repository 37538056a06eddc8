/*
 * clock.h - the time that deadlines and timers are told in.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_CLOCK_H
#define EVENT_CLOCK_H

#include <stdint.h>

/* Milliseconds of CLOCK_MONOTONIC, which no change of the date affects. */
int64_t clock_now(void);

/* The same in nanoseconds: for what is measured. */
int64_t clock_nanoseconds(void);

/* The shorter of two waits, in milliseconds; -1 has no end. */
static inline int
clock_shorter(int wait, int64_t other)
{
    if (other < 0)
        return wait;
    return wait < 0 || other < wait ? (int)other : wait;
}

/* Wait so many milliseconds: only where nothing else is to be done meanwhile. */
void clock_sleep(int milliseconds);

#endif
