/*
 * db_settings.h - how to connect to PostgreSQL, and what is asked first.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_DB_SETTINGS_H
#define DATABASE_DB_SETTINGS_H

#include <stdbool.h>

/* The query of the database's incarnation (transaction/outcome.h): one cell, or null.
 * The timeline is that of the file that is written: pg_control_checkpoint() may have the one
 * before a promotion. */
#define DB_INCARNATION_QUERY                                                                       \
    "SELECT system_identifier::text || '/' || CASE WHEN NOT pg_is_in_recovery()"                   \
    " THEN substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) END"                                \
    " || '/' || extract(epoch FROM stats_reset)::text FROM pg_control_system(), pg_stat_bgwriter"

struct limits;

/* What stands between us and PostgreSQL. */
enum db_pooler {
    DB_POOLER_NONE,       /* nothing: what is found out at each connection */
    DB_POOLER_SESSION,    /* a pooler that gives our session to nobody else as long as we have it */
    DB_POOLER_TRANSACTION /* a pooler may give it to others after each transaction: nothing is set
                             for longer, and nothing that others have set counts */
};

/* All of it must live as long as the connection. */
struct db_settings {
    const char *conninfo;        /* libpq's connection string */
    const char *target;          /* libpq's target_session_attrs, a constant; NULL: what
                                    `conninfo` says */
    const char *user;            /* PostgreSQL's role to log in as; NULL: what `conninfo` says */
    const char *role;            /* that connections start as; NULL: they stay the login role */
    const struct limits *limits; /* PostgreSQL keeps to their times, for a statement and for a lock;
                                    NULL: no bounds */
    int connect_time;            /* milliseconds to wait for a connection */
    enum db_pooler pooler;
    bool is_unprepared; /* statements get no names: PostgreSQL parses and plans each time */
    bool is_brief;      /* the incarnation is not asked at connect, which takes a round trip, but
                           by db_ask_incarnation() */
};

/* The same, to a server that can be written to: not to a standby. */
struct db_settings db_settings_to_write(const struct db_settings *settings);

#endif
