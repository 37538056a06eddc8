/*
 * sql.c - the SQL of a plan's statements.
 *
 * A list is cut to its row limit first, in a subselect that PostgreSQL cannot
 * merge into the rest, and joined to its to-one rows outside; otherwise it may
 * join whole tables and sort them (docs/performance.md has the figures).
 *
 *     SELECT l1."id", u2."username"
 *     FROM (SELECT l1."id", l1."created_at", l1."posted_by" FROM "links" AS l1
 *           ORDER BY l1."created_at" DESC, l1."id" DESC LIMIT 20) AS l1
 *          LEFT JOIN "users" AS u2 ON u2."id" = l1."posted_by"
 *     ORDER BY l1."created_at" DESC, l1."id" DESC
 *
 * A batch is the same for each of its keys, which come numbered:
 *
 *     SELECT v3."#0", v3."id", u4."username"
 *     FROM (SELECT k."#0", v3.*
 *           FROM unnest($1::integer[]) WITH ORDINALITY AS k(key, "#0")
 *                CROSS JOIN LATERAL (SELECT v3."id", v3."created_at", v3."user_id"
 *                                    FROM "votes" AS v3 WHERE v3."link_id" = k.key
 *                                    ORDER BY v3."created_at", v3."id" LIMIT 100) AS v3
 *           OFFSET 0) AS v3
 *          LEFT JOIN "users" AS u4 ON u4."id" = v3."user_id"
 *     ORDER BY v3."#0", v3."created_at", v3."id"
 *
 * SPDX-License-Identifier: MIT
 */
#include "planner/sql.h"

#include "base/arena.h"
#include "base/buf.h"
#include "schema/schema.h"
#include "planner/plan.h"
#include "planner/sql_internal.h"
#include "planner/sql_quote.h"

struct str
sql_type_name(enum column_kind kind, struct str type_name)
{
    return kind == COLUMN_ENUM || kind == COLUMN_OTHER ? type_name
                                                       : str_from(column_kind_name(kind));
}

void
sql_column(struct buf *b, struct str alias, const struct column *column)
{
    buf_put(b, alias);
    buf_byte(b, '.');
    sql_quote_identifier(b, column->name);
}

void
sql_parameter(struct buf *b, const struct plan_statement *s, int number)
{
    buf_byte(b, '$');
    buf_int64(b, number + 1);
    buf_put(b, STR("::"));
    buf_put(b, s->parameters[number].type_name);
}

/* The keys of a batch are its first parameter. */
static void
sql_keys(struct buf *b, const struct plan_statement *s)
{
    sql_parameter(b, s, 0);
    buf_put(b, STR("[]"));
}

void
sql_function_of_row(struct buf *b, const struct plan_cell *cell)
{
    sql_quote_identifier(b, cell->function->name);
    buf_byte(b, '(');
    buf_put(b, cell->relation->alias);
    buf_byte(b, ')');
}

/* What has no binary form of ours comes as text (catalog.h). */
static void
sql_cast_cell(struct buf *b, enum column_kind kind)
{
    if (!column_kind_is_binary(kind))
        buf_put(b, STR("::text"));
}

static bool
is_scalar_function(const struct plan_relation *relation)
{
    return relation->function && !relation->table;
}

/* The name of a cell that is no column: a function of the row, the number of a key. */
void
sql_cell_name(struct buf *b, int number)
{
    buf_put(b, STR("\"#"));
    buf_int64(b, number);
    buf_byte(b, '"');
}

/* Does the statement's own row stand in a subselect? */
static bool
is_fenced(const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;

    if (r->kind == PLAN_BATCH || r->is_union)
        return true;
    for (const struct plan_relation *child = r->children; r->is_list && child; child = child->next)
        if (child->kind == PLAN_JOIN)
            return true;
    return false;
}

