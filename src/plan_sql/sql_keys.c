/*
 * sql_keys.c - the SQL of batches that find their keys themselves.
 *
 * Such a batch does not wait for its parent's rows: both go out in one flush, and see one snapshot.
 * The keys come from a subselect that reads the parent's rows once more, which costs less than
 * another round trip where the parent is cheap.
 *
 *     SELECT v1."#0", v1."id"
 *     FROM (SELECT k."#0", v1.*
 *           FROM unnest(ARRAY(SELECT l1."id" FROM "links" AS l1
 *                             ORDER BY l1."created_at" DESC, l1."id" DESC LIMIT 20)) AS k("#0")
 *                CROSS JOIN LATERAL (SELECT v1."id" FROM "votes" AS v1
 *                                    WHERE v1."link_id" = k."#0" ...) AS v1
 *           OFFSET 0) AS v1
 *
 * (As an array they are planned for as those are that a parameter has.)
 *
 * A row says its key, and not the key's number: so it can belong to no other row of the parent,
 * even where a policy lets the subselect see other rows.
 *
 * SPDX-License-Identifier: MIT
 */
#include "plan_sql/sql_fence.h"

#include "plan_sql/sql_keyset.h"
#include "plan_sql/sql_part.h"
#include "plan_sql/sql_quote.h"

/* Is the cell what tells the parent's rows apart? */
static bool
is_key(const struct plan_relation *rows, const struct plan_cell *cell)
{
    return cell->kind == PLAN_CELL_COLUMN && cell->relation == rows &&
           table_is_unique(rows->of.table, &cell->of.column, 1);
}

static bool
is_same_type(const struct column_type *a, const struct column_type *b)
{
    return a->kind == b->kind && str_equal(a->compared_as, b->compared_as);
}

bool
sql_may_find_keys(const struct plan_statement *s)
{
    const struct plan_relation *r = s->relation, *rows = s->parent ? s->parent->relation : NULL;

    if (r->kind != PLAN_BATCH || !rows || rows->kind != PLAN_SELECT || rows->purpose != PLAN_ROWS ||
        rows->source != PLAN_TABLE || s->doubted || s->conditions || plan_key_count(s) != 1 ||
        sql_keyset_has_parts(rows))
        return false;
    const struct plan_cell *cell = &s->parent->cells[s->parent_cells[0]];
    return is_key(rows, cell) &&
           is_same_type(cell->of.column->type, join_to_parent(r->join)->to[0]->type);
}

/* `"links" AS l1 WHERE ...` */
static const char *
key_rows(struct buf *b, const struct plan_relation *rows)
{
    sql_ordered_from(b, rows);
    return sql_where(b, rows, " WHERE ");
}

void
sql_found_keys(struct buf *b, const struct plan_statement *s)
{
    const struct plan_cell *cell = &s->parent->cells[s->parent_cells[0]];

    buf_put(b, STR("unnest(ARRAY(SELECT "));
    sql_quote_column(b, cell->relation->alias, cell->of.column);
    buf_put(b, STR(" FROM "));
    sql_keyset(b, s->parent, key_rows);
    buf_put(b, STR(")) AS k("));
    sql_cell_name(b, s, 0);
    buf_put(b, STR(") CROSS JOIN LATERAL "));
}
