/*
 * test_clock.h - a clock that a test moves, instead of the library's: how long the machine takes
 * for anything does not matter then.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef UNIT_TEST_CLOCK_H
#define UNIT_TEST_CLOCK_H

#include <stdint.h>

#include "event/clock.h"

static int64_t clock_time = 1;
static int64_t clock_step; /* by so much it moves each time that somebody looks */

int64_t
clock_now(void)
{
    return clock_time += clock_step;
}

#endif
