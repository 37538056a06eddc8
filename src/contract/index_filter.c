/*
 * index_filter.c - conditions of filters that no index serves.
 *
 * SPDX-License-Identifier: MIT
 */
#include "contract/index_filter.h"

#include "base/arena.h"
#include "base/buf.h"
#include "language/ast.h"
#include "schema/schema.h"
#include "catalog/catalog.h"
#include "catalog/identifier.h"
#include "catalog/index.h"
#include "binding/binding.h"
#include "binding/filter.h"
#include "contract/contract.h"
#include "contract/index_note.h"

/* How an index can serve an operator. */
enum service {
    BY_NONE,
    BY_VALUE,  /* comparisons of the column's type */
    BY_NULL,   /* IS NULL */
    BY_PREFIX, /* LIKE with a known beginning */
    BY_TEXT,   /* LIKE, ILIKE: trigrams */
    BY_PARTS,  /* of arrays and jsonb: GIN */
    BY_WORDS   /* text search */
};

/* PostgreSQL's operator, and what has it. */
static const struct {
    enum service service;
    const char *op;
} services[FILTER_OPERATOR_COUNT] = {
    [FILTER_EQ] = { BY_VALUE, "=" },
    [FILTER_NE] = { BY_NONE, "" },
    [FILTER_IN] = { BY_VALUE, "=" },
    [FILTER_NIN] = { BY_NONE, "" },
    [FILTER_LT] = { BY_VALUE, "<" },
    [FILTER_LTE] = { BY_VALUE, "<=" },
    [FILTER_GT] = { BY_VALUE, ">" },
    [FILTER_GTE] = { BY_VALUE, ">=" },
    [FILTER_IS_NULL] = { BY_NULL, "IS NULL" },
    [FILTER_STARTS_WITH] = { BY_PREFIX, "~~" },
    [FILTER_ENDS_WITH] = { BY_TEXT, "~~" },
    [FILTER_CONTAINS] = { BY_TEXT, "~~" },
    [FILTER_LIKE] = { BY_TEXT, "~~" },
    [FILTER_I_EQ] = { BY_TEXT, "~~*" },
    [FILTER_I_STARTS_WITH] = { BY_TEXT, "~~*" },
    [FILTER_I_ENDS_WITH] = { BY_TEXT, "~~*" },
    [FILTER_I_CONTAINS] = { BY_TEXT, "~~*" },
    [FILTER_I_LIKE] = { BY_TEXT, "~~*" },
    [FILTER_HAS] = { BY_PARTS, "@>" },
    [FILTER_HAS_ALL] = { BY_PARTS, "@>" },
    [FILTER_HAS_ANY] = { BY_PARTS, "&&" },
    [FILTER_WITHIN] = { BY_PARTS, "<@" },
    [FILTER_IS_EMPTY] = { BY_NONE, "" },
    [FILTER_INCLUDES] = { BY_PARTS, "@>" },
    [FILTER_HAS_KEY] = { BY_PARTS, "?" },
    [FILTER_HAS_ANY_KEY] = { BY_PARTS, "?|" },
    [FILTER_HAS_ALL_KEYS] = { BY_PARTS, "?&" },
    [FILTER_MATCHES] = { BY_WORDS, "@@" },
};

/* One comparison of a filter. */
struct judged {
    const struct index_notes *notes;
    struct index_site site;
    const struct table *table;
    const struct bound_comparison *comparison;
};

static struct str
call_expression(const struct judged *j)
{
    return index_note_call(j->notes->arena, j->table, j->comparison->function);
}

static enum service
service_of(const struct judged *j)
{
    return services[j->comparison->op].service;
}

/* --- text search --- */

static bool
is_document(const struct column *column)
{
    return filter_has_operator(column, FILTER_MATCHES);
}

/* `body`, as PostgreSQL writes it where a text is wanted. */
static void
write_text(struct buf *b, const struct column *column, bool is_one)
{
    bool is_cast = column->kind != COLUMN_TEXT;

    buf_put_c(b, is_cast ? "(" : "");
    buf_put_c(b, is_one ? "" : "COALESCE(");
    identifier_write(b, column->name);
    if (!is_one) {
        buf_put_c(b, ", ''::");
        buf_put(b, column->type->compared_as);
        buf_byte(b, ')');
    }
    buf_put_c(b, is_cast ? ")::text" : "");
}

