/*
 * index_note.c - how notes about indexes are made, and the statements that mend them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "contract/index_note.h"

#include <stdarg.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/map.h"
#include "language/ast.h"
#include "language/source.h"
#include "schema/schema.h"
#include "catalog/catalog.h"
#include "catalog/identifier.h"
#include "catalog/index.h"
#include "contract/contract.h"

/* A note that was made. */
struct said {
    struct error *error;
    struct str subject;
};

/* `BookFilter.title.eq`, or `BookFilter.title.eq, in` where it was said of another operator. */
static struct str
subject_with(const struct index_notes *n, const struct index_site *site, const struct said *said)
{
    if (!site->op.ptr)
        return site->subject;
    if (!said)
        return str_format(n->arena, "%.*s.%.*s", STR_PRINT(site->subject), STR_PRINT(site->op));
    return str_format(n->arena, "%.*s, %.*s", STR_PRINT(said->subject), STR_PRINT(site->op));
}

void
index_note_add(const struct index_notes *n, const struct index_site *site, struct str mend,
               const char *format, ...)
{
    const struct source *source = n->contract->schema->document->source;
    uint32_t offset = source_offset(source, site->name);
    va_list args;

    va_start(args, format);
    struct str text = str_vformat(n->arena, format, args);
    va_end(args);
    if (mend.ptr)
        text = str_format(n->arena, "%.*s %.*s", STR_PRINT(text), STR_PRINT(mend));
    struct str key = str_format(n->arena, "%u %.*s", offset, STR_PRINT(text));
    if (map_add(n->said_of, str_format(n->arena, "%.*s %.*s", STR_PRINT(key), STR_PRINT(site->op)),
                (void *)site))
        return;
    struct said *said = map_get(n->said, key);
    struct str subject = subject_with(n, site, said);
    if (!said) {
        said = ARENA_NEW(n->arena, struct said);
        said->error = source_error(n->errors, source, offset, ERROR_VALIDATION_FAILED, "%.*s",
                                   STR_PRINT(text));
        said->error->is_note = true;
        said->error->mend = mend;
        map_put(n->said, key, said);
    }
    said->subject = subject;
    said->error->message = str_format(n->arena, "%.*s: %.*s", STR_PRINT(subject), STR_PRINT(text));
}

bool
index_note_is_silenced(const struct index_notes *n, const struct ast_node *directives)
{
    return !n->is_loud && ast_find_directive(directives, "unindexed") != NULL;
}

void
index_note_unfound(const struct index_notes *n, const struct index_site *site,
                   const struct table *table, const struct column *column, struct str mend)
{
    index_note_add(n, site, mend,
                   "no index finds rows of %.*s by %.*s, so that the whole table is read;",
                   STR_PRINT(table->name), STR_PRINT(column->name));
}

void
index_note_leak(const struct index_notes *n, const struct index_site *site,
                const struct table *table, const struct column *column, struct str what)
{
    index_note_add(n, site, STR_NONE,
                   "table %.*s hides rows by a policy, and %.*s is not leakproof: PostgreSQL finds "
                   "%.*s.%.*s by no index.",
                   STR_PRINT(table->name), STR_PRINT(what), STR_PRINT(table->name),
                   STR_PRINT(column->name));
}

bool
index_note_leaky(const struct index_notes *n, const struct index_site *site,
                 const struct table *table, const struct column *column)
{
    bool is_leaky = table->may_hide_rows && column->type->is_leaky;

    if (is_leaky)
        index_note_leak(
            n, site, table, column,
            str_format(n->arena, "a comparison of %.*s", STR_PRINT(column->type->compared_as)));
    return is_leaky;
}

struct str
index_note_call(struct arena *a, const struct table *table, const struct function *function)
{
    struct buf *b = buf_new(a);

    if (function->schema.ptr) {
        identifier_write(b, function->schema);
        buf_byte(b, '.');
    }
    identifier_write(b, function->local_name);
    buf_byte(b, '(');
    identifier_write(b, table->local_name);
    buf_put_c(b, ".*)");
    return buf_copy(a, b);
}

/* --- statements --- */

static struct buf *
begin(struct arena *a, const struct contract *contract, const struct table *table,
      const char *method)
{
    struct buf *b = buf_new(a);

    buf_put_c(b, "CREATE INDEX ON ");
    identifier_write_table(b, contract->catalog, table);
    if (method[0] != '\0') {
        buf_put_c(b, " USING ");
        buf_put_c(b, method);
    }
    buf_put_c(b, " (");
    return b;
}

static struct str
end(struct arena *a, struct buf *b)
{
    buf_put_c(b, ");");
    return buf_copy(a, b);
}

struct str
index_note_column(struct arena *a, const struct contract *contract, const struct table *table,
                  const struct column *column, const char *method, const char *operators)
{
    struct buf *b = begin(a, contract, table, method);

    identifier_write(b, column->name);
    if (operators[0] != '\0') {
        buf_byte(b, ' ');
        buf_put_c(b, operators);
    }
    return end(a, b);
}

struct str
index_note_equality(struct arena *a, const struct contract *contract, const struct table *table,
                    const struct column *column)
{
    const char *method = "";

    if (column->kind == COLUMN_TEXT && !column->is_nondeterministic)
        method = "spgist"; /* which compares bytes, whatever the collation says */
    else if (column->kind == COLUMN_TEXT || !column->type->has_order)
        method = "hash";
    return index_note_column(a, contract, table, column, method, "");
}

struct str
index_note_expression(struct arena *a, const struct contract *contract, const struct table *table,
                      const char *method, struct str expression)
{
    struct buf *b = begin(a, contract, table, method);

    buf_put(b, expression);
    return end(a, b);
}

/* Columns that are in the index already, in front. */
struct columns {
    const struct column **list;
    int count;
    bool is_begun; /* something stands in the index: a column, or an expression */
};

static bool
add_column(struct columns *columns, struct buf *b, const struct column *column)
{
    for (int i = 0; i < columns->count; i++)
        if (columns->list[i] == column)
            return false;
    buf_put_c(b, columns->is_begun ? ", " : "");
    columns->is_begun = true;
    identifier_write(b, column->name);
    columns->list[columns->count++] = column;
    return true;
}

struct str
index_note_order(struct arena *a, const struct contract *contract, const struct table *table,
                 const struct column *const *equal, int equal_count,
                 const struct index_order *terms, int term_count)
{
    struct buf *b = begin(a, contract, table, "");
    struct columns columns = {
        ARENA_ARRAY(a, const struct column *, (size_t)equal_count + (size_t)term_count), 0, false
    };
    /* An index is read either way: the first term goes up. */
    bool is_turned = term_count > 0 && terms[0].is_descending;

    for (int i = 0; i < equal_count; i++)
        add_column(&columns, b, equal[i]);
    for (int i = 0; i < term_count; i++) {
        bool is_descending = terms[i].is_descending != is_turned;
        bool is_nulls_first = terms[i].is_nulls_first != is_turned;
        if (index_is_decided(table, columns.list, columns.count))
            break;
        if (!terms[i].column) {
            buf_put_c(b, columns.is_begun ? ", " : "");
            columns.is_begun = true;
            buf_put(b, terms[i].expression);
        } else if (!add_column(&columns, b, terms[i].column))
            continue;
        buf_put_c(b, is_descending ? " DESC" : "");
        if (is_nulls_first != is_descending)
            buf_put_c(b, is_nulls_first ? " NULLS FIRST" : " NULLS LAST");
    }
    return end(a, b);
}
