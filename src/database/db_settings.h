/*
 * db_settings.h - how to connect to PostgreSQL, and what connections start with.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_DB_SETTINGS_H
#define DATABASE_DB_SETTINGS_H

struct limits;

/* All of it must live until the connection is made. */
struct db_settings {
    const char *conninfo;        /* libpq's connection string */
    const char *role;            /* that connections start as; NULL: they stay the login role */
    const struct limits *limits; /* PostgreSQL keeps to their times, for a statement and for a lock;
                                    NULL: no bounds */
    int connect_time;            /* milliseconds to wait for a connection */
};

#endif
