/*
 * test_turns.c - how many processes do at once what occupies a core.
 *
 * SPDX-License-Identifier: MIT
 */
#include "event/turns.h"
#include "tests/unit/unit.h"

static void
test_bound(void **state)
{
    struct turns *turns = turns_new(3, 2);

    (void)state;
    for (int process = 0; process < 2; process++) {
        assert_true(turns_are_free(turns, process, 0));
        assert_true(turns_take(turns, process));
    }
    for (int process = 0; process < 3; process++) {
        assert_false(turns_are_free(turns, process, 0));
        assert_false(turns_take(turns, process));
    }
    turns_leave(turns, 0);
    assert_true(turns_are_free(turns, 2, 0));
    assert_true(turns_take(turns, 2));
    /* One that has died had one. */
    turns_reset(turns, 1);
    assert_true(turns_are_free(turns, 1, 0));
    turns_free(turns);
}

static void
test_lets_others_pass(void **state)
{
    struct turns *turns = turns_new(2, 1);

    (void)state;
    assert_true(turns_take(turns, 0));
    turns_leave(turns, 0);
    assert_true(turns_are_free(turns, 0, 100));
    turns_wait(turns, 1, 101);
    assert_false(turns_are_free(turns, 0, 100));
    assert_true(turns_are_free(turns, 1, 100));
    /* One that hangs does not ask again. */
    assert_true(turns_are_free(turns, 0, 101));
    turns_wait(turns, 1, 0);
    assert_true(turns_are_free(turns, 0, 100));
    /* After the other one has had its turn, it is for both. */
    turns_wait(turns, 0, 200);
    turns_wait(turns, 1, 200);
    assert_true(turns_take(turns, 1));
    turns_leave(turns, 1);
    assert_true(turns_are_free(turns, 0, 100));
    assert_false(turns_are_free(turns, 1, 100));
    turns_free(turns);
}

/* Who takes turns is known to all processes, for a while. */
static void
test_owners(void **state)
{
    struct turns *turns = turns_new(2, 1);

    (void)state;
    assert_false(turns_has_owner(turns, 7, 100));
    turns_note_owner(turns, 1, 7, 200);
    assert_true(turns_has_owner(turns, 7, 100));
    assert_false(turns_has_owner(turns, 8, 100));
    assert_false(turns_has_owner(turns, 7, 200));
    turns_note_owner(turns, 0, 8, 300);
    assert_true(turns_has_owner(turns, 7, 100) && turns_has_owner(turns, 8, 100));
    turns_note_owner(turns, 1, 9, 300);
    assert_false(turns_has_owner(turns, 7, 100));
    turns_reset(turns, 0);
    assert_false(turns_has_owner(turns, 8, 100));
    assert_true(turns_has_owner(turns, 9, 100));
    turns_free(turns);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bound),
        cmocka_unit_test(test_lets_others_pass),
        cmocka_unit_test(test_owners),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
