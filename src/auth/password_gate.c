/*
 * password_gate.c - how many processes hash passwords at once.
 *
 * Byte i of the file stands for slot i; the bytes after the slots for places in
 * the queue.  fcntl() has no lock with a time-out, so a process in the queue tries again
 * every few milliseconds, which is short beside a hash.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/password_gate.h"

#include <assert.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "event/clock.h"

enum {
    QUEUE_MOST = 20,      /* more would wait longer than WAIT_TIME */
    WAIT_TIME = 2000,     /* milliseconds; a client that waits longer tries again meanwhile */
    RETRY_TIME = 3000000, /* nanoseconds: a tenth of a hash */
    NO_PLACE = -1
};

static int
at_least(int value, int least)
{
    return value > least ? value : least;
}

static int
at_most(int value, int most)
{
    return value < most ? value : most;
}

bool
password_gate_open(struct password_gate *gate, int workers)
{
    gate->slots = at_least((int)sysconf(_SC_NPROCESSORS_ONLN) / 2, 1);
    gate->queue = at_least(at_most(workers - gate->slots, QUEUE_MOST), 1);
    gate->descriptor = memfd_create("password-gate", MFD_CLOEXEC);
    return gate->descriptor >= 0;
}

void
password_gate_close(struct password_gate *gate)
{
    close(gate->descriptor);
}

/* Lock or unlock one byte, without waiting. */
static bool
set_lock(const struct password_gate *gate, int place, short type)
{
    struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = place, .l_len = 1 };

    return fcntl(gate->descriptor, F_SETLK, &lock) == 0;
}

/* Lock the first of `count` bytes from `first` on that is free. */
static int
take_place(const struct password_gate *gate, int first, int count)
{
    for (int place = first; place < first + count; place++)
        if (set_lock(gate, place, F_WRLCK))
            return place;
    return NO_PLACE;
}

/* Wait for a slot until `end`. */
static int
wait_for_slot(const struct password_gate *gate, int64_t end)
{
    int slot;

    while ((slot = take_place(gate, 0, gate->slots)) == NO_PLACE && clock_now() < end)
        nanosleep(&(struct timespec){ .tv_nsec = RETRY_TIME }, NULL);
    return slot;
}

int
password_gate_enter(const struct password_gate *gate, int64_t deadline)
{
    int64_t end = clock_now() + WAIT_TIME;

    if (!gate)
        return 0;
    int slot = take_place(gate, 0, gate->slots);
    if (slot != NO_PLACE)
        return slot;
    int place = take_place(gate, gate->slots, gate->queue);
    if (place == NO_PLACE)
        return NO_PLACE;
    slot = wait_for_slot(gate, deadline < end ? deadline : end);
    set_lock(gate, place, F_UNLCK);
    return slot;
}

void
password_gate_leave(const struct password_gate *gate, int place)
{
    assert(!gate || (place >= 0 && place < gate->slots));
    if (gate)
        set_lock(gate, place, F_UNLCK);
}
