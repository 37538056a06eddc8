/*
 * sqlstate.c - which of PostgreSQL's errors a client may know of, and as what.
 *
 * SPDX-License-Identifier: MIT
 */
#include "execution/sqlstate.h"

#include <string.h>

#define AWAY "The database is not available."

/* The first row that fits counts. */
static const struct sqlstate states[] = {
    { "57014", ERROR_TIMEOUT, "The request took too long." },
    { "55P03", ERROR_TIMEOUT, "The request took too long." },
    { "40001", ERROR_SERVICE_UNAVAILABLE, "The request met another one; try again." },
    { "40P01", ERROR_SERVICE_UNAVAILABLE, "The request met another one; try again." },
    { "57P", ERROR_SERVICE_UNAVAILABLE, AWAY }, /* the server stops or starts */
    { "53", ERROR_SERVICE_UNAVAILABLE, AWAY },  /* it is out of connections, memory, disk */
    { "08", ERROR_SERVICE_UNAVAILABLE, AWAY },  /* the connection is lost */
    { "", ERROR_INTERNAL, "Internal server error." },
};

const struct sqlstate *
sqlstate_get(const char *state)
{
    const struct sqlstate *row = states;

    while (strncmp(state, row->state, strlen(row->state)) != 0)
        row++;
    return row;
}
