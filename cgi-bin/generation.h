/*
 * generation.h - what a set of workers is made of: configuration, contract and
 * key, as their files were at one moment.
 *
 * The master reads them, as the user that it was started as; so the workers' user
 * need not be able to.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CGI_BIN_GENERATION_H
#define CGI_BIN_GENERATION_H

#include "base/str.h"
#include "auth/auth.h"
#include "auth/password_gate.h"
#include "config/config.h"

struct arena;
struct board;
struct invocation;
struct listener;

struct generation {
    struct arena *arena; /* of all that is in it */
    struct config config;
    struct str contract; /* its text */
    bool is_mock;        /* its values are made up; there is no database */
    struct auth auth;    /* not of mock */
    struct password_gate gate;
    int worker_count;
    struct board *board;
};

/* Read the first generation (`previous` is NULL), with the configuration that the
 * command line was read with, or one that takes the place of `previous`: then the
 * configuration too is read again, and a key that has changed is believed a while
 * longer.  NULL after logging why; `*status` is then what the program ends with. */
struct generation *
generation_load(const struct invocation *invocation, const struct listener *listener,
                const struct generation *previous, int *status) MUST_CHECK;
void generation_free(struct generation *generation);

#endif
