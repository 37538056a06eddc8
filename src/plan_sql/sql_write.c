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
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "catalog/identifier.h"
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
        if (type->kind == COLUMN_ARRAY)
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
write_update(struct buf *b, const struct plan_statement *s)
{
    const struct plan_write *write = plan_write_of(s->relation);

    buf_put_c(b, "UPDATE ");
    sql_from(b, s->relation);
    for (int i = 0; i < write->setting_count; i++) {
        buf_put_c(b, i == 0 ? " SET " : ", ");
        identifier_quote(b, write->settings[i].column->name);
        buf_put_c(b, " = ");
        sql_parameter(b, s, write->settings[i].parameters[0]);
    }
    write_where(b, s->relation);
}

static void
write_delete(struct buf *b, const struct plan_statement *s)
{
    buf_put_c(b, "DELETE FROM ");
    sql_from(b, s->relation);
    write_where(b, s->relation);
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

    actions[action](b, s);
    if (action == WRITE_UPSERT)
        return;
    buf_put_c(b, " RETURNING ");
    sql_cells(b, s, false);
}

void
sql_doubt(struct buf *b, const struct plan_statement *s)
{
    buf_put_c(b, "SELECT 1 FROM ");
    sql_from(b, s->relation);
    sql_where(b, s->relation, " WHERE ");
    if (!s->relation->slice->version)
        return;
    buf_put_c(b, " UNION ALL SELECT 1 FROM ");
    sql_from(b, s->relation);
    write_where(b, s->relation);
}
