/*
 * rules_directives.c - directives (specification, 5.7).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/error.h"
#include "schema/schema.h"
#include "validation/rules.h"
#include "validation/walk.h"

/* 5.7.1, 5.7.2: a directive is defined, and for the location that it is used in. */

static enum directive_location
location_of(const struct ast_node *owner)
{
    static const enum directive_location locations[RULE_KIND_COUNT] = {
        [AST_FIELD] = LOCATION_FIELD,
        [AST_FRAGMENT] = LOCATION_FRAGMENT_DEFINITION,
        [AST_FRAGMENT_SPREAD] = LOCATION_FRAGMENT_SPREAD,
        [AST_INLINE_FRAGMENT] = LOCATION_INLINE_FRAGMENT,
        [AST_VARIABLE_DEFINITION] = LOCATION_VARIABLE_DEFINITION,
    };

    if (owner->kind == AST_OPERATION)
        return LOCATION_QUERY + (int)ast_as(operation, owner)->type;
    return locations[owner->kind];
}

static void
defined_directive(struct walk *w, void *state, const struct ast_node *node)
{
    struct str name = walk_name(node);
    enum directive_location location = location_of(w->scope->owner);

    (void)state;
    if (!w->scope->directive)
        walk_error(w, node->start, "Unknown directive \"@%.*s\".", STR_PRINT(name));
    else if (!(w->scope->directive->locations & 1U << location))
        walk_error(w, node->start, "Directive \"@%.*s\" may not be used on %s.", STR_PRINT(name),
                   directive_location_name(location));
}

const struct rule rule_directives_are_defined = {
    .name = "directives-are-defined",
    .section = "5.7.1",
    .enter = { [AST_DIRECTIVE] = defined_directive },
};

/* 5.7.3: at one location, a directive that is not repeatable is used once. */

static void
unique_directives(struct walk *w, const struct ast_node *list)
{
    if (!walk_has_duplicates(w, list))
        return;
    for (const struct ast_node *node = list; node && !w->is_stopped; node = node->next) {
        const struct ast_node *first = walk_first_of_name(list, node);
        const struct directive_definition *directive = walk_find_directive(w, walk_name(node));

        if (first == node || !directive || directive->is_repeatable)
            continue;
        struct error *error = walk_error(
            w, first->start, "The directive \"@%.*s\" can only be used once at this location.",
            STR_PRINT(walk_name(node)));
        walk_error_place(w, error, node->start);
    }
}

/* A function for a kind of node that has directives. */
#define UNIQUE_DIRECTIVES_OF(name)                                                                 \
    static void unique_directives_of_##name(struct walk *w, void *state,                           \
                                            const struct ast_node *node)                           \
    {                                                                                              \
        (void)state;                                                                               \
        unique_directives(w, ast_as(name, node)->directives);                                      \
    }
UNIQUE_DIRECTIVES_OF(operation)
UNIQUE_DIRECTIVES_OF(variable_definition)
UNIQUE_DIRECTIVES_OF(field)
UNIQUE_DIRECTIVES_OF(fragment_spread)
UNIQUE_DIRECTIVES_OF(inline_fragment)
UNIQUE_DIRECTIVES_OF(fragment)
#undef UNIQUE_DIRECTIVES_OF

const struct rule rule_directives_are_unique = {
    .name = "directives-are-unique",
    .section = "5.7.3",
    .enter = { [AST_OPERATION] = unique_directives_of_operation,
               [AST_VARIABLE_DEFINITION] = unique_directives_of_variable_definition,
               [AST_FIELD] = unique_directives_of_field,
               [AST_FRAGMENT_SPREAD] = unique_directives_of_fragment_spread,
               [AST_INLINE_FRAGMENT] = unique_directives_of_inline_fragment,
               [AST_FRAGMENT] = unique_directives_of_fragment },
};
