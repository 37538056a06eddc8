/*
 * account.c - the C functions of the contract: signing up, signing in, and what
 * a token says.
 *
 * The accounts themselves are the database's: functions account_*() of SQL, which
 * alone may see hashes and count failed logins, each in a transaction of its own.  A
 * login asks whether it may try, verifies the password, and reports the outcome.  Only
 * then does the client get an answer, so that many guesses at the same time gain
 * nothing; and a user who does not exist costs the same work and gets the same answer.
 * An account that is created asks first whether it may be: what is refused costs no hash.
 *
 * SPDX-License-Identifier: MIT
 */
#include <assert.h>
#include <time.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "base/utf8.h"
#include "value/value.h"
#include "database/db.h"
#include "auth/account.h"
#include "auth/auth.h"
#include "auth/client.h"
#include "auth/password.h"
#include "auth/password_gate.h"
#include "auth/token.h"
#include "auth/username.h"

enum {
    EMAIL_MOST = 254, /* characters (RFC 5321, 4.5.3.1.3, without the brackets) */
    BUSY_RETRY = 2    /* seconds after which there should be room in the queue again */
};

/* The type of a user's key is the database's own: it is read as text, and a parameter
 * without a type gets that of the function's argument. */
static const char create_sql[] = "SELECT account_create($1::text, $2::text, $3::text)::text";
static const char find_sql[] =
    "SELECT user_id::text, username, password_hash, is_disabled::text, role "
    "FROM account_find($1::text)";
static const char delay_sql[] =
    "SELECT account_delay($1::text, $2::text, $3::text, $4::text)::text";
static const char failed_sql[] =
    "SELECT account_failed($1::text, $2::text, $3::text, $4::text)::text";
static const char succeeded_sql[] =
    "SELECT account_succeeded($1, $2::text, $3::text, $4::text)::text";
static const char may_create_sql[] =
    "SELECT account_may_create($1::text, $2::text, $3::integer, $4::integer)::text";
static const char not_created_sql[] = "SELECT account_not_created($1::text)::text";
static const char set_hash_sql[] = "SELECT account_set_hash($1, $2::text, $3::text)::text";

/* An account, as find_sql has it. */
struct account {
    struct str user_id;
    struct str username;
    struct str hash; /* STR_NONE: there is no such account, or it has no password */
    bool is_disabled;
    const struct auth_role *role; /* NULL: the configuration does not have it */
};

const struct column_type *
account_key_type(const struct auth *auth, const struct catalog *catalog)
{
    const struct function *function = catalog_find_function(catalog, STR("account_succeeded"));

    if (auth->user_key.name.len > 0)
        return &auth->user_key;
    return function && function->parameter_count > 0 ? function->parameters[0].type : NULL;
}

/* --- arguments and outputs --- */

/* The text of an argument; STR_NONE when it is absent or null. */
static struct str
get_text(const struct resolver_call *call, struct str name)
{
    const struct value *value = value_find(call->arguments, name);

    return value && value->kind == VALUE_STRING ? value->text : STR_NONE;
}

static const struct value *
make_text(struct arena *a, struct str text)
{
    struct value *value = ARENA_NEW(a, struct value);

    *value = (struct value){ .kind = VALUE_STRING, .text = text };
    return value;
}

static const struct value *
make_integer(struct arena *a, int64_t number)
{
    struct value *value = ARENA_NEW(a, struct value);

    *value = (struct value){ .kind = VALUE_INT, .text = str_format(a, "%lld", (long long)number) };
    return value;
}

/* The claims that clients see, by the names that django-graphql-jwt has. */
static const struct value *
make_payload(struct arena *a, const struct token_claims *token)
{
    struct value *payload = ARENA_NEW(a, struct value), **end = &payload->items;

    payload->kind = VALUE_OBJECT;
    end = value_append(a, payload, end, make_text(a, token->username), STR("username"));
    end = value_append(a, payload, end, make_integer(a, token->expires), STR("exp"));
    value_append(a, payload, end, make_integer(a, token->login), STR("origIat"));
    return payload;
}

static const struct auth_request *
get_request(const struct resolver_call *call)
{
    assert(call->context);
    return call->context;
}

/* Who waits at the gate for this call. */
static struct password_visitor
make_visitor(const struct resolver_call *call)
{
    const struct auth_request *request = get_request(call);

    return (struct password_visitor){ .gate = request->auth->gate,
                                      .client = client_key(request->address),
                                      .descriptor = call->descriptor,
                                      .deadline = call->deadline };
}

/* --- refusals --- */

static bool
refuse_argument(struct resolver_call *call, struct str argument, const char *message)
{
    errors_add(call->errors, ERROR_BAD_USER_INPUT, "%s", message)->argument = argument;
    return false;
}

static bool
refuse_credentials(struct resolver_call *call)
{
    errors_add(call->errors, ERROR_UNAUTHENTICATED, "Please enter valid credentials");
    return false;
}

static bool
refuse_busy(struct resolver_call *call)
{
    errors_add(call->errors, ERROR_SERVICE_UNAVAILABLE,
               "Too many passwords are being checked; try again.")
        ->retry_after = BUSY_RETRY;
    return false;
}

