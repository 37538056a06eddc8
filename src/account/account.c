/*
 * account.c - the C functions of the contract: signing up, signing in, and what
 * a token says.
 *
 * The accounts themselves are the database's: functions account_*() of SQL, which
 * alone may see hashes and count failed logins, each in a transaction of its own.
 *
 * SPDX-License-Identifier: MIT
 */
#include "account/account.h"

#include "account/change_password.h"
#include "account/cookies.h"
#include "account/session.h"
#include "account/sign_in.h"
#include "account/sign_up.h"
#include "auth/auth.h"

const struct column_type *
account_key_type(const struct auth *auth, const struct catalog *catalog)
{
    const struct function *function = catalog_find_function(catalog, STR("account_succeeded"));

    if (auth->user_key.name.len > 0)
        return &auth->user_key;
    return function && function->parameter_count > 0 ? function->parameters[0].type : NULL;
}

bool
account_has_sessions(const struct catalog *catalog)
{
    for (int i = 0; session_functions[i]; i++)
        if (!catalog_find_function(catalog, str_from(session_functions[i])))
            return false;
    return true;
}

static const char *const check_functions[] = { "account_check_session", NULL };

const struct resolver_statement account_before_mutation = { .sql = CHECK_SESSION_SQL,
                                                            .only_with = check_functions,
                                                            .is_before_mutation = true };

bool
account_checks_sessions(const struct catalog *catalog)
{
    return catalog_find_function(catalog, STR("account_check_session")) != NULL;
}

const struct resolver account_resolvers[] = {
    { { "create_user", (const char *const[]){ "username", "password", "email", NULL },
        (const struct resolver_output[]){ [SIGN_UP_USER] = { "user", OUTPUT_KEY }, { 0 } },
        sign_up_statements },
      .is_slow = true,
      .resolve = sign_up_create_user,
      .asks_session = true },
    { { "token_auth", (const char *const[]){ "username", "password", NULL },
        (const struct resolver_output[]){
            [SESSION_TOKEN] = { "token", OUTPUT_TEXT },
            [SESSION_PAYLOAD] = { "payload", OUTPUT_JSON },
            [SESSION_REFRESH_EXPIRES_IN] = { "refreshExpiresIn", OUTPUT_INT },
            [SESSION_REFRESH_TOKEN] = { "refreshToken", OUTPUT_TEXT },
            [SIGN_IN_USER] = { "user", OUTPUT_KEY },
            { 0 } },
        sign_in_statements },
      .is_slow = true,
      .resolve = sign_in_token_auth },
    { { "verify_token", (const char *const[]){ "token", NULL },
        (const struct resolver_output[]){ [SIGN_IN_VERIFIED] = { "payload", OUTPUT_JSON }, { 0 } },
        NULL },
      .resolve = sign_in_verify_token },
    { { "refresh_token", (const char *const[]){ "token", "refreshToken", NULL },
        (const struct resolver_output[]){
            [SESSION_TOKEN] = { "token", OUTPUT_TEXT },
            [SESSION_PAYLOAD] = { "payload", OUTPUT_JSON },
            [SESSION_REFRESH_EXPIRES_IN] = { "refreshExpiresIn", OUTPUT_INT },
            [SESSION_REFRESH_TOKEN] = { "refreshToken", OUTPUT_TEXT_OR_NULL },
            { 0 } },
        session_refresh_statements },
      .is_slow = true,
      .resolve = session_refresh_token,
      .is_brief = true },
    { { "revoke_token", (const char *const[]){ "refreshToken", NULL },
        (const struct resolver_output[]){ [SESSION_REVOKED] = { "revoked", OUTPUT_INT }, { 0 } },
        session_revoke_statements },
      .is_slow = true,
      .resolve = session_revoke_token,
      .is_brief = true },
    { { "change_password", (const char *const[]){ "oldPassword", "newPassword", NULL },
        (const struct resolver_output[]){ [CHANGE_PASSWORD_CHANGED] = { "changed", OUTPUT_BOOLEAN },
                                          { 0 } },
        change_password_statements },
      .is_slow = true,
      .resolve = change_password,
      .asks_session = true },
    { { "delete_token_cookie", (const char *const[]){ NULL },
        (const struct resolver_output[]){ [COOKIES_DELETED] = { "deleted", OUTPUT_BOOLEAN },
                                          { 0 } },
        NULL },
      .resolve = cookies_delete_token },
    { { "delete_refresh_token_cookie", (const char *const[]){ NULL },
        (const struct resolver_output[]){ [COOKIES_DELETED] = { "deleted", OUTPUT_BOOLEAN },
                                          { 0 } },
        session_forget_statements },
      .is_slow = true,
      .resolve = cookies_delete_refresh_token,
      .is_brief = true },
    { .resolve = NULL },
};
