/*
 * sql_add.c - statements that add rows, or change those that are there already.
 *
 * One row, and many of one shape:
 *
 *     INSERT INTO "links" AS l1 ("url") VALUES ($1::text) RETURNING l1."id"
 *     INSERT INTO "links" AS l1 ("url", "tags")
 *         SELECT r.c0, r.c1::text[] FROM unnest($1::text[], $2::text[])
 *             WITH ORDINALITY AS r(c0, c1, n) ORDER BY r.n RETURNING l1."id"
 *
 * Many of several shapes, in each of which another column has its default; the rows of each are
 * then put in the places that the last parameters say:
 *
 *     WITH "#w0"("#0") AS (INSERT ... RETURNING l1."id"),
 *          "#w1"("#0") AS (INSERT ... RETURNING l1."id")
 *     SELECT "#0" FROM (SELECT ($4::integer[])[(row_number() OVER ())::integer] AS "#n", "#0"
 *                       FROM "#w0" UNION ALL ...) AS written ORDER BY "#n"
 *
 * One row, if it is not there, and else the one that is there, changed or as it is:
 *
 *     INSERT INTO "tags" AS t1 ("name", "note") VALUES ($1::text, $2::text)
 *         ON CONFLICT ("name") DO UPDATE SET "note" = EXCLUDED."note"
 *         RETURNING t1."note", (t1.xmax = 0)
 *     WITH "#written" AS (INSERT INTO "tags" AS t1 ("name") VALUES ($1::text)
 *             ON CONFLICT ("name") DO NOTHING RETURNING t1."note", true)
 *         SELECT * FROM "#written" UNION ALL SELECT t1."note", false FROM "tags" AS t1
 *             WHERE t1."name" = $1::text AND NOT EXISTS (SELECT FROM "#written")
 *
 * Many rows of a shape that changes nothing are found by their keys, behind those that were not
 * there:
 *
 *     SELECT o.n AS "#n", w."#0" FROM unnest($1::text[], $3::integer[]) AS o(k0, n)
 *         JOIN "#w0" AS w ON w."#k0" = o.k0
 *     UNION ALL SELECT o.n, false FROM unnest($1::text[], $3::integer[]) AS o(k0, n)
 *         JOIN "tags" AS t1 ON t1."name" = o.k0
 *         WHERE NOT EXISTS (SELECT FROM "#w0" AS w WHERE w."#k0" = o.k0)
 *
 * A row that a transaction has locked, which is none that it has inserted, has its number as xmax.
 *
 * SPDX-License-Identifier: MIT
 */
#include "catalog/identifier.h"
#include "binding/write.h"
#include "plan_sql/sql_filter.h"
#include "plan_sql/sql_part.h"
#include "plan_sql/sql_quote.h"

/* ` ("url", "description")` */
static void
write_columns(struct buf *b, const struct plan_shape *shape)
{
    for (int i = 0; i < shape->setting_count; i++) {
        buf_put_c(b, i == 0 ? " (" : ", ");
        identifier_quote(b, shape->settings[i].column->name);
    }
    buf_put_c(b, shape->setting_count > 0 ? ")" : "");
}

static void
write_values(struct buf *b, const struct plan_statement *s, const struct plan_shape *shape)
{
    for (int i = 0; i < shape->setting_count; i++) {
        buf_put_c(b, i == 0 ? " VALUES (" : ", ");
        sql_parameter(b, s, shape->settings[i].parameter);
    }
    buf_put_c(b, shape->setting_count > 0 ? ")" : " DEFAULT VALUES");
}

/* `$1::text[]` */
static void
write_array(struct buf *b, const struct plan_statement *s, int parameter)
{
    sql_parameter(b, s, parameter);
    buf_put_c(b, "[]");
}

/* An array for each column; of rows that say nothing, as many as there are. */
static void
write_arrays(struct buf *b, const struct plan_statement *s, const struct plan_shape *shape)
{
    for (int i = 0; i < shape->setting_count; i++) {
        const struct column_type *type = shape->settings[i].column->type;
        buf_put_c(b, i == 0 ? " SELECT " : ", ");
        buf_printf(b, "r.c%d", i);
        if (write_unnests(type))
            buf_printf(b, "::%.*s", STR_PRINT(type->passed_as));
    }
    if (shape->setting_count == 0) {
        buf_put_c(b, " SELECT FROM unnest(");
        write_array(b, s, shape->places);
        buf_byte(b, ')');
        return;
    }
    for (int i = 0; i < shape->setting_count; i++) {
        buf_put_c(b, i == 0 ? " FROM unnest(" : ", ");
        write_array(b, s, shape->settings[i].parameter);
    }
    buf_put_c(b, ") WITH ORDINALITY AS r(");
    for (int i = 0; i < shape->setting_count; i++)
        buf_printf(b, "c%d, ", i);
    buf_put_c(b, "n) ORDER BY r.n");
}

static void
write_insert(struct buf *b, const struct plan_statement *s, const struct plan_shape *shape)
{
    buf_put_c(b, "INSERT INTO ");
    sql_from(b, s->relation);
    write_columns(b, shape);
    (plan_write_of(s->relation)->is_many ? write_arrays : write_values)(b, s, shape);
}

