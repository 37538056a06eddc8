/*
 * cookies.h - deleteTokenCookie and deleteRefreshTokenCookie: C functions that have the browser
 * forget its tokens.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef ACCOUNT_COOKIES_H
#define ACCOUNT_COOKIES_H

#include <stdbool.h>

struct resolver_call;

enum { COOKIES_DELETED };

/* Resolvers (execution/resolver.h). */
bool cookies_delete_token(struct resolver_call *call);
bool cookies_delete_refresh_token(struct resolver_call *call);

#endif
