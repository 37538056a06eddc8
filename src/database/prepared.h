/*
 * prepared.h - which statements a connection has prepared, by text and role.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_PREPARED_H
#define DATABASE_PREPARED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct statement; /* database/statement.h */

struct prepared {
    struct str sql;
    struct str role;
    uint64_t hash;
    char name[16];   /* on the connection */
    bool is_sent;    /* PostgreSQL was asked to prepare it, and has not refused */
    bool is_checked; /* its cells are sent as the statement says */
    bool is_stale;   /* the database has changed since: it must be prepared anew */
};

struct prepared_table;

/* Make an empty table. */
struct prepared_table *prepared_new(void);
void prepared_free(struct prepared_table *t);

/* The statement's row for that role, made now if there is none; NULL when the
 * table is full. */
struct prepared *
prepared_get(struct prepared_table *t, const struct statement *statement, struct str role);

/* Have it prepared anew, under another name. */
void prepared_renew(struct prepared_table *t, struct prepared *prepared);

/* Are there so many that the connection should forget them when it can, and begin a
 * new table?  A prepared statement takes some 20 kB of PostgreSQL's memory. */
bool prepared_is_crowded(const struct prepared_table *t);

#endif
