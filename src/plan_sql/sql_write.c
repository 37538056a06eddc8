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
 * The rows come back in the order in which they are given.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>

#include "catalog/identifier.h"
#include "binding/write.h"
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
write_values(struct buf *b, const struct plan_statement *s, const struct plan_write *write)
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

void
sql_write(struct buf *b, const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation;
    const struct plan_write *write = plan_write_of(r);

    assert(write);
    buf_put_c(b, "INSERT INTO ");
    sql_from(b, r);
    if (write->setting_count == 0) {
        buf_put_c(b, " DEFAULT VALUES");
    } else {
        write_columns(b, write);
        if (write->bound->is_many && write->shape_count == 1)
            write_arrays(b, s, write);
        else
            write_values(b, s, write);
    }
    buf_put_c(b, " RETURNING ");
    sql_cells(b, s, false);
}
