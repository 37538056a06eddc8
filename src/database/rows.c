/*
 * rows.c - the rows that a call has found: cells of bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/rows.h"

#include <libpq-fe.h>

#include "base/arena.h"
#include "base/assert_hot.h"
#include "database/statement.h"

struct rows {
    PGresult *result;
    int count;
    const int *order; /* or NULL: as they have come */
};

static void
rows_free(void *result)
{
    PQclear(result);
}

struct rows *
rows_new(struct arena *a, struct pg_result *result)
{
    struct rows *rows = ARENA_NEW(a, struct rows);

    rows->result = result;
    rows->count = PQntuples(result);
    arena_defer(a, rows_free, result);
    return rows;
}

void
rows_set_order(struct rows *rows, const int *order)
{
    rows->order = order;
}

int
rows_count(const struct rows *rows)
{
    return rows->count;
}

size_t
rows_size(const struct rows *rows)
{
    return PQresultMemorySize(rows->result);
}

struct str
rows_get(const struct rows *rows, int row, int column)
{
    const PGresult *result = rows->result;

    ASSERT_HOT(row >= 0 && row < rows->count);
    ASSERT_HOT(column >= 0 && column < PQnfields(result));
    if (rows->order)
        row = rows->order[row];
    int len = PQgetlength(result, row, column); /* 0 also of null, so that most need not be asked */
    if (len == 0 && PQgetisnull(result, row, column))
        return STR_NONE;
    return (struct str){ PQgetvalue(result, row, column), (size_t)len };
}

/* Types whose OID is lower are PostgreSQL's own. */
enum { FIRST_MADE = 16384 };

bool
rows_fit(const struct pg_result *result, const struct statement *statement)
{
    if (statement->cell_count > 0 && PQnfields(result) != statement->cell_count)
        return false;
    for (int i = 0; i < statement->cell_count; i++) {
        unsigned sent = PQftype(result, i), wanted = statement->cell_oids[i];
        if (wanted ? sent != wanted : sent < FIRST_MADE)
            return false;
    }
    return true;
}
