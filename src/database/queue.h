/*
 * queue.h - what has been sent to PostgreSQL and is not answered yet, in the
 * order in which it answers.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_QUEUE_H
#define DATABASE_QUEUE_H

#include <stdbool.h>

#include "database/db_call.h"

struct arena;
struct prepared; /* prepared.h */

enum entry_kind { ENTRY_CALL, ENTRY_PREPARE, ENTRY_SET_UP, ENTRY_COMMAND, ENTRY_SYNC };

struct entry {
    enum entry_kind kind;
    bool is_answered;
    struct db_call *call;      /* CALL; PREPARE, SET_UP: which fails with it; SYNC: the COMMIT that
                                  it is; NULL: nobody waits for its outcome */
    struct arena *arena;       /* for the call's rows and messages */
    struct prepared *prepared; /* CALL, SET_UP: or NULL; PREPARE */
    struct db_flush *flush;    /* SYNC: what it ends; or NULL */
    struct entry *next;
};

struct queue {
    struct arena *arena; /* of the entries; reset when all are answered */
    struct entry *head, *tail;
    struct entry *spare; /* entries that are free, by `next` */
};

/* Add an entry at the end. */
struct entry *queue_add(struct queue *q, enum entry_kind kind);
/* Take the head out, which must be there. */
void queue_remove(struct queue *q);
/* Nobody waits for its outcome any more; until now it was to be this one. */
void entry_forget(struct entry *entry, enum db_outcome outcome);
/* Take all out: calls that are pending get this outcome, and no flush is under way. */
void queue_abandon(struct queue *q, enum db_outcome outcome);

#endif
