/*
 * auth_settings.h - what the operator says of users: the keys of tokens, their times,
 * and the roles of accounts.
 *
 * Made once, at start, from the configuration.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUTH_AUTH_SETTINGS_H
#define AUTH_AUTH_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "catalog/catalog.h"
#include "auth/password_rules.h"

struct arena;
struct password_gate;

/* What an account may be.  Those that sign up get the first role. */
struct auth_role {
    struct str name;          /* linnet.role, and a token's claim `role` */
    struct str database_role; /* PostgreSQL's role to take on; STR_NONE: none is switched to */
};

struct auth {
    struct str key;          /* auth_read_key(); STR_NONE: no tokens are given or taken */
    struct str previous_key; /* which the key has replaced: accepted, */
    int64_t previous_until;  /* until this time of clock_now(); 0: there is none */
    struct str issuer;       /* iss */
    struct str audience;     /* aud */
    /* The type of a user's key: its name and kind alone; no name: not said. */
    struct column_type user_key;
    int token_time;   /* seconds that a token lives */
    int refresh_time; /* seconds from the login in which it may be refreshed */
    struct password_rules password_rules;
    int sign_ups;                  /* accounts that one address may create */
    int sign_up_time;              /* within so many seconds */
    const struct auth_role *roles; /* one at least; the first is that of a new account */
    int role_count;
    const struct password_gate *gate; /* password_gate.h; NULL: one process, no bound (plain CGI) */
};

/* Read the key that signs tokens from its file: the bytes, without one line end
 * after them.  STR_NONE when the file cannot be read or its key is too short; then
 * `*message` says so, with the path, for the operator. */
struct str auth_read_key(struct arena *a, const char *path, struct str *message) MUST_CHECK;

/* The role of that name, or NULL. */
const struct auth_role *auth_find_role(const struct auth *auth, struct str name);

#endif
