/*
 * board.c - the little that master and workers tell each other while they run.
 *
 * SPDX-License-Identifier: MIT
 */
#include "process/board.h"

#include <assert.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "event/clock.h"
#include "metrics/metrics_board.h"

const char board_layout[] = "linnet-board-1";

static size_t
board_size(int count)
{
    return sizeof(struct board) + (size_t)count * sizeof(struct board_worker);
}

/* Shared memory that a program which takes our place can have, too; -1: there is none, as where
 * the size of files is limited. */
static int
make_memory(size_t size)
{
    int descriptor = memfd_create("board", MFD_CLOEXEC);

    if (descriptor >= 0 && ftruncate(descriptor, (off_t)size) == 0)
        return descriptor;
    if (descriptor >= 0)
        close(descriptor);
    return -1;
}

/* NULL, with errno set, when there is no memory. */
static struct board *
map(int descriptor, size_t size)
{
    int flags = descriptor < 0 ? MAP_SHARED | MAP_ANONYMOUS : MAP_SHARED;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, descriptor, 0);

    return memory == MAP_FAILED ? NULL : memory;
}

struct board *
board_new(int count)
{
    int descriptor = make_memory(board_size(count));
    struct board *board = map(descriptor, board_size(count));
    if (!board) {
        if (descriptor >= 0)
            close(descriptor);
        return NULL;
    }
    board->descriptor = descriptor;
    board->count = count;
    /* What is drawn once for hashes is drawn before fork(), so that all mean the same by one. */
    uint64_t drawn = str_hash(STR("board"));
    (void)drawn;
    return board;
}

struct board *
board_adopt(int descriptor, int count)
{
    struct stat status;

    if (descriptor < 0 || fstat(descriptor, &status) != 0 ||
        status.st_size != (off_t)board_size(count))
        return NULL;
    struct board *board = map(descriptor, board_size(count));
    if (board && board->count == count && board->descriptor == descriptor)
        return board;
    if (board)
        munmap(board, board_size(count));
    return NULL;
}

void
board_free(struct board *board)
{
    if (board->descriptor >= 0)
        close(board->descriptor);
    munmap(board, board_size(board->count));
}

void
board_beat(struct board *board, int number, int time)
{
    int64_t now = clock_now();

    assert(number >= 0 && number < board->count);
    atomic_store(&board->workers[number].deadline, now + time);
    metrics_sample(now);
}
