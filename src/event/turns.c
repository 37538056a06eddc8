/*
 * turns.c - how many processes do at once what occupies a core.
 *
 * SPDX-License-Identifier: MIT
 */
#include "event/turns.h"

#include <assert.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>

struct process {
    _Atomic int taken;
    _Atomic int64_t waits_until;
    _Atomic uint64_t owner; /* who takes turns */
    _Atomic int64_t owner_until;
};

struct turns {
    int most;
    int count;
    _Atomic int last; /* the process that took a turn last */
    struct process processes[];
};

static size_t
size_of(int processes)
{
    return sizeof(struct turns) + (size_t)processes * sizeof(struct process);
}

struct turns *
turns_new(int processes, int most)
{
    struct turns *turns =
        mmap(NULL, size_of(processes), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (turns == MAP_FAILED)
        return NULL;
    turns->most = most;
    turns->count = processes;
    turns->last = -1;
    return turns;
}

void
turns_free(struct turns *turns)
{
    munmap(turns, size_of(turns->count));
}

void
turns_reset(struct turns *turns, int process)
{
    atomic_store(&turns->processes[process].taken, 0);
    atomic_store(&turns->processes[process].waits_until, 0);
    atomic_store(&turns->processes[process].owner_until, 0);
}

static int
count_taken(const struct turns *turns)
{
    int taken = 0;

    for (int i = 0; i < turns->count; i++)
        taken += atomic_load(&turns->processes[i].taken);
    return taken;
}

bool
turns_are_free(const struct turns *turns, int process, int64_t now)
{
    if (atomic_load(&turns->last) == process)
        for (int i = 0; i < turns->count; i++)
            if (i != process && atomic_load(&turns->processes[i].waits_until) > now)
                return false;
    return count_taken(turns) < turns->most;
}

bool
turns_take(struct turns *turns, int process)
{
    atomic_fetch_add(&turns->processes[process].taken, 1);
    if (count_taken(turns) <= turns->most) {
        atomic_store(&turns->last, process);
        return true;
    }
    turns_leave(turns, process);
    return false;
}

void
turns_leave(struct turns *turns, int process)
{
    assert(atomic_load(&turns->processes[process].taken) > 0);
    atomic_fetch_sub(&turns->processes[process].taken, 1);
}

void
turns_wait(struct turns *turns, int process, int64_t until)
{
    atomic_store(&turns->processes[process].waits_until, until);
}

void
turns_note_owner(struct turns *turns, int process, uint64_t owner, int64_t until)
{
    struct process *p = &turns->processes[process];

    if (atomic_load(&p->owner) != owner)
        atomic_store(&p->owner_until, 0); /* that of another one */
    atomic_store(&p->owner, owner);
    atomic_store(&p->owner_until, until);
}

bool
turns_has_owner(const struct turns *turns, uint64_t owner, int64_t now)
{
    for (int i = 0; i < turns->count; i++)
        if (atomic_load(&turns->processes[i].owner) == owner &&
            atomic_load(&turns->processes[i].owner_until) > now)
            return true;
    return false;
}
