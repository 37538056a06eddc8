/*
 * arena_case.h - tests that need an arena: each has one of its own.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_UNIT_ARENA_CASE_H
#define TESTS_UNIT_ARENA_CASE_H

#include "base/arena.h"
#include "tests/unit/unit.h"

static struct arena *arena;

static inline int
setup(void **state)
{
    (void)state;
    arena = arena_new("test");
    return 0;
}

static inline int
teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
