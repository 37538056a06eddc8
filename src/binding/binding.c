/*
 * binding.c - where the contract's fields come from, once it is bound.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binding/binding.h"

const struct type_binding *
binding_of_type(const struct type *type)
{
    static const struct type_binding nothing = { 0 };

    return type->binding ? type->binding : &nothing;
}

const struct type *
binding_row_type(const struct type *type)
{
    const struct type *named = type_named(type);
    const struct connection *connection = binding_of_type(named)->connection;

    return connection ? connection->node : named;
}

static const struct bound_rows *
rows_or_null(const struct bound_rows *rows)
{
    return rows->table || rows->branches ? rows : NULL;
}

bool
binding_is_hidden(const struct type_binding *abstract, struct str label)
{
    for (int i = 0; i < abstract->hidden_count; i++)
        if (str_equal(abstract->hidden[i], label))
            return true;
    return false;
}

const struct bound_rows *
binding_rows(const struct binding *binding)
{
    switch (binding->kind) {
    case BINDING_TABLE:
    case BINDING_JOIN:
        return rows_or_null(&binding->as.rows);
    case BINDING_FUNCTION:
        return rows_or_null(&binding->as.function.rows);
    case BINDING_OUTPUT:
        return rows_or_null(&binding->as.output.rows);
    case BINDING_COLUMN:
    case BINDING_RESOLVER:
    case BINDING_PART:
    case BINDING_MOCK:
        break;
    }
    return NULL;
}
