/*
 * cache.c - documents that have been parsed and validated, and their plans.
 *
 * Documents are found by the hash of their text in a table of chains.  Documents and plans
 * stand together in one list, from the newest used to the oldest, and the oldest goes when all
 * of them take too many bytes.  A document is always newer than its plans, so they go first.
 *
 * SPDX-License-Identifier: MIT
 */
#include "document/cache.h"

#include <assert.h>

#include "base/arena.h"
#include "base/assert_hot.h"
#include "base/limits.h"
#include "contract/contract.h"
#include "plan/plan.h"
#include "planner/plan_build.h"

/* Enough for the page sizes and orders of one document's clients; beyond it the
 * plan that was used least recently goes. */
enum { PLANS_PER_DOCUMENT = 32 };

/* A document or a plan of which there could be fewer than so many is not kept: it would
 * displace too many others, and is seldom used again. */
enum { LEAST_ENTRIES = 32 };

/* A document has at least an arena's first block: chains stay short. */
enum { LEAST_BYTES = 8192 };

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
    size_t bytes; /* of all entries, and of the cache itself */
};

struct cache *
cache_new(const struct limits *limits)
{
    struct arena *a = arena_new("cache");
    struct cache *c = ARENA_NEW(a, struct cache);

    c->arena = a;
    c->limits = limits;
    c->chain_count = 16;
    while (c->chain_count < (size_t)limits->cache_bytes / LEAST_BYTES)
        c->chain_count *= 2;
    c->chains = ARENA_ARRAY(a, struct document *, c->chain_count);
    c->bytes = arena_size(a);
    return c;
}

size_t
cache_size(const struct cache *c)
{
    return c->bytes;
}

/* --- entries --- */

static struct arena *
entry_arena(const struct cache_entry *entry)
{
    return entry->plan ? entry->plan->plan->arena : entry->document->arena;
}

/* Does what was counted agree with what malloc gave? */
static bool
is_counted(const struct cache *c)
{
    size_t bytes = arena_size(c->arena);

    for (const struct cache_entry *entry = c->newest; entry; entry = entry->older)
        bytes += arena_size(entry_arena(entry));
    return bytes == c->bytes;
}

static void
entry_unlink(struct cache *c, struct cache_entry *entry)
{
    *(entry->newer ? &entry->newer->older : &c->newest) = entry->older;
    *(entry->older ? &entry->older->newer : &c->oldest) = entry->newer;
}

static void
entry_link(struct cache *c, struct cache_entry *entry)
{
    entry->newer = NULL;
    entry->older = c->newest;
    *(c->newest ? &c->newest->newer : &c->oldest) = entry;
    c->newest = entry;
}

static void
entry_touch(struct cache *c, struct cache_entry *entry)
{
    if (entry == c->newest)
        return;
    entry_unlink(c, entry);
    entry_link(c, entry);
}

/* Count the entry, whose arena has grown or is new. */
static void
entry_count(struct cache *c, struct cache_entry *entry)
{
    c->bytes -= entry->bytes;
    entry->bytes = arena_size(entry_arena(entry));
    c->bytes += entry->bytes;
    assert(arena_is_plain(entry_arena(entry))); /* or it would hold more than that */
}

static void
entry_add(struct cache *c, struct cache_entry *entry)
{
    assert(entry->bytes == 0);
    entry_link(c, entry);
    entry_count(c, entry);
}

static void
entry_remove(struct cache *c, struct cache_entry *entry)
{
    entry_unlink(c, entry);
    assert(entry->bytes > 0 && c->bytes > entry->bytes);
    c->bytes -= entry->bytes;
    entry->bytes = 0;
}

/* May something of that size be kept? */
static bool
is_small(const struct cache *c, size_t size)
{
    return size <= (size_t)c->limits->cache_bytes / LEAST_ENTRIES;
}

/* --- what goes --- */

/* Free the plan at `link` of a list; it is not counted. */
static void
plan_free(struct cached_plan **link)
{
    struct cached_plan *cached = *link;

    assert(cached->entry.bytes == 0);
    *link = cached->next;
    arena_free(cached->plan->arena); /* which holds `cached` too */
}

