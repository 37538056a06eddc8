/*
 * errand.c - a call that may take as long as it likes, in a thread of its own.
 *
 * Both sides set the state once, and the second to do so frees.
 *
 * SPDX-License-Identifier: MIT
 */
#include "event/errand.h"

#include <errno.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { RUNNING, DONE, LEFT };

/* Threads that nobody waits for, at most. */
enum { LEFT_MOST = 32 };

static atomic_int left_count;

static void
end(struct errand *errand)
{
    close(errand->descriptor);
    errand->free(errand);
}

static void *
run(void *data)
{
    struct errand *errand = data;

    errand->run(errand);
    /* Before the state is set, after which it may be freed. */
    eventfd_write(errand->descriptor, 1);
    if (atomic_exchange(&errand->state, DONE) == LEFT) {
        atomic_fetch_sub(&left_count, 1);
        end(errand);
    }
    return NULL;
}

bool
errand_start(struct errand *errand)
{
    pthread_t thread;
    int fault = EAGAIN;

    atomic_store(&errand->state, RUNNING);
    errand->descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (errand->descriptor < 0)
        return false;
    if (atomic_load(&left_count) < LEFT_MOST)
        fault = pthread_create(&thread, NULL, run, errand);
    if (fault == 0) {
        pthread_detach(thread);
        return true;
    }
    close(errand->descriptor);
    errno = fault;
    return false;
}

bool
errand_is_done(const struct errand *errand)
{
    return atomic_load(&errand->state) == DONE;
}

bool
errand_is_left(const struct errand *errand)
{
    return atomic_load(&errand->state) == LEFT;
}

void
errand_leave(struct errand *errand)
{
    atomic_fetch_add(&left_count, 1);
    if (atomic_exchange(&errand->state, LEFT) == RUNNING)
        return;
    atomic_fetch_sub(&left_count, 1);
    end(errand);
}
