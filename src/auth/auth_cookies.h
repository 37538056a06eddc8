/*
 * auth_cookies.h - tokens that are cookies: those that came, and those that a response sets.
 *
 * The C functions of accounts say what becomes of a token, and the server knows how a cookie is
 * written.  In a body there is then no token, since a script that an attacker has put into a page
 * could read it there.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUTH_AUTH_COOKIES_H
#define AUTH_AUTH_COOKIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum auth_token_kind { AUTH_ACCESS, AUTH_REFRESH, AUTH_TOKEN_KINDS };

struct auth_cookie {
    bool is_used;    /* in this request a token of the kind is a cookie */
    struct str came; /* STR_NONE: none did */

    bool is_set;     /* the response sets it: */
    struct str text; /* to this, */
    int64_t seconds; /* for so long; 0: to nothing */
};

/* Of a request in cookie mode. */
struct auth_cookies {
    struct auth_cookie kinds[AUTH_TOKEN_KINDS];
};

/* In all of these `cookies` is NULL where the request is not in cookie mode.  Return the token of
 * that kind which came as a cookie and counts, or which was given since; or STR_NONE. */
struct str auth_cookies_find(const struct auth_cookies *cookies, enum auth_token_kind kind);

/* Give the client a token that is of use for so many seconds, when nothing can fail any more.
 * Return what the body has: an empty text if the token becomes a cookie. */
struct str auth_cookies_give(struct auth_cookies *cookies, enum auth_token_kind kind,
                             struct str token, int64_t seconds);

/* Have the browser forget the cookie of that kind, whether the request counts it or not; false:
 * it has none. */
bool auth_cookies_forget(struct auth_cookies *cookies, enum auth_token_kind kind);

#endif
