/*
 * cache.h - documents that have been parsed and validated, and their plans.
 *
 * One for each worker.  A document is found by its text and by the contract that it was validated
 * with, since a contract may show each role another schema; an arena holds its tree, and one
 * each of its plans.  A plan holds as long as its guards do: conditions on the variables that
 * shape it (plan.h), whose values it has copies of.  What a constant plan puts out is kept
 * with it, once it has been written.
 *
 * Trusted documents (trusted.h), once they have been asked for, stay for good, and of each the plan
 * that was made first: whoever fills the cache does not make them slower.  What they take
 * is bounded by how many there are, and not counted.
 *
 * The cache counts the bytes that malloc gave for all of this.  When they exceed
 * limits->cache_bytes, the documents and plans that were used least recently go.  One that
 * takes more than a thirty-second of it is used once and not kept.
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
struct trusted_document;
struct variables;

struct cached_plan;

/* What is counted and may go: a document's tree, or a plan. */
struct cache_entry {
    struct document *document;
    struct cached_plan *plan;          /* NULL: it is the document's */
    struct cache_entry *newer, *older; /* by their last use */
    size_t bytes;                      /* as counted; 0: it is not kept */
};

struct document {
    struct arena *arena;
    const struct contract *contract;        /* as the role of its requests sees it */
    struct source source;                   /* a copy of the text */
    const struct ast_document *ast;         /* NULL until parsed */
    const struct trusted_document *trusted; /* whose text it has; or NULL */
    /* the rest belongs to cache.c */
    uint64_t hash;
    char digest[13]; /* by the server: the first digits of its SHA-256; empty: not asked for yet */
    struct cache_entry entry;
    struct document *chain;
    struct cached_plan *plans;   /* the one used last comes first */
    struct cached_plan *dropped; /* no longer found; the last user frees it */
    int plan_count;              /* of `plans` */
    int users;                   /* requests that have found or made it, and not released it */
    bool is_cached;
    struct document *next_trusted; /* of those that are kept for good */
};

struct cache *cache_new(const struct limits *limits);
void cache_free(struct cache *c);

/* The bytes that it holds.  What is not kept any more, but still in use, is not among them. */
size_t cache_size(const struct cache *c);

/* The bytes of a document and of its plan, without what other requests use too. */
size_t cache_size_alone(const struct document *d, const struct plan *plan);

/* The document of that text for the contract, or NULL.  To be released. */
struct document *cache_find(struct cache *c, const struct contract *contract, struct str text);
/* The same of a trusted document: its text is neither hashed nor compared. */
struct document *cache_find_trusted(struct cache *c, const struct contract *contract,
                                    const struct trusted_document *trusted);
/* A new document with a copy of the text, not in the cache yet.  To be released. */
struct document *cache_make(struct cache *c, const struct contract *contract, struct str text);
/* A new document of the trusted one, which must live as long as the cache.  To be released. */
struct document *cache_make_trusted(struct cache *c, const struct contract *contract,
                                    const struct trusted_document *trusted);
/* Keep a document that has been parsed and found valid, unless it is too large. */
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
 * What would be too large is not kept. */
void cache_keep_data(struct cache *c, struct document *d, const struct plan *plan, struct str data);

#endif
