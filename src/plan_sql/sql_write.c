/*
 * sql_write.c - statements that write rows: those that change and delete them (sql_add.c has those
 * that add some).
 *
 *     UPDATE "links" AS l1 SET "url" = $2::text WHERE l1."id" = $1::integer
 *         AND l1."revision" = $3::integer RETURNING l1."id"
 *     DELETE FROM "links" AS l1 WHERE l1."id" = $1::integer RETURNING l1."url"
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
    const struct plan_shape *shape = plan_write_of(s->relation)->shapes;

    for (int i = 0; i < shape->setting_count; i++) {
        buf_put_c(b, i == 0 ? " SET " : ", ");
        identifier_quote(b, shape->settings[i].column->name);
        buf_put_c(b, " = ");
        sql_parameter(b, s, shape->settings[i].parameter);
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

static void
put_named(struct buf *b, const struct plan_statement *s, const char *name,
          const struct column *column)
{
    sql_made_up_name(b, s, name);
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
    sql_made_up_name(b, s, "found");
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
    sql_made_up_name(b, s, "found");
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
        sql_made_up_name(b, s, "written");
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
    sql_made_up_name(b, s, "found");
    buf_put_c(b, " LEFT JOIN ");
    sql_made_up_name(b, s, "written");
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
    sql_made_up_name(b, s, "written");
    buf_put_c(b, is_update ? " AS (UPDATE " : " AS (DELETE FROM ");
    sql_from(b, s->relation);
    if (is_update)
        write_settings(b, s);
    buf_put_c(b, is_update ? " FROM " : " USING ");
    sql_made_up_name(b, s, "found");
    match_found(b, s);
    return_written(b, s);
    show_found(b, s);
}

void
sql_write(struct buf *b, const struct plan_statement *s)
{
    const struct bound_write *bound = plan_write_of(s->relation)->bound;

    if (bound->is_by_filter) {
        write_found(b, s);
        return;
    }
    if (write_action_adds(bound->action)) {
        sql_add(b, s);
        return;
    }
    (bound->action == WRITE_UPDATE ? write_update : write_delete)(b, s);
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
