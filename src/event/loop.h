/*
 * loop.h - what a process waits for, all at once: descriptors, moments, and tasks of its own.
 *
 * A watch, a timer and a task are members of whatever they are for, and are told of by
 * a call of their function.  Such a call may add and remove any of them, itself included:
 * what has been removed is told of no more.  Nothing here allocates but loop_new().
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_LOOP_H
#define EVENT_LOOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct loop;

struct loop_watch {
    /* Events of epoll have come; those of an edge are told once. */
    void (*ready)(struct loop_watch *watch, uint32_t events);
    int descriptor;  /* set by loop_watch() */
    uint32_t events; /* 0: it is not watched */
};

struct loop_timer {
    void (*due)(struct loop_timer *timer);
    int64_t at; /* of clock_now(); 0: it is not set */
    struct loop_timer *earlier, *later;
};

struct loop_task {
    void (*run)(struct loop_task *task);
    bool is_queued;
    struct loop_task *next;
};

/* Make a loop, in the arena; NULL, with errno set, when the kernel has none.  loop_free()
 * gives it back. */
struct loop *loop_new(struct arena *a) MUST_CHECK;
void loop_free(struct loop *loop);

/* Watch a descriptor for these events (of epoll), or for others than before, or, when
 * it is another descriptor than before, that one.  False, with errno set, when the kernel
 * refuses. */
bool
loop_watch(struct loop *loop, struct loop_watch *watch, int descriptor, uint32_t events) MUST_CHECK;
/* Watch it no more; to be called before the descriptor is closed. */
void loop_unwatch(struct loop *loop, struct loop_watch *watch);

/* Call timer->due() once, at the moment `at` or soon after it, instead of when it was set to. */
void loop_set_timer(struct loop *loop, struct loop_timer *timer, int64_t at);
void loop_stop_timer(struct loop *loop, struct loop_timer *timer);

/* Call task->run() once, before the loop waits again; in the order in which they came. */
void loop_add_task(struct loop *loop, struct loop_task *task);
/* Do not, if it has not been called yet. */
void loop_drop_task(struct loop *loop, struct loop_task *task);

/* Wait for at most `timeout` milliseconds, with the signals of `mask` blocked meanwhile,
 * and tell of what has come.  Timers that are due come after all descriptors that are ready. */
void loop_turn(struct loop *loop, int timeout, const sigset_t *mask);

#endif
