/*
 * walk.c - one walk over a document that runs all rules.
 *
 * Each function below takes the scope around its node by value and makes of it
 * the scope at the node, so nothing need be brought back.  The parser's bound on
 * nesting bounds the recursion.
 *
 * SPDX-License-Identifier: MIT
 */
#include "validation/walk.h"

#include <assert.h>
#include <stddef.h>

#include "base/arena.h"
#include "schema/schema.h"
#include "validation/references.h"
#include "validation/rule.h"

/* A function of a rule, with the rule's state. */
struct step {
    rule_fn *fn;
    void *state;
};

/* What is to be called, in the order of the rules. */
struct steps {
    struct step *first;
    int count;
};

enum { POOL_SIZE = 128 }; /* twice what the rules have */

struct dispatch {
    struct steps enter[RULE_KIND_COUNT], leave[RULE_KIND_COUNT], selections;
    struct step pool[POOL_SIZE];
    int pool_count;
};

static void
call(struct walk *w, const struct steps *steps, const struct scope *scope,
     const struct ast_node *node)
{
    w->scope = scope;
    for (int i = 0; i < steps->count && !w->is_stopped; i++)
        steps->first[i].fn(w, steps->first[i].state, node);
    w->scope = NULL;
}

static void
enter(struct walk *w, const struct scope *scope, const struct ast_node *node)
{
    assert((int)node->kind < RULE_KIND_COUNT);
    call(w, &w->dispatch->enter[node->kind], scope, node);
}

static void
leave(struct walk *w, const struct scope *scope, const struct ast_node *node)
{
    call(w, &w->dispatch->leave[node->kind], scope, node);
}

static void walk_value(struct walk *w, struct scope scope, const struct ast_node *node);

/* `scope` is the list's: what it says of the values is changed to say it of an item. */
static void
walk_list(struct walk *w, struct scope scope, const struct ast_node *node)
{
    const struct type *list = scope.input_type ? type_nullable(scope.input_type) : NULL;

    scope.object_type = NULL;
    scope.input_type = list && list->kind == TYPE_LIST ? list->of : NULL;
    scope.has_default = false;
    scope.is_nested = true;
    for (const struct ast_node *item = ast_as(value, node)->values; item; item = item->next)
        walk_value(w, scope, item);
}

static void
walk_object(struct walk *w, struct scope scope, const struct ast_node *node)
{
    const struct type *object = scope.input_type ? type_named(scope.input_type) : NULL;

    scope.owner = node;
    scope.object_type = object && object->kind == TYPE_INPUT_OBJECT ? object : NULL;
    scope.is_nested = true;
    for (const struct ast_node *field = ast_as(value, node)->values; field; field = field->next) {
        const struct input_value *input = NULL;

        if (scope.object_type)
            input = schema_find_input(scope.object_type, walk_name(field));
        scope.input_type = input ? input->type : NULL;
        scope.has_default = input && input->default_value;
        enter(w, &scope, field);
        walk_value(w, scope, ast_as(object_field, field)->value);
        leave(w, &scope, field);
    }
}

static void
walk_value(struct walk *w, struct scope scope, const struct ast_node *node)
{
    if (w->is_stopped)
        return;
    enter(w, &scope, node);
    if (node->kind == AST_LIST)
        walk_list(w, scope, node);
    else if (node->kind == AST_OBJECT)
        walk_object(w, scope, node);
    leave(w, &scope, node);
}

/* The argument's definition.  Within a directive that is not known, the field
 * around it is asked, as in the reference implementation. */
static const struct input_value *
find_argument_definition(const struct scope *scope, struct str name)
{
    const struct directive_definition *directive = scope->directive;

    if (!directive)
        return scope->field ? schema_find_argument(scope->field, name) : NULL;
    return schema_find_directive_argument(directive, name);
}

