/*
 * prepared.h - which statements a connection has prepared, by text and role.
 *
 * Each takes memory in PostgreSQL, some 20 kB and more when it is wide, so their number and the
 * bytes of their texts are bounded.  What was used least recently is forgotten, one by one; what
 * finds no room meanwhile is sent without being prepared under a name.
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
    char name[24];   /* on the connection */
    bool is_sent;    /* PostgreSQL was asked to prepare it, and has not refused */
    bool is_checked; /* its cells are sent as the statement says */
    bool is_stale;   /* the database has changed since: it must be prepared anew */
    /* the rest belongs to prepared.c */
    int64_t number;
    uint64_t hash;
    size_t sql_len; /* of `text`: the SQL; the role follows */
    struct buf text;
    struct prepared *chain, *newer, *older;
};

struct prepared_table;

enum { PREPARED_COMMAND_SIZE = 40 };

/* Make an empty table. */
struct prepared_table *prepared_new(void);
void prepared_free(struct prepared_table *t);

/* The statement's row for that role, made now if there is none; NULL: there is no room, or its
 * text is too large.  What is stale is prepared anew, under another name; `is_anew`: whatever has
 * been sent.  The row stays until prepared_take_surplus(). */
struct prepared *prepared_get(struct prepared_table *t, const struct statement *statement,
                              struct str role, bool is_anew);

/* Write the command that has PostgreSQL forget one that is replaced, or one too many: that which
 * was used least recently.  False: there is none.  No answer to a call that used it may be due,
 * and no transaction open: more room is left than one transaction needs. */
bool prepared_take_surplus(struct prepared_table *t, char command[PREPARED_COMMAND_SIZE]);

/* May there be such a command? */
bool prepared_has_surplus(const struct prepared_table *t);

#endif
