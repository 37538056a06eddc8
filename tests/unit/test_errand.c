/*
 * test_errand.c - calls in threads of their own: waited for, left before and after their end, too
 * many.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <poll.h>
#include <sched.h>

#include "event/errand.h"
#include "tests/unit/unit.h"

struct call {
    struct errand errand; /* the first member */
    atomic_bool may_end, has_seen;
    atomic_int freed;
};

static void
call_run(struct errand *errand)
{
    struct call *call = (struct call *)errand;
    while (!atomic_load(&call->may_end))
        sched_yield();
    atomic_store(&call->has_seen, errand_is_left(errand));
}

static void
call_free(struct errand *errand)
{
    atomic_fetch_add(&((struct call *)errand)->freed, 1);
}

static void
init(struct call *call, bool may_end)
{
    *call = (struct call){ .errand = { .run = call_run, .free = call_free } };
    atomic_store(&call->may_end, may_end);
}

static void
wait_until_freed(struct call *call)
{
    while (!atomic_load(&call->freed))
        sched_yield();
}

static void
one_that_is_waited_for(void **state)
{
    struct call call;
    (void)state;
    init(&call, false);
    assert_true(errand_start(&call.errand));
    struct pollfd done = { .fd = call.errand.descriptor, .events = POLLIN };
    assert_int_equal(poll(&done, 1, 0), 0);
    assert_false(errand_is_done(&call.errand));
    atomic_store(&call.may_end, true);
    assert_int_equal(poll(&done, 1, -1), 1);
    while (!errand_is_done(&call.errand)) /* it is so in a moment */
        sched_yield();
    assert_false(atomic_load(&call.has_seen));
    assert_int_equal(atomic_load(&call.freed), 0);
    errand_leave(&call.errand);
    assert_int_equal(atomic_load(&call.freed), 1);
}

static void
one_that_is_left(void **state)
{
    struct call call;
    (void)state;
    init(&call, false);
    assert_true(errand_start(&call.errand));
    errand_leave(&call.errand);
    assert_int_equal(atomic_load(&call.freed), 0);
    atomic_store(&call.may_end, true);
    wait_until_freed(&call);
    assert_true(atomic_load(&call.has_seen));
}

/* Whichever side comes second frees, once. */
static void
ones_that_are_left_at_any_moment(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++) {
        struct call call;
        init(&call, true);
        assert_true(errand_start(&call.errand));
        for (int j = 0; j < i % 20; j++)
            sched_yield();
        errand_leave(&call.errand);
        wait_until_freed(&call);
        assert_int_equal(atomic_load(&call.freed), 1);
    }
}

static void
too_many_that_do_not_return(void **state)
{
    enum { COUNT = 32 };
    static struct call calls[COUNT];
    struct call more;
    (void)state;
    for (int i = 0; i < COUNT; i++) {
        init(&calls[i], false);
        assert_true(errand_start(&calls[i].errand));
        errand_leave(&calls[i].errand);
    }
    init(&more, true);
    assert_false(errand_start(&more.errand));
    assert_int_equal(errno, EAGAIN);
    for (int i = 0; i < COUNT; i++)
        atomic_store(&calls[i].may_end, true);
    for (int i = 0; i < COUNT; i++)
        wait_until_freed(&calls[i]);
    assert_true(errand_start(&more.errand));
    errand_leave(&more.errand);
    wait_until_freed(&more);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_is_waited_for),
        cmocka_unit_test(one_that_is_left),
        cmocka_unit_test(ones_that_are_left_at_any_moment),
        cmocka_unit_test(too_many_that_do_not_return),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
