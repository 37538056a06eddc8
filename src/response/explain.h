/*
 * explain.h - what a run has sent to PostgreSQL, for who asks.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef RESPONSE_EXPLAIN_H
#define RESPONSE_EXPLAIN_H

struct arena;
struct buf;
struct run;

/* Write the statements that were sent, wave by wave, as JSON: an array of
 *
 *     { "wave": 1, "path": ["links"], "sql": "...", "rows": 20, "milliseconds": 0.410 }
 *
 * Values of parameters are not among it.  `path` is plan_paths()'s.  `rows` are those that came, of
 * which a page shows one less at most; null where none did, since it failed.  `milliseconds`, from
 * the moment when its wave was sent until all of its answer had come, are null where no answer
 * came, and of a run that is not timed.  Commands of the transaction are not said.  Where it has
 * begun again, the last attempt counts. */
void explain_write(struct buf *b, struct arena *a, const struct run *run);

#endif
