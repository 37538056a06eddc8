/*
 * walk.c - one walk over a document that runs all rules beside a type stack.
 *
 * The stack is the C stack: each function below keeps what it changes of the
 * walk and puts it back.  The parser's bound on nesting bounds it.
 *
 * SPDX-License-Identifier: MIT
 */
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
    struct definition *next_operation, *next_fragment;
};

static void
call(struct walk *w, const struct steps *steps, const struct ast_node *node)
{
    for (int i = 0; i < steps->count && !w->is_stopped; i++)
        steps->first[i].fn(w, steps->first[i].state, node);
}

static void
enter(struct walk *w, const struct ast_node *node)
{
    call(w, &w->dispatch->enter[node->kind], node);
}

static void
leave(struct walk *w, const struct ast_node *node)
{
    call(w, &w->dispatch->leave[node->kind], node);
}

static void walk_value(struct walk *w, const struct ast_node *node);

static void
walk_list(struct walk *w, const struct ast_node *node)
{
    const struct type *type = w->input_type, *parent = w->parent_input_type;
    const struct type *list = type ? type_nullable(type) : NULL;
    bool has_default = w->has_default, is_nested = w->is_nested;

    w->input_type = list && list->kind == TYPE_LIST ? list->of : NULL;
    w->parent_input_type = type;
    w->has_default = false;
    w->is_nested = true;
    for (const struct ast_node *item = ast_as(value, node)->values; item; item = item->next)
        walk_value(w, item);
    w->input_type = type;
    w->parent_input_type = parent;
    w->has_default = has_default;
    w->is_nested = is_nested;
}

static void
walk_object(struct walk *w, const struct ast_node *node)
{
    const struct type *type = w->input_type, *parent = w->parent_input_type;
    const struct type *object = type ? type_named(type) : NULL;
    const struct ast_node *owner = w->owner;
    bool has_default = w->has_default, is_nested = w->is_nested;

    w->is_nested = true;
    for (const struct ast_node *field = ast_as(value, node)->values; field; field = field->next) {
        const struct input_value *input = NULL;

        if (object && object->kind == TYPE_INPUT_OBJECT)
            input = schema_find_input(object, walk_name(field));
        w->owner = node;
        w->input_type = input ? input->type : NULL;
        w->parent_input_type = type;
        w->has_default = input && input->default_value;
        enter(w, field);
        walk_value(w, ast_as(object_field, field)->value);
        leave(w, field);
    }
    w->input_type = type;
    w->parent_input_type = parent;
    w->owner = owner;
    w->has_default = has_default;
    w->is_nested = is_nested;
}

static void
walk_value(struct walk *w, const struct ast_node *node)
{
    if (w->is_stopped)
        return;
    enter(w, node);
    if (node->kind == AST_LIST)
        walk_list(w, node);
    else if (node->kind == AST_OBJECT)
        walk_object(w, node);
    leave(w, node);
}

/* The argument's definition.  Within a directive that is not known, the field
 * around it is asked, as in the reference implementation. */
static const struct input_value *
find_argument(const struct walk *w, struct str name)
{
    const struct directive_definition *directive = w->directive;

    if (!directive)
        return w->field ? schema_find_argument(w->field, name) : NULL;
    for (int i = 0; i < directive->argument_count; i++)
        if (str_equal(directive->arguments[i].name, name))
            return &directive->arguments[i];
    return NULL;
}

static void
walk_arguments(struct walk *w, const struct ast_node *list)
{
    const struct type *type = w->input_type, *parent = w->parent_input_type;
    bool has_default = w->has_default;

    for (const struct ast_node *node = list; node && !w->is_stopped; node = node->next) {
        w->argument = find_argument(w, walk_name(node));
        w->input_type = w->argument ? w->argument->type : NULL;
        w->parent_input_type = type;
        w->has_default = w->argument && w->argument->default_value;
        enter(w, node);
        walk_value(w, ast_as(argument, node)->value);
        leave(w, node);
    }
    w->argument = NULL;
    w->input_type = type;
    w->parent_input_type = parent;
    w->has_default = has_default;
}

static void
walk_directives(struct walk *w, const struct ast_node *owner, const struct ast_node *list)
{
    const struct ast_node *outer = w->owner;

    for (const struct ast_node *node = list; node && !w->is_stopped; node = node->next) {
        w->owner = owner;
        w->directive = walk_find_directive(w, ast_as(directive, node)->name);
        w->is_in_directive = true;
        enter(w, node);
        walk_arguments(w, ast_as(directive, node)->arguments);
        leave(w, node);
        w->is_in_directive = false;
        w->directive = NULL;
    }
    w->owner = outer;
}

static void
walk_named_type(struct walk *w, const struct ast_node *node)
{
    while (node->kind != AST_NAMED_TYPE)
        node = ast_as(type, node)->of;
    enter(w, node);
    leave(w, node);
}

