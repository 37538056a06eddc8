/*
 * auth_cookies.c - tokens that are cookies.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/auth_cookies.h"

#include <assert.h>
#include <stddef.h>

struct str
auth_cookies_find(const struct auth_cookies *cookies, enum auth_token_kind kind)
{
    return cookies && cookies->kinds[kind].is_used ? cookies->kinds[kind].came : STR_NONE;
}

struct str
auth_cookies_give(struct auth_cookies *cookies, enum auth_token_kind kind, struct str token,
                  int64_t seconds)
{
    struct auth_cookie *cookie = cookies ? &cookies->kinds[kind] : NULL;

    assert(token.len > 0);
    if (!cookie || !cookie->is_used)
        return token;
    cookie->is_set = true;
    cookie->text = token;
    cookie->seconds = seconds;
    return STR("");
}

bool
auth_cookies_forget(struct auth_cookies *cookies, enum auth_token_kind kind)
{
    struct auth_cookie *cookie = cookies ? &cookies->kinds[kind] : NULL;

    if (!cookie || !cookie->came.ptr)
        return false;
    cookie->is_set = true;
    cookie->text = STR("");
    cookie->seconds = 0;
    return true;
}
