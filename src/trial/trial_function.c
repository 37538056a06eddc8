/*
 * trial_function.c - what PostgreSQL says of the bodies of functions.
 *
 * SPDX-License-Identifier: MIT
 */
#include "trial/trial_function.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "schema/schema.h"
#include "database/db.h"
#include "catalog/catalog.h"
#include "binding/binding.h"
#include "plan_sql/sql_quote.h"

/* Languages whose bodies are known to be right: the validator sees to SQL, and the others are
 * C. */
#define IS_CHECKED "l.lanname IN ('sql', 'c', 'internal')"

static const struct function *
function_of(const struct field *field)
{
    const struct binding *binding = field->binding;

    return binding && binding->kind == BINDING_FUNCTION ? binding_function(binding)->function
                                                        : NULL;
}

/* `sales.total(integer, text)`, as to_regprocedure() takes it, in quotes. */
static void
write_signature(struct arena *a, struct buf *b, const struct function *function)
{
    struct buf *signature = buf_new(a);

    sql_quote_qualified(signature, function->schema, function->local_name);
    for (int i = 0; i < function->parameter_count; i++) {
        const struct parameter *parameter = &function->parameters[i];
        buf_put_c(signature, i > 0 ? ", " : "(");
        if (parameter->table)
            sql_quote_qualified(signature, parameter->table->schema, parameter->table->local_name);
        else
            buf_put(signature, parameter->type->name);
    }
    buf_put_c(signature, function->parameter_count > 0 ? ")" : "()");
    sql_quote_literal(b, buf_str(signature));
}

struct str
trial_function_sql(struct arena *a, const struct field *field)
{
    const struct function *function = function_of(field);

    if (!function)
        return STR_NONE;
    struct buf *b = buf_new(a);
    buf_put_c(b, "SELECT pg_catalog.fmgr_sql_validator(p.oid) FROM pg_catalog.pg_proc p"
                 " JOIN pg_catalog.pg_language l ON l.oid = p.prolang"
                 " WHERE l.lanname = 'sql' AND p.oid = pg_catalog.to_regprocedure(");
    write_signature(a, b, function);
    buf_put_c(b, ");");
    return buf_copy(a, b);
}

static int
write_signatures(struct arena *a, struct buf *b, const struct schema *schema)
{
    int count = 0;

    for (int i = 0; i < schema->type_count; i++)
        for (int j = 0; j < schema->types[i]->field_count; j++) {
            const struct function *function = function_of(&schema->types[i]->fields[j]);
            if (!function)
                continue;
            buf_put_c(b, count++ > 0 ? "), (" : "(");
            write_signature(a, b, function);
        }
    return count;
}

int
trial_function_unchecked(struct arena *a, struct db *db, const struct schema *schema)
{
    struct buf *b = buf_new(a);
    struct str message;

    buf_put_c(b, "SELECT count(DISTINCT p.oid) FROM (VALUES ");
    if (write_signatures(a, b, schema) == 0)
        return 0;
    buf_put_c(b, ")) f(signature) JOIN pg_catalog.pg_proc p"
                 " ON p.oid = pg_catalog.to_regprocedure(f.signature)"
                 " JOIN pg_catalog.pg_language l ON l.oid = p.prolang WHERE NOT " IS_CHECKED);
    struct rows *rows = db_query(db, a, buf_copy(a, b).ptr, 0, NULL, &message);
    return rows && rows_count(rows) == 1 ? atoi(rows_get(rows, 0, 0).ptr) : -1;
}
