/*
 * prepared.h - which statements a connection has prepared, by text and role.
 *
 * Each takes memory in PostgreSQL, some 20 kB and more when it is wide, so their number and the
 * bytes of their texts are bounded.  What was used least recently is forgotten, one by one; what
 * finds no room meanwhile is sent without being prepared under a name.
 *
 * Behind a pooler PostgreSQL's sessions are shared.  A pooler that keeps prepared statements has
 * each text prepared once in a session, whoever sends it under whatever name, and forgets those
 * that were used least recently itself.  So there:
 *
 * - no name is used again, here or on another connection, and none is taken back: a connection that
 *   has used up a number of them is worn, and is to be closed;
 * - the role is written into the text, since PostgreSQL plans a statement anew whenever its role
 *   changes;
 * - what is to be prepared anew is sent once without a name, and then with another text.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef DATABASE_PREPARED_H
#define DATABASE_PREPARED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct statement; /* database/statement.h */

struct prepared {
    char name[40];   /* on the connection */
    bool is_sent;    /* PostgreSQL was asked to prepare it, and has not refused */
    bool is_checked; /* its cells are sent as the statement says */
    bool is_stale;   /* the database has changed since: it must be prepared anew */
    /* the rest belongs to prepared.c */
    int64_t number;
    uint64_t hash;
    size_t sql_len; /* of `text`: the SQL; the role follows */
    int64_t epoch;  /* pooled: seconds since 1970, when one was found stale; 0: none was */
    struct buf text;
    struct prepared *chain, *newer, *older;
};

struct prepared_table;

enum { PREPARED_COMMAND_SIZE = 40 };

/* Make an empty table. */
struct prepared_table *prepared_new(bool is_pooled);
void prepared_free(struct prepared_table *t);

/* The statement's row for that role, made now if there is none; NULL: there is no room, or its
 * text is too large.  What is stale is prepared anew, under another name; `is_anew`: whatever has
 * been sent.  The row stays until prepared_take_surplus(). */
struct prepared *prepared_get(struct prepared_table *t, const struct statement *statement,
                              struct str role, bool is_anew);

/* Has it been sent, found checked, and not stale since?  Then the next prepared_get() finds it,
 * too: it counts as used. */
bool
prepared_use_checked(struct prepared_table *t, const struct statement *statement, struct str role);

/* Pooled: write the text that is to be prepared. */
void prepared_write(const struct prepared_table *t, const struct prepared *row, struct buf *b);
/* PostgreSQL has refused to prepare it, or skipped that. */
void prepared_refuse(const struct prepared_table *t, struct prepared *row);
/* Pooled: has the connection used as many names as it may? */
bool prepared_is_worn(const struct prepared_table *t);

/* Write the command that has PostgreSQL forget one that is replaced, or one too many: that which
 * was used least recently.  False: there is none, as always when pooled.  No answer to a call that
 * used it may be due, and no transaction open: more room is left than one transaction needs. */
bool prepared_take_surplus(struct prepared_table *t, char command[PREPARED_COMMAND_SIZE]);

/* May there be such a command? */
bool prepared_has_surplus(const struct prepared_table *t);

#endif
