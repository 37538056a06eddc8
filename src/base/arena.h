/*
 * arena.h - memory that is released all at once.
 *
 * There are three lifetimes in this program, and one arena for each: the
 * schema's (from load to reload), the plan's (while it is cached) and the
 * request's (from accept to the last byte written).  Whoever takes a
 * `struct arena *` allocates from it and frees nothing.
 *
 * A pointer may be stored only in memory that dies no later than what it
 * points to: request -> plan -> schema, never the other way.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Make an empty arena.  `name` is shown when memory runs out. */
struct arena *arena_new(const char *name);

/* Run the arena's cleanups, last registered first, and release its memory. */
void arena_free(struct arena *a);

/* The same, but keep the first block, so that the next request starts warm. */
void arena_reset(struct arena *a);

/* `size` zeroed bytes, aligned for any type.  Never NULL: when memory is
 * exhausted the process logs it and exits (requests are bounded by limits on
 * their input, not here). */
void *arena_alloc(struct arena *a, size_t size);

/* `count` times `size` zeroed bytes; a product that overflows ends the process. */
void *arena_array(struct arena *a, size_t count, size_t size);

/* Call `fn(data)` when the arena is reset or freed: for what malloc'd libraries
 * hand us (a PGresult, a jwt_t). */
void arena_defer(struct arena *a, void (*fn)(void *), void *data);

/* The bytes that malloc has given for the arena, as malloc counts them.  What a library or a
 * buffer has allocated, and arena_defer() releases, is not among them. */
size_t arena_size(const struct arena *a);
/* Is that all of its memory: is nothing to be released by arena_defer()? */
bool arena_is_plain(const struct arena *a);

/* Give the memory that is free back to the system.  That takes up to some milliseconds: it is worth
 * it when much has been released. */
void arena_give_back(void);

#define ARENA_NEW(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_array((a), (n), sizeof(type)))

#endif
