/*
 * worker.h - one worker process: a contract, a connection, one request at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CGI_BIN_WORKER_H
#define CGI_BIN_WORKER_H

#include "base/str.h"
#include "cgi-bin/listener.h"

struct config;

struct worker_options {
    const struct config *config;
    struct str contract; /* the text of the contract */
    const struct listener *listener;
    int ready; /* a byte is written here when the contract is bound, and requests can be answered */
};

/* Serve until SIGTERM, which must be blocked; the process's exit status: 0, or
 * EX_CONFIG when the contract is wrong or does not fit the database.  While
 * PostgreSQL is away, requests are answered with 503, and it is asked for again
 * and again. */
int worker_run(const struct worker_options *options);

#endif