/* Nobody will read this. */
static bool
refuse_gone(struct resolver_call *call)
{
    errors_add(call->errors, ERROR_SERVICE_UNAVAILABLE, "The client has disconnected.")
        ->retry_after = BUSY_RETRY;
    return false;
}

/* `reason` is for the operator. */
static bool
refuse_internal(struct resolver_call *call, const char *reason)
{
    log_error("%s", reason);
    errors_add(call->errors, ERROR_INTERNAL, "Internal server error.");
    return false;
}

/* --- the form of e-mail addresses --- */

/* One @ with something on either side, and no spaces or control characters, which could end a
 * header of a mail.  Only a mail that arrives proves more. */
static bool
is_email(struct str email)
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

/* --- the database --- */

/* The client's address, for the database; or NULL. */
static const char *
get_address(const struct resolver_call *call)
{
    struct str address = get_request(call)->address;

    return address.ptr ? str_copy_c(call->arena, address) : NULL;
}

/* Run one of the statements above that return seconds to wait.  False after an error: also when
 * the client has to wait. */
static bool
ask_delay(struct resolver_call *call, const char *sql, const char *const values[4])
{
    struct rows *rows = sql == delay_sql ? resolver_query(call, sql, 4, values)
                                         : resolver_write(call, sql, 4, values);
    int64_t seconds;

    if (!rows)
        return false;
    if (rows_count(rows) != 1 || !str_read_int64(rows_get(rows, 0, 0), &seconds))
        return refuse_internal(call, "a function that returns seconds to wait returned none");
    if (seconds == 0)
        return true;
    errors_add(call->errors, ERROR_RATE_LIMITED, "Too many attempts; try again later.")
        ->retry_after = (int)seconds;
    return false;
}

/* A statement whose failure changes nothing for the client. */
static void
tell(struct resolver_call *call, const char *sql, int count, const char *const *values)
{
    struct errors ignored = { .arena = call->arena };
    struct resolver_call aside = *call;

    aside.errors = &ignored;
    struct rows *rows = resolver_write(&aside, sql, count, values);
    (void)rows;
}

