/*
 * migration.h - the numbered SQL files: where they are, and in which order they are applied.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WATCH_MIGRATION_H
#define WATCH_MIGRATION_H

#include "base/str.h"

struct arena;
struct config;

/* The folder that is configured, or the contract's. */
const char *migration_folder(struct arena *a, const struct config *config);

/* The names of its files that begin with a digit and end in `.sql`, by number, so that 10 comes
 * after 9, and by name where numbers are equal; in the arena.  How many there are; -1, with errno
 * set: the folder cannot be read. */
int migration_list(struct arena *a, const char *folder, const char *const **names) MUST_CHECK;

#endif
