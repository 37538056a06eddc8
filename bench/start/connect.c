/*
 * connect.c - the least that a CGI program can do: connect to PostgreSQL, ask for one row, print it.
 *
 * Takes the connection string from DATABASE.  bench/start/run compares Linnet's plain CGI with it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>

int
main(void)
{
    const char *id = "42";
    PGconn *connection = PQconnectdb(getenv("DATABASE"));
    PGresult *result = PQexecParams(connection, "SELECT id, url, description FROM links WHERE id = $1::integer", 1,
                                    NULL, &id, NULL, NULL, 0);

    if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1) {
        fprintf(stderr, "connect: %s", PQerrorMessage(connection));
        return 1;
    }
    printf("Content-Type: application/json\r\n\r\n{\"data\":{\"link\":{\"id\":\"%s\",\"url\":\"%s\"}}}",
           PQgetvalue(result, 0, 0), PQgetvalue(result, 0, 1));
    PQclear(result);
    PQfinish(connection);
    return 0;
}
