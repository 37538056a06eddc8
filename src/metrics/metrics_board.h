/*
 * metrics_board.h - the memory that master and workers count in, and what it says.
 *
 * The master makes it once; it outlives every worker and every generation.  A worker has a slot,
 * and goes on with the numbers of whoever had that before: the sums over all slots never fall.
 *
 * What it says is text for Prometheus (its exposition format, 0.0.4).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef METRICS_METRICS_BOARD_H
#define METRICS_METRICS_BOARD_H

#include <stdbool.h>
#include <sys/types.h>

#include "metrics/metrics.h"

struct buf;

/* Processes at once that are counted: twice as many as there may be workers, since a reload has two
 * generations.  Of more the last are not. */
enum { METRICS_SLOTS = 2048 };

/* Bytes of the longest name of a document, with the NUL at its end. */
enum { METRICS_NAME_SIZE = 257 };

/* To be changed with what the memory holds: a program that takes over another's must
 * mean the same by each word.  Its size is compared, too. */
enum { METRICS_LAYOUT = 1 };

/* What the master counts.  constant, label's value */
#define METRICS_MASTER(X)                                                                          \
    X(STARTED, started) /* by the clock on the wall, seconds */                                    \
    X(GENERATION, generation)                                                                      \
    X(DEGRADED, degraded)                                                                          \
    X(RELOAD_OK, ok)                                                                               \
    X(RELOAD_FAILED, failed)                                                                       \
    X(RESTART_SIGNAL, signal)                                                                      \
    X(RESTART_STATUS, status)                                                                      \
    X(RESTART_HUNG, hung)

enum metrics_master {
#define METRICS_CONSTANT(constant, name) METRICS_##constant,
    METRICS_MASTER(METRICS_CONSTANT)
#undef METRICS_CONSTANT
        METRICS_MASTER_COUNT
};

struct metrics_board {
    uint32_t layout, size;
    _Atomic uint64_t master[METRICS_MASTER_COUNT]; /* by the master */
    _Atomic int32_t used;                          /* by the master: slots that were ever taken */
    _Atomic int32_t named;                         /* by the master: names that are complete */
    char names[METRICS_DOCUMENTS][METRICS_NAME_SIZE]; /* of documents */
    struct metrics_slot slots[METRICS_SLOTS];
};

/* --- the master --- */

/* Make the memory; or go on with that of the descriptor `inherited`, which is this module's from
 * then on, if that is not 0 and has this layout.  False, with errno set, when there is none. */
bool metrics_open(int inherited) MUST_CHECK;
/* The descriptor of the memory, which is closed on exec; -1: there is none, as where the size of
 * files is limited. */
int metrics_descriptor(void);
void metrics_close(void);

/* Count what the master has seen. */
void metrics_add_master(enum metrics_master word);
/* A generation serves, after a reload or the first one; and: a reload has failed. */
void metrics_note_generation(bool is_reload);
void metrics_note_failure(void);

/* The place of the document's name, which is its own for good; -1: there are too many. */
int metrics_name_document(struct str name);

/* Take a slot for a process that is to be started; -1: none is free.  Then say which it is, or give
 * the slot back.  `slot` may be -1. */
int metrics_take_slot(void);
void metrics_fill_slot(int slot, pid_t pid);
void metrics_free_slot(int slot);
/* The process has ended: give its slot back, if it has one. */
void metrics_bury(pid_t pid);

/* --- a worker --- */

/* Count in that slot from now on; -1: nowhere.  A worker needs no descriptor of the memory: it is
 * closed. */
void metrics_join(int slot);
/* Say what the process takes, unless that was said a moment ago; `now` of clock_now(). */
void metrics_sample(int64_t now);

/* Write what all have counted; false: there is no board. */
bool metrics_print(struct buf *b);

#endif
