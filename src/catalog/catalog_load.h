/*
 * catalog_load.h - read the catalog from PostgreSQL.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CATALOG_CATALOG_LOAD_H
#define CATALOG_CATALOG_LOAD_H

#include "base/str.h"

struct arena;
struct catalog;
struct db;
struct rows;
struct statement;

/* The types, tables, columns, keys, policies and functions of all schemas but the system's,
 * in the arena; those of the first schema of the connection's search path go by their own
 * names, others by their schema's too.  NULL after an error: `*message` is
 * PostgreSQL's. */
const struct catalog *catalog_load(struct arena *a, struct db *db, struct str *message) MUST_CHECK;

/* The same in two steps, for who does not wait: a command that reads the catalog, and what it
 * has found. */
const struct statement *catalog_statement(void);
const struct catalog *
catalog_read(struct arena *a, const struct rows *rows, struct str *message) MUST_CHECK;

#endif
