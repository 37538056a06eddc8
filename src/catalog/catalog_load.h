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
struct db_call;

/* The types, tables, columns, keys, policies and functions of all schemas but the system's,
 * in the arena; those of the first schema of the connection's search path go by their own
 * names, others by their schema's too.  `roles` are those that requests take on, each once, first
 * that of anonymous ones: what they may not do is in the catalog.  NULL after an error:
 * `*message` is PostgreSQL's. */
const struct catalog *catalog_load(struct arena *a, struct db *db, const struct str *roles,
                                   int role_count, struct str *message) MUST_CHECK;

/* The same in two steps, for who does not wait: make a call that asks for what `as` was read
 * from; and read what it has found. */
void catalog_ask(struct arena *a, const struct catalog *as, struct db_call *call);
const struct catalog *
catalog_read(struct arena *a, const struct rows *rows, struct str *message) MUST_CHECK;

#endif
