/*
 * rules_variables.c - variables (specification, 5.8).
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/error.h"
#include "base/map.h"
#include "schema/schema.h"
#include "validation/references.h"
#include "validation/rules.h"
#include "validation/walk.h"

/* 5.8.1: no two variables of an operation have the same name. */

/* Where the name of a variable stands, after the `$`. */
static uint32_t
name_offset(const struct walk *w, const struct ast_node *variable_definition)
{
    return walk_offset(w, walk_name(variable_definition));
}

static void
unique_variables(struct walk *w, void *state, const struct ast_node *node)
{
    const struct ast_node *list = ast_as(operation, node)->variables;

    (void)state;
    if (!walk_has_duplicates(w, list))
        return;
    for (node = list; node; node = node->next) {
        struct error *error = NULL;

        if (walk_first_of_name(list, node) != node)
            continue;
        for (const struct ast_node *other = node->next; other; other = other->next) {
            if (!str_equal(walk_name(other), walk_name(node)))
                continue;
            if (!error)
                error = walk_error(w, name_offset(w, node),
                                   "There can be only one variable named \"$%.*s\".",
                                   STR_PRINT(walk_name(node)));
            walk_error_place(w, error, name_offset(w, other));
        }
    }
}

const struct rule rule_variable_uniqueness = {
    .name = "variable-uniqueness",
    .section = "5.8.1",
    .enter = { [AST_OPERATION] = unique_variables },
};

/* 5.8.2: the type of a variable is one that values can be given for. */

static void
input_variable(struct walk *w, void *state, const struct ast_node *node)
{
    const struct ast_node *written = ast_as(variable_definition, node)->type;
    const struct type *type;

    (void)state;
    if (w->scope->input_type)
        return;
    type = schema_type_of_ast(w->arena, w->schema, written);
    if (type)
        walk_error(w, written->start, "Variable \"$%.*s\" cannot be non-input type \"%.*s\".",
                   STR_PRINT(walk_name(node)), STR_PRINT(type_text(w->arena, type)));
}

const struct rule rule_variables_are_input_types = {
    .name = "variables-are-input-types",
    .section = "5.8.2",
    .enter = { [AST_VARIABLE_DEFINITION] = input_variable },
};

/* What the next three rules need: the variables that an operation declares, and their usages in
 * it and in the fragments that it reaches. */

struct declared_variable {
    const struct ast_variable_definition *definition;
    const struct type *type; /* NULL: not known; set where it is needed */
    bool is_used;
};

struct declared_variables {
    struct declared_variable *list;
    int count;
    struct map *by_name; /* of many */
};

static void
list_variables(struct walk *w, struct declared_variables *v, const struct ast_operation *operation)
{
    struct declared_variable *next;

    *v = (struct declared_variables){ 0 };
    v->count = ast_count(operation->variables);
    next = v->list = ARENA_ARRAY(w->arena, struct declared_variable, (size_t)v->count);
    if (v->count > WALK_COMPARED_MAXIMUM)
        v->by_name = map_new(w->arena);
    for (const struct ast_node *node = operation->variables; node; node = node->next, next++) {
        next->definition = ast_as(variable_definition, node);
        if (v->by_name)
            map_put(v->by_name, walk_name(node), next);
    }
}

/* The variable of that name, of two the later; or NULL. */
static struct declared_variable *
find_variable(const struct declared_variables *v, struct str name)
{
    if (v->by_name)
        return map_get(v->by_name, name);
    for (int i = v->count - 1; i >= 0; i--)
        if (str_equal(walk_name(&v->list[i].definition->node), name))
            return &v->list[i];
    return NULL;
}

typedef void usage_fn(struct walk *w, struct declared_variables *v, const struct usage *usage);

/* Call `fn` for every usage that the operation reaches. */
static void
for_each_usage(struct walk *w, struct declared_variables *v, usage_fn *fn)
{
    const struct references *r = w->references;

    for (int i = 0; i < r->reached_count; i++)
        for (int k = 0; k < r->reached[i]->usage_count && !w->is_stopped; k++)
            fn(w, v, &r->reached[i]->usages[k]);
}

/* 5.8.3: a variable that is used is one of the operation's. */

static void
check_defined(struct walk *w, struct declared_variables *v, const struct usage *usage)
{
    struct str name = usage->variable->text, operation = w->scope->definition->name;
    struct error *error;

    if (find_variable(v, name))
        return;
    if (operation.ptr)
        error = walk_error(w, usage->variable->node.start,
                           "Variable \"$%.*s\" is not defined by operation \"%.*s\".",
                           STR_PRINT(name), STR_PRINT(operation));
    else
        error = walk_error(w, usage->variable->node.start, "Variable \"$%.*s\" is not defined.",
                           STR_PRINT(name));
    walk_error_place(w, error, w->scope->definition->node->start);
}

