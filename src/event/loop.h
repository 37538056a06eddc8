/*
 * loop.h - the event loop: a process waits for descriptors, timers and tasks of its own at once.
 *
 * A watch, a timer and a task are members of the struct that needs them.  When its event has come,
 * the loop calls its function.  That function may add and remove any of them, itself included; the
 * function of one that was removed is not called any more.  Only loop_new() allocates memory.
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
    /* Events of epoll have come; with EPOLLET each is told once. */
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

/* Make a loop, in the arena; NULL, with errno set, if the kernel has no descriptor for it.
 * loop_free() closes that. */
struct loop *loop_new(struct arena *a) MUST_CHECK;
void loop_free(struct loop *loop);

/* Watch a descriptor for these events (of epoll), in place of the descriptor and the events that
 * the watch had before.  False, with errno set, if the kernel refuses. */
bool
loop_watch(struct loop *loop, struct loop_watch *watch, int descriptor, uint32_t events) MUST_CHECK;
/* Stop watching.  To be called before the descriptor is closed. */
void loop_unwatch(struct loop *loop, struct loop_watch *watch);

/* Call timer->due() once, at the moment `at` or soon after it.  An earlier setting is dropped. */
void loop_set_timer(struct loop *loop, struct loop_timer *timer, int64_t at);
void loop_stop_timer(struct loop *loop, struct loop_timer *timer);

/* Call task->run() once, before the loop waits again.  Tasks run in the order in which they were
 * added. */
void loop_add_task(struct loop *loop, struct loop_task *task);
/* Do not call it, if it has not been called yet. */
void loop_drop_task(struct loop *loop, struct loop_task *task);

/* Wait for at most `timeout` milliseconds, with the signals of `mask` blocked meanwhile, and call
 * the functions of all that has come: first for descriptors that are ready, then for timers that
 * are due. */
void loop_turn(struct loop *loop, int timeout, const sigset_t *mask);

#endif
