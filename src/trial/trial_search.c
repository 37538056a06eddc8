/*
 * trial_search.c - searches that no index helps.
 *
 * PostgreSQL then compares the text with the columns of every row.
 *
 * SPDX-License-Identifier: MIT
 */
#include "trial/trial_search.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "language/ast.h"
#include "language/source.h"
#include "schema/schema.h"
#include "catalog/catalog.h"
#include "catalog/identifier.h"
#include "contract/contract.h"
#include "binding/binding.h"
#include "binding/rights.h"

/* The columns without an index, of the first table that has some. */
struct gap {
    const struct table *table;
    struct buf *names;   /* `links.url, links.description` */
    struct buf *indexed; /* what an index would be on */
    bool is_impossible;  /* no index can be on one of them */
};

static bool
has_indexes(const struct table *table)
{
    return table->kind == TABLE_PLAIN || table->kind == TABLE_PARTITIONED ||
           table->kind == TABLE_MATERIALIZED_VIEW;
}

static void
judge(void *context, const struct table *table, const struct column *column,
      const struct function *function)
{
    struct gap *gap = context;

    (void)function;
    if (!column || column->search != SEARCH_UNINDEXED || !has_indexes(table) ||
        (gap->table && gap->table != table))
        return;
    buf_printf(gap->names, "%s%.*s.%.*s", gap->table ? ", " : "", STR_PRINT(table->name),
               STR_PRINT(column->name));
    buf_put_c(gap->indexed, gap->table ? ", lower(" : "lower(");
    identifier_write(gap->indexed, column->name);
    buf_put_c(gap->indexed, ") gin_trgm_ops");
    gap->is_impossible |= column->kind != COLUMN_TEXT && column->kind != COLUMN_VARCHAR;
    gap->table = table;
}

/* What to do about it. */
static struct str
advise(struct arena *a, const struct catalog *catalog, const struct gap *gap)
{
    struct buf *b = buf_new(a);

    if (gap->is_impossible)
        return STR("only text and character varying can have one.");
    buf_put_c(b, "where pg_trgm is installed: CREATE INDEX ON ");
    identifier_write_table(b, catalog, gap->table);
    buf_put_c(b, " USING gin (");
    buf_put(b, buf_copy(a, gap->indexed));
    buf_put_c(b, ");");
    return buf_copy(a, b);
}

static void
judge_argument(struct arena *a, const struct contract *contract, const struct type *type,
               const struct field *field, const struct input_value *argument,
               struct errors *findings)
{
    const struct source *source = contract->schema->document->source;
    struct gap gap = { .names = buf_new(a), .indexed = buf_new(a) };

    rights_visit_argument(field->binding, argument->binding, judge, &gap);
    if (!gap.table)
        return;
    source_error(findings, source, source_offset(source, argument->ast->name),
                 ERROR_VALIDATION_FAILED,
                 "%.*s.%.*s(%.*s:): no index finds texts in %.*s, so that a search reads the whole "
                 "table; %.*s",
                 STR_PRINT(type->name), STR_PRINT(field->name), STR_PRINT(argument->name),
                 STR_PRINT(buf_copy(a, gap.names)), STR_PRINT(advise(a, contract->catalog, &gap)))
        ->is_note = true;
}

/* Of a join, only rows of one parent are searched. */
void
trial_search(struct arena *a, const struct contract *contract, struct errors *findings)
{
    const struct schema *schema = contract->schema;

    for (int i = 0; i < schema->type_count; i++) {
        const struct type *type = schema->types[i];
        for (int j = 0; j < type->field_count; j++) {
            const struct field *field = &type->fields[j];
            bool is_table = field->binding && field->binding->kind == BINDING_TABLE;
            for (int k = 0; is_table && k < field->argument_count; k++)
                if (field->arguments[k].binding &&
                    field->arguments[k].binding->role == ARGUMENT_SEARCH)
                    judge_argument(a, contract, type, field, &field->arguments[k], findings);
        }
    }
}
