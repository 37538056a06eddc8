/*
 * canceller.h - asks PostgreSQL to cancel statements, in a thread of its own.
 *
 * libpq can only ask and wait for the answer, which a PostgreSQL that is stopped never gives;
 * so a thread asks, for one connection after the other.  PostgreSQL does not say which statement
 * is cancelled, but only on which connection: until its answer has come, the connection must not
 * be used for anything else.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef POOL_CANCELLER_H
#define POOL_CANCELLER_H

#include <stdbool.h>

#include "base/str.h"

struct arena;
struct canceller;
struct db;
struct loop;

/* A question to PostgreSQL.  The caller keeps it until done() is called, or until it is
 * forgotten. */
struct cancel {
    void (*done)(struct cancel *cancel); /* in the loop: PostgreSQL has answered, or cannot be
                                            asked; NULL: nobody needs to know */
    struct cancel_job *job;              /* of canceller.c; NULL: it is not asked */
};

/* Make one for at most `most` questions at a time, in the arena.  The thread starts with the first
 * question.  NULL, with errno set, when the kernel has no descriptor for it. */
struct canceller *canceller_new(struct arena *a, struct loop *loop, int most) MUST_CHECK;
/* Stop the thread, whatever it waits for; done() is not called any more. */
void canceller_free(struct canceller *c);

/* Have PostgreSQL asked to cancel what runs on the connection.  False: too many wait already, or
 * there is no memory. */
bool canceller_ask(struct canceller *c, const struct db *db, struct cancel *cancel) MUST_CHECK;
/* Do not call done() any more; nothing when it is not asked. */
void canceller_forget(struct canceller *c, struct cancel *cancel);

#endif
