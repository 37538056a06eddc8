/*
 * cache.c - documents that have been parsed and validated, and their plans.
 *
 * Documents are found by the hash of their text in a table of chains.  Documents and plans
 * stand together in one list, from the newest used to the oldest, and the oldest goes when all
 * of them take too many bytes.  A document is always newer than its plans, so they go first.
 *
 * SPDX-License-Identifier: MIT
 */
#include "document/cache_internal.h"

#include <assert.h>

#include "base/arena.h"
#include "base/assert_hot.h"
#include "base/limits.h"
#include "contract/contract.h"
#include "plan/plan.h"
#include "document/trusted.h"

/* A document or a plan of which there could be fewer than so many is not kept: it would
 * displace too many others, and is seldom used again. */
enum { LEAST_ENTRIES = 32 };

/* A document has at least an arena's first block: chains stay short. */
enum { LEAST_BYTES = 8192 };

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

void
cache_entry_touch(struct cache *c, struct cache_entry *entry)
{
    if (entry == c->newest || entry->bytes == 0)
        return;
    entry_unlink(c, entry);
    entry_link(c, entry);
}

/* Count the entry, whose arena has grown or is new. */
void
cache_entry_count(struct cache *c, struct cache_entry *entry)
{
    c->bytes -= entry->bytes;
    entry->bytes = arena_size(entry_arena(entry));
    c->bytes += entry->bytes;
    assert(arena_is_plain(entry_arena(entry))); /* or it would hold more than that */
}

void
cache_entry_add(struct cache *c, struct cache_entry *entry)
{
    assert(entry->bytes == 0);
    entry_link(c, entry);
    cache_entry_count(c, entry);
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
bool
cache_is_small(const struct cache *c, size_t size)
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
struct cached_plan **
cache_find_link(struct cached_plan **list, const struct plan *plan)
{
    while (*list && (*list)->plan != plan)
        list = &(*list)->next;
    return *list ? list : NULL;
}

/* Take a plan out of its document's list, at `link`; it goes with its last user. */
void
cache_drop_plan(struct cache *c, struct cached_plan **link)
{
    struct cached_plan *cached = *link;
    struct document *d = cached->document;

    d->plan_count--;
    if (cached->entry.bytes > 0)
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
        cache_drop_plan(c, &d->plans);
    if (d->entry.bytes > 0)
        entry_remove(c, &d->entry);
    d->is_cached = false;
    if (d->users == 0)
        document_free(d);
}

/* Let the oldest go until the rest is within the bound. */
void
cache_make_room(struct cache *c)
{
    ASSERT_HOT(is_counted(c));
    while (c->bytes > (size_t)c->limits->cache_bytes && c->oldest) {
        struct cached_plan *cached = c->oldest->plan;
        if (cached)
            cache_drop_plan(c, cache_find_link(&cached->document->plans, cached->plan));
        else
            cache_evict(c, c->oldest->document);
    }
}

void
cache_free(struct cache *c)
{
    if (!c)
        return;
    for (struct document *d = c->trusted, *next; d; d = next) {
        next = d->next_trusted;
        d->users = 0;
        cache_evict(c, d);
    }
    while (c->newest) {
        struct document *d = c->newest->document;
        d->users = 0;
        cache_evict(c, d);
    }
    arena_free(c->arena);
}

/* --- documents --- */

/* It was found. */
static struct document *
document_use(struct cache *c, struct document *d)
{
    if (!d)
        return NULL;
    cache_entry_touch(c, &d->entry);
    d->users++;
    return d;
}

struct document *
cache_find(struct cache *c, const struct contract *contract, struct str text)
{
    uint64_t hash = str_hash(text);
    struct document *d = *cache_chain(c, hash);

    while (d && !(d->hash == hash && d->contract == contract && str_equal(d->source.text, text)))
        d = d->chain;
    return document_use(c, d);
}

struct document *
cache_find_trusted(struct cache *c, const struct contract *contract,
                   const struct trusted_document *trusted)
{
    struct document *d = *cache_chain(c, trusted->text_hash);

    while (d && !(d->trusted == trusted && d->contract == contract))
        d = d->chain;
    return document_use(c, d);
}

static struct document *
document_new(const struct contract *contract, uint64_t hash)
{
    struct arena *a = arena_new("document");
    struct document *d = ARENA_NEW(a, struct document);

    d->arena = a;
    d->entry.document = d;
    d->contract = contract;
    d->hash = hash;
    d->users = 1;
    return d;
}

struct document *
cache_make(struct cache *c, const struct contract *contract, struct str text)
{
    struct document *d = document_new(contract, str_hash(text));

    (void)c;
    d->source.text = str_copy(d->arena, text);
    return d;
}

struct document *
cache_make_trusted(struct cache *c, const struct contract *contract,
                   const struct trusted_document *trusted)
{
    struct document *d = document_new(contract, trusted->text_hash);

    (void)c;
    d->trusted = trusted;
    d->source.text = trusted->text;
    return d;
}

void
cache_keep(struct cache *c, struct document *d)
{
    assert(!d->is_cached);
    if (!d->trusted && !cache_is_small(c, arena_size(d->arena)))
        return;
    struct document **chain = cache_chain(c, d->hash);
    d->chain = *chain;
    *chain = d;
    d->is_cached = true;
    if (d->trusted) {
        d->next_trusted = c->trusted;
        c->trusted = d;
        return;
    }
    cache_entry_add(c, &d->entry);
    cache_make_room(c);
}

/* Plans that are refusals are made for one request: keeping them would let a
 * client fill the cache with numbers that are out of bounds. */
static void
document_drop_refused(struct cache *c, struct document *d)
{
    for (struct cached_plan **link = &d->plans; *link;)
        if ((*link)->plan->is_refused)
            cache_drop_plan(c, link);
        else
            link = &(*link)->next;
}

/* A document that signs somebody up or in may have a password in its text: it
 * is not kept after its request.  The text of a trusted one is no secret. */
static bool
document_is_secret(const struct document *d)
{
    for (const struct cached_plan *cached = d->plans; cached; cached = cached->next)
        if (cached->plan->resolver_calls > 0)
            return !d->trusted;
    return false;
}

/* The request that had it is done with it. */
static void
plan_release(struct document *d, const struct plan *plan)
{
    struct cached_plan **kept = cache_find_link(&d->plans, plan);
    struct cached_plan **link = kept ? kept : cache_find_link(&d->dropped, plan);

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
