/*
 * metrics_board.c - the memory that master and workers count in.
 *
 * SPDX-License-Identifier: MIT
 */
#include "metrics/metrics_board.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "metrics/metrics_board_internal.h"

struct metrics_board *metrics_board;

static int descriptor = -1; /* of a memory file; -1: the memory is not one */

static bool
map_board(void)
{
    int flags = descriptor < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;
    void *memory = mmap(NULL, sizeof(*metrics_board), PROT_READ | PROT_WRITE, flags, descriptor, 0);

    metrics_board = memory == MAP_FAILED ? NULL : memory;
    return metrics_board != NULL;
}

void
metrics_board_close_descriptor(void)
{
    int why = errno;

    if (descriptor >= 0)
        close(descriptor);
    descriptor = -1;
    errno = why;
}

/* Is the memory of the descriptor one of ours?  Beyond its end it could not be read. */
static bool
has_layout(void)
{
    struct stat status;

    return fstat(descriptor, &status) == 0 && status.st_size == (off_t)sizeof(*metrics_board) &&
           map_board() && metrics_board->layout == METRICS_LAYOUT &&
           metrics_board->size == sizeof(*metrics_board);
}

/* False: it is closed. */
static bool
adopt(int inherited)
{
    descriptor = inherited;
    if (has_layout())
        return true;
    metrics_close();
    return false;
}

bool
metrics_open(int inherited)
{
    assert(!metrics_board);
    if (inherited > 0 && adopt(inherited))
        return true;
    descriptor = memfd_create("metrics", MFD_CLOEXEC);
    /* Where the size of files is limited: then nobody can go on with it. */
    if (descriptor >= 0 && ftruncate(descriptor, sizeof(*metrics_board)) != 0)
        metrics_board_close_descriptor();
    if (!map_board()) {
        metrics_board_close_descriptor();
        return false;
    }
    metrics_board->layout = METRICS_LAYOUT;
    metrics_board->size = sizeof(*metrics_board);
    atomic_store(&metrics_board->master[METRICS_STARTED], (uint64_t)time(NULL));
    return true;
}

int
metrics_descriptor(void)
{
    return descriptor;
}

void
metrics_close(void)
{
    if (metrics_board)
        munmap(metrics_board, sizeof(*metrics_board));
    metrics_board = NULL;
    metrics_own = NULL;
    metrics_counters = NULL;
    metrics_board_close_descriptor();
}

/* --- the master --- */

void
metrics_add_master(enum metrics_master word)
{
    if (metrics_board)
        metrics_add_to(&metrics_board->master[word], 1);
}

static void
set_degraded(uint64_t is_degraded)
{
    if (metrics_board)
        atomic_store(&metrics_board->master[METRICS_DEGRADED], is_degraded);
}

void
metrics_note_generation(bool is_reload)
{
    if (is_reload)
        metrics_add_master(METRICS_RELOAD_OK);
    metrics_add_master(METRICS_GENERATION);
    set_degraded(0);
}

void
metrics_note_failure(void)
{
    metrics_add_master(METRICS_RELOAD_FAILED);
    set_degraded(1);
}

int
metrics_name_document(struct str name)
{
    int count = metrics_board ? atomic_load(&metrics_board->named) : 0;

    if (!metrics_board || name.len >= METRICS_NAME_SIZE)
        return -1;
    for (int i = 0; i < count; i++)
        if (str_is(name, metrics_board->names[i]))
            return i;
    if (count == METRICS_DOCUMENTS)
        return -1;
    memcpy(metrics_board->names[count], name.ptr, name.len); /* the rest is zero */
    atomic_store(&metrics_board->named, count + 1);
    return count;
}

int
metrics_take_slot(void)
{
    if (!metrics_board)
        return -1;
    for (int i = 0; i < METRICS_SLOTS; i++) {
        struct metrics_slot *slot = &metrics_board->slots[i];
        if (atomic_load(&slot->is_taken))
            continue;
        atomic_store(&slot->is_taken, 1);
        if (i >= atomic_load(&metrics_board->used))
            atomic_store(&metrics_board->used, i + 1);
        return i;
    }
    return -1;
}

void
metrics_fill_slot(int slot, pid_t pid)
{
    if (slot >= 0)
        atomic_store(&metrics_board->slots[slot].pid, pid);
}

void
metrics_free_slot(int number)
{
    if (number < 0)
        return;
    struct metrics_slot *slot = &metrics_board->slots[number];
    atomic_store(&slot->pid, 0);
    for (int i = 0; i < METRICS_GAUGE_COUNT; i++)
        atomic_store(&slot->gauges[i], 0);
    atomic_store(&slot->is_taken, 0);
}

void
metrics_bury(pid_t pid)
{
    int used = metrics_board ? atomic_load(&metrics_board->used) : 0;

    for (int i = 0; i < used; i++)
        if (atomic_load(&metrics_board->slots[i].pid) == pid)
            metrics_free_slot(i);
}
