/*
 * sensitive_sample.c - look at some values of a table's texts.
 *
 * One statement reads the first rows and, of a large table, some from all over it, and
 * answers with the values of each column that are not null.  It runs in a transaction that can
 * change nothing and is rolled back, with bounds on its time; whatever it fails of, the names of
 * columns remain to judge by.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sensitive/sensitive.h"

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "catalog/catalog.h"
#include "catalog/identifier.h"
#include "database/db.h"

/* A page has some hundred rows: of fewer, the first are sample enough. */
enum { LARGE_TABLE = 10 * SENSITIVE_SAMPLE_ROWS };

enum texts { TEXTS_NONE, TEXTS_WHOLE, TEXTS_WITHIN };

static enum texts
texts_of(const struct column *column)
{
    switch (column->kind) {
    case COLUMN_TEXT:
    case COLUMN_VARCHAR:
    case COLUMN_CHAR:
    case COLUMN_CITEXT:
    case COLUMN_OTHER: /* a domain or a type of an extension, which may be a text */
        return TEXTS_WHOLE;
    case COLUMN_JSON:
    case COLUMN_JSONB:
    case COLUMN_XML:
    case COLUMN_ARRAY:
        return TEXTS_WITHIN;
    default:
        return TEXTS_NONE;
    }
}

static void
write_rows(struct buf *b, const struct catalog *catalog, const struct table *table,
           const char *sampling)
{
    const char *separator = "(SELECT ";

    for (int i = 0; i < table->column_count; i++) {
        if (texts_of(&table->columns[i]) == TEXTS_NONE)
            continue;
        buf_printf(b, "%sleft(", separator);
        identifier_quote(b, table->columns[i].name);
        buf_printf(b, "::text, %d) AS c%d", SENSITIVE_SAMPLE_LENGTH, i);
        separator = ", ";
    }
    buf_put_c(b, " FROM ");
    identifier_write_table(b, catalog, table);
    buf_printf(b, "%s LIMIT %d)", sampling, SENSITIVE_SAMPLE_ROWS);
}

static bool
has_pages(const struct table *table)
{
    return table->kind == TABLE_PLAIN || table->kind == TABLE_PARTITIONED ||
           table->kind == TABLE_MATERIALIZED_VIEW;
}

/* WITH rows: each column's number and its values, without nulls. */
static const char *
sample_sql(struct arena *a, const struct catalog *catalog, const struct table *table)
{
    struct buf *b = buf_new(a);
    const char *separator = ") ";

    buf_put_c(b, "WITH sample AS MATERIALIZED (");
    write_rows(b, catalog, table, "");
    if (has_pages(table) && table->row_count >= LARGE_TABLE) {
        double percent = 100.0 * SENSITIVE_SAMPLE_ROWS / (double)table->row_count;
        buf_put_c(b, " UNION ALL ");
        write_rows(b, catalog, table,
                   str_format(a, " TABLESAMPLE SYSTEM (%f) REPEATABLE (0)", percent).ptr);
    }
    for (int i = 0; i < table->column_count; i++) {
        if (texts_of(&table->columns[i]) == TEXTS_NONE)
            continue;
        buf_printf(b, "%s(SELECT %d, c%d FROM sample WHERE c%d IS NOT NULL LIMIT %d)", separator, i,
                   i, i, SENSITIVE_SAMPLE_VALUES);
        separator = " UNION ALL ";
    }
    return buf_copy(a, b).ptr;
}

static bool
has_texts(const struct table *table)
{
    for (int i = 0; i < table->column_count; i++)
        if (texts_of(&table->columns[i]) != TEXTS_NONE)
            return true;
    return false;
}

static void
judge_rows(const struct table *table, const struct rows *rows, const char **found)
{
    for (int i = 0; i < rows_count(rows); i++) {
        int64_t number = 0;
        if (!str_read_int64(rows_get(rows, i, 0), &number) || number >= table->column_count)
            continue;
        struct str value = rows_get(rows, i, 1);
        if (!found[number])
            found[number] = texts_of(&table->columns[number]) == TEXTS_WHOLE
                                ? sensitive_value(value)
                                : sensitive_within(value);
    }
}

const char *const *
sensitive_sample(struct arena *a, struct db *db, const struct catalog *catalog,
                 const struct table *table)
{
    const char **found = ARENA_ARRAY(a, const char *, (size_t)table->column_count + 1);
    struct arena *values = arena_new("sample"); /* they do not outlive this */
    const char *begin = str_format(values,
                                   "BEGIN READ ONLY; SET LOCAL statement_timeout = %d;"
                                   " SET LOCAL lock_timeout = %d",
                                   SENSITIVE_SAMPLE_TIME, SENSITIVE_SAMPLE_TIME / 10)
                            .ptr;
    struct str message;

    if (has_texts(table) && db_script(db, values, begin, &message)) {
        struct rows *rows =
            db_query(db, values, sample_sql(values, catalog, table), 0, NULL, &message);
        if (rows)
            judge_rows(table, rows, found);
        /* When the connection is lost, the next statement says so. */
        if (!db_script(db, values, "ROLLBACK", &message))
            rows = NULL;
    }
    arena_free(values);
    return found;
}
