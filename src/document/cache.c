/*
 * cache.c - documents that have been parsed and validated, and their plans.
 *
 * Documents are found by the hash of their text in a table of chains, and
 * stand in a list from the newest used to the oldest.
 *
 * SPDX-License-Identifier: MIT
 */
#include "document/cache.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "contract/contract.h"
#include "plan/plan.h"
#include "planner/plan_build.h"

/* Enough for the page sizes and orders of one document's clients; beyond it the
 * plan that was used least recently goes. */
enum { PLANS_PER_DOCUMENT = 32 };

/* A plan of a document, and what the cache keeps with it. */
struct cached_plan {
    const struct plan *plan;
    struct buf data; /* what a constant plan puts out, when it is kept; or empty */
    int users;       /* requests that have it and not released it */
    struct cached_plan *next;
};

struct cache {
    struct arena *arena;
    const struct contract *contract;
    const struct limits *limits;
    struct document **chains;
    size_t chain_count; /* a power of two */
    struct document *newest, *oldest;
    int count;
    size_t data_bytes; /* in all plans' data */
};

struct cache *
cache_new(const struct contract *contract, const struct limits *limits)
{
    struct arena *a = arena_new("cache");
    struct cache *c = ARENA_NEW(a, struct cache);

    c->arena = a;
    c->contract = contract;
    c->limits = limits;
    c->chain_count = 16;
    while (c->chain_count < 2 * (size_t)limits->plans)
        c->chain_count *= 2;
    c->chains = ARENA_ARRAY(a, struct document *, c->chain_count);
    return c;
}

static void
plan_drop_data(struct cache *c, struct cached_plan *cached)
{
    assert(c->data_bytes >= cached->data.len);
    c->data_bytes -= cached->data.len;
    buf_free(&cached->data);
}

/* Free the plan at `link` of a list. */
static void
plan_free(struct cache *c, struct cached_plan **link)
{
    struct cached_plan *cached = *link;

    *link = cached->next;
    plan_drop_data(c, cached);
    arena_free(cached->plan->arena); /* which holds `cached` too */
}

static void
document_free(struct cache *c, struct document *d)
{
    while (d->plans)
        plan_free(c, &d->plans);
    while (d->dropped) /* a worker that must end may have requests under way */
        plan_free(c, &d->dropped);
    arena_free(d->arena);
}

void
cache_free(struct cache *c)
{
    if (!c)
        return;
    while (c->newest) {
        struct document *d = c->newest;
        c->newest = d->older;
        document_free(c, d);
    }
    arena_free(c->arena);
}

static struct document **
cache_chain(const struct cache *c, uint64_t hash)
{
    return &c->chains[hash & (c->chain_count - 1)];
}

static void
cache_unlink(struct cache *c, struct document *d)
{
    *(d->newer ? &d->newer->older : &c->newest) = d->older;
    *(d->older ? &d->older->newer : &c->oldest) = d->newer;
}

static void
cache_link(struct cache *c, struct document *d)
{
    d->newer = NULL;
    d->older = c->newest;
    *(c->newest ? &c->newest->newer : &c->oldest) = d;
    c->newest = d;
}

struct document *
cache_find(struct cache *c, struct str text)
{
    uint64_t hash = str_hash(text);
    struct document *d = *cache_chain(c, hash);

    while (d && !(d->hash == hash && str_equal(d->source.text, text)))
        d = d->chain;
    if (!d)
        return NULL;
    if (d != c->newest) {
        cache_unlink(c, d);
        cache_link(c, d);
    }
    d->users++;
    return d;
}

struct document *
cache_make(struct cache *c, struct str text)
{
    (void)c;
    struct arena *a = arena_new("document");
    struct document *d = ARENA_NEW(a, struct document);

    d->arena = a;
    d->source.text = str_copy(a, text);
    d->hash = str_hash(text);
    d->users = 1;
    return d;
}

/* Take it out of the cache; it goes with its last user. */
static void
cache_evict(struct cache *c, struct document *d)
{
    struct document **link = cache_chain(c, d->hash);

    while (*link != d)
        link = &(*link)->chain;
    *link = d->chain;
    cache_unlink(c, d);
    c->count--;
    d->is_cached = false;
    if (d->users == 0)
        document_free(c, d);
}

void
cache_keep(struct cache *c, struct document *d)
{
    if (c->count >= c->limits->plans)
        cache_evict(c, c->oldest);
    struct document **chain = cache_chain(c, d->hash);
    d->chain = *chain;
    *chain = d;
    d->is_cached = true;
    c->count++;
    cache_link(c, d);
}