static void
sql_cell(struct buf *b, const struct plan_statement *s, int number)
{
    const struct plan_cell *cell = &s->cells[number];
    enum column_kind kind = COLUMN_INT8;

    if (cell->is_type || cell->relation->kind == PLAN_BRANCH) {
        sql_union_cell(b, s, number);
        kind = sql_union_kind(cell);
    } else if (cell->column) {
        sql_column(b, cell->relation->alias, cell->column);
        kind = cell->column->kind;
    } else if (cell->function && is_scalar_function(cell->relation)) {
        buf_put(b, cell->relation->alias);
        buf_put(b, STR(".value"));
        kind = cell->function->returns_kind;
    } else if (cell->relation == s->relation && is_fenced(s)) {
        buf_put(b, cell->relation->alias);
        buf_byte(b, '.');
        sql_cell_name(b, number);
        kind = cell->function ? cell->function->returns_kind : COLUMN_INT8;
    } else {
        sql_function_of_row(b, cell);
        kind = cell->function->returns_kind;
    }
    sql_cast_cell(b, kind);
}

/* `i1."kind" = 'task'`: the rows of the table that are of the relation's type. */
static bool
sql_type(struct buf *b, const struct plan_relation *r, const char *before)
{
    if (!r->type || r->type->kind != TYPE_OBJECT)
        return false;
    buf_put_c(b, before);
    sql_column(b, r->alias, binding_of_type(r->type)->discriminator);
    buf_put(b, STR(" = "));
    sql_quote_literal(b, binding_of_type(r->type)->label);
    return true;
}

static void
sql_joins(struct buf *b, const struct plan_relation *relation)
{
    for (const struct plan_relation *r = relation->children; r; r = r->next) {
        if (r->kind == PLAN_BRANCH)
            sql_joins(b, r);
        if (r->kind != PLAN_JOIN)
            continue;
        buf_put(b, STR(" LEFT JOIN "));
        sql_quote_identifier(b, r->table->name);
        buf_put(b, STR(" AS "));
        buf_put(b, r->alias);
        buf_put(b, STR(" ON "));
        sql_column(b, r->alias, r->join->to);
        buf_put(b, STR(" = "));
        if (relation->kind == PLAN_BRANCH)
            sql_union_column(b, relation, r->join->from);
        else
            sql_column(b, relation->alias, r->join->from);
        sql_type(b, r, " AND ");
        sql_joins(b, r);
    }
}

static void
sql_filter(struct buf *b, const struct plan_relation *r, const struct plan_filter *filter)
{
    if (filter->kind == PLAN_SEARCH)
        buf_byte(b, '(');
    for (int i = 0; i < filter->column_count; i++) {
        if (i > 0)
            buf_put(b, STR(" OR "));
        sql_column(b, r->alias, filter->columns[i]);
        buf_put(b, filter->kind == PLAN_SEARCH ? STR(" ILIKE ") : STR(" = "));
        sql_parameter(b, r->statement, filter->parameter);
    }
    if (filter->kind == PLAN_SEARCH)
        buf_byte(b, ')');
}

static void
sql_order(struct buf *b, const struct plan_relation *r)
{
    if (r->is_union) {
        sql_union_order(b, r, true);
        return;
    }
    for (int i = 0; i < r->order_count; i++) {
        if (i > 0)
            buf_put(b, STR(", "));
        sql_column(b, r->alias, r->order[i].column);
        if (r->order[i].is_descending)
            buf_put(b, STR(" DESC"));
    }
}

void
sql_limit(struct buf *b, const struct plan_relation *r)
{
    if (r->limit >= 0) {
        buf_put(b, STR(" LIMIT "));
        buf_int64(b, r->limit);
    }
    if (r->offset >= 0) {
        buf_put(b, STR(" OFFSET "));
        sql_parameter(b, r->statement, r->offset);
    }
}

