/*
 * cache_internal.h - what the files of the cache share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DOCUMENT_CACHE_INTERNAL_H
#define DOCUMENT_CACHE_INTERNAL_H

#include <stdbool.h>

#include "document/cache.h"

/* A plan of a document, and what the cache keeps with it.  It stands in the plan's arena. */
struct cached_plan {
    struct cache_entry entry;
    const struct plan *plan;
    struct document *document;
    struct str data; /* what a constant plan puts out, when it is kept; or empty */
    int users;       /* requests that have it and not released it */
    struct cached_plan *next;
};

struct cache {
    struct arena *arena;
    const struct limits *limits;
    struct document **chains;
    size_t chain_count; /* a power of two */
    struct cache_entry *newest, *oldest;
    size_t bytes;             /* of all entries, and of the cache itself */
    struct document *trusted; /* those that are kept, and are no entries */
};

/* The entry is the one used last; nothing, when it is none of those that may go. */
void cache_entry_touch(struct cache *c, struct cache_entry *entry);
/* Count the entry, whose arena has grown or is new. */
void cache_entry_count(struct cache *c, struct cache_entry *entry);
void cache_entry_add(struct cache *c, struct cache_entry *entry);

/* May something of that size be kept? */
bool cache_is_small(const struct cache *c, size_t size);
/* Let the oldest go until the rest is within the bound. */
void cache_make_room(struct cache *c);

/* The link to what is kept with the plan, in one of the document's lists; or NULL. */
struct cached_plan **cache_find_link(struct cached_plan **list, const struct plan *plan);
/* Take a plan out of its document's list, at `link`; it goes with its last user. */
void cache_drop_plan(struct cache *c, struct cached_plan **link);

#endif
