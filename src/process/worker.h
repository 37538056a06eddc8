/*
 * worker.h - one worker process: a contract, some connections, many requests at once.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PROCESS_WORKER_H
#define PROCESS_WORKER_H

#include <stdbool.h>

struct generation;
struct listener;

struct worker_options {
    const struct generation *generation;
    const struct listener *listener;
    int number;    /* on the board */
    bool is_first; /* of its generation: it tries the contract on the database */
    int patience;  /* milliseconds to wait for PostgreSQL before taking requests without it */
    int words;     /* where it tells the master what happens (enum worker_word) */
};

/* What a worker tells the master: a uint64_t. */
enum worker_word {
    WORKER_READY /* the contract is bound, and requests can be answered */
    /* Any other: the database has changed, so that the contract should be bound anew.  It is the
     * fingerprint of its catalog (catalog/catalog.h). */
};

/* Serve until SIGTERM, which must be blocked; the process's exit status: 0, or
 * EX_CONFIG when the contract is wrong or does not fit the database, or the database
 * may not be served from.  While
 * PostgreSQL is away, requests are answered with 503, and it is asked for again
 * and again. */
int worker_run(const struct worker_options *options);

#endif
