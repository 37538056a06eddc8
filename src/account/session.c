/*
 * session.c - sessions: what a login opens, refreshToken prolongs and revokeToken ends.
 *
 * The server makes refresh tokens and hashes them; the database knows what may be exchanged, and
 * remembers it also when the answer is a refusal.
 *
 * SPDX-License-Identifier: MIT
 */
#include "account/session.h"

#include <time.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "value/value.h"
#include "database/db.h"
#include "execution/resolver.h"
#include "account/call.h"
#include "auth/auth.h"
#include "account/refresh_token.h"

/* The type of a user's key is the database's own: it is read as text, and a parameter
 * without a type gets that of the function's argument. */
const char session_open_sql[] =
    "SELECT session_id::text, ends::text, role FROM account_open_session("
    "$1, $2::text, $3::text, $4::bigint, $5::integer, $6::integer, $7::text)";
#define REFRESHED                                                                                  \
    "SELECT outcome, session_id::text, user_id::text, username, role, login::text, ends::text "
static const char refresh_sql[] =
    REFRESHED "FROM account_refresh($1::text, $2::text, $3::integer, $4::integer)";
static const char refresh_session_sql[] =
    REFRESHED "FROM account_refresh_session($1::text, $2, $3::integer, $4::integer)";
static const char revoke_sql[] = "SELECT account_revoke($1::text)::text";

const char *const session_functions[] = { "account_open_session", "account_refresh", NULL };

const struct resolver_statement session_refresh_statements[] = {
    { .sql = session_open_sql },
    { .sql = refresh_sql },
    { .sql = refresh_session_sql },
    { .sql = NULL },
};

const struct resolver_statement session_revoke_statements[] = {
    { .sql = session_open_sql },
    { .sql = refresh_sql },
    { .sql = revoke_sql },
    { .sql = NULL },
};

const struct resolver_statement session_forget_statements[] = {
    { .sql = revoke_sql, .only_with = session_functions },
    { .sql = NULL },
};

/* What a refresh has come to, by the words of sql/012_sessions.sql. */
enum outcome {
    FAILED, /* an error was added */
    INVALID,
    EXPIRED,
    REUSED,
    ROTATED,
    SHARED,
    PROLONGED
};

static enum outcome
find_outcome(struct str name)
{
    static const char *const names[] = { [EXPIRED] = "expired",
                                         [REUSED] = "reused",
                                         [ROTATED] = "rotated",
                                         [SHARED] = "shared",
                                         [PROLONGED] = "refreshed" };

    for (int i = EXPIRED; i <= PROLONGED; i++)
        if (str_is(name, names[i]))
            return (enum outcome)i;
    return INVALID;
}

static bool
refuse(struct resolver_call *call, enum error_code code, const char *message)
{
    errors_add(call->errors, code, "%s", message);
    return false;
}

static const char *
write_number(struct resolver_call *call, int64_t number)
{
    return str_format(call->arena, "%lld", (long long)number).ptr;
}

/* --- what is granted --- */

bool
session_open(struct resolver_call *call, struct str verified_hash, struct session_grant *grant)
{
    struct arena *a = call->arena;
    const struct auth_request *request = call_get_request(call);
    const struct auth *auth = request->auth;
    struct refresh_token token;

    if (!request->has_sessions) {
        bool is_idle_less = auth->refresh_idle_time < auth->refresh_time;
        grant->ends =
            grant->token.login + (is_idle_less ? auth->refresh_idle_time : auth->refresh_time);
        return true;
    }
    if (!refresh_token_make(a, &token))
        return call_refuse_internal(call, "a session needs a refresh token");
    const char *values[] = { str_copy_c(a, grant->token.user_id),
                             token.hash,
                             request->user_agent.ptr ? str_copy_c(a, request->user_agent) : NULL,
                             write_number(call, grant->token.login),
                             write_number(call, auth->refresh_idle_time),
                             write_number(call, auth->refresh_time),
                             str_copy_c(a, verified_hash) };
    struct rows *rows = resolver_write(call, session_open_sql, 7, values);
    if (!rows)
        return false;
    if (rows_count(rows) == 0)
        return call_refuse_credentials(call);
    if (rows_count(rows) != 1 || rows_get(rows, 0, 0).len == 0 ||
        !str_read_int64(rows_get(rows, 0, 1), &grant->ends))
        return call_refuse_internal(call, "account_open_session() returned no session");
    const struct auth_role *role = auth_find_role(auth, rows_get(rows, 0, 2));
    if (!role)
        return call_refuse_internal(call, "account_open_session() returned a role that is not "
                                          "configured");
    grant->token.session = rows_get(rows, 0, 0);
    grant->token.role = role->name;
    grant->refresh_token = token.text;
    return true;
}

