/*
 * state.h - what scripts must know of the database beside its catalog: who owns tables, which
 * policies they have, what views and policies read, and what everybody may do already.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SCRIPT_STATE_H
#define SCRIPT_STATE_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct db;

/* Tables and views go by the names that catalogs have for them. */
struct state_policy {
    struct str table, name;
    struct str about;     /* `for SELECT to PUBLIC, app`, with ` restrictive` behind */
    struct str condition; /* as PostgreSQL writes it; STR_NONE: none */
    bool is_for_requests; /* it is for PUBLIC, or for one of the roles, and lets rows be read */
    struct state_policy *next;
};

/* Who reads `by`, reads the column of the table, too. */
struct state_read {
    struct str by, table, column;
    struct state_read *next;
};

/* Whose numbers a default of the table draws. */
struct state_sequence {
    struct str table;
    struct str name; /* as SQL has it */
    struct state_sequence *next;
};

struct state_name {
    struct str name;
    struct state_name *next;
};

struct state {
    struct str login;              /* the role that the connection has logged in as */
    struct str database;           /* its name */
    struct state_name *guarded;    /* tables with row-level security */
    struct state_policy *policies; /* by table and name */
    struct state_read *reads;
    struct state_sequence *sequences;
    struct state_name *schemas; /* that PUBLIC may not use */
    bool may_all_connect;       /* PUBLIC may, to the database */
};

/* Read it; `roles` are those that requests have.  NULL: `*message` is PostgreSQL's. */
const struct state *state_read(struct arena *a, struct db *db, const struct str *roles, int count,
                               struct str *message) MUST_CHECK;
bool state_has_name(const struct state_name *names, struct str name);

#endif