/* The expression that texts are searched by: that of plan_sql/sql_filter.c, as PostgreSQL
 * writes it. */
static struct str
document_expression(const struct judged *j)
{
    const struct bound_comparison *c = j->comparison;
    struct buf *b = buf_new(j->notes->arena);

    buf_printf(b, "to_tsvector('%.*s'::regconfig, ", STR_PRINT(c->config));
    for (int i = 2; i < c->column_count; i++)
        buf_put_c(b, "((");
    buf_put_c(b, c->column_count > 1 ? "((" : "");
    for (int i = 0; i < c->column_count; i++) {
        buf_put_c(b, i > 0 ? " || ' '::text) || " : "");
        write_text(b, c->columns[i], c->column_count == 1);
        buf_put_c(b, i > 0 ? ")" : "");
    }
    buf_byte(b, ')');
    return buf_copy(j->notes->arena, b);
}

/* --- is it served? --- */

static bool
serves_text(const struct judged *j, const struct column *column)
{
    const char *op = services[j->comparison->op].op;
    bool is_lower = column->search == SEARCH_LOWER && str_is(str_from(op), "~~*");

    return is_lower || index_serves(j->table, column, op);
}

static bool
serves(const struct judged *j, const struct column *column)
{
    const char *op = services[j->comparison->op].op;
    const struct codec *codec = j->comparison->codec;
    bool is_range = op[0] == '=' && codec && codec->is_truncated; /* of times */

    if (j->comparison->function)
        return op[0] == '\0' ||
               index_serves_expression(j->table, call_expression(j), is_range ? ">=" : op);
    switch (service_of(j)) {
    case BY_NONE:
        return true;
    case BY_NULL:
        return column->is_not_null || !column->type->has_order ||
               index_serves(j->table, column, op);
    case BY_PREFIX:
        return index_serves_prefix(j->table, column);
    case BY_TEXT:
        return serves_text(j, column);
    case BY_WORDS:
        return is_document(column) ? index_serves(j->table, column, op)
                                   : index_serves_expression(j->table, document_expression(j), op);
    case BY_VALUE:
    case BY_PARTS:
        break;
    }
    return index_serves(j->table, column, is_range ? ">=" : op);
}

/* --- what to do about it --- */

static struct str
mend_text(const struct judged *j, const struct column *column)
{
    struct arena *a = j->notes->arena;
    bool is_varchar = column->kind == COLUMN_VARCHAR;

    if (column->kind != COLUMN_TEXT && !is_varchar)
        return STR("only text and character varying can have one.");
    if (service_of(j) == BY_PREFIX)
        return index_note_column(a, j->notes->contract, j->table, column, "",
                                 is_varchar ? "varchar_pattern_ops" : "text_pattern_ops");
    return str_format(a, "where pg_trgm is installed: %.*s",
                      STR_PRINT(index_note_column(a, j->notes->contract, j->table, column, "gin",
                                                  "gin_trgm_ops")));
}

static struct str
mend(const struct judged *j, const struct column *column)
{
    struct arena *a = j->notes->arena;
    const struct contract *contract = j->notes->contract;
    bool is_equality = str_is(str_from(services[j->comparison->op].op), "=") &&
                       !(j->comparison->codec && j->comparison->codec->is_truncated);

    switch (service_of(j)) {
    case BY_PREFIX:
    case BY_TEXT:
        return mend_text(j, column);
    case BY_PARTS:
        return index_note_column(a, contract, j->table, column, "gin", "");
    case BY_WORDS:
        return is_document(column)
                   ? index_note_column(a, contract, j->table, column, "gin", "")
                   : index_note_expression(a, contract, j->table, "gin", document_expression(j));
    case BY_NONE:
    case BY_NULL:
    case BY_VALUE:
        break;
    }
    return is_equality ? index_note_equality(a, contract, j->table, column)
                       : index_note_column(a, contract, j->table, column, "", "");
}

