/*
 * rules_operations.c - documents and operations (specification, 5.1 and 5.2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/error.h"
#include "schema/schema.h"
#include "validation/references.h"
#include "validation/rules.h"
#include "validation/walk.h"

/* 5.1.1: definitions of a document that is executed are operations or fragments. */

static struct str
definition_name(struct walk *w, const struct ast_node *node)
{
    if (node->kind == AST_SCHEMA_DEFINITION)
        return STR("schema");
    struct str name = node->kind == AST_DIRECTIVE_DEFINITION
                          ? ast_as(directive_definition, node)->name
                          : ast_as(type_definition, node)->name;
    return str_format(w->arena, "\"%.*s\"", STR_PRINT(name));
}

static void
executable_document(struct walk *w, void *state, const struct ast_node *node)
{
    (void)state;
    for (node = ast_as(document, node)->definitions; node; node = node->next)
        if (node->kind != AST_OPERATION && node->kind != AST_FRAGMENT)
            walk_error(w, node->start, "The %.*s definition is not executable.",
                       STR_PRINT(definition_name(w, node)));
}

const struct rule rule_executable_definitions = {
    .name = "executable-definitions",
    .section = "5.1.1",
    .enter = { [AST_DOCUMENT] = executable_document },
};

/* 5.2.1.1: the schema has a root type for each operation. */

static void
existing_operation(struct walk *w, void *state, const struct ast_node *node)
{
    enum ast_operation_type type = ast_as(operation, node)->type;

    (void)state;
    if (!schema_root_type(w->schema, type))
        walk_error(w, node->start, "The %s operation is not supported by the schema.",
                   ast_operation_type_name(type));
}

const struct rule rule_operation_type_existence = {
    .name = "operation-type-existence",
    .section = "5.2.1.1",
    .enter = { [AST_OPERATION] = existing_operation },
};

/* 5.2.2.1: no two operations have the same name. */

static void
unique_operation(struct walk *w, void *state, const struct ast_node *node)
{
    const struct definition *first = w->references->operations;

    (void)state;
    (void)node;
    if (!w->scope->definition->name.ptr)
        return;
    first = references_first_of_name(first, w->scope->definition);
    if (first == w->scope->definition)
        return;
    struct error *error =
        walk_error(w, walk_offset(w, first->name),
                   "There can be only one operation named \"%.*s\".", STR_PRINT(first->name));
    walk_error_place(w, error, walk_offset(w, w->scope->definition->name));
}

const struct rule rule_operation_name_uniqueness = {
    .name = "operation-name-uniqueness",
    .section = "5.2.2.1",
    .enter = { [AST_OPERATION] = unique_operation },
};

/* 5.2.3.1: an operation without a name is the only one. */

static void
lone_operation(struct walk *w, void *state, const struct ast_node *node)
{
    (void)state;
    if (!w->scope->definition->name.ptr && w->references->operation_count > 1)
        walk_error(w, node->start, "This anonymous operation must be the only defined operation.");
}

const struct rule rule_lone_anonymous_operation = {
    .name = "lone-anonymous-operation",
    .section = "5.2.3.1",
    .enter = { [AST_OPERATION] = lone_operation },
};

/* 5.2.4.1: a subscription has one root field, which is not an introspection field
 * and depends on no condition. */

/* A root field, or a @skip or @include at the root. */
struct root {
    const struct ast_node *node;
    struct str name; /* response name of a field; STR_NONE of a condition */
    struct root *next;
};

struct roots {
    struct walk *w;
    const struct type *type;
    bool *is_visited; /* by index of fragment */
    struct root *fields, **fields_end;
    struct root *conditions, **conditions_end;
};

static void
roots_add(struct roots *r, struct root ***end, const struct ast_node *node, struct str name)
{
    struct root *root = ARENA_NEW(r->w->arena, struct root);

    *root = (struct root){ node, name, NULL };
    **end = root;
    *end = &root->next;
}

static const struct ast_node *
find_directive(const struct ast_node *list, const char *name)
{
    while (list && !str_is(ast_as(directive, list)->name, name))
        list = list->next;
    return list;
}

/* Does a @skip or @include stand here?  Then it is remembered. */
static bool
is_conditional(struct roots *r, const struct ast_node *directives)
{
    const struct ast_node *directive = find_directive(directives, "skip");

    if (!directive)
        directive = find_directive(directives, "include");
    if (directive)
        roots_add(r, &r->conditions_end, directive, STR_NONE);
    return directive != NULL;
}

