/*
 * test_handover.c - what a master hands over is read as it was written, and nothing else is.
 *
 * SPDX-License-Identifier: MIT
 */
#include "upgrade/handover.h"

#include "base/arena.h"
#include "jose/pair.h"
#include "tests/unit/unit.h"

static void
test_all_comes_back(void **state)
{
    struct arena *a = arena_new("test");
    struct token_key keys[] = {
        token_key_of_secret(a, STR("a secret with a NUL\0 in it, of some length")),
        token_key_of_pair(a, pair_make(a, PAIR_P256)),
        token_key_of_pair(a, pair_make(a, PAIR_ED25519)),
        token_key_of_pair(a, pair_make(a, PAIR_RSA)),
    };
    struct handover_worker workers[] = { { 0, 4711 }, { 3, 4712 } };
    struct handover_crew crews[] = {
        { .words = 7,
          .board = 8,
          .layout = STR("linnet-board-7"),
          .drain_time = 10000,
          .places = 4,
          .workers = workers,
          .worker_count = 2,
          .ring = { keys, ARRAY_LENGTH(keys) } },
        { .is_leaving = true,
          .deadline = 123456789012,
          .words = 9,
          .board = -1,
          .layout = STR("linnet-board-7"),
          .places = 1 },
    };
    const struct handover before = {
        .listener = 3,
        .path = STR("/run/a folder/linnet.sock"),
        .inode = 99,
        .arrivals = 5,
        .departures = 6,
        .metrics = 10,
        .crews = crews,
        .crew_count = 2,
    };
    struct handover after;

    (void)state;
    keys[1].until = 42;
    assert_true(handover_parse(a, handover_print(a, &before), &after));
    assert_int_equal(after.listener, 3);
    assert_true(str_is(after.path, "/run/a folder/linnet.sock"));
    assert_int_equal(after.inode, 99);
    assert_int_equal(after.arrivals, 5);
    assert_int_equal(after.departures, 6);
    assert_int_equal(after.metrics, 10);
    assert_int_equal(after.crew_count, 2);
    const struct handover_crew *crew = &after.crews[0];
    assert_false(crew->is_leaving);
    assert_int_equal(crew->words, 7);
    assert_int_equal(crew->board, 8);
    assert_int_equal(crew->places, 4);
    assert_int_equal(crew->drain_time, 10000);
    assert_true(str_is(crew->layout, "linnet-board-7"));
    assert_int_equal(crew->worker_count, 2);
    assert_int_equal(crew->workers[1].number, 3);
    assert_int_equal(crew->workers[1].pid, 4712);
    assert_int_equal(crew->ring.count, ARRAY_LENGTH(keys));
    for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
        assert_true(token_key_equal(&crew->ring.keys[i], &keys[i]));
        assert_true(str_equal(crew->ring.keys[i].id, keys[i].id));
        assert_int_equal(crew->ring.keys[i].until, keys[i].until);
        /* Private halves stay where they are. */
        assert_int_equal(token_key_may_sign(&crew->ring.keys[i]), i == 0);
    }
    assert_true(after.crews[1].is_leaving);
    assert_int_equal(after.crews[1].deadline, 123456789012);
    assert_int_equal(after.crews[1].board, -1);
    assert_int_equal(after.crews[1].worker_count, 0);

    struct handover inherited = before;
    inherited.path = STR_NONE;
    assert_true(handover_parse(a, handover_print(a, &inherited), &after));
    assert_null(after.path.ptr);
    arena_free(a);
}

#define HEAD "linnet " HANDOVER_VERSION "\nlistener 3 99 -\npassage 5 6\n"
#define CREW "crew 0 0 10000 7 2 8 linnet-board-1\n"

static void
test_others_are_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        "linnet 0\nlistener 3 99 -\npassage 5 6\n" CREW "end\n",
        "linnet " HANDOVER_VERSION "\nend\n",
        HEAD CREW,
        HEAD CREW "end",
        HEAD CREW "end\nmore\n",
        HEAD CREW "end\n\n",
        HEAD "\n" CREW "end\n",
        HEAD "worker 0 12\nend\n",
        HEAD CREW "worker 2 12\nend\n",
        HEAD CREW "worker -1 12\nend\n",
        HEAD CREW "worker 0 0\nend\n",
        HEAD CREW "worker 0\nend\n",
        HEAD CREW "worker 0 12 13\nend\n",
        HEAD CREW "worker 0 x\nend\n",
        HEAD CREW "secret 0 -\nend\n",
        HEAD CREW "secret 0 !!\nend\n",
        HEAD CREW "public 0 9 AA AA\nend\n",
        HEAD CREW "public 0 1 AA AA\nend\n",
        HEAD CREW "nothing\nend\n",
        HEAD "crew 0 0 10000 7 0 8 x\nend\n",
        HEAD "crew 0 0 10000 7 99999999 8 x\nend\n",
        HEAD "crew 0 0 10000 7 2 -2 x\nend\n",
        HEAD "crew 0 0 10000 7 2 8\nend\n",
    };
    struct arena *a = arena_new("test");
    struct handover handover;

    (void)state;
    assert_true(handover_parse(a, STR(HEAD CREW "worker 1 12\nend\n"), &handover));
    for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++)
        if (handover_parse(a, str_from(wrong[i]), &handover))
            fail_msg("it was taken: %s", wrong[i]);
    arena_free(a);
}

static void
test_versions(void **state)
{
    (void)state;
    assert_true(handover_is_known(STR(HANDOVER_VERSION)));
    assert_false(handover_is_known(STR("0")));
    assert_false(handover_is_known(STR("")));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_comes_back),
        cmocka_unit_test(test_others_are_refused),
        cmocka_unit_test(test_versions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
