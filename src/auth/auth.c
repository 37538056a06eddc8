/*
 * auth.c - who sent a request: from the header Authorization, or a cookie, to a viewer.
 *
 * SPDX-License-Identifier: MIT
 */
#include "auth/auth.h"

#include <assert.h>
#include <time.h>

#include "base/arena.h"
#include "base/error.h"
#include "codec/judge.h"
#include "event/clock.h"
#include "auth/issuer.h"
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

/* auth_read(), and tokens of other issuers. */
static enum token_state
read_any(struct arena *a, const struct auth_request *request, struct str text,
         struct token_claims *token)
{
    enum token_state state = auth_read(a, request, text, token);

    if (state != TOKEN_INVALID || request->auth->issuer_count == 0)
        return state;
    state = issuer_read(a, request->auth, text, time(NULL), token);
    bool is_good = state != TOKEN_GOOD || !token->user_id.ptr || is_key(a, request, token->user_id);
    return is_good ? state : TOKEN_INVALID;
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

/* Remember what was found out of a token whose user is known. */
static void
remember(const struct auth_request *request, struct str text, const struct token_claims *token)
{
    if (request->known && token->user_id.ptr)
        known_tokens_add(request->known, text, time(NULL), clock_now(), token);
}

/* read_any(), but that a token is verified once. */
static enum token_state
identify_token(struct arena *a, const struct auth_request *request, struct str text,
               struct token_claims *token)
{
    if (request->known &&
        known_tokens_find(request->known, a, text, time(NULL), clock_now(), token))
        return TOKEN_GOOD;
    enum token_state state = read_any(a, request, text, token);
    if (state == TOKEN_GOOD)
        remember(request, text, token);
    return state;
}

static bool
is_same_user(const struct token_claims *a, const struct token_claims *b)
{
    if (a->user_id.ptr && b->user_id.ptr)
        return str_equal(a->user_id, b->user_id);
    return a->issuer == b->issuer && str_equal(a->subject, b->subject);
}

/* Do both say who sent the request, and differ?  Then one of them was slipped in. */
static bool
is_of_other(struct arena *a, const struct auth_request *request, struct str cookie,
            enum token_state state, const struct token_claims *token)
{
    struct token_claims other;

    return state != TOKEN_INVALID && identify_token(a, request, cookie, &other) != TOKEN_INVALID &&
           !is_same_user(token, &other);
}

/* What policies may read of a token that another has issued. */
static void
set_settings(struct arena *a, const struct token_claims *token, struct viewer *viewer)
{
    const struct issuer *issuer = token->issuer;
    struct viewer_setting *settings = ARENA_ARRAY(a, struct viewer_setting, 2 + TOKEN_SETTINGS);
    int count = 0;

    settings[count++] = (struct viewer_setting){ STR("linnet.issuer"), issuer->issuer };
    settings[count++] = (struct viewer_setting){ STR("linnet.subject"), token->subject };
    for (int i = 0; i < issuer->settings.count; i++)
        if (token->settings[i].ptr)
            settings[count++] =
                (struct viewer_setting){ str_format(a, "linnet.claim.%.*s",
                                                    STR_PRINT(issuer->settings.pairs[i].name)),
                                         token->settings[i] };
    viewer->settings = settings;
    viewer->setting_count = count;
}

/* The viewer that a good token is of; nobody where the user is not known. */
static void
set_viewer(struct arena *a, const struct auth_request *request, const struct token_claims *token,
           struct viewer *viewer)
{
    if (token->user_id.ptr) {
        *viewer = auth_viewer(token->user_id, auth_find_role(request->auth, token->role));
        viewer->session_id = token->session;
        viewer->has_good_key = request->key_type && judge_knows(request->key_type);
    }
    if (token->issuer)
        set_settings(a, token, viewer);
}

/* Other issuers may have other keys by now. */
static void
refresh(const struct auth_request *request)
{
    if (request->auth->issuer_count > 0 && issuer_refresh(request->auth, clock_now()) &&
        request->known)
        known_tokens_forget(request->known);
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
    refresh(request);
    enum token_state state = identify_token(a, request, request->token, &token);
    if (header.ptr && cookie.ptr && !str_equal(header, cookie) &&
        is_of_other(a, request, cookie, state, &token)) {
        errors_add(errors, ERROR_BAD_REQUEST, AUTH_OTHER_USER);
        return false;
    }
    if (state == TOKEN_GOOD) {
        set_viewer(a, request, &token, viewer);
        request->needs_user = !token.user_id.ptr;
        request->foreign = token;
    } else {
        viewer->token_error = token_add_error(&token_errors, state);
    }
    return true;
}

void
auth_set_user(struct arena *a, struct auth_request *request, struct str user_id,
              struct viewer *viewer)
{
    struct token_claims *token = &request->foreign;
    int64_t until = clock_now() + AUTH_SUBJECT_TIME;

    assert(request->needs_user);
    request->needs_user = false;
    if (!user_id.ptr || !is_key(a, request, user_id))
        return;
    token->user_id = user_id;
    if (!token->until || token->until > until)
        token->until = until;
    remember(request, request->token, token);
    set_viewer(a, request, token, viewer);
}

void
auth_assume(struct auth_request *request, struct str authorization, struct viewer *viewer)
{
    *viewer = (struct viewer){ 0 };
    request->token = authorization.ptr ? find_token(authorization) : STR_NONE;
    if (request->token.ptr)
        *viewer = (struct viewer){ .user_id = STR("1") };
}