static void
walk_arguments(struct walk *w, struct scope scope, const struct ast_node *list)
{
    scope.object_type = NULL;
    for (const struct ast_node *node = list; node && !w->is_stopped; node = node->next) {
        scope.argument = find_argument_definition(&scope, walk_name(node));
        scope.input_type = scope.argument ? scope.argument->type : NULL;
        scope.has_default = scope.argument && scope.argument->default_value;
        enter(w, &scope, node);
        walk_value(w, scope, ast_as(argument, node)->value);
        leave(w, &scope, node);
    }
}

static void
walk_directives(struct walk *w, struct scope scope, const struct ast_node *owner,
                const struct ast_node *list)
{
    scope.owner = owner;
    scope.is_in_directive = true;
    for (const struct ast_node *node = list; node && !w->is_stopped; node = node->next) {
        scope.directive = walk_find_directive(w, ast_as(directive, node)->name);
        enter(w, &scope, node);
        walk_arguments(w, scope, ast_as(directive, node)->arguments);
        leave(w, &scope, node);
    }
}

static void
walk_named_type(struct walk *w, const struct scope *scope, const struct ast_node *node)
{
    while (node->kind != AST_NAMED_TYPE)
        node = ast_as(type, node)->of;
    enter(w, scope, node);
    leave(w, scope, node);
}

static void
walk_variables(struct walk *w, struct scope scope, const struct ast_node *list)
{
    for (const struct ast_node *node = list; node && !w->is_stopped; node = node->next) {
        const struct ast_variable_definition *variable = ast_as(variable_definition, node);
        const struct type *type = schema_type_of_ast(w->arena, w->schema, variable->type);

        scope.input_type = type && type_is_input(type) ? type : NULL;
        enter(w, &scope, node);
        walk_named_type(w, &scope, variable->type);
        if (variable->default_value)
            walk_value(w, scope, variable->default_value);
        walk_directives(w, scope, node, variable->directives);
        leave(w, &scope, node);
    }
}

static void walk_selection(struct walk *w, struct scope scope, const struct ast_node *node);

static void
walk_selections(struct walk *w, struct scope scope, const struct ast_node *owner,
                const struct ast_node *list)
{
    const struct type *named = scope.type ? type_named(scope.type) : NULL;

    scope.parent_type = named && type_is_composite(named) ? named : NULL;
    if (owner->kind != AST_INLINE_FRAGMENT)
        call(w, &w->dispatch->selections, &scope, owner);
    for (const struct ast_node *node = list; node && !w->is_stopped; node = node->next)
        walk_selection(w, scope, node);
}

static void
walk_field(struct walk *w, struct scope scope, const struct ast_node *node)
{
    const struct ast_field *field = ast_as(field, node);

    scope.field = NULL;
    if (scope.parent_type)
        scope.field = schema_find_field(w->schema, scope.parent_type, field->name);
    scope.type = scope.field ? scope.field->type : NULL;
    enter(w, &scope, node);
    walk_arguments(w, scope, field->arguments);
    walk_directives(w, scope, node, field->directives);
    if (field->selections)
        walk_selections(w, scope, node, field->selections);
    leave(w, &scope, node);
}

/* The type that a condition names, if it can have selections or be returned. */
static const struct type *
condition_type(const struct walk *w, const struct ast_node *condition)
{
    const struct type *type = schema_find_type(w->schema, ast_as(type, condition)->name);

    return type && type_is_output(type) ? type : NULL;
}

static void
walk_inline_fragment(struct walk *w, struct scope scope, const struct ast_node *node)
{
    const struct ast_inline_fragment *fragment = ast_as(inline_fragment, node);

    if (fragment->type_condition)
        scope.type = condition_type(w, fragment->type_condition);
    else if (scope.type)
        scope.type = type_named(scope.type);
    enter(w, &scope, node);
    if (fragment->type_condition)
        walk_named_type(w, &scope, fragment->type_condition);
    walk_directives(w, scope, node, fragment->directives);
    walk_selections(w, scope, node, fragment->selections);
    leave(w, &scope, node);
}

