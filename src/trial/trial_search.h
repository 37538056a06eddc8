/*
 * trial_search.h - searches that no index helps.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRIAL_TRIAL_SEARCH_H
#define TRIAL_TRIAL_SEARCH_H

struct arena;
struct errors;
struct contract;

/* Add a note for each argument that searches columns of a whole table of which one has no index
 * for that. */
void trial_search(struct arena *a, const struct contract *contract, struct errors *findings);

#endif
