/*
 * db_script.c - statements outside of any flush, one after the other: for migrations, the
 * catalog and commands.
 *
 * SPDX-License-Identifier: MIT
 */
#include "database/db.h"

#include <assert.h>
#include <libpq-fe.h>
#include <stdio.h>

#include "base/arena.h"
#include "database/db_internal.h"

/* Run one command outside of pipeline mode.  NULL after an error. */
static PGresult *
db_run(struct db *db, struct arena *a, const char *sql, int count, const char *const *values,
       char sqlstate[6], struct str *message)
{
    sqlstate[0] = '\0';
    assert(!db->queue.head); /* never while calls are under way */
    if (!PQexitPipelineMode(db->conn)) {
        *message = str_copy(a, str_from(PQerrorMessage(db->conn)));
        return NULL;
    }
    PGresult *result = count < 0 ? PQexec(db->conn, sql)
                                 : PQexecParams(db->conn, sql, count, NULL, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        if (state)
            snprintf(sqlstate, 6, "%s", state);
        *message = str_copy(a, str_from(PQresultErrorMessage(result)));
        PQclear(result);
        result = NULL;
    }
    if (PQstatus(db->conn) != CONNECTION_OK || !PQenterPipelineMode(db->conn))
        db_lose(db);
    return result;
}

bool
db_try(struct db *db, struct arena *a, const char *sql, char sqlstate[6], struct str *message)
{
    PGresult *result = db_run(db, a, sql, -1, NULL, sqlstate, message);
    bool is_good = result != NULL;

    PQclear(result);
    return is_good;
}

bool
db_script(struct db *db, struct arena *a, const char *sql, struct str *message)
{
    char sqlstate[6];

    return db_try(db, a, sql, sqlstate, message);
}

struct rows *
db_query(struct db *db, struct arena *a, const char *sql, int count, const char *const *values,
         struct str *message)
{
    char sqlstate[6];
    PGresult *result = db_run(db, a, sql, count, values, sqlstate, message);

    if (result)
        arena_defer(a, rows_free, result);
    return (struct rows *)result;
}
