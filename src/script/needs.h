/*
 * needs.h - what roles must be allowed in the database, so that a contract can be served to them.
 *
 * A contract that is bound says which columns its fields, orders, filters and joins read and which
 * functions they call (binding/rights.h), and which columns its mutations write.  With what the
 * database says of views and policies that read further tables (state.h), that is all that a role
 * needs.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SCRIPT_NEEDS_H
#define SCRIPT_NEEDS_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct catalog;
struct column;
struct contract;
struct function;
struct state;
struct table;

/* Roles are the bits of a word: as many as a catalog knows. */
struct needs_table {
    const struct table *table;
    uint32_t *readers;              /* by column, and last of the row's version: who reads it */
    uint32_t roles;                 /* who reads any column */
    uint32_t *inserters, *updaters; /* by column: who sets it in a new row, and who changes it */
    uint32_t adders, deleters;      /* who adds rows, and who deletes some */
    uint32_t writers;               /* who does any of these */
};

struct needs_function {
    const struct function *function;
    uint32_t roles; /* who calls it */
    struct needs_function *next;
};

struct needs {
    struct needs_table *tables; /* as many as the catalog has, in its order */
    int table_count;
    struct needs_function *functions; /* in the order of their names */
};

/* Nothing yet; the catalog's `denied` is changed (see needs_add). */
struct needs *needs_new(struct arena *a, const struct catalog *catalog);
/* Add what the roles (bits) need of the contract, as they see it, which is bound to the catalog;
 * `nobody` are those of them that nobody has who is signed in.  Whoever counts rows reads some
 * column of them: of those that the contract shows, if it can be. */
void needs_add(struct arena *a, struct needs *needs, const struct contract *contract,
               uint32_t roles, uint32_t nobody);
/* Add what views with the rights of their reader, and policies, read beside. */
void needs_follow(struct needs *needs, const struct catalog *catalog, const struct state *state);

#endif
