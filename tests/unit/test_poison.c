/*
 * test_poison.c - documents that workers have died of.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/poison.h"
#include "tests/unit/unit.h"

enum { DOCUMENT = 7, START = 1000 };

/* So many deaths of the document, each a while after the one before; is it refused then? */
static bool
die(struct poison *poison, uint64_t hash, int times, int64_t from, int64_t between)
{
    bool is_refused = false;

    for (int i = 0; i < times; i++)
        is_refused = poison_note(poison, hash, from + i * between);
    return is_refused;
}

static void
test_five_within_a_minute(void **state)
{
    struct poison poison = { 0 };
    int64_t between = POISON_WINDOW / (POISON_DEATHS - 1), last = START + 4 * between;

    (void)state;
    assert_false(die(&poison, DOCUMENT, POISON_DEATHS - 1, START, between));
    assert_int_equal(poison_left(&poison, DOCUMENT, last), 0);
    assert_true(poison_note(&poison, DOCUMENT, last));
    assert_int_equal(poison_left(&poison, DOCUMENT, last), POISON_TIME);
    assert_int_equal(poison_left(&poison, DOCUMENT + 1, last), 0);
    assert_int_equal(poison_left(&poison, DOCUMENT, last + POISON_TIME - 1), 1);
    assert_int_equal(poison_left(&poison, DOCUMENT, last + POISON_TIME), 0);
}

static void
test_more_seldom(void **state)
{
    struct poison poison = { 0 };
    int64_t between = POISON_WINDOW / (POISON_DEATHS - 1) + 1;

    (void)state;
    assert_false(die(&poison, DOCUMENT, 100, START, between));
}

static void
test_counted_anew_after_the_refusal(void **state)
{
    struct poison poison = { 0 };

    (void)state;
    assert_true(die(&poison, DOCUMENT, POISON_DEATHS, START, 1));
    int64_t later = START + POISON_TIME + 10;
    assert_false(die(&poison, DOCUMENT, POISON_DEATHS - 1, later, 1));
    assert_true(poison_note(&poison, DOCUMENT, later + POISON_DEATHS));
    assert_true(poison_left(&poison, DOCUMENT, later + POISON_DEATHS) > 0);
}

/* More documents than there are places: the oldest give theirs. */
static void
test_many(void **state)
{
    struct poison poison = { 0 };
    int64_t now = START;

    (void)state;
    for (uint64_t hash = 1; hash <= 2 * POISON_SUSPECTS; hash++)
        assert_false(poison_note(&poison, hash, now++));
    for (uint64_t hash = 1; hash <= POISON_REFUSED + 1; hash++, now += POISON_DEATHS)
        assert_true(die(&poison, 1000 + hash, POISON_DEATHS, now, 1));
    assert_int_equal(poison_left(&poison, 1001, now), 0);
    for (uint64_t hash = 2; hash <= POISON_REFUSED + 1; hash++)
        assert_true(poison_left(&poison, 1000 + hash, now) > 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_five_within_a_minute),
        cmocka_unit_test(test_more_seldom),
        cmocka_unit_test(test_counted_anew_after_the_refusal),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