/* The link to what is kept with the plan, in one of the document's lists; or NULL. */
static struct cached_plan **
find_link(struct cached_plan **list, const struct plan *plan)
{
    while (*list && (*list)->plan != plan)
        list = &(*list)->next;
    return *list ? list : NULL;
}

/* Take a plan out of its document's list, at `link`; it goes with its last user. */
static void
drop_plan(struct cache *c, struct cached_plan **link)
{
    struct cached_plan *cached = *link;
    struct document *d = cached->document;

    d->plan_count--;
    entry_remove(c, &cached->entry);
    if (cached->users == 0) {
        plan_free(link);
        return;
    }
    *link = cached->next;
    cached->next = d->dropped;
    d->dropped = cached;
}

static void
document_free(struct document *d)
{
    assert(!d->is_cached && !d->plans);
    while (d->dropped) /* a worker that must end may have requests under way */
        plan_free(&d->dropped);
    arena_free(d->arena);
}

static struct document **
cache_chain(const struct cache *c, uint64_t hash)
{
    return &c->chains[hash & (c->chain_count - 1)];
}

/* Take it out of the cache, and its plans; it goes with its last user. */
static void
cache_evict(struct cache *c, struct document *d)
{
    struct document **link = cache_chain(c, d->hash);

    while (*link != d)
        link = &(*link)->chain;
    *link = d->chain;
    while (d->plans)
        drop_plan(c, &d->plans);
    entry_remove(c, &d->entry);
    d->is_cached = false;
    if (d->users == 0)
        document_free(d);
}

/* Let the oldest go until the rest is within the bound. */
static void
cache_make_room(struct cache *c)
{
    ASSERT_HOT(is_counted(c));
    while (c->bytes > (size_t)c->limits->cache_bytes && c->oldest) {
        struct cached_plan *cached = c->oldest->plan;
        if (cached)
            drop_plan(c, find_link(&cached->document->plans, cached->plan));
        else
            cache_evict(c, c->oldest->document);
    }
}

void
cache_free(struct cache *c)
{
    if (!c)
        return;
    while (c->newest) {
        struct document *d = c->newest->document;
        d->users = 0;
        cache_evict(c, d);
    }
    arena_free(c->arena);
}

/* --- documents --- */

struct document *
cache_find(struct cache *c, const struct contract *contract, struct str text)
{
    uint64_t hash = str_hash(text);
    struct document *d = *cache_chain(c, hash);

    while (d && !(d->hash == hash && d->contract == contract && str_equal(d->source.text, text)))
        d = d->chain;
    if (!d)
        return NULL;
    entry_touch(c, &d->entry);
    d->users++;
    return d;
}

struct document *
cache_make(struct cache *c, const struct contract *contract, struct str text)
{
    (void)c;
    struct arena *a = arena_new("document");
    struct document *d = ARENA_NEW(a, struct document);

    d->arena = a;
    d->entry.document = d;
    d->contract = contract;
    d->source.text = str_copy(a, text);
    d->hash = str_hash(text);
    d->users = 1;
    return d;
}

void
cache_keep(struct cache *c, struct document *d)
{
    assert(!d->is_cached);
    if (!is_small(c, arena_size(d->arena)))
        return;
    struct document **chain = cache_chain(c, d->hash);
    d->chain = *chain;
    *chain = d;
    d->is_cached = true;
    entry_add(c, &d->entry);
    cache_make_room(c);
}

/* Plans that are refusals are made for one request: keeping them would let a
 * client fill the cache with numbers that are out of bounds. */
