/*
 * batch_keys.c - the distinct keys of a batch, each with its number.
 *
 * SPDX-License-Identifier: MIT
 */
#include "batch_rows/batch_keys.h"

#include "base/arena.h"

struct batch_keys *
batch_keys_new(struct arena *a, int most)
{
    struct batch_keys *keys = ARENA_NEW(a, struct batch_keys);

    keys->slot_count = 16;
    while (keys->slot_count < 2 * (size_t)most)
        keys->slot_count *= 2;
    keys->slots = ARENA_ARRAY(a, int, keys->slot_count);
    keys->list = ARENA_ARRAY(a, struct str, (size_t)most);
    return keys;
}

/* The slot of the key, or the free one in which it would be. */
static int *
find_slot(const struct batch_keys *keys, struct str key)
{
    size_t i = str_hash(key) & (keys->slot_count - 1);

    while (keys->slots[i] && !str_equal(keys->list[keys->slots[i] - 1], key))
        i = (i + 1) & (keys->slot_count - 1);
    return &keys->slots[i];
}

int
batch_keys_add(struct batch_keys *keys, struct str key)
{
    int *slot = find_slot(keys, key);

    if (!*slot) {
        keys->list[keys->count] = key;
        *slot = ++keys->count;
    }
    return *slot - 1;
}

int
batch_keys_find(const struct batch_keys *keys, struct str key)
{
    return *find_slot(keys, key) - 1;
}