/* The cells, with what `inserted` is. */
static void
write_cells(struct buf *b, const struct plan_statement *s, struct str inserted)
{
    buf_put_c(b, s->cell_count == 0 ? "1" : "");
    for (int i = 0; i < s->cell_count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        if (s->cells[i].kind == PLAN_CELL_INSERTED)
            buf_put(b, inserted);
        else
            sql_cell(b, s, i, false);
    }
}

static void
write_conflict(struct buf *b, const struct bound_write *bound)
{
    for (int i = 0; i < bound->on.count; i++) {
        buf_put_c(b, i == 0 ? " ON CONFLICT (" : ", ");
        identifier_quote(b, bound->on.columns[i]->name);
    }
    buf_byte(b, ')');
}

/* What becomes of a row that is there: it gets what is given, or stays as it is. */
static void
write_merge(struct buf *b, const struct plan_write *write, const struct plan_shape *shape)
{
    const char *before = " DO UPDATE SET ";

    write_conflict(b, write->bound);
    for (int i = 0; i < shape->setting_count; i++) {
        const struct column *column = shape->settings[i].column;
        if (!plan_setting_changes(write, &shape->settings[i]))
            continue;
        buf_put_c(b, before);
        identifier_quote(b, column->name);
        buf_put_c(b, " = EXCLUDED.");
        identifier_quote(b, column->name);
        before = ", ";
    }
    buf_put_c(b, plan_shape_changes(write, shape) ? "" : " DO NOTHING");
}

/* ` RETURNING`, and the cells. */
static void
write_returning(struct buf *b, const struct plan_statement *s, const struct plan_shape *shape)
{
    const struct plan_write *write = plan_write_of(s->relation);
    bool is_merged = write->bound->action == WRITE_UPSERT && plan_shape_changes(write, shape);
    struct buf inserted = { 0 };

    buf_put_c(b, " RETURNING ");
    if (is_merged)
        buf_printf(&inserted, "(%.*s.xmax = 0)", STR_PRINT(s->relation->alias));
    write_cells(b, s, is_merged ? buf_str(&inserted) : STR("true"));
    buf_free(&inserted);
}

/* The row that is there is shown as it is. */
static void
write_unless_there(struct buf *b, const struct plan_statement *s, const struct plan_shape *shape)
{
    const struct plan_write *write = plan_write_of(s->relation);
    const struct key *on = &write->bound->on;

    buf_put_c(b, "WITH ");
    sql_made_up_name(b, s, "written");
    buf_put_c(b, " AS (");
    write_insert(b, s, shape);
    write_merge(b, write, shape);
    write_returning(b, s, shape);
    buf_put_c(b, ") SELECT * FROM ");
    sql_made_up_name(b, s, "written");
    buf_put_c(b, " UNION ALL SELECT ");
    write_cells(b, s, STR("false"));
    buf_put_c(b, " FROM ");
    sql_from(b, s->relation);
    for (int i = 0; i < on->count; i++) {
        buf_put_c(b, i == 0 ? " WHERE " : " AND ");
        sql_quote_operand(b, s->relation->alias, on->columns[i]);
        buf_put_c(b, " = ");
        sql_parameter(b, s, plan_shape_setting(shape, on->columns[i])->parameter);
    }
    buf_put_c(b, " AND NOT EXISTS (SELECT FROM ");
    sql_made_up_name(b, s, "written");
    buf_byte(b, ')');
}

/* --- many rows --- */

/* `"#w0"`: a name that no table or column has. */
static void
write_name(struct buf *b, const struct plan_statement *s, char what, int number)
{
    buf_byte(b, '"');
    buf_put(b, s->made_up);
    buf_byte(b, what);
    buf_int64(b, number);
    buf_byte(b, '"');
}

/* `w."#0", w."#1"`: the cells of rows that were written. */
static void
write_cell_names(struct buf *b, const struct plan_statement *s, const char *of)
{
    for (int i = 0; i == 0 || i < s->cell_count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        buf_put_c(b, of);
        sql_cell_name(b, s, i);
    }
}

/* `o.k0`: what a column of the key is to be. */
static void
write_key(struct buf *b, const struct column *column, int number)
{
    buf_printf(b, "o.k%d", number);
    if (write_unnests(column->type))
        buf_printf(b, "::%.*s", STR_PRINT(column->type->passed_as));
}

/* `"#w0"("#0", "#k0") AS (INSERT ...)` */
static void
write_shape(struct buf *b, const struct plan_statement *s, int number)
{
    const struct plan_write *write = plan_write_of(s->relation);
    const struct plan_shape *shape = &write->shapes[number];
    const struct key *on = &write->bound->on;

    write_name(b, s, 'w', number);
    buf_byte(b, '(');
    write_cell_names(b, s, "");
    for (int i = 0; plan_shape_finds(write, shape) && i < on->count; i++) {
        buf_put_c(b, ", ");
        write_name(b, s, 'k', i);
    }
    buf_put_c(b, ") AS (");
    write_insert(b, s, shape);
    if (write->bound->action == WRITE_UPSERT)
        write_merge(b, write, shape);
    write_returning(b, s, shape);
    for (int i = 0; plan_shape_finds(write, shape) && i < on->count; i++) {
        buf_put_c(b, ", ");
        sql_quote_column(b, s->relation->alias, on->columns[i]);
    }
    buf_byte(b, ')');
}

