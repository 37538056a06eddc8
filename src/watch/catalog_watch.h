/*
 * catalog_watch.h - a worker's: has the database's catalog changed since the contract was bound,
 * and which files of migrations have not been applied?
 *
 * Once a second one statement is sent on a connection of the pool, and a second one while there
 * are files of migrations.  Both read what everybody may read, are over at once, and leave no
 * transaction.  While PostgreSQL is away, nothing is asked.
 *
 *     catalog_watch_read(...)      before the catalog is read, on the same connection
 *     catalog_watch_start(watch)   once the contract is bound
 *     catalog_watch_stop(watch)    before the pool is freed
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef WATCH_CATALOG_WATCH_H
#define WATCH_CATALOG_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "event/loop.h"
#include "database/db_call.h"
#include "pool/db_pool.h"

struct arena;
struct db;
struct notices;

struct catalog_watch {
    struct loop *loop;
    struct db_pool *pool;
    struct notices *notices; /* `files` is read, and `pending` written */
    /* Called when the catalog is another one than a second ago, and each second while it is another
     * one than at catalog_watch_read(): with a fingerprint of it, which is not 0. */
    void (*changed)(struct catalog_watch *watch, uint64_t fingerprint);
    uint64_t bound; /* by catalog_watch_read(): the fingerprint then */
    /* the rest belongs to catalog_watch.c */
    uint64_t last; /* the fingerprint of the last round */
    struct loop_timer timer;
    struct db_loan loan;
    struct db_call call;
    const char *values[1]; /* of the call */
    struct arena *arena;   /* of one round; NULL: it has not been started */
    enum catalog_watch_step { WATCH_IDLE, WATCH_LEND, WATCH_CATALOG, WATCH_MIGRATIONS } step;
};

/* Ask for the catalog's fingerprint and wait for it: what changes from now on is a change.  False
 * after an error: `*message` is PostgreSQL's. */
bool catalog_watch_read(struct catalog_watch *watch, struct arena *a, struct db *db,
                        struct str *message) MUST_CHECK;
void catalog_watch_start(struct catalog_watch *watch);
/* Nothing when it has not been started. */
void catalog_watch_stop(struct catalog_watch *watch);

#endif
