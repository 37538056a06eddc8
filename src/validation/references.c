/*
 * references.c - the definitions of a document, and what each refers to.
 *
 * Usages of variables need the type that is expected at their place, so they
 * are found by the same walk that runs the rules, with one rule that collects.
 * A document without a `$` has none, and is spared that walk.
 *
 * SPDX-License-Identifier: MIT
 */
#include "validation/references.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "language/source.h"
#include "validation/rule.h"

/* Count the document's definitions of a kind. */
static int
count_definitions(const struct walk *w, enum ast_kind kind)
{
    int count = 0;

    for (const struct ast_node *node = w->document->definitions; node; node = node->next)
        count += node->kind == kind;
    return count;
}

static void
list_operations(struct walk *w, struct references *r)
{
    r->operation_count = count_definitions(w, AST_OPERATION);
    r->operations = ARENA_ARRAY(w->arena, struct definition, (size_t)r->operation_count);
    struct definition *next = r->operations;

    for (const struct ast_node *node = w->document->definitions; node; node = node->next) {
        if (node->kind != AST_OPERATION)
            continue;
        const struct ast_operation *operation = ast_as(operation, node);
        *next = (struct definition){ .node = node,
                                     .name = operation->name,
                                     .selections = operation->selections,
                                     .index = (int)(next - r->operations) };
        next++;
    }
}

static void
list_fragments(struct walk *w, struct references *r)
{
    r->fragment_count = count_definitions(w, AST_FRAGMENT);
    if (r->fragment_count == 0)
        return;
    r->fragments = ARENA_ARRAY(w->arena, struct definition, (size_t)r->fragment_count);
    r->fragments_by_name = map_new(w->arena);
    struct definition *next = r->fragments;

    for (const struct ast_node *node = w->document->definitions; node; node = node->next) {
        if (node->kind != AST_FRAGMENT)
            continue;
        const struct ast_fragment *fragment = ast_as(fragment, node);
        *next = (struct definition){ .node = node,
                                     .name = fragment->name,
                                     .selections = fragment->selections,
                                     .index = (int)(next - r->fragments) };
        map_put(r->fragments_by_name, fragment->name, next);
        next++;
    }
}

/* Lists of selections that are still to be looked through. */
struct pending {
    const struct ast_node **lists;
    int count, capacity;
};

static void
pending_push(struct arena *a, struct pending *p, const struct ast_node *list)
{
    if (p->count == p->capacity) {
        int capacity = p->capacity ? 2 * p->capacity : 16;
        const struct ast_node **lists = ARENA_ARRAY(a, const struct ast_node *, (size_t)capacity);

        if (p->count)
            memcpy(lists, p->lists, (size_t)p->count * sizeof(*lists));
        p->lists = lists;
        p->capacity = capacity;
    }
    p->lists[p->count++] = list;
}

static void
add_spread(struct walk *w, struct definition *d, const struct ast_node *node, int *capacity)
{
    const struct ast_fragment_spread *spread = ast_as(fragment_spread, node);
    struct definition *fragment = references_find_fragment(w->references, spread->name);

    if (!fragment)
        return;
    if (d->spread_count == *capacity) {
        *capacity = *capacity ? 2 * *capacity : 4;
        struct spread *spreads = ARENA_ARRAY(w->arena, struct spread, (size_t)*capacity);

        if (d->spread_count)
            memcpy(spreads, d->spreads, (size_t)d->spread_count * sizeof(*spreads));
        d->spreads = spreads;
    }
    d->spreads[d->spread_count++] = (struct spread){ spread, fragment };
}

static void
collect_spreads(struct walk *w, struct definition *d, struct pending *p)
{
    int capacity = 0;

    pending_push(w->arena, p, d->selections);
    while (p->count > 0) {
        const struct ast_node *node = p->lists[--p->count];

        for (; node; node = node->next) {
            if (node->kind == AST_FRAGMENT_SPREAD)
                add_spread(w, d, node, &capacity);
            else if (node->kind == AST_INLINE_FRAGMENT)
                pending_push(w->arena, p, ast_as(inline_fragment, node)->selections);
            else if (ast_as(field, node)->selections)
                pending_push(w->arena, p, ast_as(field, node)->selections);
        }
    }
}

static void
add_usage(struct walk *w, void *state, const struct ast_node *node)
{
    struct definition *d = w->definition;
    int *capacity = state;

    if (d->usage_count == 0)
        *capacity = 0;
    if (d->usage_count == *capacity) {
        *capacity = *capacity ? 2 * *capacity : 4;
        struct usage *usages = ARENA_ARRAY(w->arena, struct usage, (size_t)*capacity);

        if (d->usage_count)
            memcpy(usages, d->usages, (size_t)d->usage_count * sizeof(*usages));
        d->usages = usages;
    }
    d->usages[d->usage_count++] = (struct usage){ .variable = ast_as(value, node),
                                                  .type = w->input_type,
                                                  .parent_type = w->parent_input_type,
                                                  .has_default = w->has_default };
}

static const struct rule collector = {
    .name = "collector",
    .section = "",
    .enter = { [AST_VARIABLE] = add_usage },
    .state_size = sizeof(int),
};

void
references_collect(struct walk *w)
{
    static const struct rule *const rules[] = { &collector };
    struct references *r = ARENA_NEW(w->arena, struct references);
    struct str text = w->document->source->text;

    w->references = r;
    list_operations(w, r);
    list_fragments(w, r);
    r->reached = ARENA_ARRAY(w->arena, struct definition *,
                             (size_t)(r->operation_count + r->fragment_count));
    if (r->fragment_count > 0) {
        struct pending p = { 0 };

        for (int i = 0; i < r->operation_count; i++)
            collect_spreads(w, &r->operations[i], &p);
        for (int i = 0; i < r->fragment_count; i++)
            collect_spreads(w, &r->fragments[i], &p);
    }
    if (str_find(text, '$') < text.len)
        walk_document(w, rules, 1);
}

struct definition *
references_find_fragment(const struct references *r, struct str name)
{
    return r->fragments_by_name ? map_get(r->fragments_by_name, name) : NULL;
}

const struct definition *
references_first_of_name(const struct definition *definitions, const struct definition *d)
{
    while (definitions != d && !str_equal(definitions->name, d->name))
        definitions++;
    return definitions;
}

void
references_reach(struct references *r, struct definition *operations, int count)
{
    r->mark++;
    r->reached_count = 0;
    for (int i = 0; i < count; i++)
        r->reached[r->reached_count++] = &operations[i];
    for (int i = 0; i < r->reached_count; i++) {
        const struct definition *d = r->reached[i];

        for (int k = 0; k < d->spread_count; k++) {
            struct definition *fragment = d->spreads[k].fragment;

            if (fragment->mark == r->mark)
                continue;
            fragment->mark = r->mark;
            r->reached[r->reached_count++] = fragment;
        }
    }
}