static void
defined_variables(struct walk *w, void *state, const struct ast_node *node)
{
    struct declared_variables v;

    (void)state;
    list_variables(w, &v, ast_as(operation, node));
    for_each_usage(w, &v, check_defined);
}

const struct rule rule_variable_uses_defined = {
    .name = "variable-uses-defined",
    .section = "5.8.3",
    .enter = { [AST_OPERATION] = defined_variables },
};

/* 5.8.4: an operation uses each of its variables. */

static void
mark_used(struct walk *w, struct declared_variables *v, const struct usage *usage)
{
    struct declared_variable *variable = find_variable(v, usage->variable->text);

    (void)w;
    if (variable)
        variable->is_used = true;
}

static void
used_variables(struct walk *w, void *state, const struct ast_node *node)
{
    struct str operation = w->scope->definition->name;
    struct declared_variables v;

    (void)state;
    list_variables(w, &v, ast_as(operation, node));
    for_each_usage(w, &v, mark_used);
    for (node = ast_as(operation, node)->variables; node; node = node->next) {
        struct str name = walk_name(node);

        if (find_variable(&v, name)->is_used)
            continue;
        if (operation.ptr)
            walk_error(w, node->start, "Variable \"$%.*s\" is never used in operation \"%.*s\".",
                       STR_PRINT(name), STR_PRINT(operation));
        else
            walk_error(w, node->start, "Variable \"$%.*s\" is never used.", STR_PRINT(name));
    }
}

const struct rule rule_variables_used = {
    .name = "variables-used",
    .section = "5.8.4",
    .enter = { [AST_OPERATION] = used_variables },
};

/* 5.8.5: a variable is used where all its values fit. */

static bool
is_allowed(const struct declared_variable *variable, const struct usage *usage)
{
    const struct ast_node *default_value = variable->definition->default_value;
    const struct type *expected = usage->type;

    if (expected->kind == TYPE_NON_NULL && variable->type->kind != TYPE_NON_NULL) {
        /* A default, of the variable or of the place, stands in for no value. */
        if (!usage->has_default && (!default_value || default_value->kind == AST_NULL))
            return false;
        expected = expected->of;
    }
    return type_is_sub_type(variable->type, expected);
}

/* A nullable variable cannot be the one field of a @oneOf input object. */
static bool
may_be_null_field(const struct declared_variable *variable, const struct usage *usage)
{
    return usage->object_type && usage->object_type->is_one_of &&
           variable->type->kind != TYPE_NON_NULL;
}

static void
check_allowed(struct walk *w, struct declared_variables *v, const struct usage *usage)
{
    struct declared_variable *variable = find_variable(v, usage->variable->text);
    struct str name = usage->variable->text;
    struct error *error;

    if (!variable || !usage->type)
        return;
    if (!variable->type)
        variable->type = schema_type_of_ast(w->arena, w->schema, variable->definition->type);
    if (!variable->type)
        return;
    if (!is_allowed(variable, usage)) {
        error = walk_error(
            w, variable->definition->node.start,
            "Variable \"$%.*s\" of type \"%.*s\" used in position expecting type \"%.*s\".",
            STR_PRINT(name), STR_PRINT(type_text(w->arena, variable->type)),
            STR_PRINT(type_text(w->arena, usage->type)));
        walk_error_place(w, error, usage->variable->node.start);
    }
    if (may_be_null_field(variable, usage)) {
        error = walk_error(w, variable->definition->node.start,
                           "Variable \"$%.*s\" is of type \"%.*s\" but must be non-nullable "
                           "to be used for OneOf Input Object \"%.*s\".",
                           STR_PRINT(name), STR_PRINT(type_text(w->arena, variable->type)),
                           STR_PRINT(usage->object_type->name));
        walk_error_place(w, error, usage->variable->node.start);
    }
}

static void
allowed_variables(struct walk *w, void *state, const struct ast_node *node)
{
    struct declared_variables v;

    (void)state;
    list_variables(w, &v, ast_as(operation, node));
    for_each_usage(w, &v, check_allowed);
}

const struct rule rule_variable_usages_allowed = {
    .name = "variable-usages-allowed",
    .section = "5.8.5",
    .leave = { [AST_OPERATION] = allowed_variables },
};
