/*
 * sign_up.c - createUser: an account is made.
 *
 * It asks first whether the account may be created: what is refused costs no hash.
 *
 * SPDX-License-Identifier: MIT
 */
#include "account/sign_up.h"

#include "base/arena.h"
#include "base/utf8.h"
#include "database/db.h"
#include "account/call.h"
#include "auth/auth.h"
#include "auth/password.h"
#include "auth/username.h"

enum { EMAIL_MOST = 254 }; /* characters (RFC 5321, 4.5.3.1.3, without the brackets) */

/* The type of a user's key is the database's own: it is read as text. */
static const char create_sql[] = "SELECT account_create($1::text, $2::text, $3::text)::text";
static const char may_create_sql[] =
    "SELECT account_may_create($1::text, $2::text, $3::integer, $4::integer)::text";
static const char not_created_sql[] = "SELECT account_not_created($1::text)::text";

const struct resolver_statement sign_up_statements[] = {
    { .sql = may_create_sql },
    { .sql = create_sql },
    { .sql = not_created_sql },
    { .sql = NULL },
};

/* One @ with something on either side, and no spaces or control characters, which could end a
 * header of a mail.  Only a mail that arrives proves more. */
bool
sign_up_is_email(struct str email)
{
    size_t at = str_find(email, '@');

    if (at == 0 || at + 1 >= email.len || utf8_length(email) > EMAIL_MOST)
        return false;
    for (size_t i = 0; i < email.len; i++)
        if ((unsigned char)email.ptr[i] <= ' ' || email.ptr[i] == 0x7f ||
            (email.ptr[i] == '@' && i != at))
            return false;
    return true;
}

/* Hash the password of an account that may be created: the name is free, and the address has not
 * created too many.  What was counted is taken back when nothing was hashed.  STR_NONE after an
 * error. */
static struct str
hash_new_password(struct resolver_call *call, struct str username, struct str password)
{
    struct arena *a = call->arena;
    const struct auth *auth = call_get_request(call)->auth;
    const char *address = call_get_address(call);
    const char *values[] = { str_copy_c(a, username), address,
                             str_format(a, "%d", auth->sign_ups).ptr,
                             str_format(a, "%d", auth->sign_up_time).ptr };

    if (!call_ask_delay(call, may_create_sql, true, values))
        return STR_NONE;
    struct password_visitor visitor = call_make_visitor(call);
    bool is_awaited = resolver_is_awaited(call);
    struct str hash = is_awaited ? password_hash(a, &visitor, password) : STR_NONE;
    if (hash.ptr)
        return hash;
    call_tell(call, not_created_sql, 1, &address);
    (void)(is_awaited ? call_refuse_busy(call) : call_refuse_gone(call));
    return STR_NONE;
}

bool
sign_up_create_user(struct resolver_call *call)
{
    struct arena *a = call->arena;
    const struct auth *auth = call_get_request(call)->auth;
    struct str username = username_read(a, call_get_text(call, STR("username")));
    struct str password = call_get_text(call, STR("password"));
    struct str email = call_get_text(call, STR("email"));

    if (!username.ptr || !username_is_good(username))
        return call_refuse_argument(call, STR("username"),
                                    "A username is 1 to 150 letters, digits and @.+-_.");
    if (!sign_up_is_email(email))
        return call_refuse_argument(call, STR("email"),
                                    "An e-mail address has one @ and at most 254 characters.");
    const struct password_owner owner = { username, email };
    if (!password_rules_check(a, &auth->password_rules, STR("password"), password, &owner,
                              call->errors))
        return false;
    struct str hash = hash_new_password(call, username, password);
    if (!hash.ptr)
        return false;
    const char *values[] = { str_copy_c(a, username), hash.ptr, str_copy_c(a, email) };
    struct rows *rows = resolver_write(call, create_sql, 3, values);
    if (!rows)
        return false;
    struct str user_id = rows_count(rows) == 1 ? rows_get(rows, 0, 0) : STR_NONE;
    if (user_id.len == 0)
        return call_refuse_internal(call, "account_create() returned no key");
    call->is_done = true;
    call->outputs[SIGN_UP_USER] = call_make_text(a, user_id);
    call->viewer = auth_viewer(user_id, &auth->roles[0]);
    return true;
}
