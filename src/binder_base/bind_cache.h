/*
 * bind_cache.h - @cacheControl: what may be kept of the answers to whoever is not signed in.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BINDER_BASE_BIND_CACHE_H
#define BINDER_BASE_BIND_CACHE_H

struct binder;

/* All fields are bound: give them, and the types, what @cacheControl and @function(shared:) say.
 * What is PUBLIC and shows a table or a function that is not the same for all who are not signed in
 * is a misfit. */
void bind_cache_hints(struct binder *b);

#endif