/* An index may be on what never changes while the row does not. */
static struct str
mend_call(const struct judged *j)
{
    if (!j->comparison->function->is_immutable)
        return STR("only an IMMUTABLE function can have an index; compare a stored column.");
    return index_note_expression(j->notes->arena, j->notes->contract, j->table, "",
                                 call_expression(j));
}

/* --- one comparison --- */

/* No index mends these. */
static bool
judge_leak(const struct judged *j, const struct column *column)
{
    enum service service = service_of(j);

    if (service == BY_NONE || service == BY_NULL || !j->table->may_hide_rows)
        return false;
    if (j->comparison->function) {
        index_note_leak(j->notes, &j->site, j->table, column,
                        str_format(j->notes->arena, "%.*s()", STR_PRINT(column->name)));
        return true;
    }
    if (service == BY_VALUE)
        return index_note_leaky(j->notes, &j->site, j->table, column);
    const char *op = services[j->comparison->op].op;
    bool is_text = service == BY_TEXT || service == BY_PREFIX;
    index_note_leak(j->notes, &j->site, j->table, column,
                    str_from(!is_text                     ? op
                             : str_is(str_from(op), "~~") ? "LIKE"
                                                          : "ILIKE"));
    return true;
}

static void
judge_comparison(const struct judged *j)
{
    for (int i = 0; i < j->comparison->column_count; i++) {
        const struct column *column = j->comparison->columns[i];
        if (judge_leak(j, column))
            return;
        if (!serves(j, column)) {
            index_note_unfound(j->notes, &j->site, j->table, column,
                               j->comparison->function ? mend_call(j) : mend(j, column));
            return;
        }
    }
}

/* --- joins --- */

static void
judge_columns(const struct index_notes *n, const struct index_site *site, const struct table *table,
              const struct column *const *columns, int count)
{
    if (!index_is_possible(table))
        return;
    if (!index_serves_equality(table, columns, count))
        index_note_unfound(n, site, table, columns[0],
                           index_note_order(n->arena, n->contract, table, columns, count, NULL, 0));
    else
        index_note_leaky(n, site, table, columns[0]);
}

/* PostgreSQL begins at either end, whichever has fewer rows. */
static void
judge_join(const struct index_notes *n, const struct index_site *site, const struct table *table,
           const struct join *join)
{
    const struct table *from = join->through ? join->through->table : table;

    if (join->through)
        judge_join(n, site, table, join->through);
    judge_columns(n, site, join->table, join->to, join->count);
    judge_columns(n, site, from, join->from, join->count);
}

/* --- the filter --- */

static void
visit(void *context, const struct bound_filter *filter, const struct input_value *field,
      const struct input_value *op, const struct bound_comparison *comparison,
      const struct join *join)
{
    const struct index_notes *n = context;
    struct index_site site = { field->ast->name,
                               str_format(n->arena, "%.*s.%.*s", STR_PRINT(filter->type->name),
                                          STR_PRINT(field->name)),
                               op ? op->name : STR_NONE };

    if (index_note_is_silenced(n, field->ast->directives) ||
        (op && index_note_is_silenced(n, op->ast->directives)))
        return;
    if (join)
        judge_join(n, &site, filter->table, join);
    else if (index_is_possible(filter->table))
        judge_comparison(&(struct judged){ n, site, filter->table, comparison });
}

static void
judge_argument(const struct index_notes *n, const struct argument_binding *binding)
{
    struct arena *walk = arena_new("filter");

    if (binding->role == ARGUMENT_FILTER)
        filter_visit(walk, binding->filter, visit, (void *)n);
    arena_free(walk);
}

void
index_filter_add(const struct index_notes *n, const struct field *field)
{
    const struct bound_rows *rows = binding_rows(field->binding);

    if (rows->join)
        return;
    for (int i = 0; i < field->argument_count; i++) {
        const struct input_value *argument = &field->arguments[i];
        const struct argument_binding *binding = argument->binding;
        if (!binding || index_note_is_silenced(n, argument->ast->directives))
            continue;
        for (int j = 0; binding->branches && j < rows->branch_count; j++)
            judge_argument(n, binding->branches[j]);
        if (!binding->branches)
            judge_argument(n, binding);
    }
}
