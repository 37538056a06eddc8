/*
 * turns.h - turns limit how many processes at once do work that occupies a core; a page of shared
 * memory.
 *
 * No call waits: a process that finds no free turn asks again after a while.  Each process writes
 * only its own words of the page, and one that says who was last.  If two processes take the last
 * turn at the same moment, one of them gets it, or neither does.
 *
 * A process that has had a turn leaves the next one to others, as long as they say that they wait.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EVENT_TURNS_H
#define EVENT_TURNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct turns;

/* Make turns for so many processes, of which `most` may have one at once.  They are inherited by
 * fork().  NULL, with errno set, if there is no memory. */
struct turns *turns_new(int processes, int most) MUST_CHECK;
void turns_free(struct turns *turns);
/* The process with this number has ended: nobody has its turn any more. */
void turns_reset(struct turns *turns, int process);

/* Can the process take a turn? */
bool turns_are_free(const struct turns *turns, int process, int64_t now);
/* Take one; false: another process was faster. */
bool turns_take(struct turns *turns, int process) MUST_CHECK;
void turns_leave(struct turns *turns, int process);
/* This process has found that requests of the owner, a number that is not 0, should take turns
 * until then.  The owner's requests may come to several processes. */
void turns_note_owner(struct turns *turns, int process, uint64_t owner, int64_t until);
/* Has any process found that? */
bool turns_has_owner(const struct turns *turns, uint64_t owner, int64_t now);
/* The process waits for a turn, until this moment (clock_now()) or until it says something else; 0:
 * it does not wait. */
void turns_wait(struct turns *turns, int process, int64_t until);

#endif
