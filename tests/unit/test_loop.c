/*
 * test_loop.c - descriptors, timers and tasks, and what is removed while it is told of.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/arena.h"
#include "event/loop.h"
#include "tests/unit/test_clock.h"
#include "tests/unit/unit.h"

static struct arena *arena;
static struct loop *loop;

static int
set_up(void **state)
{
    (void)state;
    arena = arena_new("test");
    loop = loop_new(arena);
    return loop ? 0 : -1;
}

static int
tear_down(void **state)
{
    (void)state;
    loop_free(loop);
    arena_free(arena);
    return 0;
}

/* What a test is told of, in order: a letter each. */
static char told[2048];
static int told_count;

static void
tell(char letter)
{
    told[told_count++] = letter;
    told[told_count] = '\0';
}

static void
forget(void)
{
    told_count = 0;
    told[0] = '\0';
}

struct timer {
    struct loop_timer timer; /* the first member */
    char letter;
    struct timer *stops; /* or NULL */
};

static void
timer_due(struct loop_timer *timer)
{
    struct timer *t = (struct timer *)timer;
    tell(t->letter);
    if (t->stops)
        loop_stop_timer(loop, &t->stops->timer);
}

static void
timers_come_in_order(void **state)
{
    struct timer a = { { .due = timer_due }, 'a', NULL }, b = { { .due = timer_due }, 'b', NULL };
    struct timer c = { { .due = timer_due }, 'c', NULL }, d = { { .due = timer_due }, 'd', &b };
    int64_t now = clock_time;

    (void)state;
    forget();
    loop_set_timer(loop, &c.timer, now + 30);
    loop_set_timer(loop, &a.timer, now + 10);
    loop_set_timer(loop, &b.timer, now + 20);
    loop_set_timer(loop, &a.timer, now + 40); /* again: later */
    loop_set_timer(loop, &d.timer, now);
    loop_turn(loop, 1000, NULL);
    assert_string_equal(told, "d"); /* and b is stopped by it */
    assert_int_equal(b.timer.at, 0);
    clock_time = now + 29;
    loop_turn(loop, 0, NULL);
    assert_string_equal(told, "d");
    clock_time = now + 30;
    loop_turn(loop, 1000, NULL);
    assert_string_equal(told, "dc");
    loop_turn(loop, 1000000, NULL); /* it waits no longer than for the next */
    assert_string_equal(told, "dc");
    clock_time = now + 40;
    loop_turn(loop, 1000, NULL);
    assert_string_equal(told, "dca");
    loop_stop_timer(loop, &a.timer); /* that is over */
    loop_turn(loop, 0, NULL);
    assert_string_equal(told, "dca");
}

struct task {
    struct loop_task task; /* the first member */
    char letter;
    struct task *adds, *drops; /* or NULL */
};

static void
task_run(struct loop_task *task)
{
    struct task *t = (struct task *)task;
    tell(t->letter);
    if (t->adds)
        loop_add_task(loop, &t->adds->task);
    if (t->drops)
        loop_drop_task(loop, &t->drops->task);
}

static void
tasks_come_once_each(void **state)
{
    struct task e = { { .run = task_run }, 'e', NULL, NULL };
    struct task b = { { .run = task_run }, 'b', NULL, NULL };
    struct task c = { { .run = task_run }, 'c', NULL, NULL };
    struct task a = { { .run = task_run }, 'a', &e, &b };

    (void)state;
    forget();
    loop_add_task(loop, &a.task);
    loop_add_task(loop, &a.task);
    loop_add_task(loop, &b.task);
    loop_add_task(loop, &c.task);
    loop_turn(loop, 0, NULL);
    assert_string_equal(told, "ace");
    loop_add_task(loop, &b.task);
    loop_drop_task(loop, &b.task); /* the last one */
    loop_drop_task(loop, &b.task);
    loop_add_task(loop, &c.task);
    loop_turn(loop, 0, NULL);
    assert_string_equal(told, "acec");
}

struct watch {
    struct loop_watch watch; /* the first member */
    char letter;
    struct watch *removes; /* or NULL */
    struct task *adds;     /* or NULL */
    bool is_kept_ready;    /* what is ready is not read */
};

static void
watch_ready(struct loop_watch *watch, uint32_t events)
{
    struct watch *w = (struct watch *)watch;
    eventfd_t count;
    assert_true(events & EPOLLIN);
    tell(w->letter);
    if (!w->is_kept_ready)
        eventfd_read(watch->descriptor, &count);
    if (w->adds)
        loop_add_task(loop, &w->adds->task);
    if (w->removes) {
        loop_unwatch(loop, &w->removes->watch);
        close(w->removes->watch.descriptor);
    }
}

