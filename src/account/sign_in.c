/*
 * sign_in.c - tokenAuth and verifyToken: signing in, and what a token says.
 *
 * A login asks whether it may try, verifies the password, and reports the outcome.  Only
 * then does the client get an answer, so that many guesses at the same time gain
 * nothing; and a user who does not exist costs the same work and gets the same answer.
 *
 * SPDX-License-Identifier: MIT
 */
#include "account/sign_in.h"

#include <time.h>

#include "base/arena.h"
#include "base/error.h"
#include "metrics/metrics.h"
#include "database/db.h"
#include "account/call.h"
#include "auth/auth.h"
#include "auth/password.h"
#include "auth/token.h"
#include "auth/username.h"

/* The type of a user's key is the database's own: it is read as text, and a parameter
 * without a type gets that of the function's argument. */
const char sign_in_find_sql[] =
    "SELECT user_id::text, username, password_hash, is_disabled::text, role "
    "FROM account_find($1::text)";
const char sign_in_delay_sql[] =
    "SELECT account_delay($1::text, $2::text, $3::text, $4::text)::text";
const char sign_in_failed_sql[] =
    "SELECT account_failed($1::text, $2::text, $3::text, $4::text)::text";
const char sign_in_succeeded_sql[] =
    "SELECT account_succeeded($1, $2::text, $3::text, $4::text)::text";
static const char set_hash_sql[] = "SELECT account_set_hash($1, $2::text, $3::text)::text";

const struct resolver_statement sign_in_statements[] = {
    { .sql = sign_in_delay_sql },
    { .sql = sign_in_find_sql },
    { .sql = sign_in_failed_sql },
    { .sql = sign_in_succeeded_sql },
    { .sql = set_hash_sql },
    { .sql = session_open_sql, .only_with = session_functions, .output = "refreshToken" },
    { .sql = NULL },
};

/* False after an error.  An account that does not exist has no hash. */
static bool
find_account(struct resolver_call *call, struct str username, struct account *account)
{
    const char *values[] = { str_copy_c(call->arena, username) };
    struct rows *rows = resolver_query(call, sign_in_find_sql, 1, values);

    *account = (struct account){ 0 };
    if (!rows)
        return false;
    if (rows_count(rows) > 0)
        *account = (struct account){ .user_id = rows_get(rows, 0, 0),
                                     .username = rows_get(rows, 0, 1),
                                     .hash = rows_get(rows, 0, 2),
                                     .is_disabled = str_is(rows_get(rows, 0, 3), "true"),
                                     .role = auth_find_role(call_get_request(call)->auth,
                                                            rows_get(rows, 0, 4)) };
    return true;
}

/* Replace the hash of a right password when it was made with other parameters.  The login goes
 * on if that fails: the next login tries again. */
static void
renew_hash(struct resolver_call *call, const struct account *account, struct str password)
{
    struct arena *a = call->arena;

    if (!password_needs_rehash(account->hash))
        return;
    struct password_visitor visitor = call_make_visitor(call);
    struct str hash = password_hash(a, &visitor, password);
    if (!hash.ptr)
        return;
    const char *values[] = { str_copy_c(a, account->user_id), str_copy_c(a, account->hash),
                             hash.ptr };
    call_tell(call, set_hash_sql, 3, values);
}

bool
sign_in_check_password(struct resolver_call *call, struct str username, struct str password,
                       struct account *account)
{
    struct arena *a = call->arena;
    const struct auth_request *request = call_get_request(call);
    struct token_claims shown;
    const char *values[4] = { str_copy_c(a, username), call_get_address(call) };

    if (request->token.ptr &&
        token_shows_login(a, request->auth, request->token, time(NULL), &shown)) {
        values[2] = str_copy_c(a, shown.user_id);
        values[3] = str_format(a, "%lld", (long long)shown.login).ptr;
    }
    if (!call_ask_delay(call, sign_in_delay_sql, false, values) ||
        !find_account(call, username, account))
        return false;
    if (!resolver_is_awaited(call))
        return call_refuse_gone(call);
    struct password_visitor visitor = call_make_visitor(call);
    enum password_outcome outcome = password_verify(&visitor, account->hash, password);
    if (outcome == PASSWORD_BUSY)
        return call_refuse_busy(call);
    if (outcome == PASSWORD_WRONG || account->is_disabled)
        return call_ask_delay(call, sign_in_failed_sql, true, values) &&
               call_refuse_credentials(call);
    values[0] = str_copy_c(a, account->user_id);
    return call_ask_delay(call, sign_in_succeeded_sql, true, values);
}

static bool
token_auth(struct resolver_call *call)
{
    struct arena *a = call->arena;
    struct str username = username_read(a, call_get_text(call, STR("username")));
    struct str password = call_get_text(call, STR("password"));
    struct account account;

    /* No account can have these, which a client may know: no need to look for one. */
    if (!username.ptr || password.len > PASSWORD_BYTES)
        return call_refuse_credentials(call);
    if (!sign_in_check_password(call, username, password, &account))
        return false;
    if (account.user_id.len == 0 || account.username.len == 0 || !account.role)
        return call_refuse_internal(call,
                                    "account_find() returned no key, no name or a role that is "
                                    "not configured");

    int64_t now = time(NULL);
    struct session_grant grant = { .token = { .user_id = account.user_id,
                                              .username = account.username,
                                              .role = account.role->name,
                                              .login = now,
                                              .issued = now } };
    if (!session_open(call, account.hash, &grant))
        return false;
    renew_hash(call, &account, password);
    if (!session_answer(call, &grant))
        return false;
    call->outputs[SIGN_IN_USER] = call_make_text(a, account.user_id);
    call->viewer = auth_viewer(account.user_id,
                               auth_find_role(call_get_request(call)->auth, grant.token.role));
    call->viewer.session_id = grant.token.session;
    return true;
}

bool
sign_in_token_auth(struct resolver_call *call)
{
    bool is_good = token_auth(call);
    const struct error *error = is_good ? NULL : call->errors->last;

    if (!error)
        metrics_add(is_good ? METRICS_LOGIN_OK : METRICS_LOGIN_FAILED, 1);
    else if (error->code == ERROR_RATE_LIMITED)
        metrics_add(METRICS_LOGIN_LIMITED, 1);
    else
        metrics_add(
            error->code == ERROR_UNAUTHENTICATED ? METRICS_LOGIN_REFUSED : METRICS_LOGIN_FAILED, 1);
    return is_good;
}

bool
sign_in_verify_token(struct resolver_call *call)
{
    const struct auth_request *request = call_get_request(call);
    struct str argument = call_get_text(call, STR("token"));
    struct str text = argument.ptr ? argument : request->token;
    struct token_claims token;

    if (!text.ptr)
        return call_refuse_argument(call, STR("token"), "Token is required");
    enum token_state state = auth_read(call->arena, request, text, &token);
    if (state != TOKEN_GOOD) {
        token_add_error(call->errors, state);
        return false;
    }
    call->outputs[SIGN_IN_VERIFIED] = call_make_payload(call->arena, &token);
    return true;
}
