/*
 * plan_rights.c - which roles may not use a field.
 *
 * The catalog knows which columns a role may not read, and which functions it may not call.
 * PostgreSQL would refuse the whole statement; so the field is an error of its own, before
 * any SQL.  A plan without such a field serves all roles.
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/catalog.h"
#include "contract/contract.h"
#include "planner/argument.h"
#include "planner/planner.h"

/* Whoever reads the rows that a function returns needs no right to their columns. */
static bool
is_read(const struct plan_relation *relation)
{
    return relation && !plan_function(relation);
}

static uint32_t
denied_by_join(const struct join *join, const struct plan_relation *parent)
{
    uint32_t denied = 0;

    if (join->through)
        denied = denied_by_join(join->through, parent);
    for (int i = 0; i < join->count; i++) {
        if (join->from && (join->through || is_read(parent)))
            denied |= join->from[i]->denied;
        denied |= join->to[i]->denied;
    }
    return denied;
}

/* What sorts and tells apart the rows of a list must be read. */
static uint32_t
denied_by_rows(const struct bound_rows *rows, bool is_list, const struct plan_relation *parent)
{
    uint32_t denied = rows->join ? denied_by_join(rows->join, parent) : 0;

    for (int i = 0; i < rows->branch_count; i++)
        denied |= denied_by_rows(binding_rows(rows->branches[i]), is_list, parent);
    for (int i = 0; i < rows->order.count; i++)
        denied |= rows->order.terms[i].column->denied;
    if (rows->table && is_list)
        for (int i = 0; i < rows->key->count; i++)
            denied |= rows->key->columns[i]->denied;
    return denied;
}

/* A function of the row gets all columns of it. */
static uint32_t
denied_by_function(const struct bound_function *bound, const struct plan_relation *parent)
{
    uint32_t denied = bound->function->denied;
    const struct table *table = is_read(parent) ? plan_table(parent) : NULL;

    for (int i = 0; table && i < table->column_count; i++)
        denied |= table->columns[i].denied;
    return denied;
}

static uint32_t
denied_by_arguments(const struct collected *collected, const struct field *definition)
{
    uint32_t denied = 0;

    for (int i = 0; i < definition->argument_count; i++) {
        const struct argument_binding *bound = definition->arguments[i].binding;
        struct argument argument = argument_find(collected->first.field, &definition->arguments[i]);
        for (int j = 0; argument.written && bound && j < bound->column_count; j++)
            denied |= bound->columns[j] ? bound->columns[j]->denied : 0;
    }
    return denied;
}

uint32_t
plan_denied(const struct field *definition, const struct collected *collected,
            const struct plan_relation *parent)
{
    const struct binding *binding = definition->binding;
    uint32_t denied = denied_by_arguments(collected, definition);

    switch (binding->kind) {
    case BINDING_COLUMN: {
        const struct bound_column *bound = binding_column(binding);
        if (bound->join)
            return denied | denied_by_join(bound->join, parent) | bound->column->denied;
        return denied | (is_read(parent) ? bound->column->denied : 0);
    }
    case BINDING_TABLE:
    case BINDING_JOIN:
        return denied | denied_by_rows(binding_rows(binding), binding->is_list, parent);
    case BINDING_FUNCTION:
        return denied | denied_by_function(binding_function(binding), parent);
    case BINDING_OUTPUT:
    case BINDING_RESOLVER:
    case BINDING_MOCK:
        break;
    }
    return denied;
}

const struct error *
plan_denial(struct planner *p)
{
    const struct catalog *catalog = p->contract->catalog;
    bool is_anonymous = p->role == catalog_role_bit(catalog, catalog->roles[0]);

    return is_anonymous ? errors_add(&p->errors, ERROR_UNAUTHENTICATED, "Not logged in!")
                        : errors_add(&p->errors, ERROR_FORBIDDEN, "You may not use this field.");
}
