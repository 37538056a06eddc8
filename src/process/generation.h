/*
 * generation.h - what a set of workers is made of: configuration, contract and
 * key, as their files were at one moment.
 *
 * The master reads them, as the user that it was started as; so the workers' user
 * need not be able to.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef PROCESS_GENERATION_H
#define PROCESS_GENERATION_H

#include "base/str.h"
#include "auth/auth.h"
#include "auth/password_gate.h"
#include "config/config.h"

struct arena;
struct board;
struct turns;
struct trusted;
struct config_flag;
struct file_watch;
struct handover_crew;
struct listener;
struct notices;

/* What generations are made from. */
struct generation_source {
    const struct config *config; /* as it was read at the start */
    /* To read it again: the settings of the command line, and the environment. */
    const struct config_flag *flags;
    int flag_count;
    char *const *environment;
    bool is_mock; /* what is served is made up */
    /* For an upgrade (upgrade/upgrade.h), ended by NULL: the command line, and that of the check of
     * a program that is to take our place. */
    char *const *arguments, *const *check;
};

struct generation {
    struct arena *arena; /* of all that is in it */
    struct config config;
    struct str contract;             /* its text */
    const struct trusted *documents; /* document/trusted.h; NULL: none are configured */
    struct str graphiql;             /* its page, or STR_NONE */
    bool is_mock;                    /* its values are made up; there is no database */
    bool is_adopted;  /* of the program before: its workers are there, and no more can be made */
    struct auth auth; /* not of mock */
    struct password_gate gate;
    int worker_count;
    struct board *board;
    struct notices *notices; /* watch/notice.h: of all generations */
    struct turns *turns;     /* of requests that cost PostgreSQL much */
};

/* Read the first generation (`previous` is NULL), with source->config, or one that takes the
 * place of `previous`: then the configuration is read again too, and tokens that were signed with
 * a key that has changed are accepted a while longer.  `watch` follows its files from then on, also
 * when these are wrong.  NULL after logging why; `*status` is then what the program ends with. */
struct generation *
generation_load(const struct generation_source *source, const struct listener *listener,
                const struct generation *previous, struct file_watch *watch, int *status)
    MUST_CHECK;
/* What is known of a generation of the program before (upgrade/handover.h): its settings are those
 * of the source, and of its keys there are the public halves.  A board that is not ours to read is
 * replaced by one that nobody writes to.  NULL after logging why not. */
struct generation *generation_adopt(const struct generation_source *source,
                                    const struct handover_crew *crew) MUST_CHECK;
void generation_free(struct generation *generation);

#endif
