/*
 * cache.h - documents that have been parsed and validated, and their plans.
 *
 * One for each worker.  A document is found by its text; it owns an arena that
 * holds its tree and its plans, and no value of any request.  A plan holds as
 * long as its guards do: conditions on the variables that shape it (plan.h).
 * The least recently used document goes when there are too many, and goes
 * whole; a document's plans are bounded too.  What a constant plan puts out is
 * kept with it, once it has been written, within limits->schema_data bytes of all plans.
 *
 * Several requests may be under way at once: what one of them uses stays until
 * the last of them has released it, even if it is no longer found.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DOCUMENT_CACHE_H
#define DOCUMENT_CACHE_H

#include <stdint.h>

#include "base/str.h"
#include "language/source.h"

struct arena;
struct ast_document;
struct ast_operation;
struct cache;
struct contract;
struct limits;
struct plan;
struct variables;

struct cached_plan;

struct document {
    struct arena *arena;
    struct source source;           /* a copy of the text */
    const struct ast_document *ast; /* NULL until parsed */
    /* the rest belongs to cache.c */
    uint64_t hash;
    struct document *chain, *newer, *older;
    struct cached_plan *plans;   /* the one used last comes first */
    struct cached_plan *dropped; /* no longer found; the last user frees it */
    int plan_count;              /* of `plans` */
    int users;                   /* requests that have found or made it, and not released it */
    bool is_cached;
};

struct cache *cache_new(const struct contract *contract, const struct limits *limits);
void cache_free(struct cache *c);

/* The document of that text, or NULL.  To be released. */
struct document *cache_find(struct cache *c, struct str text);
/* A new document with a copy of the text, not in the cache yet.  To be released. */
struct document *cache_make(struct cache *c, struct str text);
/* Keep a document that has been parsed and found valid. */
void cache_keep(struct cache *c, struct document *d);
/* Release a document that cache_find() or cache_make() gave, and the plan of it that
 * cache_plan() gave, or NULL.  What must not be kept, refusals and what may have a password in it,
 * is no longer found then. */
void cache_release(struct cache *c, struct document *d, const struct plan *plan);

/* The plan of the operation under these variables for the role (a bit of the contract's
 * catalog): found, or built now, with `scratch` for what is not kept.  Never NULL: what cannot
 * be planned is a plan whose fields are errors.  It holds until cache_release(). */
const struct plan *
cache_plan(struct cache *c, struct document *d, const struct ast_operation *operation,
           const struct variables *variables, uint32_t role, struct arena *scratch);

/* What the plan, which is of the document, puts out, if it is constant and that was kept; or
 * an empty text. */
struct str cache_data(const struct document *d, const struct plan *plan);
/* Keep a copy of the data that the plan, which is constant and of the document, puts out.
 * Other data makes room, that of the documents which were used least recently first; what
 * is larger than the bound is not kept. */
void cache_keep_data(struct cache *c, struct document *d, const struct plan *plan, struct str data);

#endif