bool
session_answer(struct resolver_call *call, struct session_grant *grant)
{
    struct arena *a = call->arena;
    const struct auth_request *request = call_get_request(call);
    int64_t now = grant->token.issued;

    /* The clock of the server where the user signed in may be ahead. */
    if (grant->token.login > now)
        grant->token.login = now;
    struct str text = token_issue(a, request->auth, now, &grant->token);
    if (!text.ptr)
        return call_refuse_internal(call, "a user cannot sign in without a token");
    /* Also when it has expired, the cookie shows who has signed in here before (sign_in.c). */
    text = auth_cookies_give(request->cookies, AUTH_ACCESS, text, request->auth->refresh_time);
    call->outputs[SESSION_TOKEN] = call_make_text(a, text);
    call->outputs[SESSION_PAYLOAD] = call_make_payload(a, &grant->token);
    call->outputs[SESSION_REFRESH_EXPIRES_IN] = call_make_integer(a, grant->ends);
    if (!grant->refresh_token.ptr)
        return true;
    struct str refresh_token =
        auth_cookies_give(request->cookies, AUTH_REFRESH, grant->refresh_token, grant->ends - now);
    call->outputs[SESSION_REFRESH_TOKEN] = call_make_text(a, refresh_token);
    return true;
}

/* --- refreshToken(token, refreshToken) --- */

/* The refresh token that the call is about: the argument, or the cookie; or STR_NONE. */
static struct str
find_refresh_token(const struct resolver_call *call)
{
    struct str argument = call_get_text(call, STR("refreshToken"));

    return argument.ptr ? argument
                        : auth_cookies_find(call_get_request(call)->cookies, AUTH_REFRESH);
}

/* Read what a refresh has answered into the grant; false after an error. */
static bool
read_grant(struct resolver_call *call, const struct rows *rows, struct session_grant *grant)
{
    struct token_claims *token = &grant->token;

    *token = (struct token_claims){ .session = rows_get(rows, 0, 1),
                                    .user_id = rows_get(rows, 0, 2),
                                    .username = rows_get(rows, 0, 3),
                                    .role = rows_get(rows, 0, 4),
                                    .issued = time(NULL) };
    if (token->session.len > 0 && token->user_id.len > 0 && token->username.len > 0 &&
        auth_find_role(call_get_request(call)->auth, token->role) &&
        str_read_int64(rows_get(rows, 0, 5), &token->login) &&
        str_read_int64(rows_get(rows, 0, 6), &grant->ends))
        return true;
    return call_refuse_internal(call, "a refresh returned no session, no user or a role that is "
                                      "not configured");
}

/* Run a refresh, which writes also when it refuses. */
static enum outcome
run_refresh(struct resolver_call *call, const char *sql, const char *shown, const char *other,
            struct session_grant *grant)
{
    const struct auth *auth = call_get_request(call)->auth;
    const char *values[] = { shown, other, write_number(call, auth->refresh_idle_time),
                             write_number(call, auth->refresh_time) };
    struct rows *rows = resolver_write(call, sql, 4, values);

    if (!rows)
        return FAILED;
    enum outcome outcome = rows_count(rows) == 1 ? find_outcome(rows_get(rows, 0, 0)) : INVALID;
    return outcome >= ROTATED && !read_grant(call, rows, grant) ? FAILED : outcome;
}

/* Does the access token of the request, be it expired, belong to another user than the cookie?
 * Then an error was added.  What was exchanged is exchanged again when the cookie comes alone. */
static bool
is_of_other(struct resolver_call *call, const struct session_grant *grant)
{
    const struct auth_request *request = call_get_request(call);
    struct token_claims shown;

    if (call_get_text(call, STR("refreshToken")).ptr || !request->token.ptr ||
        auth_read(call->arena, request, request->token, &shown) == TOKEN_INVALID ||
        str_equal(shown.user_id, grant->token.user_id))
        return false;
    errors_add(call->errors, ERROR_BAD_REQUEST, AUTH_OTHER_USER);
    return true;
}

/* Answer with an access token, and with the refresh token if the grant has one.  A body has none
 * where it is a cookie. */