/* name => $1, ... : an argument that is absent is left to the function's default. */
static void
sql_function_call(struct buf *b, const struct plan_relation *r)
{
    const char *separator = "";

    sql_quote_identifier(b, r->function->name);
    buf_byte(b, '(');
    for (int i = 0; i < r->function->parameter_count; i++) {
        if (r->arguments[i] < 0)
            continue;
        buf_put_c(b, separator);
        sql_quote_identifier(b, r->function->parameters[i].name);
        buf_put(b, STR(" => "));
        sql_parameter(b, r->statement, r->arguments[i]);
        separator = ", ";
    }
    buf_byte(b, ')');
}

void
sql_from(struct buf *b, const struct plan_relation *r)
{
    if (r->function)
        sql_function_call(b, r);
    else
        sql_quote_identifier(b, r->table->name);
    buf_put(b, STR(" AS "));
    buf_put(b, r->alias);
    if (is_scalar_function(r))
        buf_put(b, STR("(value)"));
}

void
sql_filters(struct buf *b, const struct plan_relation *r, const char *before)
{
    if (sql_type(b, r, before))
        before = " AND ";
    for (const struct plan_filter *f = r->filters; f; f = f->next) {
        buf_put_c(b, f == r->filters ? before : " AND ");
        sql_filter(b, r, f);
    }
}

static bool
is_column_of_row(const struct plan_statement *s, int number)
{
    return s->cells[number].relation == s->relation && s->cells[number].column;
}

/* Is the column among the first `cells` cells, or the first `orders` terms of the order? */
static bool
has_column(const struct plan_statement *s, const struct column *column, int cells, int orders)
{
    for (int i = 0; i < cells; i++)
        if (is_column_of_row(s, i) && s->cells[i].column == column)
            return true;
    for (int i = 0; i < orders; i++)
        if (s->relation->order[i].column == column)
            return true;
    return false;
}

/* Does an earlier join than `child` start from the column too? */
static bool
has_earlier_join(const struct plan_relation *child)
{
    for (const struct plan_relation *r = child->parent->children; r != child; r = r->next)
        if (r->kind == PLAN_JOIN && r->join->from == child->join->from)
            return true;
    return false;
}

static void
sql_row_cells(struct buf *b, const struct plan_statement *s, struct str *separator)
{
    for (int i = 0; i < s->cell_count; i++) {
        const struct plan_cell *cell = &s->cells[i];
        if (cell->relation != s->relation || !(cell->column || cell->function))
            continue;
        buf_put(b, *separator);
        *separator = STR(", ");
        if (cell->column) {
            sql_column(b, s->relation->alias, cell->column);
        } else {
            sql_function_of_row(b, cell);
            buf_put(b, STR(" AS "));
            sql_cell_name(b, i);
        }
    }
}

/* What a subselect must show: the row's cells, what it is ordered by, and what
 * joins it to others. */
static void
sql_row_columns(struct buf *b, const struct plan_statement *s, struct str separator)
{
    const struct plan_relation *r = s->relation;

    sql_row_cells(b, s, &separator);
    for (int i = 0; i < r->order_count; i++)
        if (!has_column(s, r->order[i].column, s->cell_count, i)) {
            buf_put(b, separator);
            sql_column(b, r->alias, r->order[i].column);
            separator = STR(", ");
        }
    for (const struct plan_relation *child = r->children; child; child = child->next)
        if (child->kind == PLAN_JOIN && !has_earlier_join(child) &&
            !has_column(s, child->join->from, s->cell_count, r->order_count)) {
            buf_put(b, separator);
            sql_column(b, r->alias, child->join->from);
            separator = STR(", ");
        }
}

void
sql_order_by(struct buf *b, const struct plan_relation *r)
{
    if (r->order_count > 0 || r->is_union) {
        buf_put(b, STR(" ORDER BY "));
        sql_order(b, r);
    }
}

/* A batch below a single row has one key, which PostgreSQL plans better for. */
static bool
has_one_key(const struct plan_statement *s)
{
    if (s->relation->kind != PLAN_BATCH || s->relation->is_union)
        return false;
    return !s->parent || (!s->parent->relation->is_list &&
                          (s->parent->relation->kind == PLAN_SELECT || has_one_key(s->parent)));
}

