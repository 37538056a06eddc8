/*
 * sql_quote.c - the one place where names and texts become SQL (PostgreSQL, 4.1.1,
 * 4.1.2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan_sql/sql_quote.h"

#include "base/buf.h"
#include "catalog/catalog.h"
#include "catalog/identifier.h"

void
sql_quote_qualified(struct buf *b, struct str schema, struct str name)
{
    if (schema.ptr) {
        identifier_quote(b, schema);
        buf_byte(b, '.');
    }
    identifier_quote(b, name);
}

void
sql_quote_column(struct buf *b, struct str alias, const struct column *column)
{
    buf_put(b, alias);
    buf_byte(b, '.');
    identifier_quote(b, column->name);
}

void
sql_quote_cast(struct buf *b, const struct column_type *type)
{
    if (type->is_domain && type->kind == COLUMN_ENUM) {
        buf_put_c(b, "::");
        buf_put(b, type->compared_as);
    }
}

void
sql_quote_operand(struct buf *b, struct str alias, const struct column *column)
{
    sql_quote_column(b, alias, column);
    sql_quote_cast(b, column->type);
}

void
sql_quote_call(struct buf *b, const struct function *function, struct str alias)
{
    sql_quote_qualified(b, function->schema, function->local_name);
    buf_byte(b, '(');
    buf_put(b, alias);
    buf_put_c(b, ".*)"); /* the alias alone might be a column's name */
}

/* An escape string where there is a backslash, which means itself in no other under one
 * setting, and in every other under another. */
void
sql_quote_literal(struct buf *b, struct str text)
{
    if (str_find(text, '\\') < text.len)
        buf_byte(b, 'E');
    buf_byte(b, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'' || text.ptr[i] == '\\')
            buf_byte(b, text.ptr[i]);
        buf_byte(b, text.ptr[i]);
    }
    buf_byte(b, '\'');
}
