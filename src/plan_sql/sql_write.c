/*
 * sql_write.c - statements that write rows.
 *
 * One row, many of one shape, and rows of several shapes, in each of which another column may
 * have its default:
 *
 *     INSERT INTO "links" AS l1 ("url") VALUES ($1::text) RETURNING l1."id"
 *     INSERT INTO "links" AS l1 ("url", "tags")
 *         SELECT r.c0, r.c1::text[] FROM unnest($1::text[], $2::text[])
 *             WITH ORDINALITY AS r(c0, c1, n) ORDER BY r.n RETURNING l1."id"
 *     INSERT INTO "links" AS l1 ("url", "kind") VALUES ($1::text, DEFAULT), ($2::text, $3::mood)
 *         RETURNING l1."id"
 *
 * One row, if it is not there, and else the one that is there, changed or as it is:
 *
 *     INSERT INTO "tags" AS t1 ("name", "note") VALUES ($1::text, $2::text)
 *         ON CONFLICT ("name") DO UPDATE SET "note" = EXCLUDED."note"
 *         RETURNING t1."note", (t1.xmax = 0)
 *     WITH written AS (INSERT INTO "tags" AS t1 ("name") VALUES ($1::text)
 *             ON CONFLICT ("name") DO NOTHING RETURNING t1."note", true)
 *         SELECT * FROM written UNION ALL SELECT t1."note", false FROM "tags" AS t1
 *             WHERE t1."name" = $1::text AND NOT EXISTS (SELECT FROM written)
 *
 * A row that a transaction has locked, which is none that it has inserted, has its number as xmax.
 *
 *     UPDATE "links" AS l1 SET "url" = $2::text WHERE l1."id" = $1::integer
 *         AND l1."revision" = $3::integer RETURNING l1."id"
 *     DELETE FROM "links" AS l1 WHERE l1."id" = $1::integer RETURNING l1."url"
 *
 * The rows come back in the order in which they are given.
 *
 * Rows that a filter finds, one at most.  They are found first, without a lock, which would ask for
 * rights and skip rows in silence; all of them come back, with nulls for what was not written:
 *
 *     WITH "#found" AS MATERIALIZED (SELECT l1."id" FROM "links" AS l1
 *             WHERE l1."url" = $1::text LIMIT 2),
 *         "#written" AS (DELETE FROM "links" AS l1 USING "#found"
 *             WHERE (SELECT count(*) FROM "#found") <= 1 AND l1."id" = "#found"."id"
 *             AND l1."url" = $1::text RETURNING "#found"."id", true AS "#0", l1."url" AS "#1")
 *         SELECT "#written"."#0", "#written"."#1", "#found"."id" FROM "#found"
 *             LEFT JOIN "#written" ON "#written"."id" = "#found"."id" ORDER BY "#found"."id"
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "catalog/identifier.h"
#include "codec/codec.h"
#include "binding/write.h"
#include "plan_sql/sql_filter.h"
#include "plan_sql/sql_part.h"
#include "plan_sql/sql_quote.h"

/* ` ("url", "description")` */
static void
write_columns(struct buf *b, const struct plan_write *write)
{
    for (int i = 0; i < write->setting_count; i++) {
        buf_put_c(b, i == 0 ? " (" : ", ");
        identifier_quote(b, write->settings[i].column->name);
    }
    buf_byte(b, ')');
}

/* The parameters of one row, or all of the rows'. */
static void
write_rows(struct buf *b, const struct plan_statement *s, const struct plan_write *write)
{
    for (int row = 0; row < write->shape_count; row++) {
        buf_put_c(b, row == 0 ? " VALUES (" : "), (");
        for (int i = 0; i < write->setting_count; i++) {
            int parameter = write->settings[i].parameters[row];
            buf_put_c(b, i > 0 ? ", " : "");
            if (parameter < 0)
                buf_put_c(b, "DEFAULT");
            else
                sql_parameter(b, s, parameter);
        }
    }
    buf_byte(b, ')');
}

