/*
 * auth.c - who sent a request: from the header Authorization, or a cookie, to a viewer.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/auth.h"

#include <assert.h>
#include <time.h>

#include "base/error.h"
#include "codec/judge.h"
#include "event/clock.h"
#include "auth/known_tokens.h"
#include "auth/token.h"

/* The token after `JWT` or `Bearer`: the whole rest, so that a second word makes it
 * invalid.  STR_NONE when there is none. */
static struct str
find_token(struct str authorization)
{
    struct str all = str_trim(authorization);
    size_t end = 0;

    while (end < all.len && all.ptr[end] != ' ' && all.ptr[end] != '\t')
        end++;
    struct str scheme = { all.ptr, end };
    struct str token = str_trim((struct str){ all.ptr + end, all.len - end });
    if (!str_equal_nocase(scheme, STR("JWT")) && !str_equal_nocase(scheme, STR("Bearer")))
        return STR_NONE;
    return token.len > 0 ? token : STR_NONE;
}

/* Is it a value of the key's type?  Policies and functions cast it to that, and would fail. */
static bool
is_key(struct arena *a, const struct auth_request *request, struct str user_id)
{
    bool has_nul = str_find(user_id, '\0') < user_id.len;

    return !has_nul &&
           (!request->key_type ||
            judge_text(a, request->key_type, (struct str){ str_copy_c(a, user_id), user_id.len }));
}

enum token_state
auth_read(struct arena *a, const struct auth_request *request, struct str text,
          struct token_claims *token)
{
    enum token_state state = token_read(a, request->auth, text, time(NULL), token);

    return state == TOKEN_GOOD && !is_key(a, request, token->user_id) ? TOKEN_INVALID : state;
}

struct viewer
auth_viewer(struct str user_id, const struct auth_role *role)
{
    assert(user_id.ptr && role);
    return (struct viewer){ .user_id = user_id,
                            .role = role->name,
                            .database_role = role->database_role };
}

bool
auth_is_staff(const struct auth *auth, const struct viewer *viewer)
{
    return viewer->role.ptr && auth->role_count > 0 &&
           !str_equal(viewer->role, auth->roles[0].name);
}

/* auth_read(), but that a token is verified once. */
static enum token_state
identify_token(struct arena *a, const struct auth_request *request, struct str text,
               struct token_claims *token)
{
    int64_t now = time(NULL), moment = clock_now();

    if (!request->known)
        return auth_read(a, request, text, token);
    if (known_tokens_find(request->known, a, text, now, moment, token))
        return TOKEN_GOOD;
    enum token_state state = auth_read(a, request, text, token);
    if (state == TOKEN_GOOD)
        known_tokens_add(request->known, text, now, moment, token);
    return state;
}

/* Do both say who sent the request, and differ?  Then one of them was slipped in. */
static bool
is_of_other(struct arena *a, const struct auth_request *request, struct str cookie,
            enum token_state state, const struct token_claims *token)
{
    struct token_claims other;

    return state != TOKEN_INVALID && identify_token(a, request, cookie, &other) != TOKEN_INVALID &&
           !str_equal(token->user_id, other.user_id);
}

bool
auth_identify(struct arena *a, struct auth_request *request, struct str authorization,
              struct viewer *viewer, struct errors *errors)
{
    struct errors token_errors = { .arena = a };
    struct token_claims token;
    struct str header = authorization.ptr ? find_token(authorization) : STR_NONE;
    struct str cookie = auth_cookies_find(request->cookies, AUTH_ACCESS);

    *viewer = (struct viewer){ 0 };
    request->token = header.ptr ? header : cookie;
    if (!request->token.ptr)
        return true;
    enum token_state state = identify_token(a, request, request->token, &token);
    if (header.ptr && cookie.ptr && !str_equal(header, cookie) &&
        is_of_other(a, request, cookie, state, &token)) {
        errors_add(errors, ERROR_BAD_REQUEST,
                   "The header Authorization and the cookie have tokens of different users.");
        return false;
    }
    if (state == TOKEN_GOOD) {
        *viewer = auth_viewer(token.user_id, auth_find_role(request->auth, token.role));
        viewer->session_id = token.session;
        viewer->has_good_key = request->key_type && judge_knows(request->key_type);
    } else {
        viewer->token_error = token_add_error(&token_errors, state);
    }
    return true;
}

void
auth_assume(struct auth_request *request, struct str authorization, struct viewer *viewer)
{
    *viewer = (struct viewer){ 0 };
    request->token = authorization.ptr ? find_token(authorization) : STR_NONE;
    if (request->token.ptr)
        *viewer = (struct viewer){ .user_id = STR("1") };
}
