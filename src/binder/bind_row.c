/*
 * bind_row.c - types that show the rows of a function: of one that RETURNS TABLE(...), has
 * OUT parameters or returns a composite type.
 *
 * @row(of:) names the function.  A type without it and without @table is of the first function
 * whose row a field of the query type shows by it.  Another function may return rows of the
 * type too, if they have the same columns.
 *
 * SPDX-License-Identifier: MIT
 */
#include "binder/bind_internal.h"

bool
bind_row_is(const struct table *table)
{
    return table && table->kind == TABLE_RESULT;
}

/* The first function of the name that returns a row of its own; or NULL. */
static const struct function *
find_with_row(const struct binder *b, struct str name)
{
    const struct function *function = catalog_next_function(b->catalog, name, NULL);

    while (function && !function->returns_row)
        function = catalog_next_function(b->catalog, name, function);
    return function;
}

void
bind_row(struct binder *b, struct type *type, const struct ast_directive *directive)
{
    struct str name = binder_directive_text(b, directive, "of");
    const struct function *any = catalog_next_function(b->catalog, name, NULL);
    const struct function *function = find_with_row(b, name);

    if (function)
        binder_set_table(b, type, function->returns_row, NULL);
    else if (any)
        binder_misfit(b, directive->node.start, type->name,
                      "function %.*s returns %.*s, and not rows with columns of their own; declare "
                      "it with RETURNS TABLE(...), or give the type @table(name:).",
                      STR_PRINT(name), STR_PRINT(any->returns_type));
    else
        binder_misfit(b, directive->node.start, type->name,
                      "there is no function \"%.*s\"; create it, or name another with "
                      "@row(of:).%.*s",
                      STR_PRINT(name), STR_PRINT(binder_suggest_function(b, name)));
}

bool
bind_row_by_field(struct binder *b, struct type *type)
{
    const struct type *query = b->schema->query;

    for (int i = 0; query && i < query->field_count; i++) {
        const struct field *field = &query->fields[i];
        int count;
        if (binding_row_type(field->type) != type ||
            !ast_find_directive(field->ast->directives, "function"))
            continue;
        const struct function *function = bind_function_find(b, query, field, &count);
        if (!function || !function->returns_row)
            continue;
        binder_set_table(b, type, function->returns_row, NULL);
        return true;
    }
    return false;
}

bool
bind_row_fits(const struct table *row, const struct function *function)
{
    const struct table *returned = function->returns_row;

    if (!returned || !bind_row_is(row) || returned->column_count != row->column_count)
        return false;
    for (int i = 0; i < row->column_count; i++) {
        const struct column *column = table_find_column(returned, row->columns[i].name);
        if (!column || !str_equal(column->type->name, row->columns[i].type->name))
            return false;
    }
    return true;
}