static void
sql_key(struct buf *b, const struct plan_statement *s)
{
    if (!has_one_key(s)) {
        buf_put(b, STR("k.key"));
        return;
    }
    buf_byte(b, '(');
    sql_keys(b, s);
    buf_put(b, STR(")[1]"));
}

/* The rows of a list, cut to its limit: of one key if it is a batch. */
static void
sql_row_select(struct buf *b, const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;

    if (r->is_union) {
        sql_union_select(b, s);
        return;
    }
    buf_put(b, STR("(SELECT "));
    if (has_one_key(s))
        buf_put(b, STR("1::bigint AS \"#0\""));
    sql_row_columns(b, s, has_one_key(s) ? STR(", ") : STR(""));
    buf_put(b, STR(" FROM "));
    sql_from(b, r);
    if (r->kind == PLAN_BATCH) {
        buf_put(b, STR(" WHERE "));
        sql_column(b, r->alias, r->join->to);
        buf_put(b, STR(" = "));
        sql_key(b, s);
    }
    sql_filters(b, r, r->kind == PLAN_BATCH ? " AND " : " WHERE ");
    sql_order_by(b, r);
    sql_limit(b, r);
    buf_put(b, STR(") AS "));
    buf_put(b, r->alias);
}

/* The keys, each with its number and its rows.  OFFSET 0 keeps PostgreSQL from
 * joining anything before it has them. */
static void
sql_batch(struct buf *b, const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;

    buf_put(b, STR("(SELECT k.\"#0\", "));
    buf_put(b, r->alias);
    buf_put(b, STR(".* FROM unnest("));
    sql_keys(b, s);
    buf_put(b, STR(") WITH ORDINALITY AS k(key, \"#0\") CROSS JOIN LATERAL "));
    sql_row_select(b, s);
    buf_put(b, STR(" OFFSET 0) AS "));
    buf_put(b, r->alias);
}

static void
sql_select_list(struct buf *b, const struct plan_statement *s)
{
    buf_put(b, STR("SELECT "));
    if (s->cell_count == 0) /* nothing but __typename is asked for */
        buf_put(b, STR("1"));
    for (int i = 0; i < s->cell_count; i++) {
        if (i > 0)
            buf_put(b, STR(", "));
        sql_cell(b, s, i);
    }
    buf_put(b, STR(" FROM "));
}

static void
sql_statement(struct buf *b, const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;

    sql_select_list(b, s);
    if (!is_fenced(s)) {
        sql_from(b, r);
        sql_joins(b, r);
        sql_filters(b, r, " WHERE ");
        sql_order_by(b, r);
        sql_limit(b, r);
        return;
    }
    if (r->kind == PLAN_BATCH && !has_one_key(s))
        sql_batch(b, s);
    else
        sql_row_select(b, s);
    sql_joins(b, r);
    if (r->kind != PLAN_BATCH || has_one_key(s)) {
        sql_order_by(b, r);
        return;
    }
    buf_put(b, STR(" ORDER BY "));
    buf_put(b, r->alias);
    buf_put(b, STR(".\"#0\", "));
    sql_order(b, r);
}

/* How many columns has the statement: its cells, and what orders and joins its rows. */
int
sql_column_count(const struct plan_statement *s)
{
    int count = s->cell_count + s->relation->order_count;

    for (const struct plan_relation *r = s->relation->children; r; r = r->next)
        count += r->kind == PLAN_JOIN;
    return count;
}

void
sql_write_statement(struct arena *a, struct plan_statement *s)
{
    struct buf b = { 0 };

    sql_statement(&b, s);
    s->statement.sql = buf_copy(a, &b);
    s->statement.hash = str_hash(s->statement.sql);
    s->statement.parameter_count = s->parameter_count;
    buf_free(&b);
}
