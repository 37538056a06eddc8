/*
 * cache_plan.c - the plans of documents that have been parsed and validated.
 *
 * SPDX-License-Identifier: MIT
 */
#include "document/cache_internal.h"

#include <assert.h>

#include "base/arena.h"
#include "plan/plan.h"
#include "planner/plan_build.h"

/* Enough for the page sizes and orders of one document's clients; beyond it the
 * plan that was used least recently goes. */
enum { PLANS_PER_DOCUMENT = 32 };

/* Take the plan that was used least recently out: the last of the list, but for one that stays. */
static void
document_drop_last(struct cache *c, struct document *d)
{
    struct cached_plan **last = NULL;

    for (struct cached_plan **link = &d->plans; *link; link = &(*link)->next)
        if ((*link)->entry.bytes > 0)
            last = link;
    assert(last);
    cache_drop_plan(c, last);
}

/* Is the plan one that stays: the first of a trusted document? */
static bool
is_for_good(const struct document *d, const struct plan *plan)
{
    if (!d->trusted || plan->is_refused)
        return false;
    for (const struct cached_plan *cached = d->plans; cached; cached = cached->next)
        if (cached->entry.bytes == 0)
            return false;
    return true;
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
        cache_entry_touch(c, &cached->entry);
        cache_entry_touch(c, &d->entry);
        return cached;
    }
    return NULL;
}

/* Keep a new plan with its document, if that is kept and the plan is small; else it goes with
 * its user. */
static void
keep_plan(struct cache *c, struct document *d, struct cached_plan *cached)
{
    if (!d->is_cached || !cache_is_small(c, arena_size(cached->plan->arena))) {
        put_first(&d->dropped, cached);
        return;
    }
    bool stays = is_for_good(d, cached->plan);
    if (d->plan_count >= PLANS_PER_DOCUMENT)
        document_drop_last(c, d);
    put_first(&d->plans, cached);
    d->plan_count++;
    if (stays)
        return;
    cache_entry_add(c, &cached->entry);
    cache_entry_touch(c, &d->entry);
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
    struct cached_plan **found = cache_find_link(&kept, plan),
                       **link = found ? found : cache_find_link(&dropped, plan);

    assert(link);
    return (d->users == 1 ? arena_size(d->arena) : 0) +
           ((*link)->users == 1 ? arena_size(plan->arena) : 0);
}

/* --- data --- */

struct str
cache_data(const struct document *d, const struct plan *plan)
{
    struct cached_plan *list = d->plans, **link = cache_find_link(&list, plan);

    return link ? (*link)->data : STR("");
}

void
cache_keep_data(struct cache *c, struct document *d, const struct plan *plan, struct str data)
{
    struct cached_plan **link = cache_find_link(&d->plans, plan);

    assert(plan->is_constant && (!link || (*link)->data.len == 0));
    if (!link || !cache_is_small(c, arena_size(plan->arena) + data.len))
        return;
    (*link)->data = str_copy(plan->arena, data);
    if ((*link)->entry.bytes == 0)
        return;
    cache_entry_count(c, &(*link)->entry);
    cache_make_room(c);
}
