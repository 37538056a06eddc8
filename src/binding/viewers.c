/*
 * viewers.c - does a function return the same for all viewers of a role?
 *
 * SPDX-License-Identifier: MIT
 */
#include "binding/viewers.h"

#include "catalog/catalog.h"

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
