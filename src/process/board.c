/*
 * board.c - the little that master and workers tell each other while they run.
 *
 * SPDX-License-Identifier: MIT
 */
#include "process/board.h"

#include <stddef.h>
#include <sys/mman.h>

static size_t
board_size(int count)
{
    return sizeof(struct board) + (size_t)count * sizeof(struct board_worker);
}

struct board *
board_new(int count)
{
    struct board *board =
        mmap(NULL, board_size(count), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (board == MAP_FAILED)
        return NULL;
    board->count = count;
    /* What is drawn once for hashes is drawn before fork(), so that all mean the same by one. */
    uint64_t drawn = str_hash(STR("board"));
    (void)drawn;
    return board;
}

void
board_free(struct board *board)
{
    munmap(board, board_size(board->count));
}
