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
#include "codec/cursor.h"
#include "jose/token_key.h"
#include "auth/password_rules.h"

struct arena;
struct issuer;
struct password_gate;

/* What an account may be.  Those that sign up get the first role. */
struct auth_role {
    struct str name;          /* linnet.role, and a token's claim `role` */
    struct str database_role; /* PostgreSQL's role to take on; STR_NONE: none is switched to */
};

struct auth {
    struct ring ring;                   /* of keys; a loader adds those that it replaces */
    const struct token_key *cursor_key; /* a secret that is no key of tokens; NULL: none */
    struct cursor_keys cursor_keys;     /* made of it, and of those before it; without any: none */
    struct str issuer;                  /* iss */
    struct str audience;                /* aud */
    /* The type of a user's key: its name and kind alone; no name: not said. */
    struct column_type user_key;
    int token_time;        /* seconds that a token lives */
    int refresh_time;      /* seconds from the login in which it may be refreshed */
    int refresh_idle_time; /* seconds from the last refresh likewise */
    struct password_rules password_rules;
    int sign_ups;                  /* accounts that one address may create */
    int sign_up_time;              /* within so many seconds */
    const struct auth_role *roles; /* one at least; the first is that of a new account */
    int role_count;
    const struct issuer *issuers; /* issuer.h: who else issues tokens */
    int issuer_count;
    const struct password_gate *gate; /* password_gate.h; NULL: one process, no bound (plain CGI) */
};

/* The role of that name, or NULL. */
const struct auth_role *auth_find_role(const struct auth *auth, struct str name);

#endif
