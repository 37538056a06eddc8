/*
 * trial_key.c - the keys that a contract declares, counted.
 *
 * SPDX-License-Identifier: MIT
 */
#include "trial/trial_key.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/ast.h"
#include "language/source.h"
#include "schema/schema.h"
#include "database/db.h"
#include "catalog/identifier.h"
#include "catalog/catalog.h"
#include "binding/binding.h"
#include "plan_sql/sql_quote.h"

static void
write_names(struct buf *b, const struct key *key)
{
    for (int i = 0; i < key->count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        identifier_quote(b, key->columns[i]->name);
    }
}

/* How many values of the key have several rows?  As text; NULL after an error. */
static struct rows *
count_repeated(struct arena *a, struct db *db, const struct type_binding *type, struct str *message)
{
    struct buf *sql = buf_new(a);

    buf_put(sql, STR("SELECT count(*)::text FROM (SELECT FROM "));
    sql_quote_qualified(sql, type->table->schema, type->table->local_name);
    buf_put(sql, STR(" GROUP BY "));
    write_names(sql, &type->key);
    buf_put(sql, STR(" HAVING count(*) > 1) AS k"));
    return db_query(db, a, buf_copy(a, sql).ptr, 0, NULL, message);
}

static void
add_note(const struct schema *schema, const struct type *type, struct errors *findings,
         struct str what)
{
    const struct source *source = schema->document->source;

    source_error(findings, source, source_offset(source, type->ast->name), ERROR_VALIDATION_FAILED,
                 "%.*s: %.*s", STR_PRINT(type->name), STR_PRINT(what))
        ->is_note = true;
}

static void
judge_key(struct arena *a, struct db *db, const struct schema *schema, const struct type *type,
          struct errors *findings)
{
    const struct type_binding *binding = binding_of_type(type);
    struct buf *names = buf_new(a);
    struct str message = STR_NONE;

    write_names(names, &binding->key);
    struct str key = buf_copy(a, names), table = binding->table->name;
    struct rows *rows = count_repeated(a, db, binding, &message);
    if (!rows)
        add_note(schema, type, findings,
                 str_format(a, "the key (%.*s) of %.*s cannot be counted: %.*s", STR_PRINT(key),
                            STR_PRINT(table), STR_PRINT(message)));
    else if (!str_is(rows_get(rows, 0, 0), "0"))
        add_note(schema, type, findings,
                 str_format(a,
                            "%.*s values of the key (%.*s) have several rows of %.*s each; declare "
                            "one that identifies a row with @table(key:).",
                            STR_PRINT(rows_get(rows, 0, 0)), STR_PRINT(key), STR_PRINT(table)));
}

void
trial_key(struct arena *a, struct db *db, const struct schema *schema, struct errors *findings)
{
    for (int i = 0; i < schema->type_count; i++) {
        const struct type_binding *binding = binding_of_type(schema->types[i]);
        const struct key *key = &binding->key;
        if (binding->table && key->count > 0 &&
            !table_is_unique(binding->table, key->columns, key->count))
            judge_key(a, db, schema, schema->types[i], findings);
    }
}
