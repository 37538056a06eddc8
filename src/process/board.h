/*
 * board.h - the little that master and workers tell each other while they run:
 * a page of shared memory for each generation.
 *
 * Each word has one writer unless it says otherwise, and nobody waits for anybody.  A program that
 * takes the master's place (upgrade/handover.h) goes on with the boards that are there, if it knows
 * their layout.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PROCESS_BOARD_H
#define PROCESS_BOARD_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "database/complaint.h"
#include "server/poison.h"

/* The layout of what is declared here: another text for each change of it. */
extern const char board_layout[];

struct board_worker {
    /* Again and again: when it will have said so the next time (clock_now()); a worker that has
     * not hangs.  0: it has not begun. */
    _Atomic int64_t deadline;
    /* The hash of the document at hand; 0: there is none. */
    _Atomic uint64_t at_hand;
};

struct board {
    /* By the master: the last reload failed. */
    atomic_bool is_degraded;
    /* By the master: no workers follow these. */
    atomic_bool is_last;
    /* By the master. */
    struct poison poison;
    /* By whichever worker complains that PostgreSQL cannot be reached. */
    struct complaint complaint;
    int descriptor; /* of this memory, in the master; -1: it has none */
    int count;
    struct board_worker workers[]; /* by each worker, its own */
};

/* Make a board for `count` workers, to be inherited by fork(); NULL, with errno set,
 * when there is no memory. */
struct board *board_new(int count) MUST_CHECK;
/* The board of `count` workers that another program has made in the memory of that descriptor, with
 * the layout of this one; board_free() closes it.  NULL: it is not. */
struct board *board_adopt(int descriptor, int count) MUST_CHECK;
void board_free(struct board *board);

/* By the worker of that number: its next word will come within `time` milliseconds.  It is also
 * sampled then (metrics_sample()). */
void board_beat(struct board *board, int number, int time);

#endif
