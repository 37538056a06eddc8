/*
 * batch_keys.h - the distinct keys of a batch, each with its number.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BATCH_ROWS_BATCH_KEYS_H
#define BATCH_ROWS_BATCH_KEYS_H

#include <stddef.h>

#include "base/str.h"

struct arena;

/* A set by hash. */
struct batch_keys {
    struct str *list; /* by number, from 0 */
    int count;
    int *slots; /* numbers, from 1; 0: free */
    size_t slot_count;
};

/* An empty set, in the arena, with room for `most` keys. */
struct batch_keys *batch_keys_new(struct arena *a, int most);
/* Add a key that may be there already; its bytes are not copied.  Return its number. */
int batch_keys_add(struct batch_keys *keys, struct str key);
/* The key's number; -1: it is none of them. */
int batch_keys_find(const struct batch_keys *keys, struct str key);

#endif