/* False after an error.  An account that does not exist has no hash. */
static bool
find_account(struct resolver_call *call, struct str username, struct account *account)
{
    const char *values[] = { str_copy_c(call->arena, username) };
    struct rows *rows = resolver_query(call, find_sql, 1, values);

    *account = (struct account){ 0 };
    if (!rows)
        return false;
    if (rows_count(rows) > 0)
        *account = (struct account){ .user_id = rows_get(rows, 0, 0),
                                     .username = rows_get(rows, 0, 1),
                                     .hash = rows_get(rows, 0, 2),
                                     .is_disabled = str_is(rows_get(rows, 0, 3), "true"),
                                     .role = auth_find_role(get_request(call)->auth,
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
    struct password_visitor visitor = make_visitor(call);
    struct str hash = password_hash(a, &visitor, password);
    if (!hash.ptr)
        return;
    const char *values[] = { str_copy_c(a, account->user_id), str_copy_c(a, account->hash),
                             hash.ptr };
    tell(call, set_hash_sql, 3, values);
}

/* --- createUser(username, password, email): the user --- */

enum { CREATE_USER };

/* Hash the password of an account that may be created: the name is free, and the address has not
 * created too many.  What was counted is taken back when nothing was hashed.  STR_NONE after an
 * error. */
static struct str
hash_new_password(struct resolver_call *call, struct str username, struct str password)
{
    struct arena *a = call->arena;
    const struct auth *auth = get_request(call)->auth;
    const char *address = get_address(call);
    const char *values[] = { str_copy_c(a, username), address,
                             str_format(a, "%d", auth->sign_ups).ptr,
                             str_format(a, "%d", auth->sign_up_time).ptr };

    if (!ask_delay(call, may_create_sql, values))
        return STR_NONE;
    struct password_visitor visitor = make_visitor(call);
    bool is_awaited = resolver_is_awaited(call);
    struct str hash = is_awaited ? password_hash(a, &visitor, password) : STR_NONE;
    if (hash.ptr)
        return hash;
    tell(call, not_created_sql, 1, &address);
    (void)(is_awaited ? refuse_busy(call) : refuse_gone(call));
    return STR_NONE;
}

static bool
create_user(struct resolver_call *call)
{
    struct arena *a = call->arena;
    const struct auth *auth = get_request(call)->auth;
    struct str typed = get_text(call, STR("username"));
    struct str username = username_read(a, typed);
    struct str password = get_text(call, STR("password"));
    struct str email = get_text(call, STR("email"));

    if (!username.ptr || !username_is_good(username))
        return refuse_argument(call, STR("username"),
                               "A username is 1 to 150 letters, digits and @.+-_.");
    if (!is_email(email))
        return refuse_argument(call, STR("email"),
                               "An e-mail address has one @ and at most 254 characters.");
    if (!password_check(password, typed, call->errors) ||
        !password_check(password, username, call->errors))
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
        return refuse_internal(call, "account_create() returned no key");
    call->is_done = true;
    call->outputs[CREATE_USER] = make_text(a, user_id);
    call->viewer = auth_viewer(user_id, &auth->roles[0]);
    return true;
}

/* --- tokenAuth(username, password): a token and its user --- */

enum { AUTH_TOKEN, AUTH_PAYLOAD, AUTH_REFRESH_EXPIRES_IN, AUTH_USER, AUTH_OUTPUTS };
_Static_assert((int)AUTH_OUTPUTS <= (int)RESOLVER_OUTPUTS, "the most outputs of a resolver");

/* Verify the password of the account.  False after an error.  A token of that account that the
 * request shows, be it expired, is what its owner has and a guesser has not. */
static bool
sign_in(struct resolver_call *call, struct str username, struct str password,
        struct account *account)
{
    struct arena *a = call->arena;
    const struct auth_request *request = get_request(call);
    struct token_claims shown;
    const char *values[4] = { str_copy_c(a, username), get_address(call) };

    if (request->token.ptr &&
        token_shows_login(a, request->auth, request->token, time(NULL), &shown)) {
        values[2] = str_copy_c(a, shown.user_id);
        values[3] = str_format(a, "%lld", (long long)shown.login).ptr;
    }
    if (!ask_delay(call, delay_sql, values) || !find_account(call, username, account))
        return false;
    if (!resolver_is_awaited(call))
        return refuse_gone(call);
    struct password_visitor visitor = make_visitor(call);
    enum password_outcome outcome = password_verify(&visitor, account->hash, password);
    if (outcome == PASSWORD_BUSY)
        return refuse_busy(call);
    if (outcome == PASSWORD_WRONG || account->is_disabled)
        return ask_delay(call, failed_sql, values) && refuse_credentials(call);
    values[0] = str_copy_c(a, account->user_id);
    return ask_delay(call, succeeded_sql, values);
}

static bool
token_auth(struct resolver_call *call)
{
    struct arena *a = call->arena;
    const struct auth *auth = get_request(call)->auth;
    struct str username = username_read(a, get_text(call, STR("username")));
    struct str password = get_text(call, STR("password"));
    struct account account;

    /* No account can have these, which a client may know: no need to look for one. */
    if (!username.ptr || password.len > PASSWORD_BYTES)
        return refuse_credentials(call);
    if (!sign_in(call, username, password, &account))
        return false;
    renew_hash(call, &account, password);
    if (account.user_id.len == 0 || account.username.len == 0 || !account.role)
        return refuse_internal(call, "account_find() returned no key, no name or a role that is "
                                     "not configured");

    int64_t now = time(NULL);
    struct token_claims token = { .user_id = account.user_id,
                                  .username = account.username,
                                  .role = account.role->name,
                                  .login = now };
    struct str text = token_issue(a, auth, now, &token);
    if (!text.ptr)
        return refuse_internal(call, "a user cannot sign in without a token");
    call->outputs[AUTH_TOKEN] = make_text(a, text);
    call->outputs[AUTH_PAYLOAD] = make_payload(a, &token);
    call->outputs[AUTH_REFRESH_EXPIRES_IN] = make_integer(a, token.login + auth->refresh_time);
    call->outputs[AUTH_USER] = make_text(a, account.user_id);
    call->viewer = auth_viewer(account.user_id, account.role);
    return true;
}

/* --- verifyToken(token): its claims --- */

enum { VERIFY_PAYLOAD };

static bool
verify_token(struct resolver_call *call)
{
    const struct auth_request *request = get_request(call);
    struct str argument = get_text(call, STR("token"));
    struct str text = argument.ptr ? argument : request->token;
    struct token_claims token;

    if (!text.ptr)
        return refuse_argument(call, STR("token"), "Token is required");
    enum token_state state = auth_read(call->arena, request, text, &token);
    if (state != TOKEN_GOOD) {
        token_add_error(call->errors, state);
        return false;
    }
    call->outputs[VERIFY_PAYLOAD] = make_payload(call->arena, &token);
    return true;
}

/* --- the table --- */

const struct resolver account_resolvers[] = {
    { { "create_user", (const char *const[]){ "username", "password", "email", NULL },
        (const struct resolver_output[]){ [CREATE_USER] = { "user", OUTPUT_KEY }, { 0 } } },
      true,
      create_user },
    { { "token_auth", (const char *const[]){ "username", "password", NULL },
        (const struct resolver_output[]){
            [AUTH_TOKEN] = { "token", OUTPUT_TEXT },
            [AUTH_PAYLOAD] = { "payload", OUTPUT_JSON },
            [AUTH_REFRESH_EXPIRES_IN] = { "refreshExpiresIn", OUTPUT_INT },
            [AUTH_USER] = { "user", OUTPUT_KEY },
            { 0 } } },
      true,
      token_auth },
    { { "verify_token", (const char *const[]){ "token", NULL },
        (const struct resolver_output[]){ [VERIFY_PAYLOAD] = { "payload", OUTPUT_JSON }, { 0 } } },
      false,
      verify_token },
    { { 0 }, false, NULL },
};
