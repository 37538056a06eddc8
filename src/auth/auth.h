/*
 * auth.h - who is asking, and the accounts behind it: what the server hands to
 * this layer, and what it gets of it.
 *
 * The settings are made once, at start; a request has a `struct auth_request`
 * of its own, which is what the C functions of the contract get as context.
 *
 *     request = (struct auth_request){ .auth = auth, .address = address };
 *     auth_identify(arena, &request, authorization, &viewer);
 *     resolvers = (struct resolvers){ account_resolvers, &request };
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUTH_AUTH_H
#define AUTH_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "execution/execute.h"
#include "execution/resolver.h"

struct arena;
struct password_gate;

/* The settings, and what was made of them at start. */
struct auth {
    struct str key;                   /* auth_read_key(); STR_NONE: no tokens are given or taken */
    struct str previous_key;          /* that the key replaced: believed, but signs no more, */
    int64_t previous_until;           /* until this time; 0: there is none */
    struct str issuer;                /* iss */
    struct str audience;              /* aud */
    int token_time;                   /* seconds that a token lives */
    int refresh_time;                 /* seconds from the login in which it may be refreshed */
    struct str role_user, role_staff; /* PostgreSQL's roles; STR_NONE: none is switched to */
    const struct password_gate *gate; /* password_gate.h; NULL: one process, no bound (plain CGI) */
};

/* What this layer knows of the request at hand. */
struct auth_request {
    const struct auth *auth;
    struct str address; /* of the client, for counting attempts; or STR_NONE */
    struct str token;   /* that came with it, good or bad, or STR_NONE: auth_identify() sets it */
};

/* Find who sent a request with these credentials: the value of Authorization,
 * `JWT x` or `Bearer x` in any case, or STR_NONE.  Another scheme, or no token
 * behind the scheme, is as if there were no header: other servers on the way have
 * credentials of their own, and clients that have signed out send an empty one.
 * Never fails: a token that is refused makes nobody of the viewer, and
 * `token_error` says why. */
void auth_identify(struct arena *a, struct auth_request *request, struct str authorization,
                   struct viewer *viewer);

/* The same where accounts are made up, and so is what a token says: whoever brings one is
 * signed in. */
void auth_assume(struct auth_request *request, struct str authorization, struct viewer *viewer);

/* Read the key that signs tokens from its file: the bytes, without one line end
 * behind them.  STR_NONE when the file cannot be read or has no good key; then
 * `*message` says so, with the path, for the operator. */
struct str auth_read_key(struct arena *a, const char *path, struct str *message) MUST_CHECK;

/* The viewer that a user is, by `linnet.role`: `user` or `staff`. */
struct viewer auth_viewer(const struct auth *auth, struct str user_id, struct str role);

/* The C functions of the contract: create_user, token_auth, verify_token; ended
 * by one without name.  Their context is a `struct auth_request`. */
extern const struct resolver account_resolvers[];

#endif
