/*
 * loop.c - what a process waits for, all at once.
 *
 * Timers stand in a list, the earliest first.  Most are set for a time that is the same for
 * all of their kind, and so belong at its end: a place is looked for from there.
 *
 * A process may be stopped for longer than a timer allows, or just be busy.  What a timer waits
 * for may have come meanwhile, so the loop tells of all that has come before a timer is due.
 *
 * SPDX-License-Identifier: MIT
 */
#include "event/clock.h"
#include "event/loop.h"

#include <assert.h>
#include <errno.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"

/* Events taken from the kernel at once; and how often, at most, before timers are due.  That is
 * more than all that a worker watches, and ends when descriptors are ready without end. */
enum { EVENTS = 64, ROUNDS = 16 };

struct loop {
    int epoll;
    struct epoll_event events[EVENTS]; /* of this turn */
    int event, event_count;            /* the one that is told of, and how many there are */
    struct loop_timer *earliest, *latest;
    struct loop_task *first_task, **last_task;
};

struct loop *
loop_new(struct arena *a)
{
    struct loop *loop = ARENA_NEW(a, struct loop);

    loop->last_task = &loop->first_task;
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    return loop->epoll < 0 ? NULL : loop;
}

void
loop_free(struct loop *loop)
{
    if (loop && loop->epoll >= 0)
        close(loop->epoll);
}

/* --- descriptors --- */

bool
loop_watch(struct loop *loop, struct loop_watch *watch, int descriptor, uint32_t events)
{
    struct epoll_event event = { .events = events, .data.ptr = watch };

    if (watch->events && watch->descriptor != descriptor)
        loop_unwatch(loop, watch);
    if (watch->events == events)
        return true;
    /* One that was closed and made anew under the same number is not watched any more. */
    if ((!watch->events || epoll_ctl(loop->epoll, EPOLL_CTL_MOD, descriptor, &event) != 0) &&
        epoll_ctl(loop->epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
        return false;
    watch->descriptor = descriptor;
    watch->events = events;
    return true;
}

void
loop_unwatch(struct loop *loop, struct loop_watch *watch)
{
    if (!watch->events)
        return;
    watch->events = 0;
    epoll_ctl(loop->epoll, EPOLL_CTL_DEL, watch->descriptor, NULL);
    for (int i = loop->event + 1; i < loop->event_count; i++)
        if (loop->events[i].data.ptr == watch)
            loop->events[i].data.ptr = NULL;
}

/* --- timers --- */

void
loop_stop_timer(struct loop *loop, struct loop_timer *timer)
{
    if (!timer->at)
        return;
    *(timer->earlier ? &timer->earlier->later : &loop->earliest) = timer->later;
    *(timer->later ? &timer->later->earlier : &loop->latest) = timer->earlier;
    timer->at = 0;
}

void
loop_set_timer(struct loop *loop, struct loop_timer *timer, int64_t at)
{
    loop_stop_timer(loop, timer);
    struct loop_timer *before = loop->latest;
    while (before && before->at > at)
        before = before->earlier;
    timer->at = at;
    timer->earlier = before;
    timer->later = before ? before->later : loop->earliest;
    *(before ? &before->later : &loop->earliest) = timer;
    *(timer->later ? &timer->later->earlier : &loop->latest) = timer;
}

static bool
is_timer_due(const struct loop *loop)
{
    return loop->earliest && loop->earliest->at <= clock_now();
}

static void
run_timers(struct loop *loop)
{
    int64_t now = loop->earliest ? clock_now() : 0;

    while (loop->earliest && loop->earliest->at <= now) {
        struct loop_timer *timer = loop->earliest;
        loop_stop_timer(loop, timer);
        timer->due(timer);
    }
}

/* --- tasks --- */

void
loop_add_task(struct loop *loop, struct loop_task *task)
{
    if (task->is_queued)
        return;
    task->is_queued = true;
    task->next = NULL;
    *loop->last_task = task;
    loop->last_task = &task->next;
}

void
loop_drop_task(struct loop *loop, struct loop_task *task)
{
    struct loop_task **link = &loop->first_task;

    if (!task->is_queued)
        return;
    while (*link != task) {
        assert(*link); /* it is queued, so it is found */
        link = &(*link)->next;
    }
    *link = task->next;
    if (loop->last_task == &task->next)
        loop->last_task = link;
    task->is_queued = false;
}

static void
run_tasks(struct loop *loop)
{
    while (loop->first_task) {
        struct loop_task *task = loop->first_task;
        loop->first_task = task->next;
        if (!loop->first_task)
            loop->last_task = &loop->first_task;
        task->is_queued = false;
        task->run(task);
    }
}

/* --- turns --- */

/* How long to wait, so that no timer is late. */
static int
shorten(const struct loop *loop, int timeout)
{
    if (!loop->earliest)
        return timeout;
    int64_t left = loop->earliest->at - clock_now();
    if (left < 0)
        left = 0;
    return timeout < 0 || left < timeout ? (int)left : timeout;
}

/* Tell of the events that the kernel has given. */
static void
tell_of_events(struct loop *loop, int count)
{
    loop->event_count = count;
    for (loop->event = 0; loop->event < loop->event_count; loop->event++) {
        struct loop_watch *watch = loop->events[loop->event].data.ptr;
        if (watch)
            watch->ready(watch, loop->events[loop->event].events);
    }
}

/* Tell of all that has come by now. */
static void
tell_of_rest(struct loop *loop)
{
    int count = EVENTS;

    for (int i = 0; i < ROUNDS && count == EVENTS; i++) {
        count = epoll_wait(loop->epoll, loop->events, EVENTS, 0);
        tell_of_events(loop, count);
    }
    run_tasks(loop);
}

void
loop_turn(struct loop *loop, int timeout, const sigset_t *mask)
{
    run_tasks(loop); /* what was added between two turns */
    tell_of_events(loop,
                   epoll_pwait(loop->epoll, loop->events, EVENTS, shorten(loop, timeout), mask));
    if (is_timer_due(loop)) {
        /* Also when the wait was interrupted, as it is when the process is continued. */
        tell_of_rest(loop);
        run_timers(loop);
    }
    run_tasks(loop);
}