/* An array for each column. */
static void
write_arrays(struct buf *b, const struct plan_statement *s, const struct plan_write *write)
{
    for (int i = 0; i < write->setting_count; i++) {
        const struct column_type *type = write->settings[i].column->type;
        buf_put_c(b, i == 0 ? " SELECT " : ", ");
        buf_printf(b, "r.c%d", i);
        if (write_unnests(type))
            buf_printf(b, "::%.*s", STR_PRINT(type->passed_as));
    }
    for (int i = 0; i < write->setting_count; i++) {
        buf_put_c(b, i == 0 ? " FROM unnest(" : ", ");
        sql_parameter(b, s, write->settings[i].parameters[0]);
        buf_put_c(b, "[]");
    }
    buf_put_c(b, ") WITH ORDINALITY AS r(");
    for (int i = 0; i < write->setting_count; i++)
        buf_printf(b, "c%d, ", i);
    buf_put_c(b, "n) ORDER BY r.n");
}

static void
write_insert(struct buf *b, const struct plan_statement *s)
{
    const struct plan_write *write = plan_write_of(s->relation);

    buf_put_c(b, "INSERT INTO ");
    sql_from(b, s->relation);
    if (write->setting_count == 0) {
        buf_put_c(b, " DEFAULT VALUES");
        return;
    }
    write_columns(b, write);
    if (write->bound->is_many && write->shape_count == 1)
        write_arrays(b, s, write);
    else
        write_rows(b, s, write);
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

/* The row that is there gets what is given. */
static void
write_merge(struct buf *b, const struct plan_statement *s, const struct plan_write *write)
{
    const char *before = " DO UPDATE SET ";
    struct buf inserted = { 0 };

    write_insert(b, s);
    write_conflict(b, write->bound);
    for (int i = 0; i < write->setting_count; i++) {
        const struct column *column = write->settings[i].column;
        if (!plan_setting_changes(write, &write->settings[i]))
            continue;
        buf_put_c(b, before);
        identifier_quote(b, column->name);
        buf_put_c(b, " = EXCLUDED.");
        identifier_quote(b, column->name);
        before = ", ";
    }
    buf_put_c(b, " RETURNING ");
    buf_printf(&inserted, "(%.*s.xmax = 0)", STR_PRINT(s->relation->alias));
    write_cells(b, s, buf_str(&inserted));
    buf_free(&inserted);
}

/* The row that is there is shown as it is. */
static void
write_unless_there(struct buf *b, const struct plan_statement *s, const struct plan_write *write)
{
    const struct key *on = &write->bound->on;

    buf_put_c(b, "WITH written AS (");
    write_insert(b, s);
    write_conflict(b, write->bound);
    buf_put_c(b, " DO NOTHING RETURNING ");
    write_cells(b, s, STR("true"));
    buf_put_c(b, ") SELECT * FROM written UNION ALL SELECT ");
    write_cells(b, s, STR("false"));
    buf_put_c(b, " FROM ");
    sql_from(b, s->relation);
    for (int i = 0; i < on->count; i++) {
        buf_put_c(b, i == 0 ? " WHERE " : " AND ");
        sql_quote_operand(b, s->relation->alias, on->columns[i]);
        buf_put_c(b, " = ");
        sql_parameter(b, s, plan_write_setting(write, on->columns[i])->parameters[0]);
    }
    buf_put_c(b, " AND NOT EXISTS (SELECT FROM written)");
}

static void
write_upsert(struct buf *b, const struct plan_statement *s)
{
    const struct plan_write *write = plan_write_of(s->relation);

    (plan_write_changes(write) ? write_merge : write_unless_there)(b, s, write);
}

/* The row of the key, of the version that is wanted. */
static void
write_where(struct buf *b, const struct plan_relation *r)
{
    const char *before = sql_where(b, r, " WHERE ");

    if (r->slice->version)
        sql_filters(b, r->slice->version, before);
}

static void
write_settings(struct buf *b, const struct plan_statement *s)
{
    const struct plan_write *write = plan_write_of(s->relation);

    for (int i = 0; i < write->setting_count; i++) {
        buf_put_c(b, i == 0 ? " SET " : ", ");
        identifier_quote(b, write->settings[i].column->name);
        buf_put_c(b, " = ");
        sql_parameter(b, s, write->settings[i].parameters[0]);
    }
}

static void
write_update(struct buf *b, const struct plan_statement *s)
{
    buf_put_c(b, "UPDATE ");
    sql_from(b, s->relation);
    write_settings(b, s);
    write_where(b, s->relation);
}

static void
write_delete(struct buf *b, const struct plan_statement *s)
{
    buf_put_c(b, "DELETE FROM ");
    sql_from(b, s->relation);
    write_where(b, s->relation);
}

/* --- rows that a filter finds --- */

/* `"#found"`: no table has the name. */
static void
put_name(struct buf *b, const struct plan_statement *s, const char *name)
{
    buf_byte(b, '"');
    buf_put(b, s->made_up);
    buf_put_c(b, name);
    buf_byte(b, '"');
}

static void
put_named(struct buf *b, const struct plan_statement *s, const char *name,
          const struct column *column)
{
    put_name(b, s, name);
    buf_byte(b, '.');
    identifier_quote(b, column->name);
}

/* The columns of the key by which the rows were found. */
static void
put_found_key(struct buf *b, const struct plan_statement *s)
{
    const struct key *key = plan_write_of(s->relation)->bound->rows.key;

    for (int i = 0; i < key->count; i++) {
        buf_put_c(b, i > 0 ? ", " : "");
        put_named(b, s, "found", key->columns[i]);
    }
}

/* `WITH "#found" AS MATERIALIZED (...)`: one more than may be written says that there are more. */
static void
find_rows(struct buf *b, const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;
    const struct key *key = plan_write_of(r)->bound->rows.key;

    buf_put_c(b, "WITH ");
    put_name(b, s, "found");
    for (int i = 0; i < key->count; i++) {
        buf_put_c(b, i == 0 ? " AS MATERIALIZED (SELECT " : ", ");
        sql_quote_column(b, r->alias, key->columns[i]);
    }
    buf_put_c(b, " FROM ");
    sql_from(b, r);
    sql_where(b, r, " WHERE ");
    buf_printf(b, " LIMIT %d), ", r->slice->limit + 1);
}

/* Only the rows that were found, unless they are too many. */
static void
match_found(struct buf *b, const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;
    const struct key *key = plan_write_of(r)->bound->rows.key;

    buf_put_c(b, " WHERE (SELECT count(*) FROM ");
    put_name(b, s, "found");
    buf_printf(b, ") <= %d", r->slice->limit);
    for (int i = 0; i < key->count; i++) {
        buf_put_c(b, " AND ");
        sql_quote_column(b, r->alias, key->columns[i]);
        buf_put_c(b, " = ");
        put_named(b, s, "found", key->columns[i]);
    }
    sql_where(b, r, " AND ");
}

/* The key, and the cells with names. */
static void
return_written(struct buf *b, const struct plan_statement *s)
{
    buf_put_c(b, " RETURNING ");
    put_found_key(b, s);
    for (int i = 0; i < s->cell_count; i++) {
        if (s->cells[i].kind == PLAN_CELL_FOUND)
            continue;
        buf_put_c(b, ", ");
        if (s->cells[i].kind == PLAN_CELL_WRITTEN)
            buf_put_c(b, "true");
        else
            sql_cell(b, s, i, false);
        buf_put_c(b, " AS ");
        sql_cell_name(b, s, i);
    }
}

static void
show_cell(struct buf *b, const struct plan_statement *s, int number)
{
    const struct plan_cell *cell = &s->cells[number];

    if (cell->kind == PLAN_CELL_FOUND) {
        const char *output = codec_output(cell->of.column->type);
        buf_printf(b, "%s%s", output ? output : "", output ? "(" : "");
        put_named(b, s, "found", cell->of.column);
        buf_put_c(b, output ? ")" : codec_cast(cell->of.column->type));
    } else {
        put_name(b, s, "written");
        buf_byte(b, '.');
        sql_cell_name(b, s, number);
    }
}

/* All rows that were found, with what was written of them. */
static void
show_found(struct buf *b, const struct plan_statement *s)
{
    const struct key *key = plan_write_of(s->relation)->bound->rows.key;

    for (int i = 0; i < s->cell_count; i++) {
        buf_put_c(b, i == 0 ? ") SELECT " : ", ");
        show_cell(b, s, i);
    }
    buf_put_c(b, " FROM ");
    put_name(b, s, "found");
    buf_put_c(b, " LEFT JOIN ");
    put_name(b, s, "written");
    for (int i = 0; i < key->count; i++) {
        buf_put_c(b, i == 0 ? " ON " : " AND ");
        put_named(b, s, "written", key->columns[i]);
        buf_put_c(b, " = ");
        put_named(b, s, "found", key->columns[i]);
    }
    buf_put_c(b, " ORDER BY ");
    put_found_key(b, s);
}

static void
write_found(struct buf *b, const struct plan_statement *s)
{
    bool is_update = plan_write_of(s->relation)->bound->action == WRITE_UPDATE;

    find_rows(b, s);
    put_name(b, s, "written");
    buf_put_c(b, is_update ? " AS (UPDATE " : " AS (DELETE FROM ");
    sql_from(b, s->relation);
    if (is_update)
        write_settings(b, s);
    buf_put_c(b, is_update ? " FROM " : " USING ");
    put_name(b, s, "found");
    match_found(b, s);
    return_written(b, s);
    show_found(b, s);
}

void
sql_write(struct buf *b, const struct plan_statement *s)
{
    static void (*const actions[])(struct buf *, const struct plan_statement *) = {
        [WRITE_INSERT] = write_insert,
        [WRITE_UPSERT] = write_upsert,
        [WRITE_UPDATE] = write_update,
        [WRITE_DELETE] = write_delete,
    };

    enum write_action action = plan_write_of(s->relation)->bound->action;

    if (plan_write_of(s->relation)->bound->is_by_filter) {
        write_found(b, s);
        return;
    }
    actions[action](b, s);
    if (action == WRITE_UPSERT)
        return;
    buf_put_c(b, " RETURNING ");
    sql_cells(b, s, false);
}

/* The rows that were found and not written. */
static void
doubt_found(struct buf *b, const struct plan_statement *s)
{
    for (int i = 0; i < plan_key_count(s); i++) {
        buf_put_c(b, i == 0 ? "SELECT 1 FROM unnest(" : ", ");
        sql_keys(b, s, i);
    }
    for (int i = 0; i < plan_key_count(s); i++) {
        buf_put_c(b, i == 0 ? ") AS k(" : ", ");
        sql_key_name(b, s, i);
    }
    buf_put_c(b, ") JOIN ");
    sql_from(b, s->relation);
    buf_put_c(b, " ON ");
    sql_match_key(b, s->relation);
    sql_where(b, s->relation, " WHERE ");
}

void
sql_doubt(struct buf *b, const struct plan_statement *s)
{
    if (plan_key_count(s) > 0) {
        doubt_found(b, s);
        return;
    }
    buf_put_c(b, "SELECT 1 FROM ");
    sql_from(b, s->relation);
    sql_where(b, s->relation, " WHERE ");
    if (!s->relation->slice->version)
        return;
    buf_put_c(b, " UNION ALL SELECT 1 FROM ");
    sql_from(b, s->relation);
    write_where(b, s->relation);
}
