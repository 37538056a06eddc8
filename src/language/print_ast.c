/*
 * print_ast.c - the tree for people (`linnet print ast`): a node a line, with
 * the bytes of the source that it covers.
 *
 *     Document [0, 12)
 *       OperationDefinition query [0, 12)
 *         Field a: link [2, 10)
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/buf.h"
#include "language/print.h"

/* Write what a node has but its kind and its children. */
static void
put_details(struct buf *b, const struct ast_node *node)
{
    struct str text = ast_text(node);

    switch (node->kind) {
    case AST_OPERATION:
        buf_printf(b, " %s", ast_operation_type_name(ast_as(operation, node)->type));
        break;
    case AST_ROOT_OPERATION_TYPE:
        buf_printf(b, " %s", ast_operation_type_name(ast_as(root_operation_type, node)->operation));
        break;
    case AST_FIELD:
        if (ast_as(field, node)->alias.ptr)
            buf_printf(b, " %.*s:", STR_PRINT(ast_as(field, node)->alias));
        break;
    case AST_SCHEMA_DEFINITION:
        if (ast_as(schema_definition, node)->is_extension)
            buf_put_c(b, " extend");
        break;
    case AST_DIRECTIVE_DEFINITION:
        if (ast_as(directive_definition, node)->is_repeatable)
            buf_put_c(b, " repeatable");
        break;
    default:
        if (ast_is_type_definition(node->kind) && ast_as(type_definition, node)->is_extension)
            buf_put_c(b, " extend");
    }

    if (text.ptr) {
        buf_byte(b, ' ');
        if (node->kind == AST_STRING)
            print_string(b, text);
        else
            buf_put(b, text);
    }
}

static void
put_tree(struct buf *b, const struct ast_node *node, size_t level)
{
    buf_repeat(b, ' ', 2 * level);
    buf_put_c(b, ast_kind_name(node->kind));
    put_details(b, node);
    buf_printf(b, " [%u, %u)\n", node->start, node->end);

    for (const uint16_t *offset = ast_children(node->kind); *offset; offset++) {
        for (const struct ast_node *child = ast_child(node, *offset); child; child = child->next)
            put_tree(b, child, level + 1);
    }
}

void
print_ast(struct buf *b, const struct ast_node *node)
{
    put_tree(b, node, 0);
}