static void
what_is_removed_is_told_of_no_more(void **state)
{
    struct watch a = { .watch = { .ready = watch_ready }, .letter = 'a' };
    struct watch b = { .watch = { .ready = watch_ready }, .letter = 'b', .removes = &a };
    int first = eventfd(0, EFD_NONBLOCK), second = eventfd(0, EFD_NONBLOCK);

    (void)state;
    forget();
    a.removes = &b; /* whichever is told of first removes the other */
    assert_true(loop_watch(loop, &a.watch, first, EPOLLIN));
    assert_true(loop_watch(loop, &b.watch, second, EPOLLIN));
    loop_turn(loop, 0, NULL);
    assert_string_equal(told, "");
    eventfd_write(first, 1);
    eventfd_write(second, 1);
    loop_turn(loop, 1000, NULL);
    assert_int_equal(told_count, 1);
    loop_turn(loop, 0, NULL);
    assert_int_equal(told_count, 1);
    struct watch *left = told[0] == 'a' ? &a : &b;

    /* Another descriptor under the same number is another. */
    left->removes = NULL;
    loop_unwatch(loop, &left->watch);
    int again = eventfd(0, EFD_NONBLOCK);
    assert_true(loop_watch(loop, &left->watch, again, EPOLLIN));
    assert_true(loop_watch(loop, &left->watch, again, EPOLLIN | EPOLLET));
    eventfd_write(again, 1);
    loop_turn(loop, 1000, NULL);
    assert_int_equal(told_count, 2);
    assert_false(loop_watch(loop, &(struct loop_watch){ 0 }, 999, EPOLLIN));
    loop_unwatch(loop, &left->watch);
    close(again);
    close(left == &a ? first : second);
}

/* More than the loop takes from the kernel at once are ready when a timer is due: after a pause of
 * the whole machine, each of them may be what the timer waits for. */
static void
timers_come_after_all_that_has_come(void **state)
{
    enum { COUNT = 200 };
    static struct watch watches[COUNT];
    struct timer t = { { .due = timer_due }, 't', NULL };
    struct task k = { { .run = task_run }, 'k', NULL, NULL };
    eventfd_t count;

    (void)state;
    for (int i = 0; i < COUNT; i++) {
        watches[i] = (struct watch){ .watch = { .ready = watch_ready }, .letter = 'w' };
        int descriptor = eventfd(1, EFD_NONBLOCK);
        assert_true(loop_watch(loop, &watches[i].watch, descriptor, EPOLLIN | EPOLLET));
    }
    forget();
    watches[COUNT / 2].adds = &k;
    loop_set_timer(loop, &t.timer, clock_time);
    loop_turn(loop, 1000, NULL);
    assert_int_equal(told_count, COUNT + 2);
    assert_int_equal(told[COUNT], 'k');
    assert_int_equal(told[COUNT + 1], 't');
    for (int i = 0; i < COUNT; i++) {
        assert_int_equal(eventfd_read(watches[i].watch.descriptor, &count), -1);
        loop_unwatch(loop, &watches[i].watch);
        close(watches[i].watch.descriptor);
    }
}

/* Descriptors that are ready without end do not keep timers from their turn. */
static void
timers_come_at_last(void **state)
{
    enum { COUNT = 70 };
    static struct watch watches[COUNT];
    struct timer t = { { .due = timer_due }, 't', NULL };

    (void)state;
    for (int i = 0; i < COUNT; i++) {
        watches[i] = (struct watch){ .watch = { .ready = watch_ready }, .letter = 'w' };
        watches[i].is_kept_ready = true;
        int descriptor = eventfd(1, EFD_NONBLOCK);
        assert_true(loop_watch(loop, &watches[i].watch, descriptor, EPOLLIN));
    }
    forget();
    loop_set_timer(loop, &t.timer, clock_time);
    loop_turn(loop, 1000, NULL);
    assert_int_equal(t.timer.at, 0);
    assert_int_equal(told[told_count - 1], 't');
    for (int i = 0; i < COUNT; i++) {
        loop_unwatch(loop, &watches[i].watch);
        close(watches[i].watch.descriptor);
    }
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(timers_come_in_order),
        TEST(tasks_come_once_each),
        TEST(what_is_removed_is_told_of_no_more),
        TEST(timers_come_after_all_that_has_come),
        TEST(timers_come_at_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
