/*
 * cookies.c - deleteTokenCookie.
 *
 * A page cannot read its cookies, and so cannot delete them either.
 *
 * SPDX-License-Identifier: MIT
 */
#include "account/cookies.h"

#include "account/call.h"
#include "auth/auth.h"

bool
cookies_delete_token(struct resolver_call *call)
{
    bool is_deleted = auth_cookies_forget(call_get_request(call)->cookies, AUTH_ACCESS);

    call->outputs[COOKIES_DELETED] = call_make_boolean(call->arena, is_deleted);
    return true;
}
