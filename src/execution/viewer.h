/*
 * viewer.h - who sent a request, as the database is told.
 *
 * The role and the settings hold within the request's transactions alone; policies read
 * current_setting('linnet.user_id', true) and current_setting('linnet.role', true).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXECUTION_VIEWER_H
#define EXECUTION_VIEWER_H

#include "base/str.h"

struct error;

struct viewer {
    struct str user_id;              /* the key of the user; STR_NONE: nobody is signed in */
    struct str role;                 /* linnet.role, of the configured ones; STR_NONE: `anon` */
    struct str database_role;        /* PostgreSQL's role to take on; STR_NONE: stay as one is */
    const struct error *token_error; /* why the token that came was refused, or NULL */
};

#endif
