/*
 * auth.h - who sent a request: from the header Authorization, or a cookie, to a viewer.
 *
 * The settings are made once, at start; each request has a `struct auth_request`,
 * which is also the context of the C functions of the contract (account.h).
 *
 *     request = (struct auth_request){ .auth = auth, .address = address };
 *     if (!auth_identify(arena, &request, authorization, &viewer, &errors)) ...
 *     resolvers = (struct resolvers){ account_resolvers, &request };
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUTH_AUTH_H
#define AUTH_AUTH_H

#include "base/str.h"
#include "transaction/viewer.h"
#include "auth/auth_cookies.h"
#include "auth/auth_settings.h"
#include "auth/token.h"

struct arena;
struct errors;
struct known_tokens;

/* What is said where a header and a cookie do not belong together. */
#define AUTH_OTHER_USER "The header Authorization and the cookie have tokens of different users."

/* What this layer knows of the request at hand. */
struct auth_request {
    const struct auth *auth;
    struct known_tokens *known;   /* known_tokens.h; NULL: none is remembered */
    struct str address;           /* of the client, for counting attempts; or STR_NONE */
    struct str user_agent;        /* of the client, or STR_NONE */
    struct str token;             /* valid or not, or STR_NONE; auth_identify() sets it */
    bool has_sessions;            /* the database has them: account_has_sessions() */
    struct auth_cookies *cookies; /* NULL: the request is not in cookie mode */
    /* What a token says whose user is to be asked for; auth_identify() sets it. */
    struct token_claims foreign;
    bool needs_user;
    /* The type of a user's key, or NULL where it is not known: account_key_type(). */
    const struct column_type *key_type;
};

enum { AUTH_SUBJECT_TIME = 60000 }; /* milliseconds for which a subject's user is remembered */

/* token_read(), at this time; a token whose user is not a value of the key's type is INVALID. */
enum token_state auth_read(struct arena *a, const struct auth_request *request, struct str text,
                           struct token_claims *token) MUST_CHECK;

/* Find who sent a request with these credentials: the value of Authorization,
 * `JWT x` or `Bearer x` in any case, or STR_NONE; else the cookie.  Another scheme, or no token
 * after the scheme, counts as no header: other servers on the way have credentials of
 * their own, and clients that have signed out send an empty one.  When the token is refused, the
 * viewer is not signed in, and `token_error` says why.  False after adding an error: header and
 * cookie have tokens of different users. */
bool auth_identify(struct arena *a, struct auth_request *request, struct str authorization,
                   struct viewer *viewer, struct errors *errors) MUST_CHECK;

/* After auth_identify(), where the request `needs_user`: its user is known now, or it is STR_NONE:
 * there is none, and the viewer stays nobody. */
void auth_set_user(struct arena *a, struct auth_request *request, struct str user_id,
                   struct viewer *viewer);

/* auth_identify() for mock, which has no accounts: whoever sends any token is signed in, as the
 * user 1. */
void auth_assume(struct auth_request *request, struct str authorization, struct viewer *viewer);

/* The viewer for a user of this role. */
struct viewer auth_viewer(struct str user_id, const struct auth_role *role);

/* Is the viewer signed in with a role other than that of a new account? */
bool auth_is_staff(const struct auth *auth, const struct viewer *viewer);

#endif
