/*
 * password_gate.c - how many processes hash passwords at once, and for whom.
 *
 * Byte i of the file stands for slot i; the bytes after the slots for places in
 * the queue.  fcntl() has no lock with a time-out, so a process in the queue tries again
 * every few milliseconds, which is short beside a hash.
 *
 * What the memory beside it says of a place counts only while the place is locked: whoever died
 * has left it as it was.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/password_gate.h"

#include <assert.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "event/clock.h"
#include "event/peer.h"

enum {
    QUEUE_MOST = 20,      /* more would wait longer than WAIT_TIME */
    WAIT_TIME = 2000,     /* milliseconds; a client that waits longer tries again meanwhile */
    RETRY_TIME = 3000000, /* nanoseconds: a tenth of a hash */
    YIELD_TIME = 200,     /* milliseconds that a client lets others pass: some hashes */
    NO_PLACE = -1
};

/* Shared by all processes that may hash. */
struct password_clients {
    _Atomic uint64_t last;     /* that got a slot */
    _Atomic uint64_t places[]; /* slots and queue: that the place was taken for */
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

static size_t
memory_size(const struct password_gate *gate)
{
    return sizeof(struct password_clients) +
           (size_t)(gate->slots + gate->queue) * sizeof(gate->clients->places[0]);
}

bool
password_gate_open(struct password_gate *gate, int workers)
{
    gate->slots = at_least((int)sysconf(_SC_NPROCESSORS_ONLN) / 2, 1);
    gate->queue = at_least(at_most(workers - gate->slots, QUEUE_MOST), 1);
    int places = gate->slots + gate->queue;
    gate->share = places < workers ? places / 2 : places;
    gate->descriptor = memfd_create("password-gate", MFD_CLOEXEC);
    if (gate->descriptor < 0)
        return false;
    size_t size = memory_size(gate);
    /* Not of the file, which would be bounded by a limit on the size of files. */
    gate->clients = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (gate->clients == MAP_FAILED)
        close(gate->descriptor);
    return gate->clients != MAP_FAILED;
}

void
password_gate_close(struct password_gate *gate)
{
    munmap(gate->clients, memory_size(gate));
    close(gate->descriptor);
}

/* Lock or unlock one byte, without waiting. */
static bool
set_lock(const struct password_gate *gate, int place, short type)
{
    struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = place, .l_len = 1 };

    return fcntl(gate->descriptor, F_SETLK, &lock) == 0;
}

/* Does another process have this place? */
static bool
is_taken(const struct password_gate *gate, int place)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = place, .l_len = 1 };

    return fcntl(gate->descriptor, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

/* Lock the first of `count` bytes from `first` on that is free, for that client. */
static int
take_place(const struct password_visitor *visitor, int first, int count)
{
    const struct password_gate *gate = visitor->gate;

    for (int place = first; place < first + count; place++)
        if (set_lock(gate, place, F_WRLCK)) {
            atomic_store(&gate->clients->places[place], visitor->client);
            return place;
        }
    return NO_PLACE;
}

/* How many places do other processes have for this client? */
static int
count_places(const struct password_visitor *visitor)
{
    const struct password_gate *gate = visitor->gate;
    int count = 0;

    for (int place = 0; place < gate->slots + gate->queue; place++)
        if (atomic_load(&gate->clients->places[place]) == visitor->client)
            count += is_taken(gate, place);
    return count;
}

/* Has the client had the last turn, while another one waits? */
static bool
must_yield(const struct password_visitor *visitor)
{
    const struct password_gate *gate = visitor->gate;
    struct password_clients *clients = gate->clients;

    if (visitor->client == 0 || atomic_load(&clients->last) != visitor->client)
        return false;
    for (int place = gate->slots; place < gate->slots + gate->queue; place++)
        if (atomic_load(&clients->places[place]) != visitor->client && is_taken(gate, place))
            return true;
    return false;
}

static int
take_slot(const struct password_visitor *visitor)
{
    int slot = take_place(visitor, 0, visitor->gate->slots);

    if (slot != NO_PLACE)
        atomic_store(&visitor->gate->clients->last, visitor->client);
    return slot;
}

/* Wait for a slot, with a place in the queue. */
static int
wait_for_slot(const struct password_visitor *visitor)
{
    int64_t start = clock_now(), end = start + WAIT_TIME;
    int slot = NO_PLACE;

    if (visitor->deadline < end)
        end = visitor->deadline;
    for (;;) {
        int64_t now = clock_now();
        if (now >= start + YIELD_TIME || !must_yield(visitor))
            slot = take_slot(visitor);
        if (slot != NO_PLACE || now >= end || peer_has_gone(visitor->descriptor))
            return slot;
        nanosleep(&(struct timespec){ .tv_nsec = RETRY_TIME }, NULL);
    }
}

/* The visitor has a place already when the others are counted: two processes at the same moment may
 * both be refused, but are never both let in beyond the share. */
static bool
is_within_share(const struct password_visitor *visitor)
{
    return visitor->client == 0 || count_places(visitor) < visitor->gate->share;
}

int
password_gate_enter(const struct password_visitor *visitor)
{
    const struct password_gate *gate = visitor->gate;

    if (!gate)
        return 0;
    int slot = must_yield(visitor) ? NO_PLACE : take_slot(visitor);
    int place = slot == NO_PLACE ? take_place(visitor, gate->slots, gate->queue) : slot;
    if (place == NO_PLACE)
        return NO_PLACE;
    if (!is_within_share(visitor))
        slot = NO_PLACE;
    else if (slot == NO_PLACE)
        slot = wait_for_slot(visitor);
    if (slot != place)
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
