/*
 * trial_key.h - the keys that a contract declares, counted.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRIAL_TRIAL_KEY_H
#define TRIAL_TRIAL_KEY_H

struct arena;
struct db;
struct errors;
struct schema;

/* Add a note for each type whose declared key, which no key of the table proves, stands for
 * several rows, or cannot be counted by the connection's role.  Reads whole tables. */
void
trial_key(struct arena *a, struct db *db, const struct schema *schema, struct errors *findings);

#endif
