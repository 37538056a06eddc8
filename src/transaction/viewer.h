/*
 * viewer.h - who sent a request, as the database is told.
 *
 * The role and the settings hold within the request's transactions alone; policies read
 * current_setting('linnet.user_id', true), and likewise linnet.session_id and linnet.role.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TRANSACTION_VIEWER_H
#define TRANSACTION_VIEWER_H

#include <stdbool.h>

#include "base/str.h"

struct error;

/* The application's function of a session, or null, and a user: an error when they may not write
 * any more. */
#define CHECK_SESSION     "account_check_session"
#define CHECK_SESSION_SQL "SELECT " CHECK_SESSION "($1::text, $2)"

/* What policies may read besides, by current_setting(): of the transaction alone, too. */
struct viewer_setting {
    struct str name; /* `linnet.` and more */
    struct str value;
};

struct viewer {
    struct str user_id;       /* the key of the user; STR_NONE: nobody is signed in */
    struct str session_id;    /* linnet.session_id; STR_NONE: the token has no session */
    struct str role;          /* linnet.role, of the configured ones; STR_NONE: `anon` */
    struct str database_role; /* PostgreSQL's role to take on; STR_NONE: stay as one is */
    bool has_good_key;        /* it is known that user_id is a value of the key's type */
    const struct viewer_setting *settings; /* also of somebody who is not signed in */
    int setting_count;
    const struct error *token_error; /* why the token that came was refused, or NULL */
};

#endif