/* Take a plan out of its document's list, at `link`; it goes with its last user. */
static void
document_drop_plan(struct cache *c, struct document *d, struct cached_plan **link)
{
    struct cached_plan *cached = *link;

    d->plan_count--;
    if (cached->users == 0) {
        plan_free(c, link);
        return;
    }
    *link = cached->next;
    cached->next = d->dropped;
    d->dropped = cached;
}

/* Plans that are refusals are made for one request: keeping them would let a
 * client fill the cache with numbers that are out of bounds. */
static void
document_drop_refused(struct cache *c, struct document *d)
{
    for (struct cached_plan **link = &d->plans; *link;)
        if ((*link)->plan->is_refused)
            document_drop_plan(c, d, link);
        else
            link = &(*link)->next;
}

/* A document that signs somebody up or in may have a password in its text: it
 * is not kept after its request. */
static bool
document_is_secret(const struct document *d)
{
    for (const struct cached_plan *cached = d->plans; cached; cached = cached->next)
        if (cached->plan->resolver_calls > 0)
            return true;
    return false;
}

/* The link to what is kept with the plan, in one of the document's lists; or NULL. */
static struct cached_plan **
find_link(struct cached_plan **list, const struct plan *plan)
{
    while (*list && (*list)->plan != plan)
        list = &(*list)->next;
    return *list ? list : NULL;
}

/* The request that had it is done with it. */
static void
plan_release(struct cache *c, struct document *d, const struct plan *plan)
{
    struct cached_plan **kept = find_link(&d->plans, plan);
    struct cached_plan **link = kept ? kept : find_link(&d->dropped, plan);

    assert(link && (*link)->users > 0);
    (*link)->users--;
    if (!kept && (*link)->users == 0)
        plan_free(c, link);
}

void
cache_release(struct cache *c, struct document *d, const struct plan *plan)
{
    if (!d)
        return;
    if (plan)
        plan_release(c, d, plan);
    assert(d->users > 0);
    d->users--;
    if (d->is_cached && document_is_secret(d))
        cache_evict(c, d);
    else if (d->is_cached)
        document_drop_refused(c, d);
    else if (d->users == 0)
        document_free(c, d);
}

/* Take the plan that was used least recently out: the last of the list. */
static void
document_drop_last(struct cache *c, struct document *d)
{
    struct cached_plan **link = &d->plans;

    while ((*link)->next)
        link = &(*link)->next;
    document_drop_plan(c, d, link);
}

/* Put a plan before the others of its document, for one user more. */
static const struct plan *
document_use_plan(struct document *d, struct cached_plan *cached)
{
    cached->next = d->plans;
    d->plans = cached;
    cached->users++;
    return cached->plan;
}

/* Is the plan what the role would get if it were built now? */
static bool
is_for_role(const struct plan *plan, uint32_t role)
{
    return plan->refused_role ? plan->refused_role == role : (plan->denied & role) == 0;
}

const struct plan *
cache_plan(struct cache *c, struct document *d, const struct ast_operation *operation,
           const struct variables *variables, uint32_t role, struct arena *scratch)
{
    for (struct cached_plan **link = &d->plans; *link; link = &(*link)->next) {
        struct cached_plan *cached = *link;
        if (cached->plan->operation != operation || !is_for_role(cached->plan, role) ||
            !guards_hold(&cached->plan->guards, variables))
            continue;
        *link = cached->next; /* to the front */
        return document_use_plan(d, cached);
    }
    if (d->plan_count >= PLANS_PER_DOCUMENT)
        document_drop_last(c, d);
    const struct plan *plan =
        plan_build(c->contract, c->limits, d->ast, operation, variables, role, scratch);
    struct cached_plan *cached = ARENA_NEW(plan->arena, struct cached_plan);
    cached->plan = plan;
    d->plan_count++;
    return document_use_plan(d, cached);
}

/* Drop data until `bytes` more are within the bound. */
static void
cache_make_room(struct cache *c, size_t bytes)
{
    size_t maximum = (size_t)c->limits->schema_data;

    for (struct document *d = c->oldest; d && c->data_bytes + bytes > maximum; d = d->newer)
        for (struct cached_plan *cached = d->plans; cached; cached = cached->next)
            plan_drop_data(c, cached);
}

struct str
cache_data(const struct document *d, const struct plan *plan)
{
    struct cached_plan *list = d->plans, **link = find_link(&list, plan);

    return link ? buf_str(&(*link)->data) : STR("");
}

void
cache_keep_data(struct cache *c, struct document *d, const struct plan *plan, struct str data)
{
    if (data.len > (size_t)c->limits->schema_data)
        return;
    cache_make_room(c, data.len);
    struct cached_plan **link = find_link(&d->plans, plan);
    assert(plan->is_constant && link && (*link)->data.len == 0);
    buf_put(&(*link)->data, data);
    c->data_bytes += data.len;
}
