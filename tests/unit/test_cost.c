/*
 * test_cost.c - what requests have cost before.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "pool/cost.h"
#include "tests/unit/unit.h"

enum { MS = 1000, CHEAP = 1, HEAVY = 50 };

static int
setup(void **state)
{
    *state = arena_new("test");
    return 0;
}

static int
teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static bool
is_heavy(const struct costs *costs, uint64_t key)
{
    return costs_find(costs, key) >= COST_HEAVY;
}

static void
test_finds_what_was_added(void **state)
{
    struct costs *costs = costs_new(*state, CHEAP, HEAVY);

    assert_int_equal(costs_find(costs, 1), COST_UNKNOWN);
    costs_add(costs, 1, 0);
    assert_false(is_heavy(costs, 1));
    assert_int_equal(costs_find(costs, 257), COST_UNKNOWN); /* of the same set */
    costs_add(costs, 257, HEAVY * MS);
    assert_true(is_heavy(costs, 257));
    assert_false(is_heavy(costs, 1));
}

static int
count_until(struct costs *costs, int64_t time, bool wanted)
{
    int count = 0;

    while (is_heavy(costs, 1) != wanted) {
        costs_add(costs, 1, time * MS);
        count++;
    }
    return count;
}

/* One call that takes long outweighs many that do not. */
static void
test_rises_fast_and_falls_slowly(void **state)
{
    struct costs *costs = costs_new(*state, CHEAP, HEAVY);

    for (int i = 0; i < 1000; i++)
        costs_add(costs, 1, 1 * MS);
    assert_int_equal(count_until(costs, 5000, true), 1);
    assert_true(count_until(costs, 1, false) > 50);
    /* One that is a little longer does not count, such as one that waited for its turn. */
    costs_add(costs, 1, HEAVY * MS);
    assert_true(count_until(costs, 1, false) < 10);
}

/* What nearly always takes long is costly; what has waited once is not. */
static void
test_tells_costly_from_heavy(void **state)
{
    struct costs *costs = costs_new(*state, CHEAP, HEAVY);

    for (int i = 0; i < 100; i++)
        costs_add(costs, 1, (i % 10 ? 1 : 500) * MS);
    assert_int_equal(costs_find(costs, 1), COST_HEAVY);
    for (int i = 0; i < 20; i++)
        costs_add(costs, 1, 100 * MS);
    assert_int_equal(costs_find(costs, 1), COST_COSTLY);
    costs_add(costs, 1, 1 * MS);
    assert_int_equal(costs_find(costs, 1), COST_HEAVY);
}

/* What is cheap stays so when a call had to wait, but not when calls take long. */
static void
test_tells_cheap_from_light(void **state)
{
    struct costs *costs = costs_new(*state, CHEAP, HEAVY);

    costs_add(costs, 1, 200);
    assert_int_equal(costs_find(costs, 1), COST_CHEAP);
    for (int i = 0; i < 100; i++)
        costs_add(costs, 1, i % 20 ? 200 : 8 * MS);
    assert_int_equal(costs_find(costs, 1), COST_CHEAP);
    costs_add(costs, 1, 30 * MS);
    assert_int_equal(costs_find(costs, 1), COST_LIGHT);
    for (int i = 0; i < 100; i++)
        costs_add(costs, 2, 2 * MS);
    assert_int_equal(costs_find(costs, 2), COST_LIGHT);

    /* What PostgreSQL is far away from may take longer. */
    costs = costs_new(*state, 3, HEAVY);
    for (int i = 0; i < 100; i++)
        costs_add(costs, 2, 2 * MS);
    assert_int_equal(costs_find(costs, 2), COST_CHEAP);
    costs_add(costs, 2, 80 * MS);
    assert_int_equal(costs_find(costs, 2), COST_LIGHT);
}

/* Statements that come once do not drive out one that comes again and again, but find room
 * when it comes no more. */
static void
test_keeps_what_is_used(void **state)
{
    struct costs *costs = costs_new(*state, CHEAP, HEAVY);
    uint64_t other = 2;

    for (int round = 0; round < 1000; round++) {
        costs_add(costs, 1, 1 * MS);
        for (int i = 0; i < 256; i++)
            costs_add(costs, other++ * 0x9E3779B97F4A7C15U, 1 * MS);
        assert_false(is_heavy(costs, 1));
    }
    for (int i = 0; i < 100000; i++)
        costs_add(costs, other++ * 0x9E3779B97F4A7C15U, 1 * MS);
    assert_int_equal(costs_find(costs, 1), COST_UNKNOWN);
}

/* Requests that take little keep PostgreSQL busy when they are many; and then they are not. */
static void
test_knows_who_is_busy(void **state)
{
    struct costs *costs = costs_new(*state, CHEAP, HEAVY);
    int64_t now = 1000000;

    assert_false(costs_is_busy(costs, 1, now));
    for (int i = 0; i < 200; i++) {
        costs_add_owner(costs, 1, 5 * MS, now += 10); /* half of the time */
        costs_add_owner(costs, 2, 1 * MS, now);
    }
    assert_true(costs_is_busy(costs, 1, now));
    assert_false(costs_is_busy(costs, 2, now));
    assert_false(costs_is_busy(costs, 3, now));
    assert_false(is_heavy(costs, 1));
    assert_false(costs_is_busy(costs, 1, now + 900));
    /* A twentieth of the time is little, also where nobody else takes any. */
    for (int i = 0; i < 200; i++)
        costs_add_owner(costs, 3, 1 * MS, now += 20);
    assert_false(costs_is_busy(costs, 3, now));
    /* Of two that take the same nobody is the one. */
    for (int i = 0; i < 400; i++)
        costs_add_owner(costs, 4 + (uint64_t)i % 2, 10 * MS, now += 5);
    assert_false(costs_is_busy(costs, 4, now));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_finds_what_was_added, setup, teardown),
        cmocka_unit_test_setup_teardown(test_rises_fast_and_falls_slowly, setup, teardown),
        cmocka_unit_test_setup_teardown(test_tells_costly_from_heavy, setup, teardown),
        cmocka_unit_test_setup_teardown(test_tells_cheap_from_light, setup, teardown),
        cmocka_unit_test_setup_teardown(test_keeps_what_is_used, setup, teardown),
        cmocka_unit_test_setup_teardown(test_knows_who_is_busy, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
