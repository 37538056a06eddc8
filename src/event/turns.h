/*
 * turns.h - how many processes do at once what occupies a core: a page of shared memory.
 *
 * Nobody waits: who finds no turn asks again after a while.  Each process writes its own words
 * alone, but for the one that says who was last; of two that take the last turn at the same moment
 * one or none has it.
 *
 * A process whose turn it was lets others take the next one, as long as they say that they wait.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_TURNS_H
#define EVENT_TURNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct turns;

/* Make turns for so many processes, `most` at once, to be inherited by fork(); NULL, with errno
 * set, when there is no memory. */
struct turns *turns_new(int processes, int most) MUST_CHECK;
void turns_free(struct turns *turns);
/* A process that had this number has ended. */
void turns_reset(struct turns *turns, int process);

/* Can the process take a turn? */
bool turns_are_free(const struct turns *turns, int process, int64_t now);
/* Take one; false: another process was faster. */
bool turns_take(struct turns *turns, int process) MUST_CHECK;
void turns_leave(struct turns *turns, int process);
/* One whose requests come to several processes, by a number that is not 0, takes turns until then:
 * this process has found that it should. */
void turns_note_owner(struct turns *turns, int process, uint64_t owner, int64_t until);
/* Has any of them found that? */
bool turns_has_owner(const struct turns *turns, uint64_t owner, int64_t now);
/* It waits for a turn until then (clock_now()), unless it says so again; 0: it does not. */
void turns_wait(struct turns *turns, int process, int64_t until);

#endif
