/*
 * bind_function.c - a field that an SQL function computes.
 *
 * On a root type the function gets the field's arguments, by name, and what it
 * returns is shown as a scalar, as rows of a type with @table, or, of a
 * mutation, as a payload.  On a type with @table it gets the parent's row, and
 * gives one scalar.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/map.h"
#include "language/source.h"
#include "binding/bind_internal.h"

static const struct function *
find_function(const struct bind_site *site, const struct ast_directive *directive)
{
    const struct catalog *catalog = site->binder->catalog;
    struct str name = binder_directive_text(site->binder, directive, "name");
    const struct function *function = catalog_find_function(catalog, name);

    if (function)
        return function;
    if (map_get(catalog->functions_by_name, name))
        binder_site_misfit(site, directive,
                           "function \"%.*s\" is overloaded, and a contract cannot say which one "
                           "is meant; rename one of them.",
                           STR_PRINT(name));
    else
        binder_site_misfit(site, directive,
                           "there is no function \"%.*s\"; create it, or name another with "
                           "@function(name:).",
                           STR_PRINT(name));
    return NULL;
}

/* A query runs in a read-only transaction, and its statements in no order. */
static bool
check_volatility(const struct bind_site *site, const struct ast_directive *directive)
{
    const struct function *function = binding_function(site->binding)->function;

    if (!function->is_volatile || site->parent == site->binder->schema->mutation)
        return true;
    binder_site_misfit(site, directive,
                       "function %.*s is VOLATILE, but a query only reads; declare it STABLE.",
                       STR_PRINT(function->name));
    return false;
}

static bool
check_row_parameter(const struct bind_site *site, const struct ast_directive *directive)
{
    const struct function *function = binding_function(site->binding)->function;
    const struct table *table = binding_of_type(site->parent)->table;

    if (function->parameter_count == 1 && function->parameters[0].table == table)
        return true;
    binder_site_misfit(site, directive,
                       "function %.*s does not take a row of %.*s as its only parameter; declare "
                       "it as %.*s(%.*s).",
                       STR_PRINT(function->name), STR_PRINT(table->name), STR_PRINT(function->name),
                       STR_PRINT(table->name));
    return false;
}

static bool
bind_scalar_result(struct bind_site *site, const struct ast_directive *directive)
{
    const struct function *function = binding_function(site->binding)->function;
    struct str what =
        str_format(site->binder->arena, "the result of %.*s", STR_PRINT(function->name));

    if (function->returns_set) {
        binder_site_misfit(
            site, directive,
            "a list of scalars has no resolver; the function and the field must return one %.*s.",
            STR_PRINT(site->named->name));
        return false;
    }
    site->binding->is_list = false; /* of rows */
    const struct codec *codec = bind_codec_field(site, what, function->returns);
    site->binding->as.function.codec = codec;
    return codec && bind_codec_check_items(site, what, false);
}

static bool
check_row_count(const struct bind_site *site, const struct ast_directive *directive)
{
    const struct function *function = binding_function(site->binding)->function;

    if (site->is_list && !function->returns_set) {
        binder_site_misfit(
            site, directive,
            "function %.*s gives one row; make the field a single object, or let the "
            "function return SETOF %.*s.",
            STR_PRINT(function->name), STR_PRINT(function->returns_type));
        return false;
    }
    if (!site->is_list && site->is_non_null) {
        binder_site_misfit(site, NULL, "there may be no such row; remove the \"!\" after %.*s.",
                           STR_PRINT(site->named->name));
        return false;
    }
    return true;
}

/* A function that finds no row may still return one, of nulls: the key tells. */
static bool
check_key(const struct bind_site *site)
{
    const struct table *table = binder_site_rows(site)->table;

    if (binding_of_type(site->named)->key.count > 0)
        return true;
    binder_site_misfit(site, NULL,
                       "table %.*s needs a primary key, to tell a row from no row; add one, "
                       "or name columns that are never null in a row with @table(key:).",
                       STR_PRINT(table->name));
    return false;
}

/* The payload of a mutation: any table's row will do, but the same for all that
 * show the type. */
static bool
check_returned_row(const struct bind_site *site, const struct payload *payload,
                   const struct ast_directive *directive)
{
    const struct function *function = binding_function(site->binding)->function;

    if (site->parent != site->binder->schema->mutation || payload->is_of_resolver) {
        bind_payload_misfit(site, payload);
        return false;
    }
    if (!function->returns_table) {
        binder_site_misfit(
            site, directive,
            "function %.*s returns %.*s; it must return a row of the table that %.*s shows.",
            STR_PRINT(function->name), STR_PRINT(function->returns_type),
            STR_PRINT(site->named->name));
        return false;
    }
    if (site->is_list) {
        binder_site_misfit(site, NULL, "a mutation gives one %.*s; make the field a single object.",
                           STR_PRINT(site->named->name));
        return false;
    }
    return true;
}

static bool
check_returned_table(const struct bind_site *site, const struct ast_directive *directive)
{
    const struct function *function = binding_function(site->binding)->function;
    const struct table *table = binding_of_type(site->named)->table;

    if (function->returns_table == table)
        return true;
    binder_site_misfit(
        site, directive,
        "function %.*s returns %.*s; it must return rows of %.*s, the table of %.*s.",
        STR_PRINT(function->name), STR_PRINT(function->returns_type), STR_PRINT(table->name),
        STR_PRINT(site->named->name));
    return false;
}

static bool
bind_row_result(struct bind_site *site, const struct ast_directive *directive)
{
    const struct payload *payload = bind_payload_find(site->binder, site->named);

    if (payload && !check_returned_row(site, payload, directive))
        return false;
    if (!binding_of_type(site->named)->table) {
        if (!binder_has_table(site->binder, site->named))
            binder_site_misfit(site, NULL, "%.*s has no table; give it @table(name:).",
                               STR_PRINT(site->named->name));
        return false;
    }
    if (!site->is_root) {
        binder_site_misfit(site, directive,
                           "a function of a row must return a scalar, not %.*s; join the table by "
                           "a foreign key instead.",
                           STR_PRINT(site->named->name));
        return false;
    }
    if (!check_returned_table(site, directive))
        return false;
    site->binding->as.function.rows.table = binding_of_type(site->named)->table;
    site->binding->as.function.rows.key = &binding_of_type(site->named)->key;
    bool is_counted = check_row_count(site, directive);
    bool has_key = site->is_list ? bind_order_default(site) : check_key(site);
    return is_counted && has_key;
}

bool
bind_function(struct bind_site *site)
{
    const struct ast_directive *directive = binder_site_directive(site, "function");

    site->binding->kind = BINDING_FUNCTION;
    if (site->payload) {
        binder_site_misfit(site, directive,
                           "a payload has no computed fields; show this field on a row of %.*s "
                           "that is joined to it.",
                           STR_PRINT(binding_of_type(site->parent)->table->name));
        return false;
    }
    const struct function *function = find_function(site, directive);
    if (!function)
        return false;
    site->binding->as.function.function = function;
    bool is_stable = check_volatility(site, directive);
    bool has_row = site->is_root || check_row_parameter(site, directive);
    bool has_result = type_is_leaf(site->named) ? bind_scalar_result(site, directive)
                                                : bind_row_result(site, directive);
    return is_stable && has_row && has_result;
}
