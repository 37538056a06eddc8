/*
 * db_fake.h - database/db.h without a database, for fuzz targets: what is
 * answered is decided by bytes of the input.
 *
 * Rows are such as PostgreSQL could send: cells of their columns' kinds, nulls
 * where a row may be missing or hidden, batches in the order of their keys.
 * Statements fail, connections are lost, deadlines pass.  What callers owe the
 * real one is checked: parameters that PostgreSQL would read, one transaction at
 * a time, and none that is left open.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef FUZZ_DB_FAKE_H
#define FUZZ_DB_FAKE_H

#include "database/db.h"

struct fuzz_bytes;
struct plan;

/* A connection that takes its decisions from `bytes`. */
struct db *db_fake_open(struct fuzz_bytes *bytes);
/* The plan whose statements come next: those get cells of the right kinds, and
 * all others (of C functions) texts.  NULL: none. */
void db_fake_plan(struct db *db, const struct plan *plan);
/* Has one of that plan's statements been sent and had no rows? */
bool db_fake_has_failed(const struct db *db);

#endif
