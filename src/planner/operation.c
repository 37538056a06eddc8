/*
 * operation.c - which operation of a document is meant (specification, 6.1,
 * GetOperation).
 *
 * SPDX-License-Identifier: MIT
 */
#include "planner/operation.h"

#include "base/error.h"
#include "language/ast.h"
#include "language/source.h"

const struct ast_operation *
operation_get(const struct ast_document *document, struct str name, bool may_subscribe,
              struct errors *errors)
{
    const struct ast_operation *found = NULL;

    for (const struct ast_node *node = document->definitions; node; node = node->next) {
        if (node->kind != AST_OPERATION)
            continue;
        const struct ast_operation *operation = ast_as(operation, node);
        if (name.ptr && !(operation->name.ptr && str_equal(operation->name, name)))
            continue;
        if (found) {
            errors_add(errors, ERROR_OPERATION_RESOLUTION_FAILURE,
                       "Must provide operation name if query contains multiple operations.");
            return NULL;
        }
        found = operation;
    }
    if (found && found->type == OPERATION_SUBSCRIPTION && !may_subscribe) {
        source_error(errors, document->source, found->node.start,
                     ERROR_OPERATION_RESOLUTION_FAILURE, "Subscriptions are not supported.");
        return NULL;
    }
    if (!found && name.ptr)
        errors_add(errors, ERROR_OPERATION_RESOLUTION_FAILURE, "Unknown operation named \"%.*s\".",
                   STR_PRINT(name));
    else if (!found)
        errors_add(errors, ERROR_OPERATION_RESOLUTION_FAILURE, "Must provide an operation.");
    return found;
}
