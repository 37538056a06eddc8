/*
 * change_password.c - changePassword: another password, by the account's owner.
 *
 * A stolen token must not be enough to take an account over: the old password is asked for, and
 * who guesses it is counted as for a login.  The account's other sessions end, so that whoever
 * knew the old password is out.
 *
 * SPDX-License-Identifier: MIT
 */
#include "account/change_password.h"

#include "base/arena.h"
#include "base/error.h"
#include "database/db.h"
#include "account/call.h"
#include "account/sign_in.h"
#include "auth/auth.h"
#include "auth/password.h"

/* The type of a user's key is the database's own: a parameter without a type gets that of the
 * function's argument. */
static const char owner_sql[] = "SELECT username, email FROM account_owner($1)";
static const char change_sql[] =
    "SELECT account_change_password($1, $2::text, $3::text, $4::text)::text";

const struct resolver_statement change_password_statements[] = {
    { .sql = owner_sql },
    { .sql = sign_in_delay_sql },
    { .sql = sign_in_find_sql },
    { .sql = sign_in_failed_sql },
    { .sql = sign_in_succeeded_sql },
    { .sql = change_sql },
    { .sql = NULL },
};

/* Find who asks; false after an error. */
static bool
find_owner(struct resolver_call *call, struct password_owner *owner)
{
    const struct viewer *asking = call->asking;

    if (asking->user_id.ptr) {
        const char *values[] = { str_copy_c(call->arena, asking->user_id) };
        struct rows *rows = resolver_query(call, owner_sql, 1, values);
        if (!rows)
            return false;
        if (rows_count(rows) == 1 && rows_get(rows, 0, 0).ptr) {
            *owner = (struct password_owner){ rows_get(rows, 0, 0), rows_get(rows, 0, 1) };
            return true;
        }
    }
    if (asking->token_error)
        errors_add_copy(call->errors, asking->token_error);
    else
        errors_add(call->errors, ERROR_UNAUTHENTICATED, "Not logged in!");
    return false;
}

/* Is this the password of the account?  False after an error, which names the argument. */
static bool
check_old(struct resolver_call *call, struct str username, struct account *account)
{
    struct str password = call_get_text(call, STR("oldPassword"));
    bool is_right = password.len <= PASSWORD_BYTES
                        ? sign_in_check_password(call, username, password, account)
                        : call_refuse_credentials(call);

    if (!is_right && call->errors->last->code == ERROR_UNAUTHENTICATED)
        call->errors->last->argument = STR("oldPassword");
    return is_right;
}

/* Another request has changed it since this one has read it. */
static bool
refuse_late(struct resolver_call *call)
{
    errors_add(call->errors, ERROR_CONFLICT,
               "The password has been changed by another request; try again.");
    return false;
}

bool
change_password(struct resolver_call *call)
{
    struct arena *a = call->arena;
    const struct auth *auth = call_get_request(call)->auth;
    struct str password = call_get_text(call, STR("newPassword"));
    struct password_owner owner;
    struct account account;

    if (!find_owner(call, &owner) ||
        !password_rules_check(a, &auth->password_rules, STR("newPassword"), password, &owner,
                              call->errors) ||
        !check_old(call, owner.username, &account))
        return false;
    struct password_visitor visitor = call_make_visitor(call);
    struct str hash = password_hash(a, &visitor, password);
    if (!hash.ptr)
        return call_refuse_busy(call);
    struct str session = call->asking->session_id;
    const char *values[] = { str_copy_c(a, account.user_id), str_copy_c(a, account.hash), hash.ptr,
                             session.ptr ? str_copy_c(a, session) : NULL };
    struct rows *rows = resolver_write(call, change_sql, 4, values);
    if (!rows)
        return false;
    if (rows_count(rows) != 1 || !str_is(rows_get(rows, 0, 0), "true"))
        return refuse_late(call);
    call->is_done = true;
    call->outputs[CHANGE_PASSWORD_CHANGED] = call_make_boolean(a, true);
    return true;
}
