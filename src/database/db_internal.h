/*
 * db_internal.h - what the files of a connection share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_DB_INTERNAL_H
#define DATABASE_DB_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "database/db_connect.h"
#include "database/db_session.h"
#include "database/queue.h"

struct arena;
struct prepared_table;

struct db {
    struct pg_conn *conn;
    struct arena *arena; /* of the struct */
    struct prepared_table *prepared;
    struct queue queue;
    const struct db_settings *settings;
    struct db_connect connect; /* until it is established: what it waits for, why it failed */
    struct db_set_up set_up;   /* pooled: what each transaction begins with */
    bool is_begun;             /* pooled: BEGIN has been sent, and no other transaction since */
    bool is_set_up;            /* pooled: the transaction is, or will be by what is queued */
    bool asks_incarnation;     /* db_ask_incarnation(): at each connect from then on */
    int watched;               /* db_watch() */
    bool has_failed;           /* the connection is lost, or given up */
    bool is_lost;              /* it was not given up */
    bool has_turned;           /* db_has_turned() */
    bool has_output;           /* not all of what was sent has gone out */
    bool has_just_sent;        /* since the last db_receive() */
    int64_t answered_at;       /* of clock_nanoseconds(): the last flush of db_flush.h */
};

/* db.c: The connection is lost.  Log why, once.  Nothing that is queued will be answered. */
void db_lose(struct db *db);
/* db.c: What db_expire() does; calls without outcome have this one. */
void db_give_up(struct db *db, enum db_outcome outcome);
/* db_script.c: Ask for the incarnation, and wait; "": the database keeps it to itself. */
void db_read_incarnation(struct db *db);
/* db.c: Send as much as the socket takes.  False: the connection is lost. */
bool db_write(struct db *db) MUST_CHECK;
/* db_flush.c: The Sync of a flush has been answered. */
void db_answer_flush(struct db *db, struct entry *sync);

#endif
