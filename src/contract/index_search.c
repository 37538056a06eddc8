/*
 * index_search.c - searches that no index helps.
 *
 * PostgreSQL then compares the text with the columns of every row.
 *
 * SPDX-License-Identifier: MIT
 */
#include "contract/index_search.h"

#include "base/arena.h"
#include "base/buf.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "catalog/catalog.h"
#include "catalog/identifier.h"
#include "catalog/index.h"
#include "binding/binding.h"
#include "binding/rights.h"
#include "contract/contract.h"
#include "contract/index_note.h"

/* The columns without an index, of the first table that has some. */
struct gap {
    const struct table *table;
    struct buf *names;          /* `links.url, links.description` */
    struct buf *indexed;        /* what an index would be on */
    bool is_impossible;         /* no index can be on one of them */
    const struct table *hidden; /* of a column with an index, a policy hides rows; or NULL */
};

static void
judge(void *context, const struct table *table, const struct column *column,
      const struct function *function)
{
    struct gap *gap = context;

    (void)function;
    if (column && column->search != SEARCH_UNINDEXED && table->may_hide_rows)
        gap->hidden = table;
    if (!column || column->search != SEARCH_UNINDEXED || !index_is_possible(table) ||
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
judge_argument(const struct index_notes *n, const struct type *type, const struct field *field,
               const struct input_value *argument)
{
    struct arena *a = n->arena;
    struct gap gap = { .names = buf_new(a), .indexed = buf_new(a) };
    struct index_site site = { .name = argument->ast->name,
                               .subject =
                                   str_format(a, "%.*s.%.*s(%.*s:)", STR_PRINT(type->name),
                                              STR_PRINT(field->name), STR_PRINT(argument->name)) };

    rights_visit_argument(field->binding, argument->binding, judge, &gap);
    if (gap.table)
        index_note_add(n, &site, advise(a, n->contract->catalog, &gap),
                       "no index finds texts in %.*s, so that a search reads the whole table;",
                       STR_PRINT(buf_copy(a, gap.names)));
    else if (gap.hidden)
        index_note_add(n, &site, STR_NONE,
                       "table %.*s hides rows by a policy, and LIKE is not leakproof: PostgreSQL "
                       "finds texts by no index.",
                       STR_PRINT(gap.hidden->name));
}

/* Of a join, only rows of one parent are searched. */
void
index_search_add(const struct index_notes *n, const struct type *type, const struct field *field)
{
    if (field->binding->kind != BINDING_TABLE)
        return;
    for (int i = 0; i < field->argument_count; i++) {
        const struct input_value *argument = &field->arguments[i];
        if (argument->binding && argument->binding->role == ARGUMENT_SEARCH &&
            !index_note_is_silenced(n, argument->ast->directives))
            judge_argument(n, type, field, argument);
    }
}