static void
walk_selection(struct walk *w, struct scope scope, const struct ast_node *node)
{
    if (node->kind == AST_FIELD) {
        walk_field(w, scope, node);
    } else if (node->kind == AST_INLINE_FRAGMENT) {
        walk_inline_fragment(w, scope, node);
    } else {
        enter(w, &scope, node);
        walk_directives(w, scope, node, ast_as(fragment_spread, node)->directives);
        leave(w, &scope, node);
    }
}

static void
walk_operation(struct walk *w, struct definition *definition)
{
    const struct ast_node *node = definition->node;
    const struct ast_operation *operation = ast_as(operation, node);
    struct scope scope = { .definition = definition,
                           .type = schema_root_type(w->schema, operation->type) };

    references_reach(w->references, definition, 1);
    enter(w, &scope, node);
    walk_variables(w, scope, operation->variables);
    walk_directives(w, scope, node, operation->directives);
    walk_selections(w, scope, node, operation->selections);
    leave(w, &scope, node);
}

static void
walk_fragment(struct walk *w, struct definition *definition)
{
    const struct ast_node *node = definition->node;
    const struct ast_fragment *fragment = ast_as(fragment, node);
    struct scope scope = { .definition = definition,
                           .type = condition_type(w, fragment->type_condition) };

    enter(w, &scope, node);
    walk_named_type(w, &scope, fragment->type_condition);
    walk_directives(w, scope, node, fragment->directives);
    walk_selections(w, scope, node, fragment->selections);
    leave(w, &scope, node);
}

/* The rules' functions of one column, in the order of the rules. */
static struct steps
dispatch_column(struct dispatch *d, const struct rule *const *rules, void **states, int count,
                size_t column)
{
    struct steps steps = { .first = d->pool + d->pool_count };

    for (int i = 0; i < count; i++) {
        rule_fn *fn = *(rule_fn *const *)((const char *)rules[i] + column);

        if (fn) {
            assert(d->pool_count < POOL_SIZE);
            d->pool[d->pool_count++] = (struct step){ fn, states[i] };
            steps.count++;
        }
    }
    return steps;
}

/* Turn the rules' columns into rows: what is to be called for a kind. */
static struct dispatch *
dispatch_build(struct walk *w, const struct rule *const *rules, int count)
{
    struct dispatch *d = ARENA_NEW(w->arena, struct dispatch);
    void **states = ARENA_ARRAY(w->arena, void *, (size_t)count);

    for (int i = 0; i < count; i++)
        if (rules[i]->state_size)
            states[i] = arena_alloc(w->arena, rules[i]->state_size);
    for (int kind = 0; kind < RULE_KIND_COUNT; kind++) {
        size_t offset = (size_t)kind * sizeof(rule_fn *);

        d->enter[kind] =
            dispatch_column(d, rules, states, count, offsetof(struct rule, enter) + offset);
        d->leave[kind] =
            dispatch_column(d, rules, states, count, offsetof(struct rule, leave) + offset);
    }
    d->selections = dispatch_column(d, rules, states, count, offsetof(struct rule, selections));
    return d;
}

void
walk_document(struct walk *w, const struct rule *const *rules, int count)
{
    const struct ast_node *document = &w->document->node;
    const struct scope scope = { 0 };
    struct definition *operation = w->references->operations;
    struct definition *fragment = w->references->fragments;

    w->dispatch = dispatch_build(w, rules, count);
    enter(w, &scope, document);
    for (const struct ast_node *node = w->document->definitions; node && !w->is_stopped;
         node = node->next) {
        if (node->kind == AST_OPERATION)
            walk_operation(w, operation++);
        else if (node->kind == AST_FRAGMENT)
            walk_fragment(w, fragment++);
    }
    leave(w, &scope, document);
}
