/*
 * map.h - a hash map from text to pointer.
 *
 * Open addressing; keys are not copied and must live as long as the map; the
 * map itself lives in the arena that it was made with.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>

#include "base/str.h"

struct map;

struct map *map_new(struct arena *a);
/* The value of `key`, or NULL. */
void *map_get(const struct map *m, struct str key);
/* Set the value, which must not be NULL; return what was there before, or NULL. */
void *map_put(struct map *m, struct str key, void *value);
/* The same, unless the key has a value already: then change nothing and
 * return that value. */
void *map_add(struct map *m, struct str key, void *value);
size_t map_count(const struct map *m);

#endif
