/*
 * contract_roles.c - what each role sees of a contract: @auth(roles:).
 *
 * Two roles see the same if each @auth names both or neither: a view is known by a bit for each
 * @auth of the contract.
 *
 * SPDX-License-Identifier: MIT
 */
#include "contract/contract_roles.h"

#include <assert.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/suggest.h"
#include "language/ast.h"
#include "language/source.h"
#include "schema/schema.h"
#include "sdl/build.h"
#include "contract/contract.h"

/* The uses of @auth, in the contract's order. */
struct uses {
    struct arena *arena;
    const struct ast_directive **list;
    int count, capacity;
};

static void
collect(struct uses *uses, const struct ast_node *node)
{
    if (node->kind == AST_DIRECTIVE && str_is(ast_as(directive, node)->name, "auth")) {
        if (uses->count == uses->capacity) {
            const struct ast_directive **old = uses->list;
            uses->capacity = uses->capacity > 0 ? 2 * uses->capacity : 16;
            uses->list =
                ARENA_ARRAY(uses->arena, const struct ast_directive *, (size_t)uses->capacity);
            for (int i = 0; i < uses->count; i++)
                uses->list[i] = old[i];
        }
        uses->list[uses->count++] = ast_as(directive, node);
        return;
    }
    for (const uint16_t *child = ast_children(node->kind); *child; child++)
        for (const struct ast_node *at = ast_child(node, *child); at; at = at->next)
            collect(uses, at);
}

/* The texts that it lists: one, or several. */
static const struct ast_node *
list_roles(const struct ast_directive *use)
{
    const struct ast_node *value = ast_as(argument, use->arguments)->value; /* it has been judged */

    return value->kind == AST_LIST ? ast_as(value, value)->values : value;
}

static bool
names_role(const struct ast_directive *use, struct str role)
{
    for (const struct ast_node *node = list_roles(use); node; node = node->next)
        if (str_equal(ast_as(value, node)->text, role))
            return true;
    return false;
}

/* --- the names of roles --- */

static void
refuse(const struct contract *contract, struct errors *errors, const struct ast_node *node,
       struct str message)
{
    source_error(errors, contract->schema->document->source, node->start, ERROR_VALIDATION_FAILED,
                 "%.*s", STR_PRINT(message));
}

static void
refuse_unknown(struct arena *a, const struct contract *contract, const struct ast_node *node,
               struct errors *errors)
{
    struct str *names = ARENA_ARRAY(a, struct str, (size_t)contract->role_count);
    struct str name = ast_as(value, node)->text;

    for (int i = 0; i < contract->role_count; i++)
        names[i] = contract->roles[i].role;
    int count = suggest_close(a, name, names, contract->role_count);
    refuse(contract, errors, node,
           str_format(a,
                      "@auth: there is no role \"%.*s\"; name `anon`, or one of the setting "
                      "`roles`.%.*s",
                      STR_PRINT(name), STR_PRINT(suggest_text(a, NULL, names, count))));
}

static bool
is_known(const struct contract *contract, struct str name)
{
    for (int i = 0; i < contract->role_count; i++)
        if (str_equal(contract->roles[i].role, name))
            return true;
    return false;
}

/* A definition of a built-in scalar changes nothing, and hides nothing. */
static bool
check_scalars(const struct contract *contract, struct errors *errors)
{
    bool is_good = true;

    for (const struct ast_node *node = contract->schema->document->definitions; node;
         node = node->next) {
        if (node->kind != AST_SCALAR_DEFINITION)
            continue;
        const struct ast_type_definition *ast = ast_as(type_definition, node);
        const struct ast_directive *use = ast_find_directive(ast->directives, "auth");
        const struct type *type = schema_find_type(contract->schema, ast->name);
        if (!use || (type && !type->is_builtin))
            continue;
        refuse(contract, errors, &use->node,
               STR("@auth: the scalar is built in, and cannot be hidden."));
        is_good = false;
    }
    return is_good;
}

static bool
check_names(struct arena *a, const struct contract *contract, const struct uses *uses,
            struct errors *errors)
{
    bool is_good = true;

    for (int i = 0; i < uses->count; i++) {
        const struct ast_node *first = list_roles(uses->list[i]);
        if (!first)
            refuse(contract, errors, &uses->list[i]->node,
                   STR("@auth: nobody would see it; name a role, or remove it from the contract."));
        is_good = is_good && first;
        for (const struct ast_node *node = first; node; node = node->next)
            if (!is_known(contract, ast_as(value, node)->text)) {
                refuse_unknown(a, contract, node, errors);
                is_good = false;
            }
    }
    return is_good;
}

/* --- views --- */

/* Do both roles see the same? */
static bool
sees_same(const struct uses *uses, struct str a, struct str b)
{
    for (int i = 0; i < uses->count; i++)
        if (names_role(uses->list[i], a) != names_role(uses->list[i], b))
            return false;
    return true;
}

static bool
sees_all(const struct uses *uses, struct str role)
{
    for (int i = 0; i < uses->count; i++)
        if (!names_role(uses->list[i], role))
            return false;
    return true;
}

/* The schema of a view, which is not the whole. */
static bool
build_view(struct arena *a, const struct contract *contract, struct contract_view *view,
           struct str role, struct errors *errors)
{
    struct errors found = { .arena = a, .maximum = errors->maximum };
    struct contract *own = ARENA_NEW(a, struct contract);

    *own = (struct contract){ .hash = contract->hash };
    own->schema = build_schema_for_role(a, contract->schema, role, &found);
    view->contract = own;
    contract_add_findings(view, &found, errors);
    return own->schema != NULL;
}

/* Group the roles by what they see, each group at its first role. */
static void
group_roles(struct arena *a, struct contract *contract, const struct uses *uses)
{
    struct contract_view **end = &contract->views;

    for (int i = 0; i < contract->role_count; i++) {
        int first = 0;
        while (!sees_same(uses, contract->roles[first].role, contract->roles[i].role))
            first++;
        struct contract_view *view = contract->roles[first].view;
        if (first < i) {
            view->roles = str_format(a, "%.*s, %.*s", STR_PRINT(view->roles),
                                     STR_PRINT(contract->roles[i].role));
        } else {
            view = ARENA_NEW(a, struct contract_view);
            view->roles = contract->roles[i].role;
            *end = view;
            end = &view->next;
        }
        contract->roles[i].view = view;
    }
}

bool
contract_roles_build(struct arena *a, struct contract *contract, const struct str *roles, int count,
                     struct errors *errors)
{
    struct uses uses = { .arena = a };
    bool is_good = true;

    contract->is_divided = true;
    collect(&uses, &contract->schema->document->node);
    if (uses.count == 0)
        return true;
    contract->roles = ARENA_ARRAY(a, struct role_view, (size_t)count + 1);
    contract->roles[contract->role_count++].role = STR("anon");
    for (int i = 0; i < count; i++)
        contract->roles[contract->role_count++].role = roles[i];
    assert(count > 0);
    if (!check_names(a, contract, &uses, errors) || !check_scalars(contract, errors))
        return false;
    group_roles(a, contract, &uses);
    for (struct contract_view *view = contract->views; view; view = view->next) {
        int role = 0;
        while (contract->roles[role].view != view)
            role++;
        if (sees_all(&uses, contract->roles[role].role))
            view->contract = contract;
        else
            is_good = build_view(a, contract, view, contract->roles[role].role, errors) && is_good;
    }
    return is_good;
}
