/*
 * auth_cookies.c - tokens that are cookies.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/auth_cookies.h"

#include <assert.h>
#include <stddef.h>

/* What the browser has by now: the cookie that came, or what a field before this one has set. */
static struct str
get_text(const struct auth_cookie *cookie)
{
    if (!cookie->is_set)
        return cookie->came;
    return cookie->text.len > 0 ? cookie->text : STR_NONE;
}

struct str
auth_cookies_find(const struct auth_cookies *cookies, enum auth_token_kind kind)
{
    return cookies && cookies->kinds[kind].is_used ? get_text(&cookies->kinds[kind]) : STR_NONE;
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

    if (!cookie || !get_text(cookie).ptr)
        return false;
    cookie->is_set = true;
    cookie->text = STR("");
    cookie->seconds = 0;
    return true;
}
