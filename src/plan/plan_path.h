/*
 * plan_path.h - for which field of the response a statement is sent.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PLAN_PLAN_PATH_H
#define PLAN_PLAN_PATH_H

struct arena;
struct buf;
struct path;
struct plan;

/* By the statements' numbers: the response names from the root to the topmost field that needs the
 * rows, without indexes of lists.  Where fields of several types share a statement, the first
 * counts.  An array of plan->statement_count, none of them NULL, in the arena. */
const struct path **plan_paths(struct arena *a, const struct plan *plan);

/* Write these paths, as `wave 2: links.votes`, each a line. */
void plan_path_print(struct buf *b, const struct plan *plan, const struct path *const *paths);

#endif
