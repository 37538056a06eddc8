/*
 * bind_resolver.c - a mutation that a C function answers, and the fields of
 * its payload: what the function puts out.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "value/scalar.h"
#include "binder/bind_internal.h"

/* clang-format off */

/* What shows an output of each kind. */
static const struct {
    const char *name;
    const char *scalars[2];
    const char *remedy;
} output_kinds[] = {
    [OUTPUT_TEXT] = { "a text", { "String", "ID" }, "String or ID" },
    [OUTPUT_TEXT_OR_NULL] = { "a text or null", { "String", "ID" }, "String or ID" },
    [OUTPUT_INT] = { "an integer", { "Int" }, "Int" },
    [OUTPUT_BOOLEAN] = { "a boolean", { "Boolean" }, "Boolean" },
    [OUTPUT_JSON] = { "any JSON value", { NULL }, "a custom scalar" },
    [OUTPUT_KEY] = { "the key of a row", { NULL }, "a type with @table" },
};

/* clang-format on */

bool
bind_resolver_takes(const struct resolver_signature *resolver, struct str argument)
{
    for (int i = 0; resolver->arguments[i]; i++)
        if (str_is(argument, resolver->arguments[i]))
            return true;
    return false;
}

/* A resolver's outputs are the fields of one object. */
static bool
check_outputs(const struct bind_site *site)
{
    const struct payload *payload = bind_payload_find(site->binder, site->named);

    if (!payload || site->is_list) {
        binder_site_misfit(
            site, NULL,
            "a resolver returns one object; its type must be an object without @table, not %.*s.",
            STR_PRINT(type_text(site->binder->arena, site->field->type)));
        return false;
    }
    if (payload->resolver != binding_resolver(site->binding)) {
        bind_payload_misfit(site, payload);
        return false;
    }
    return true;
}

bool
bind_resolver(struct bind_site *site)
{
    const struct ast_directive *directive = binder_site_directive(site, "resolver");

    site->binding->kind = BINDING_RESOLVER;
    if (site->parent != site->binder->schema->mutation) {
        binder_site_misfit(site, directive,
                           "only a mutation may call a function of the server; remove @resolver.");
        return false;
    }
    site->binding->as.resolver = binder_find_resolver(site->binder, directive);
    if (site->binding->as.resolver)
        return check_outputs(site);
    binder_site_misfit(site, directive,
                       "the server has no resolver \"%.*s\"; name another with @resolver(name:).",
                       STR_PRINT(binder_directive_text(site->binder, directive, "name")));
    return false;
}

/* --- outputs --- */

/* The number of the output that has the field's name, or -1. */
static int
find_output(const struct bind_site *site)
{
    const struct resolver_output *outputs = site->payload->resolver->outputs;

    for (int i = 0; outputs[i].name; i++)
        if (str_is(site->field->name, outputs[i].name))
            return i;
    return -1;
}

/* Only its own JSON form shows any JSON value: the scalar without a coercion. */
static bool
is_custom(const struct type *type)
{
    return type->kind == TYPE_SCALAR && scalar_get(type->name) == scalar_get(STR(""));
}

static bool
can_show(const struct bind_site *site, enum output_kind kind)
{
    if (site->is_list)
        return false;
    if (kind == OUTPUT_KEY)
        return type_is_composite(site->named);
    if (kind == OUTPUT_JSON)
        return is_custom(site->named);
    for (int i = 0; i < 2 && output_kinds[kind].scalars[i]; i++)
        if (str_is(site->named->name, output_kinds[kind].scalars[i]))
            return true;
    return false;
}

/* The row that an output is the key of. */
static bool
bind_key_row(struct bind_site *site)
{
    struct bound_rows *rows = binder_site_rows(site);
    const struct table *table = bind_field_table(site);

    if (!table)
        return false;
    const struct key *key = &binding_of_type(site->named)->key;
    if (key->count != 1) {
        binder_site_misfit(
            site, NULL,
            "table %.*s has no key of one column, which the resolver's key needs; add "
            "one.",
            STR_PRINT(table->name));
        return false;
    }
    struct join *join = ARENA_NEW(site->binder->arena, struct join);
    *join = (struct join){ .table = table, .to = key->columns, .count = 1 };
    rows->table = table;
    rows->key = key;
    rows->join = join;
    if (site->is_non_null)
        binder_site_misfit(site, NULL, "there may be no such row; remove the \"!\" after %.*s.",
                           STR_PRINT(site->named->name));
    return bind_join_check_key(site, table, join->to, join->count) && !site->is_non_null;
}

bool
bind_output(struct bind_site *site)
{
    const struct resolver_signature *resolver = site->payload->resolver;
    int number = find_output(site);

    site->binding->kind = BINDING_OUTPUT;
    site->binding->as.output.resolver = resolver;
    if (number < 0) {
        binder_site_misfit(site, NULL, "resolver %s has no output \"%.*s\"; remove the field.",
                           resolver->name, STR_PRINT(site->field->name));
        return false;
    }
    site->binding->as.output.number = number;
    enum output_kind kind = resolver->outputs[number].kind;
    if (kind == OUTPUT_TEXT_OR_NULL && site->is_non_null) {
        binder_site_misfit(site, NULL, "resolver %s may return null here; remove the \"!\".",
                           resolver->name);
        return false;
    }
    if (can_show(site, kind))
        return kind != OUTPUT_KEY || bind_key_row(site);
    binder_site_misfit(site, NULL,
                       "resolver %s returns %s here, which %.*s cannot show; make it %s.",
                       resolver->name, output_kinds[kind].name,
                       STR_PRINT(type_text(site->binder->arena, type_nullable(site->field->type))),
                       output_kinds[kind].remedy);
    return false;
}
