/*
 * viewers.c - does a function return, does a table have, the same for all viewers of a role?
 *
 * SPDX-License-Identifier: MIT
 */
#include "binding/viewers.h"

#include "schema/schema.h"
#include "catalog/catalog.h"
#include "binding/binding.h"

bool
viewers_share_function(const struct function *function, bool is_promised)
{
    if (is_promised)
        return true;
    for (int i = 0; i < function->parameter_count; i++)
        if (function->parameters[i].has_default)
            return false;
    return function->is_immutable;
}

uint32_t
viewers_personal(const struct schema *schema, const struct table *table)
{
    bool has_rules = table->kind == TABLE_VIEW || table->kind == TABLE_FOREIGN;

    for (int i = 0; has_rules && i < schema->type_count; i++) {
        const struct type_binding *binding = binding_of_type(schema->types[i]);
        if (binding->table == table && binding->is_shared)
            return 0;
    }
    return catalog_personal(table);
}