static void
document_drop_refused(struct cache *c, struct document *d)
{
    for (struct cached_plan **link = &d->plans; *link;)
        if ((*link)->plan->is_refused)
            drop_plan(c, link);
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

/* The request that had it is done with it. */
static void
plan_release(struct document *d, const struct plan *plan)
{
    struct cached_plan **kept = find_link(&d->plans, plan);
    struct cached_plan **link = kept ? kept : find_link(&d->dropped, plan);

    assert(link && (*link)->users > 0);
    (*link)->users--;
    if (!kept && (*link)->users == 0)
        plan_free(link);
}

void
cache_release(struct cache *c, struct document *d, const struct plan *plan)
{
    if (!d)
        return;
    if (plan)
        plan_release(d, plan);
    assert(d->users > 0);
    d->users--;
    if (d->is_cached && document_is_secret(d))
        cache_evict(c, d);
    else if (d->is_cached)
        document_drop_refused(c, d);
    else if (d->users == 0)
        document_free(d);
}

/* --- plans --- */

/* Take the plan that was used least recently out: the last of the list. */
static void
document_drop_last(struct cache *c, struct document *d)
{
    struct cached_plan **link = &d->plans;

    while ((*link)->next)
        link = &(*link)->next;
    drop_plan(c, link);
}

/* Put a plan before the others of its document, or of those that are not kept. */
static void
put_first(struct cached_plan **list, struct cached_plan *cached)
{
    cached->next = *list;
    *list = cached;
}

/* Is the plan what the role would get if it were built now? */
static bool
is_for_role(const struct plan *plan, uint32_t role)
{
    return plan->refused_role ? plan->refused_role == role : (plan->denied & role) == 0;
}

/* The plan that holds; NULL: there is none. */
static struct cached_plan *
find_plan(struct cache *c, struct document *d, const struct ast_operation *operation,
          const struct variables *variables, uint32_t role)
{
    for (struct cached_plan **link = &d->plans; *link; link = &(*link)->next) {
        struct cached_plan *cached = *link;
        if (cached->plan->operation != operation || !is_for_role(cached->plan, role) ||
            !guards_hold(&cached->plan->guards, variables))
            continue;
        *link = cached->next;
        put_first(&d->plans, cached);
        entry_touch(c, &cached->entry);
        entry_touch(c, &d->entry);
        return cached;
    }
    return NULL;
}

/* Keep a new plan with its document, if that is kept and the plan is small; else it goes with
 * its user. */
static void
keep_plan(struct cache *c, struct document *d, struct cached_plan *cached)
{
    if (!d->is_cached || !is_small(c, arena_size(cached->plan->arena))) {
        put_first(&d->dropped, cached);
        return;
    }
    if (d->plan_count >= PLANS_PER_DOCUMENT)
        document_drop_last(c, d);
    put_first(&d->plans, cached);
    d->plan_count++;
    entry_add(c, &cached->entry);
    entry_touch(c, &d->entry);
    cache_make_room(c);
}

const struct plan *
cache_plan(struct cache *c, struct document *d, const struct ast_operation *operation,
           const struct variables *variables, uint32_t role, struct arena *scratch)
{
    struct cached_plan *cached = find_plan(c, d, operation, variables, role);

    if (cached) {
        cached->users++;
        return cached->plan;
    }
    const struct plan *plan =
        plan_build(d->contract, c->limits, d->ast, operation, variables, role, scratch);
    cached = ARENA_NEW(plan->arena, struct cached_plan);
    *cached = (struct cached_plan){
        .entry = { .document = d, .plan = cached }, .plan = plan, .document = d, .users = 1
    };
    keep_plan(c, d, cached);
    return plan;
}

size_t
cache_size_alone(const struct document *d, const struct plan *plan)
{
    struct cached_plan *kept = d->plans, *dropped = d->dropped;
    struct cached_plan **found = find_link(&kept, plan),
                       **link = found ? found : find_link(&dropped, plan);

    assert(link);
    return (d->users == 1 ? arena_size(d->arena) : 0) +
           ((*link)->users == 1 ? arena_size(plan->arena) : 0);
}

/* --- data --- */

struct str
cache_data(const struct document *d, const struct plan *plan)
{
    struct cached_plan *list = d->plans, **link = find_link(&list, plan);

    return link ? (*link)->data : STR("");
}

void
cache_keep_data(struct cache *c, struct document *d, const struct plan *plan, struct str data)
{
    struct cached_plan **link = find_link(&d->plans, plan);

    assert(plan->is_constant && (!link || (*link)->data.len == 0));
    if (!link || !is_small(c, arena_size(plan->arena) + data.len))
        return;
    (*link)->data = str_copy(plan->arena, data);
    entry_count(c, &(*link)->entry);
    cache_make_room(c);
}
