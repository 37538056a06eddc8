/*
 * cookies.c - deleteTokenCookie and deleteRefreshTokenCookie.
 *
 * A page cannot read its cookies, and so cannot delete them either.
 *
 * SPDX-License-Identifier: MIT
 */
#include "account/cookies.h"

#include "account/call.h"
#include "account/session.h"
#include "auth/auth.h"

bool
cookies_delete_token(struct resolver_call *call)
{
    bool is_deleted = auth_cookies_forget(call_get_request(call)->cookies, AUTH_ACCESS);

    call->outputs[COOKIES_DELETED] = call_make_boolean(call->arena, is_deleted);
    return true;
}

bool
cookies_delete_refresh_token(struct resolver_call *call)
{
    struct auth_cookies *cookies = call_get_request(call)->cookies;
    struct str text = auth_cookies_find(cookies, AUTH_REFRESH);
    int64_t revoked;

    /* Whoever has a copy of it must not go on; the cookie goes also if there is no such token. */
    if (text.ptr && !session_revoke(call, text, &revoked))
        return false;
    bool is_deleted = auth_cookies_forget(cookies, AUTH_REFRESH);
    call->outputs[COOKIES_DELETED] = call_make_boolean(call->arena, is_deleted);
    return true;
}
