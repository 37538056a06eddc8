/*
 * rows.c - the rows that a call has found: cells of bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/rows.h"

#include <libpq-fe.h>

#include "base/assert_hot.h"
#include "database/statement.h"

void
rows_free(void *rows)
{
    PQclear(rows);
}

int
rows_count(const struct rows *rows)
{
    return PQntuples((const PGresult *)rows);
}

size_t
rows_size(const struct rows *rows)
{
    return PQresultMemorySize((const PGresult *)rows);
}

struct str
rows_get(const struct rows *rows, int row, int column)
{
    const PGresult *result = (const PGresult *)rows;

    ASSERT_HOT(row >= 0 && row < PQntuples(result));
    ASSERT_HOT(column >= 0 && column < PQnfields(result));
    if (PQgetisnull(result, row, column))
        return STR_NONE;
    return (struct str){ PQgetvalue(result, row, column),
                         (size_t)PQgetlength(result, row, column) };
}

/* Types whose OID is lower are PostgreSQL's own. */
enum { FIRST_MADE = 16384 };

bool
rows_fit(const struct rows *rows, const struct statement *statement)
{
    const PGresult *result = (const PGresult *)rows;

    if (statement->cell_count > 0 && PQnfields(result) != statement->cell_count)
        return false;
    for (int i = 0; i < statement->cell_count; i++) {
        unsigned sent = PQftype(result, i), wanted = statement->cell_oids[i];
        if (wanted ? sent != wanted : sent < FIRST_MADE)
            return false;
    }
    return true;
}
