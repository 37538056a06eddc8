/*
 * token.h - what our tokens say, and whether one is valid.
 *
 * Every claim is required: iss and aud (the server's own), sub (the user's key),
 * username, role, iat, exp, jti (random, so that no two tokens are the same) and
 * origIat (the time of the login).  sid, the session's key, is there where the database has
 * sessions.  Times are seconds since 1970 by the wall clock; they are handed in, so that a test
 * can set them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUTH_TOKEN_H
#define AUTH_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct auth;
struct error;
struct errors;
struct issuer;

enum {
    TOKEN_SKEW = 30,   /* seconds that the clock of another server may be ahead */
    TOKEN_SETTINGS = 8 /* claims of another issuer that policies may read */
};

struct token_claims {
    struct str user_id;  /* sub */
    struct str username; /* as it was at the login */
    struct str role;     /* the name of one of auth's roles */
    struct str session;  /* sid; STR_NONE: it belongs to none */
    int64_t issued;      /* iat */
    int64_t expires;     /* exp: from then on it is refused */
    int64_t login;       /* origIat */
    int64_t until;       /* of clock_now(): the end of the key's use; 0: none */

    /* Of a token that somebody else has issued (issuer.h).  Then there are no `username` and
     * `login`, and no `user_id` while it is not known whose subject it is. */
    const struct issuer *issuer; /* NULL: it is ours */
    struct str subject;
    struct str settings[TOKEN_SETTINGS]; /* as issuer->settings; STR_NONE: absent */
};

enum token_state {
    TOKEN_GOOD,
    TOKEN_EXPIRED, /* it was good until its end */
    TOKEN_INVALID  /* anything else */
};

/* Sign a token for `token`'s user and login; `issued` and `expires` are set.
 * STR_NONE, after logging why, when it cannot be done. */
struct str token_issue(struct arena *a, const struct auth *auth, int64_t now,
                       struct token_claims *token) MUST_CHECK;

/* Is the text a valid token?  `*token` is set when it is GOOD or EXPIRED. */
enum token_state token_read(struct arena *a, const struct auth *auth, struct str text, int64_t now,
                            struct token_claims *token) MUST_CHECK;

/* Does the text show that its user has signed in, not longer ago than a login may be refreshed?
 * It need not be valid any more.  `*token` is set when it does. */
bool token_shows_login(struct arena *a, const struct auth *auth, struct str text, int64_t now,
                       struct token_claims *token) MUST_CHECK;

/* Add the error that tells the client what is wrong with its token; not for GOOD. */
struct error *token_add_error(struct errors *errors, enum token_state state);

#endif