/* ` FROM unnest($1::text[], $3::integer[]) AS o(k0, n)`: the keys of rows that are there, and their
 * places. */
static void
write_sought(struct buf *b, const struct plan_statement *s, const struct plan_shape *shape)
{
    const struct key *on = &plan_write_of(s->relation)->bound->on;

    buf_put_c(b, " FROM unnest(");
    for (int i = 0; i < on->count; i++) {
        write_array(b, s, plan_shape_setting(shape, on->columns[i])->parameter);
        buf_put_c(b, ", ");
    }
    write_array(b, s, shape->places);
    buf_put_c(b, ") AS o(");
    for (int i = 0; i < on->count; i++)
        buf_printf(b, "k%d, ", i);
    buf_put_c(b, "n)");
}

/* `w."#k0" = o.k0`, for each column of the key. */
static void
write_same_key(struct buf *b, const struct plan_statement *s)
{
    const struct key *on = &plan_write_of(s->relation)->bound->on;

    for (int i = 0; i < on->count; i++) {
        buf_put_c(b, i > 0 ? " AND w." : "w.");
        write_name(b, s, 'k', i);
        buf_put_c(b, " = ");
        write_key(b, on->columns[i], i);
    }
}

static void
write_found(struct buf *b, const struct plan_statement *s, int number)
{
    const struct plan_write *write = plan_write_of(s->relation);
    const struct plan_shape *shape = &write->shapes[number];
    const struct key *on = &write->bound->on;

    write_cell_names(b, s, "w.");
    write_sought(b, s, shape);
    buf_put_c(b, " JOIN ");
    write_name(b, s, 'w', number);
    buf_put_c(b, " AS w ON ");
    write_same_key(b, s);
    buf_put_c(b, " UNION ALL SELECT o.n, ");
    write_cells(b, s, STR("false"));
    write_sought(b, s, shape);
    buf_put_c(b, " JOIN ");
    sql_from(b, s->relation);
    for (int i = 0; i < on->count; i++) {
        buf_put_c(b, i == 0 ? " ON " : " AND ");
        sql_quote_operand(b, s->relation->alias, on->columns[i]);
        buf_put_c(b, " = ");
        write_key(b, on->columns[i], i);
    }
    buf_put_c(b, " WHERE NOT EXISTS (SELECT FROM ");
    write_name(b, s, 'w', number);
    buf_put_c(b, " AS w WHERE ");
    write_same_key(b, s);
    buf_byte(b, ')');
}

/* The rows of one shape, with their places. */
static void
write_placed(struct buf *b, const struct plan_statement *s, int number)
{
    const struct plan_write *write = plan_write_of(s->relation);
    const struct plan_shape *shape = &write->shapes[number];

    buf_put_c(b, number > 0 ? " UNION ALL SELECT " : "SELECT ");
    if (plan_shape_finds(write, shape)) {
        buf_put_c(b, "o.n AS ");
        write_name(b, s, 'n', 0);
        buf_put_c(b, ", ");
        write_found(b, s, number);
        return;
    }
    buf_byte(b, '(');
    write_array(b, s, shape->places);
    buf_put_c(b, ")[(row_number() OVER ())::integer] AS ");
    write_name(b, s, 'n', 0);
    buf_put_c(b, ", ");
    write_cell_names(b, s, "");
    buf_put_c(b, " FROM ");
    write_name(b, s, 'w', number);
}

static void
write_shapes(struct buf *b, const struct plan_statement *s)
{
    const struct plan_write *write = plan_write_of(s->relation);

    for (int i = 0; i < write->shape_count; i++) {
        buf_put_c(b, i == 0 ? "WITH " : ", ");
        write_shape(b, s, i);
    }
    buf_put_c(b, " SELECT ");
    write_cell_names(b, s, "");
    buf_put_c(b, " FROM (");
    for (int i = 0; i < write->shape_count; i++)
        write_placed(b, s, i);
    buf_put_c(b, ") AS written ORDER BY ");
    write_name(b, s, 'n', 0);
}

void
sql_add(struct buf *b, const struct plan_statement *s)
{
    const struct plan_write *write = plan_write_of(s->relation);
    const struct plan_shape *shape = write->shapes;

    if (write->shape_count > 1 || (write->is_many && plan_shape_finds(write, shape))) {
        write_shapes(b, s);
        return;
    }
    if (plan_shape_finds(write, shape)) {
        write_unless_there(b, s, shape);
        return;
    }
    write_insert(b, s, shape);
    if (write->bound->action == WRITE_UPSERT)
        write_merge(b, write, shape);
    write_returning(b, s, shape);
}
