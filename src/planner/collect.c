/*
 * collect.c - which fields a selection set asks of an object type
 * (specification, 6.3.2, CollectFields and MergeSelectionSets).
 *
 * SPDX-License-Identifier: MIT
 */
#include "planner/collect.h"

#include <assert.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "value/value.h"
#include "value/value_coerce.h"

struct collected_fragment {
    const struct ast_fragment *ast;
    int round; /* the last selection set that has visited it */
};

enum { SCANNED_MOST = 16 };

struct collected_list {
    struct collected *first, *last;
    int count;
    struct map *names; /* all of them by name, once there are more than are scanned; or NULL */
};

static void collect_selections(struct collector *c, const struct type *object,
                               const struct ast_node *selections, struct collected_list *list);

void
collect_begin(struct collector *c, const struct ast_document *document)
{
    c->fragments = map_new(c->arena);
    c->round = 0;
    for (const struct ast_node *node = document->definitions; node; node = node->next) {
        if (node->kind != AST_FRAGMENT)
            continue;
        struct collected_fragment *fragment = ARENA_NEW(c->arena, struct collected_fragment);
        fragment->ast = ast_as(fragment, node);
        map_add(c->fragments, fragment->ast->name, fragment);
    }
}

/* Does the directive's `if` have this value?  Validation has judged it by the schema's definition,
 * which may be another than the built-in one; and a variable that has a default may still be null
 * (5.8.5).  What does not fit the built-in one fails the selection set. */
static bool
collect_if(struct collector *c, const struct ast_directive *directive, bool wanted)
{
    struct errors errors = { .arena = c->guard_arena };
    bool is_absent;

    for (const struct ast_node *node = directive->arguments; node; node = node->next)
        if (str_is(ast_as(argument, node)->name, "if"))
            guard_add_all(c->guards, c->guard_arena, ast_as(argument, node)->value, GUARD_VALUE,
                          c->variables);
    const struct value *value = value_coerce_argument(
        c->arena, directive->arguments, c->schema->condition, c->variables, &is_absent, &errors);
    if (value)
        return value->kind == VALUE_BOOLEAN && value->boolean == wanted;
    if (errors.first->offset == 0)
        errors.first->offset = directive->node.start;
    c->failed = c->failed ? c->failed : errors.first;
    return false;
}

/* @skip and @include (3.13.1, 3.13.2): a selection is made unless one says no. */
static bool
collect_wants(struct collector *c, const struct ast_node *directives)
{
    const struct ast_directive *skip = ast_find_directive(directives, "skip");
    const struct ast_directive *include = ast_find_directive(directives, "include");

    if (skip && collect_if(c, skip, true))
        return false;
    return !include || !collect_if(c, include, false);
}

static struct collected *
find_collected(const struct collected_list *list, struct str name)
{
    struct collected *known = list->first;

    if (list->names)
        return map_get(list->names, name);
    while (known && !str_equal(known->name, name))
        known = known->next;
    return known;
}

static void
index_names(struct collector *c, struct collected_list *list)
{
    list->names = map_new(c->arena);
    for (struct collected *known = list->first; known; known = known->next)
        map_put(list->names, known->name, known);
}

static void
collect_field(struct collector *c, const struct ast_field *field, struct collected_list *list)
{
    struct str name = ast_response_name(field);
    struct collected *known = find_collected(list, name);

    if (known) {
        struct collected_node *node = ARENA_NEW(c->arena, struct collected_node);
        node->field = field;
        known->last->next = node;
        known->last = node;
        return;
    }
    struct collected *collected = ARENA_NEW(c->arena, struct collected);
    collected->name = name;
    collected->first.field = field;
    collected->last = &collected->first;
    if (list->last)
        list->last->next = collected;
    else
        list->first = collected;
    list->last = collected;
    if (list->names)
        map_put(list->names, name, collected);
    else if (++list->count > SCANNED_MOST)
        index_names(c, list);
}

/* DoesFragmentTypeApply; NULL, no condition, always does. */
static bool
collect_applies(const struct collector *c, const struct ast_node *condition,
                const struct type *object)
{
    if (!condition)
        return true;
    const struct type *type = schema_find_type(c->schema, ast_as(type, condition)->name);
    assert(type); /* validation has found it */
    return type_is_possible(type, object);
}

static void
collect_spread(struct collector *c, const struct type *object,
               const struct ast_fragment_spread *spread, struct collected_list *list)
{
    struct collected_fragment *fragment = map_get(c->fragments, spread->name);

    assert(fragment); /* validation has found it */
    if (fragment->round == c->round)
        return;
    fragment->round = c->round;
    if (collect_applies(c, fragment->ast->type_condition, object))
        collect_selections(c, object, fragment->ast->selections, list);
}

static void
collect_selections(struct collector *c, const struct type *object,
                   const struct ast_node *selections, struct collected_list *list)
{
    for (const struct ast_node *node = selections; node; node = node->next) {
        if (node->kind == AST_FIELD) {
            const struct ast_field *field = ast_as(field, node);
            if (collect_wants(c, field->directives))
                collect_field(c, field, list);
        } else if (node->kind == AST_FRAGMENT_SPREAD) {
            const struct ast_fragment_spread *spread = ast_as(fragment_spread, node);
            if (collect_wants(c, spread->directives))
                collect_spread(c, object, spread, list);
        } else {
            const struct ast_inline_fragment *fragment = ast_as(inline_fragment, node);
            if (collect_wants(c, fragment->directives) &&
                collect_applies(c, fragment->type_condition, object))
                collect_selections(c, object, fragment->selections, list);
        }
    }
}

struct collected *
collect_fields(struct collector *c, const struct type *object, const struct ast_node *selections)
{
    struct collected_list list = { 0 };

    assert(object->kind == TYPE_OBJECT);
    c->round++;
    collect_selections(c, object, selections, &list);
    return list.first;
}

struct collected *
collect_subfields(struct collector *c, const struct type *object, const struct collected *field)
{
    struct collected_list list = { 0 };

    assert(object->kind == TYPE_OBJECT);
    c->round++;
    for (const struct collected_node *node = &field->first; node; node = node->next)
        collect_selections(c, object, node->field->selections, &list);
    return list.first;
}
