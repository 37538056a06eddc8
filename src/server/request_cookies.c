/*
 * request_cookies.c - from the request's cookies to tokens, and from tokens to cookies.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/request_internal.h"

#include "auth/auth_cookies.h"
#include "http/cookie.h"

static const enum cookie_name names[AUTH_TOKEN_KINDS] = {
    [AUTH_ACCESS] = COOKIE_TOKEN,
    [AUTH_REFRESH] = COOKIE_REFRESH,
};

void
request_take_cookies(struct request *r)
{
    const struct cookies *cookies = &r->http.cookies;

    if (cookies->mode == COOKIE_MODE_NONE)
        return;
    for (int i = 0; i < AUTH_TOKEN_KINDS; i++)
        r->cookies.kinds[i] = (struct auth_cookie){
            .is_used = i == AUTH_REFRESH || cookies->mode == COOKIE_MODE_ALL,
            .came = cookies->values[names[i]],
        };
    r->auth.cookies = &r->cookies;
}

void
request_set_cookies(struct request *r)
{
    bool has_data = r->data.len > 0 && !str_is(r->data, "null");

    if (!r->auth.cookies || !has_data)
        return;
    for (int i = 0; i < AUTH_TOKEN_KINDS; i++) {
        const struct auth_cookie *cookie = &r->cookies.kinds[i];
        if (cookie->is_set)
            r->response.set_cookies[i] =
                cookie_write(r->arena, &r->http.cookies, names[i], cookie->text, cookie->seconds);
    }
}
