/*
 * map.c - a hash map from text to pointer.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/map.h"

#include <assert.h>
#include <stdint.h>

#include "base/arena.h"

/* Most maps are of a few names, and many stay empty. */
enum { FIRST_SLOTS = 8 };

struct slot {
    struct str key;
    uint64_t hash;
    void *value; /* NULL: the slot is free */
};

struct map {
    struct arena *arena;
    struct slot *slots;
    size_t slot_count; /* a power of two; 0 at first */
    size_t count;
};

struct map *
map_new(struct arena *a)
{
    struct map *m = ARENA_NEW(a, struct map);

    m->arena = a;
    return m;
}

/* The slot that has the key, or the free one where it belongs. */
static struct slot *
map_find_slot(const struct map *m, struct str key, uint64_t hash)
{
    size_t mask = m->slot_count - 1;

    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        struct slot *slot = &m->slots[i];
        if (!slot->value || (slot->hash == hash && str_equal(slot->key, key)))
            return slot;
    }
}

void *
map_get(const struct map *m, struct str key)
{
    return m->count > 0 ? map_find_slot(m, key, str_hash(key))->value : NULL;
}

/* The old slots stay in the arena: all of them together are smaller than the new ones. */
static void
map_grow(struct map *m)
{
    struct slot *old = m->slots;
    size_t old_count = m->slot_count;

    m->slot_count = old_count > 0 ? 2 * old_count : FIRST_SLOTS;
    m->slots = ARENA_ARRAY(m->arena, struct slot, m->slot_count);
    for (size_t i = 0; i < old_count; i++)
        if (old[i].value)
            *map_find_slot(m, old[i].key, old[i].hash) = old[i];
}

static struct slot *
map_slot_for(struct map *m, struct str key)
{
    if (m->count * 4 >= m->slot_count * 3)
        map_grow(m);
    uint64_t hash = str_hash(key);
    struct slot *slot = map_find_slot(m, key, hash);
    if (!slot->value) {
        slot->key = key;
        slot->hash = hash;
    }
    return slot;
}

void *
map_put(struct map *m, struct str key, void *value)
{
    assert(value);
    struct slot *slot = map_slot_for(m, key);
    void *before = slot->value;
    m->count += !before;
    slot->value = value;
    return before;
}

void *
map_add(struct map *m, struct str key, void *value)
{
    assert(value);
    struct slot *slot = map_slot_for(m, key);
    if (slot->value)
        return slot->value;
    m->count++;
    slot->value = value;
    return NULL;
}

size_t
map_count(const struct map *m)
{
    return m->count;
}
