/*
 * bind_node.c - root fields that find objects by their global ids: `node(id:)` and `nodes(ids:)`
 * (GraphQL Global Object Identification Specification).
 *
 * The ids say of which possible type an object is, each of which has a table of its own, or a
 * value of a discriminator.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "codec/global_id.h"
#include "binder/bind_internal.h"

bool
bind_node_is(const struct bind_site *site)
{
    const struct field *field = site->field;

    return site->parent == site->binder->schema->query && type_is_abstract(site->named) &&
           field_call_count(field) == 1 &&
           str_is(field->arguments[0].name, site->is_list ? "ids" : "id") &&
           !binder_site_directive(site, "function") &&
           !ast_find_directive(field->arguments[0].ast->directives, "column") &&
           bind_global_id_is_shown(site->binder, site->named);
}

/* Is it `ID!`? */
static bool
is_id(const struct type *type)
{
    return type->kind == TYPE_NON_NULL && type->of->kind == TYPE_SCALAR &&
           str_is(type->of->name, "ID");
}

static bool
check_argument(const struct bind_site *site)
{
    const struct input_value *argument = &site->field->arguments[0];
    const struct type *type = argument->type;
    bool is_list = type->kind == TYPE_NON_NULL && type->of->kind == TYPE_LIST;

    if (site->is_list ? is_list && is_id(type->of->of) : is_id(type))
        return true;
    bind_argument_misfit(site, argument, "it says which objects are found; make it %s.",
                         site->is_list ? "[ID!]!" : "ID!");
    return false;
}

/* There may be no object for an id. */
static bool
check_nulls(const struct bind_site *site)
{
    const struct type *type =
        site->is_list ? type_nullable(site->field->type)->of : site->field->type;

    if (type->kind != TYPE_NON_NULL)
        return true;
    binder_site_misfit(site, NULL, "there may be no such object; remove the \"!\" after %.*s.",
                       STR_PRINT(site->named->name));
    return false;
}

/* How rows of the possible type are found; false after a misfit. */
static bool
bind_possible(const struct type *type, struct join *join)
{
    const struct type_binding *binding = binding_of_type(type);

    if (!binding->global_id) /* that is reported */
        return false;
    *join = (struct join){ .table = binding->table,
                           .to = binding->key.columns,
                           .count = binding->key.count };
    return true;
}

bool
bind_node(struct bind_site *site)
{
    int count = site->named->possible_count;
    struct join *joins = ARENA_ARRAY(site->binder->arena, struct join, (size_t)count);
    bool fits = check_nulls(site);

    site->binding->kind = BINDING_NODE;
    site->binding->as.node.joins = joins;
    fits = check_argument(site) && fits;
    for (int i = 0; i < count; i++)
        fits = bind_possible(site->named->possible[i], &joins[i]) && fits;
    return fits;
}
