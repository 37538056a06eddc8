/*
 * complaint.h - why PostgreSQL cannot be reached: said at once, and then every ten seconds while
 * that lasts; by all workers of a generation together, however often they try.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_COMPLAINT_H
#define DATABASE_COMPLAINT_H

#include <stdbool.h>
#include <stdint.h>

/* Milliseconds between two complaints. */
enum { COMPLAINT_PAUSE = 10000 };

/* When the last complaint was (clock_now()); 0: never. */
struct complaint {
    _Atomic int64_t last;
};

/* Who complains from now on counts there: a word of memory that processes share, and that outlives
 * them.  Without this a process counts for itself. */
void complaint_share(struct complaint *shared);

/* Is it time to complain?  Then whoever asks does, and nobody else until the pause has passed. */
bool complaint_is_due(void);

/* PostgreSQL has not answered in time: complain, if it is time. */
void complaint_of_silence(void);

#endif