static bool
answer_exchange(struct resolver_call *call, struct session_grant *grant)
{
    if (is_of_other(call, grant) || !session_answer(call, grant))
        return false;
    const struct value *text = call->outputs[SESSION_REFRESH_TOKEN];
    if (text && text->text.len == 0)
        call->outputs[SESSION_REFRESH_TOKEN] = NULL;
    return true;
}

/* Exchange a refresh token. */
static bool
refresh_by_token(struct resolver_call *call, struct str text)
{
    bool has_sessions = call_get_request(call)->has_sessions;
    const char *hash = has_sessions ? refresh_token_hash(call->arena, text) : NULL;
    struct session_grant grant = { 0 };
    struct refresh_token next;

    if (!hash)
        return refuse(call, ERROR_TOKEN_INVALID, "Invalid refresh token");
    if (!refresh_token_make(call->arena, &next))
        return call_refuse_internal(call, "a session needs a refresh token");
    switch (run_refresh(call, refresh_sql, hash, next.hash, &grant)) {
    case FAILED:
        return false;
    case ROTATED:
        grant.refresh_token = next.text;
        return answer_exchange(call, &grant);
    case SHARED:
        return answer_exchange(call, &grant);
    case EXPIRED:
        return refuse(call, ERROR_TOKEN_EXPIRED, "Refresh token is expired");
    case REUSED:
        log_warning("a refresh token was used again: its session is revoked");
        return refuse(call, ERROR_TOKEN_INVALID, "Invalid refresh token");
    default:
        return refuse(call, ERROR_TOKEN_INVALID, "Invalid refresh token");
    }
}

/* Prolong the session of an access token that is still valid. */
static bool
refresh_by_access_token(struct resolver_call *call, struct str text)
{
    const struct auth_request *request = call_get_request(call);
    struct session_grant grant = { 0 };
    struct token_claims token;

    enum token_state state = auth_read(call->arena, request, text, &token);
    if (state != TOKEN_GOOD) {
        token_add_error(call->errors, state);
        return false;
    }
    if (!token.session.ptr || !request->has_sessions)
        return refuse(call, ERROR_TOKEN_INVALID,
                      "This token belongs to no session and cannot be refreshed.");
    switch (run_refresh(call, refresh_session_sql, str_copy_c(call->arena, token.session),
                        str_copy_c(call->arena, token.user_id), &grant)) {
    case FAILED:
        return false;
    case PROLONGED:
        return session_answer(call, &grant);
    case EXPIRED:
        return refuse(call, ERROR_TOKEN_EXPIRED, "Refresh has expired");
    default:
        return refuse(call, ERROR_TOKEN_INVALID, "Invalid token");
    }
}

bool
session_refresh_token(struct resolver_call *call)
{
    struct str token = call_get_text(call, STR("token"));
    struct str refresh_token = find_refresh_token(call);
    struct str shown = call_get_request(call)->token;

    if (token.ptr && call_get_text(call, STR("refreshToken")).ptr)
        return call_refuse_argument(call, STR("refreshToken"),
                                    "Give either `token` or `refreshToken`, not both.");
    if (token.ptr)
        return refresh_by_access_token(call, token);
    if (refresh_token.ptr)
        return refresh_by_token(call, refresh_token);
    if (shown.ptr)
        return refresh_by_access_token(call, shown);
    return call_refuse_argument(call, STR("refreshToken"), "Refresh token is required");
}

/* --- revokeToken(refreshToken) --- */

bool
session_revoke(struct resolver_call *call, struct str text, int64_t *revoked)
{
    bool has_sessions = call_get_request(call)->has_sessions;
    const char *hash = has_sessions ? refresh_token_hash(call->arena, text) : NULL;

    *revoked = 0;
    if (!hash)
        return true;
    struct rows *rows = resolver_write(call, revoke_sql, 1, &hash);
    if (rows && (rows_count(rows) != 1 || !str_read_int64(rows_get(rows, 0, 0), revoked)))
        *revoked = 0;
    return rows != NULL;
}

bool
session_revoke_token(struct resolver_call *call)
{
    struct str text = find_refresh_token(call);
    int64_t revoked;

    if (!text.ptr)
        return call_refuse_argument(call, STR("refreshToken"), "Refresh token is required");
    if (!session_revoke(call, text, &revoked))
        return false;
    if (revoked == 0)
        return refuse(call, ERROR_TOKEN_INVALID, "Invalid refresh token");
    call->outputs[SESSION_REVOKED] = call_make_integer(call->arena, revoked);
    return true;
}
