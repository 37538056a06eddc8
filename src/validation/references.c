/*
 * references.c - the definitions of a document, and the fragments that they reach.
 *
 * SPDX-License-Identifier: MIT
 */
#include "validation/references.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"

/* Count the document's definitions of a kind. */
static int
count_definitions(const struct ast_document *document, enum ast_kind kind)
{
    int count = 0;

    for (const struct ast_node *node = document->definitions; node; node = node->next)
        count += node->kind == kind;
    return count;
}

static void
list_operations(struct arena *a, const struct ast_document *document, struct references *r)
{
    r->operation_count = count_definitions(document, AST_OPERATION);
    r->operations = ARENA_ARRAY(a, struct definition, (size_t)r->operation_count);
    struct definition *next = r->operations;

    for (const struct ast_node *node = document->definitions; node; node = node->next) {
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
list_fragments(struct arena *a, const struct ast_document *document, struct references *r)
{
    r->fragment_count = count_definitions(document, AST_FRAGMENT);
    if (r->fragment_count == 0)
        return;
    r->fragments = ARENA_ARRAY(a, struct definition, (size_t)r->fragment_count);
    r->fragments_by_name = map_new(a);
    struct definition *next = r->fragments;

    for (const struct ast_node *node = document->definitions; node; node = node->next) {
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
add_spread(struct arena *a, const struct references *r, struct definition *d,
           const struct ast_node *node, int *capacity)
{
    const struct ast_fragment_spread *spread = ast_as(fragment_spread, node);
    struct definition *fragment = references_find_fragment(r, spread->name);

    if (!fragment)
        return;
    if (d->spread_count == *capacity) {
        *capacity = *capacity ? 2 * *capacity : 4;
        struct spread *spreads = ARENA_ARRAY(a, struct spread, (size_t)*capacity);

        if (d->spread_count)
            memcpy(spreads, d->spreads, (size_t)d->spread_count * sizeof(*spreads));
        d->spreads = spreads;
    }
    d->spreads[d->spread_count++] = (struct spread){ spread, fragment };
}

static void
collect_spreads(struct arena *a, const struct references *r, struct definition *d,
                struct pending *p)
{
    int capacity = 0;

    pending_push(a, p, d->selections);
    while (p->count > 0) {
        const struct ast_node *node = p->lists[--p->count];

        for (; node; node = node->next) {
            if (node->kind == AST_FRAGMENT_SPREAD)
                add_spread(a, r, d, node, &capacity);
            else if (node->kind == AST_INLINE_FRAGMENT)
                pending_push(a, p, ast_as(inline_fragment, node)->selections);
            else if (ast_as(field, node)->selections)
                pending_push(a, p, ast_as(field, node)->selections);
        }
    }
}

struct references *
references_new(struct arena *a, const struct ast_document *document)
{
    struct references *r = ARENA_NEW(a, struct references);

    list_operations(a, document, r);
    list_fragments(a, document, r);
    r->reached =
        ARENA_ARRAY(a, struct definition *, (size_t)(r->operation_count + r->fragment_count));
    if (r->fragment_count > 0) {
        struct pending p = { 0 };

        for (int i = 0; i < r->operation_count; i++)
            collect_spreads(a, r, &r->operations[i], &p);
        for (int i = 0; i < r->fragment_count; i++)
            collect_spreads(a, r, &r->fragments[i], &p);
    }
    return r;
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
    assert(count <= r->operation_count);
    for (int i = 0; i < count; i++)
        r->reached[r->reached_count++] = &operations[i];
    for (int i = 0; i < r->reached_count; i++) {
        const struct definition *d = r->reached[i];

        for (int k = 0; k < d->spread_count; k++) {
            struct definition *fragment = d->spreads[k].fragment;

            if (fragment->mark == r->mark)
                continue;
            fragment->mark = r->mark;
            assert(r->reached_count < r->operation_count + r->fragment_count);
            r->reached[r->reached_count++] = fragment;
        }
    }
}
