/*
 * poison.h - documents that workers have died of.
 *
 * A fault of ours that a document brings out kills the worker that has it at hand; who sends it
 * again and again could keep all of them from serving.  So the master counts, and a document that
 * has killed five workers within a minute is refused for a while.  The table is in memory that
 * master and workers share; the master alone writes it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SERVER_POISON_H
#define SERVER_POISON_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h" /* MUST_CHECK */

/* Deaths, and milliseconds in which they come, until a document is refused, and for how long. */
enum { POISON_DEATHS = 5, POISON_WINDOW = 60 * 1000, POISON_TIME = 600 * 1000 };

enum { POISON_SUSPECTS = 64, POISON_REFUSED = 16 };

struct poison {
    /* What is refused, by hash, until a time of clock_now(). */
    struct {
        _Atomic uint64_t hash;
        _Atomic int64_t until;
    } refused[POISON_REFUSED];
    /* The master's own: the hash, and when workers died of it; oldest first. */
    struct {
        uint64_t hash;
        int64_t deaths[POISON_DEATHS];
    } suspects[POISON_SUSPECTS];
};

/* A worker has died with this document at hand.  True: it is refused from now on. */
bool poison_note(struct poison *poison, uint64_t hash, int64_t now) MUST_CHECK;
/* For how many milliseconds more is it refused?  0: it is not. */
int64_t poison_left(const struct poison *poison, uint64_t hash, int64_t now);

#endif