static bool
condition_holds(const struct roots *r, const struct ast_node *condition)
{
    if (!condition)
        return true;
    const struct type *type = schema_find_type(r->w->schema, ast_as(type, condition)->name);
    return type && type_is_possible(type, r->type);
}

static void collect_roots(struct roots *r, const struct ast_node *list);

static void
collect_spread(struct roots *r, const struct ast_node *node)
{
    const struct ast_fragment_spread *spread = ast_as(fragment_spread, node);

    if (is_conditional(r, spread->directives))
        return;
    const struct definition *d = references_find_fragment(r->w->references, spread->name);
    if (!d || r->is_visited[d->index] ||
        !condition_holds(r, ast_as(fragment, d->node)->type_condition))
        return;
    r->is_visited[d->index] = true;
    collect_roots(r, d->selections);
}

static void
collect_roots(struct roots *r, const struct ast_node *list)
{
    for (const struct ast_node *node = list; node; node = node->next) {
        if (node->kind == AST_FIELD) {
            const struct ast_field *field = ast_as(field, node);

            if (!is_conditional(r, field->directives))
                roots_add(r, &r->fields_end, node, ast_response_name(field));
        } else if (node->kind == AST_INLINE_FRAGMENT) {
            const struct ast_inline_fragment *fragment = ast_as(inline_fragment, node);

            if (!is_conditional(r, fragment->directives) &&
                condition_holds(r, fragment->type_condition))
                collect_roots(r, fragment->selections);
        } else {
            collect_spread(r, node);
        }
    }
}

static struct error *
subscription_error(struct walk *w, uint32_t offset, const char *must)
{
    struct str name = w->scope->definition->name;

    if (!name.ptr)
        return walk_error(w, offset, "Anonymous Subscription must %s.", must);
    return walk_error(w, offset, "Subscription \"%.*s\" must %s.", STR_PRINT(name), must);
}

/* Add the places of the roots of that name to `error`, which is made with the first of them. */
static struct error *
report_roots(struct walk *w, const struct root *root, struct str name, const char *must,
             struct error *error)
{
    for (; root; root = root->next) {
        if (!str_equal(root->name, name))
            continue;
        if (error)
            walk_error_place(w, error, root->node->start);
        else
            error = subscription_error(w, root->node->start, must);
    }
    return error;
}

/* Is this the first of the fields with its response name? */
static bool
is_first_of_name(const struct root *fields, const struct root *root)
{
    while (!str_equal(fields->name, root->name))
        fields = fields->next;
    return fields == root;
}

/* Refuse all response names but the first, in one error. */
static void
check_single(struct walk *w, const struct root *fields)
{
    struct error *error = NULL;

    for (const struct root *root = fields->next; root; root = root->next)
        if (is_first_of_name(fields, root))
            error = report_roots(w, root, root->name, "select only one top level field", error);
}

/* Refuse introspection: one error for each response name. */
static void
check_introspection(struct walk *w, const struct root *fields)
{
    for (const struct root *root = fields; root; root = root->next)
        if (is_first_of_name(fields, root) &&
            str_starts_with(ast_as(field, root->node)->name, STR("__")))
            report_roots(w, root, root->name, "not select an introspection top level field", NULL);
}

static void
single_root(struct walk *w, void *state, const struct ast_node *node)
{
    struct roots r = { .w = w, .type = w->schema->subscription };

    (void)state;
    if (ast_as(operation, node)->type != OPERATION_SUBSCRIPTION || !r.type)
        return;
    r.is_visited = ARENA_ARRAY(w->arena, bool, (size_t)w->references->fragment_count);
    r.fields_end = &r.fields;
    r.conditions_end = &r.conditions;
    collect_roots(&r, ast_as(operation, node)->selections);
    if (r.conditions) {
        report_roots(w, r.conditions, STR_NONE,
                     "not use `@skip` or `@include` directives in the top level selection", NULL);
        return;
    }
    if (r.fields)
        check_single(w, r.fields);
    else
        subscription_error(w, ast_as(operation, node)->selections_start,
                           "select one top level field");
    check_introspection(w, r.fields);
}

const struct rule rule_single_root_field = {
    .name = "single-root-field",
    .section = "5.2.4.1",
    .enter = { [AST_OPERATION] = single_root },
};