static void
walk_variables(struct walk *w, const struct ast_node *list)
{
    for (const struct ast_node *node = list; node && !w->is_stopped; node = node->next) {
        const struct ast_variable_definition *variable = ast_as(variable_definition, node);
        const struct type *type = schema_type_of_ast(w->arena, w->schema, variable->type);

        w->input_type = type && type_is_input(type) ? type : NULL;
        enter(w, node);
        walk_named_type(w, variable->type);
        if (variable->default_value)
            walk_value(w, variable->default_value);
        walk_directives(w, node, variable->directives);
        leave(w, node);
    }
    w->input_type = NULL;
}

static void walk_selection(struct walk *w, const struct ast_node *node);

static void
walk_selections(struct walk *w, const struct ast_node *owner, const struct ast_node *list)
{
    const struct type *parent_type = w->parent_type;
    const struct type *named = w->type ? type_named(w->type) : NULL;

    w->parent_type = named && type_is_composite(named) ? named : NULL;
    if (owner->kind != AST_INLINE_FRAGMENT)
        call(w, &w->dispatch->selections, owner);
    for (const struct ast_node *node = list; node && !w->is_stopped; node = node->next)
        walk_selection(w, node);
    w->parent_type = parent_type;
}

static void
walk_field(struct walk *w, const struct ast_node *node)
{
    const struct ast_field *field = ast_as(field, node);
    const struct field *outer = w->field;
    const struct type *type = w->type;

    w->field = w->parent_type ? schema_find_field(w->schema, w->parent_type, field->name) : NULL;
    w->type = w->field ? w->field->type : NULL;
    enter(w, node);
    walk_arguments(w, field->arguments);
    walk_directives(w, node, field->directives);
    if (field->selections)
        walk_selections(w, node, field->selections);
    leave(w, node);
    w->field = outer;
    w->type = type;
}

/* The type that a condition names, if it can have selections or be returned. */
static const struct type *
condition_type(const struct walk *w, const struct ast_node *condition)
{
    const struct type *type = schema_find_type(w->schema, ast_as(type, condition)->name);

    return type && type_is_output(type) ? type : NULL;
}

static void
walk_inline_fragment(struct walk *w, const struct ast_node *node)
{
    const struct ast_inline_fragment *fragment = ast_as(inline_fragment, node);
    const struct type *type = w->type;

    if (fragment->type_condition)
        w->type = condition_type(w, fragment->type_condition);
    else
        w->type = type ? type_named(type) : NULL;
    enter(w, node);
    if (fragment->type_condition)
        walk_named_type(w, fragment->type_condition);
    walk_directives(w, node, fragment->directives);
    walk_selections(w, node, fragment->selections);
    leave(w, node);
    w->type = type;
}

static void
walk_selection(struct walk *w, const struct ast_node *node)
{
    if (node->kind == AST_FIELD) {
        walk_field(w, node);
    } else if (node->kind == AST_INLINE_FRAGMENT) {
        walk_inline_fragment(w, node);
    } else {
        enter(w, node);
        walk_directives(w, node, ast_as(fragment_spread, node)->directives);
        leave(w, node);
    }
}

static void
walk_operation(struct walk *w, const struct ast_node *node)
{
    const struct ast_operation *operation = ast_as(operation, node);

    w->definition = w->dispatch->next_operation++;
    w->type = schema_root_type(w->schema, operation->type);
    references_reach(w->references, w->definition, 1);
    enter(w, node);
    walk_variables(w, operation->variables);
    walk_directives(w, node, operation->directives);
    walk_selections(w, node, operation->selections);
    leave(w, node);
    w->type = NULL;
    w->definition = NULL;
}

static void
walk_fragment(struct walk *w, const struct ast_node *node)
{
    const struct ast_fragment *fragment = ast_as(fragment, node);

    w->definition = w->dispatch->next_fragment++;
    w->type = condition_type(w, fragment->type_condition);
    enter(w, node);
    walk_named_type(w, fragment->type_condition);
    walk_directives(w, node, fragment->directives);
    walk_selections(w, node, fragment->selections);
    leave(w, node);
    w->type = NULL;
    w->definition = NULL;
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
    d->next_operation = w->references->operations;
    d->next_fragment = w->references->fragments;
    return d;
}

void
walk_document(struct walk *w, const struct rule *const *rules, int count)
{
    const struct ast_node *document = &w->document->node;

    w->dispatch = dispatch_build(w, rules, count);
    enter(w, document);
    for (const struct ast_node *node = w->document->definitions; node && !w->is_stopped;
         node = node->next) {
        if (node->kind == AST_OPERATION)
            walk_operation(w, node);
        else if (node->kind == AST_FRAGMENT)
            walk_fragment(w, node);
    }
    leave(w, document);
}
