/*
 * bind_node.c - fields whose values are global ids, and root fields that find objects by these:
 * `node(id:)` and `nodes(ids:)` (GraphQL Global Object Identification Specification).
 *
 * The ids say of which possible type an object is, each of which has a table of its own, or a
 * value of a discriminator.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "codec/global_id.h"
#include "binder/bind_internal.h"

/* --- ids --- */

bool
bind_global_id_is(const struct bind_site *site)
{
    return !site->is_root && (binder_site_directive(site, "globalId") ||
                              (str_is(site->field->name, "id") &&
                               bind_global_id_is_node(site->binder, site->parent)));
}

/* The `id` of an object. */
static bool
bind_own(struct bind_site *site)
{
    static const char *const others[] = { "column", "globalId" };
    const struct global_id *id = binding_of_type(site->parent)->global_id;

    for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
        const struct ast_directive *directive = binder_site_directive(site, others[i]);
        if (!directive)
            continue;
        binder_site_misfit(site, directive,
                           "the id of a type that implements Node is its global id; remove @%s, "
                           "and show the column by a field of another name.",
                           others[i]);
        return false;
    }
    if (!id) /* that is reported */
        return false;
    site->binding->as.global_id = (struct bound_global_id){ id, id->key->columns, id->key->count };
    return true;
}

/* The column that the field names, or means by its own name; NULL, and nothing reported: none. */
static const struct column *
find_own_column(const struct bind_site *site, struct str *name)
{
    return binder_find_column(site->binder, binding_of_type(site->parent)->table,
                              site->field->ast->directives, site->field->name, name);
}

/* Do foreign keys say that the column refers to rows, and not to those of `target`? */
static bool
refers_elsewhere(const struct table *table, const struct column *column, const struct table *target)
{
    bool refers = false;

    for (int i = 0; i < table->foreign_key_count; i++) {
        const struct foreign_key *key = &table->foreign_keys[i];
        if (key->count != 1 || key->from_columns[0] != column)
            continue;
        if (key->to == target)
            return false;
        refers = true;
    }
    return refers;
}

/* The columns by which the field's row refers to one of the type: a column that the field names,
 * or the row's own key.  NULL after a misfit. */
static const struct column *const *
find_columns(const struct bind_site *site, const struct type *of)
{
    const struct table *table = binding_of_type(site->parent)->table;
    const struct key *key = binding_of_type(of)->global_id->key;
    struct str name;
    const struct column *column = find_own_column(site, &name);
    const struct column **columns = ARENA_NEW(site->binder->arena, const struct column *);

    columns[0] = column;
    if (!column && table == binding_of_type(of)->table && !binder_site_directive(site, "column"))
        return key->columns;
    if (!column)
        binder_site_misfit(site, NULL,
                           "%s %.*s has no column \"%.*s\" with the key of %.*s; name one with "
                           "@column(name:).%.*s",
                           binder_table_noun(table), STR_PRINT(table->name), STR_PRINT(name),
                           STR_PRINT(of->name),
                           STR_PRINT(binder_suggest_column(site->binder, table, name)));
    else if (key->count != 1 || !bind_global_id_is_same_kind(column->type, key->columns[0]->type))
        binder_site_misfit(site, NULL,
                           "column %.*s.%.*s is %.*s, which is no key of %.*s; name another with "
                           "@column(name:).",
                           STR_PRINT(table->name), STR_PRINT(name), STR_PRINT(column->type_name),
                           STR_PRINT(of->name));
    else if (refers_elsewhere(table, column, binding_of_type(of)->table))
        binder_site_misfit(site, NULL,
                           "column %.*s.%.*s refers to another table than %.*s, whose rows %.*s "
                           "shows; name another with @column(name:).",
                           STR_PRINT(table->name), STR_PRINT(name),
                           STR_PRINT(binding_of_type(of)->table->name), STR_PRINT(of->name));
    else
        return columns;
    return NULL;
}

/* An id elsewhere, of the type that @globalId(of:) names. */
static bool
bind_of(struct bind_site *site, const struct ast_directive *directive)
{
    const char *message;
    const struct type *of = bind_global_id_of(site->binder, directive, &message);

    if (message)
        binder_site_misfit(site, directive, "%s", message);
    else if (binding_of_type(of)->discriminator)
        binder_site_misfit(site, directive,
                           "whether a row has the type %.*s depends on its column %.*s, which is "
                           "not known here; show the row itself.",
                           STR_PRINT(of->name),
                           STR_PRINT(binding_of_type(of)->discriminator->name));
    if (message || binding_of_type(of)->discriminator || !binding_of_type(of)->global_id)
        return false;
    const struct global_id *id = binding_of_type(of)->global_id;
    const struct column *const *columns = find_columns(site, of);
    for (int i = 0; columns && site->is_non_null && i < id->key->count; i++) {
        if (columns[i]->is_not_null)
            continue;
        binder_site_misfit(site, NULL, "column %.*s may be null; remove the \"!\".",
                           STR_PRINT(columns[i]->name));
        return false;
    }
    site->binding->as.global_id = (struct bound_global_id){ id, columns, id->key->count };
    return columns != NULL;
}

bool
bind_global_id(struct bind_site *site)
{
    const struct ast_directive *directive = binder_site_directive(site, "globalId");

    site->binding->kind = BINDING_GLOBAL_ID;
    site->binding->is_list = false;
    if (!binding_of_type(site->parent)->table || (site->payload && site->payload->resolver)) {
        binder_site_misfit(
            site, directive,
            "a global id is made of a row's columns, but there is no row here; remove @globalId.");
        return false;
    }
    if (site->is_list || !str_is(site->named->name, "ID")) {
        binder_site_misfit(site, directive, "a global id must have the type ID; change the type.");
        return false;
    }
    bool is_own =
        bind_global_id_is_node(site->binder, site->parent) && str_is(site->field->name, "id");
    return is_own ? bind_own(site) : bind_of(site, directive);
}

/* --- objects --- */

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
