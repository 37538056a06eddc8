/*
 * test_session.c - what a refresh asks of the database, and what becomes of the answer.
 *
 * resolver_query() and the rows are made here, so that no PostgreSQL is linked; what the database
 * remembers is tested in tests/sql/sessions.sql.
 *
 * SPDX-License-Identifier: MIT
 */
#include "token_case.h"

#include <time.h>

#include "base/error.h"
#include "value/value.h"
#include "database/db.h"
#include "execution/resolver.h"
#include "account/refresh_token.h"
#include "account/session.h"
#include "auth/auth.h"
#include "auth/token.h"

struct rows {
    int count;
    const char *cells[7];
};

/* What the database answers, and the last statement that it got. */
static struct rows answer;
static bool is_away;
static const char *asked;
static const char *given[9];
static int asked_count;

int
rows_count(const struct rows *rows)
{
    return rows->count;
}

struct str
rows_get(const struct rows *rows, int row, int column)
{
    (void)row;
    return str_from(rows->cells[column]);
}

struct rows *
resolver_query(struct resolver_call *call, const char *sql, int count, const char *const *values)
{
    asked = strstr(sql, "account_");
    asked_count++;
    assert_in_range(count, 0, ARRAY_LENGTH(given));
    for (int i = 0; i < count; i++)
        given[i] = values[i];
    if (!is_away)
        return &answer;
    errors_add(call->errors, ERROR_SERVICE_UNAVAILABLE, "The database is not available.");
    return NULL;
}

struct rows *
resolver_write(struct resolver_call *call, const char *sql, int count, const char *const *values)
{
    return resolver_query(call, sql, count, values);
}

bool
resolver_is_awaited(const struct resolver_call *call)
{
    (void)call;
    return true;
}

static struct auth auth = { .issuer = STR_INIT("linnet"),
                            .audience = STR_INIT("graphql"),
                            .token_time = 900,
                            .refresh_time = 3000,
                            .refresh_idle_time = 2000,
                            .roles = test_roles,
                            .role_count = 2 };
static struct auth_request request = { .auth = &auth };
static struct arena *arena;
static struct errors errors;
static struct resolver_call call;

#define SESSION "7c7f1b5e-0000-4000-8000-000000000001"
static const struct str shown = STR_INIT("0123456789abcdefghijABCDEFGHIJ-_0123456789A");

static int
set_up(void **state)
{
    (void)state;
    arena = arena_new("test");
    auth.ring = test_ring;
    request = (struct auth_request){ .auth = &auth, .has_sessions = true };
    asked = NULL;
    asked_count = 0;
    is_away = false;
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void
set_answer(const char *outcome, const char *role)
{
    const char *login = str_format(arena, "%lld", (long long)time(NULL) - 100).ptr;
    const char *ends = str_format(arena, "%lld", (long long)time(NULL) + 1900).ptr;

    answer = (struct rows){ 1, { outcome, SESSION, "7", "Ada", role, login, ends } };
}

static bool
call_with(bool (*resolve)(struct resolver_call *), struct str token, struct str refresh_token)
{
    struct value *arguments = ARENA_NEW(arena, struct value), **end = &arguments->items;
    struct value texts[] = { { .kind = VALUE_STRING, .text = token },
                             { .kind = VALUE_STRING, .text = refresh_token } };

    arguments->kind = VALUE_OBJECT;
    if (token.ptr)
        end = value_append(arena, arguments, end, &texts[0], STR("token"));
    if (refresh_token.ptr)
        value_append(arena, arguments, end, &texts[1], STR("refreshToken"));
    errors = (struct errors){ .arena = arena };
    call = (struct resolver_call){
        .arena = arena, .context = &request, .arguments = arguments, .errors = &errors
    };
    bool is_done = resolve(&call);
    assert_int_equal(errors.count, is_done ? 0 : 1);
    return is_done;
}

static bool
refresh(struct str token, struct str refresh_token)
{
    return call_with(session_refresh_token, token, refresh_token);
}

static void
assert_error(enum error_code code, const char *message)
{
    assert_string_equal(error_code_name(errors.first->code), error_code_name(code));
    assert_string_equal(errors.first->message.ptr, message);
    for (int i = 0; i < RESOLVER_OUTPUTS; i++)
        assert_null(call.outputs[i]);
}

/* An access token of a session; STR_NONE: of none. */
static struct str
issue(struct str session, int64_t now)
{
    struct token_claims token = { .user_id = STR("7"),
                                  .username = STR("Ada"),
                                  .role = STR("user"),
                                  .session = session,
                                  .login = now };

    return token_issue(arena, &auth, now, &token);
}

/* What was answered is of the session, and says what the database said of its user. */
static void
assert_granted(const char *role)
{
    struct token_claims token;
    int64_t login;

    assert_int_equal(
        token_read(arena, &auth, call.outputs[SESSION_TOKEN]->text, time(NULL), &token),
        TOKEN_GOOD);
    assert_true(str_is(token.session, SESSION) && str_is(token.user_id, "7"));
    assert_true(str_is(token.username, "Ada") && str_is(token.role, role));
    assert_true(str_read_int64(str_from(answer.cells[5]), &login));
    assert_int_equal(token.login, login);
    assert_true(str_is(call.outputs[SESSION_REFRESH_EXPIRES_IN]->text, answer.cells[6]));
}

/* --- refresh tokens --- */

static void
test_refresh_token(void **state)
{
    struct refresh_token one, other;

    (void)state;
    assert_true(refresh_token_make(arena, &one) && refresh_token_make(arena, &other));
    assert_int_equal(one.text.len, REFRESH_TOKEN_LENGTH);
    assert_false(str_equal(one.text, other.text));
    assert_string_equal(refresh_token_hash(arena, one.text), one.hash);
    assert_string_not_equal(one.hash, other.hash);
    /* printf %s 0123456789abcdefghijABCDEFGHIJ-_0123456789A | sha256sum */
    assert_string_equal(refresh_token_hash(arena, shown),
                        "271cd1d2869463702bf68398ea86cafc33accca1a4a1c2953e5517fe1e1d1e04");
    for (size_t len = 0; len < shown.len; len++)
        assert_null(refresh_token_hash(arena, (struct str){ shown.ptr, len }));
    for (int byte = 0; byte < 256; byte++) {
        struct str text = str_copy(arena, shown);
        ((char *)text.ptr)[20] = (char)byte;
        bool is_good = byte && strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789-_",
                                      byte);
        assert_int_equal(refresh_token_hash(arena, text) != NULL, is_good);
    }
}

static void
test_rotated(void **state)
{
    (void)state;
    set_answer("rotated", "staff");
    assert_true(refresh(STR_NONE, shown));
    assert_true(str_starts_with(str_from(asked), STR("account_refresh(")));
    assert_string_equal(given[0], refresh_token_hash(arena, shown));
    assert_granted("staff");
    assert_string_equal(given[1],
                        refresh_token_hash(arena, call.outputs[SESSION_REFRESH_TOKEN]->text));
    assert_string_equal(given[2], "2000");
    assert_string_equal(given[3], "3000");
}

/* The new token that the database was offered counts for nothing: nobody gets it. */
static void
test_shared(void **state)
{
    (void)state;
    set_answer("shared", "user");
    assert_true(refresh(STR_NONE, shown));
    assert_granted("user");
    assert_null(call.outputs[SESSION_REFRESH_TOKEN]);
}

static void
test_refused(void **state)
{
    (void)state;
    set_answer("expired", NULL);
    assert_false(refresh(STR_NONE, shown));
    assert_error(ERROR_TOKEN_EXPIRED, "Refresh token is expired");
    const char *const outcomes[] = { "invalid", "reused", "", "something new", NULL };
    for (int i = 0; outcomes[i]; i++) {
        set_answer(outcomes[i], NULL);
        assert_false(refresh(STR_NONE, shown));
        assert_error(ERROR_TOKEN_INVALID, "Invalid refresh token");
    }
    answer.count = 0;
    assert_false(refresh(STR_NONE, shown));
    assert_error(ERROR_TOKEN_INVALID, "Invalid refresh token");
    is_away = true;
    assert_false(refresh(STR_NONE, shown));
    assert_error(ERROR_SERVICE_UNAVAILABLE, "The database is not available.");
}

/* What cannot be one is not asked for; nor is anything where there are no sessions. */
static void
test_not_asked(void **state)
{
    struct str tokens[] = { STR(""), STR("x"), issue(STR(SESSION), time(NULL)) };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(tokens); i++) {
        assert_false(refresh(STR_NONE, tokens[i]));
        assert_error(ERROR_TOKEN_INVALID, "Invalid refresh token");
        assert_false(call_with(session_revoke_token, STR_NONE, tokens[i]));
        assert_error(ERROR_TOKEN_INVALID, "Invalid refresh token");
    }
    assert_false(refresh(STR_NONE, STR_NONE));
    assert_error(ERROR_BAD_USER_INPUT, "Refresh token is required");
    assert_false(call_with(session_revoke_token, STR_NONE, STR_NONE));
    assert_error(ERROR_BAD_USER_INPUT, "Refresh token is required");
    assert_false(refresh(tokens[2], shown));
    assert_error(ERROR_BAD_USER_INPUT, "Give either `token` or `refreshToken`, not both.");

    request.has_sessions = false;
    assert_false(refresh(STR_NONE, shown));
    assert_error(ERROR_TOKEN_INVALID, "Invalid refresh token");
    assert_false(refresh(tokens[2], STR_NONE));
    assert_error(ERROR_TOKEN_INVALID, "This token belongs to no session and cannot be refreshed.");
    assert_int_equal(asked_count, 0);
}

/* A role that is not configured, or no user: the operator is told. */
static void
test_impossible(void **state)
{
    (void)state;
    set_answer("rotated", "keeper");
    assert_false(refresh(STR_NONE, shown));
    assert_error(ERROR_INTERNAL, "Internal server error.");
    set_answer("rotated", "user");
    answer.cells[2] = NULL;
    assert_false(refresh(STR_NONE, shown));
    assert_error(ERROR_INTERNAL, "Internal server error.");
}

/* --- access tokens --- */

static void
test_by_access_token(void **state)
{
    int64_t now = time(NULL);
    struct str token = issue(STR(SESSION), now);

    (void)state;
    set_answer("refreshed", "user");
    assert_true(refresh(token, STR_NONE));
    assert_true(str_starts_with(str_from(asked), STR("account_refresh_session(")));
    assert_string_equal(given[0], SESSION);
    assert_string_equal(given[1], "7");
    assert_granted("user");
    assert_null(call.outputs[SESSION_REFRESH_TOKEN]);

    /* That of the request, unless another is given. */
    request.token = token;
    assert_true(refresh(STR_NONE, STR_NONE));
    assert_false(refresh(STR("x"), STR_NONE));
    assert_error(ERROR_TOKEN_INVALID, "Invalid token");

    set_answer("expired", NULL);
    assert_false(refresh(token, STR_NONE));
    assert_error(ERROR_TOKEN_EXPIRED, "Refresh has expired");
    set_answer("invalid", NULL);
    assert_false(refresh(token, STR_NONE));
    assert_error(ERROR_TOKEN_INVALID, "Invalid token");

    asked_count = 0;
    assert_false(refresh(issue(STR(SESSION), now - 900), STR_NONE));
    assert_error(ERROR_TOKEN_EXPIRED, "Signature has expired");
    assert_false(refresh(issue(STR_NONE, now), STR_NONE));
    assert_error(ERROR_TOKEN_INVALID, "This token belongs to no session and cannot be refreshed.");
    assert_int_equal(asked_count, 0);
}

/* A login of a server whose clock is ahead, as the database has it, is not in the future. */
static void
test_clock_ahead(void **state)
{
    struct token_claims token;
    int64_t now = time(NULL);

    (void)state;
    set_answer("rotated", "user");
    answer.cells[5] = str_format(arena, "%lld", (long long)now + 3600).ptr;
    assert_true(refresh(STR_NONE, shown));
    assert_int_equal(token_read(arena, &auth, call.outputs[SESSION_TOKEN]->text, now, &token),
                     TOKEN_GOOD);
    assert_int_equal(token.login, token.issued);
}

/* --- cookies, revokeToken, and opening --- */

/* A cookie counts where no argument is given, and what it is exchanged for is one. */
static void
test_cookies(void **state)
{
    struct auth_cookies cookies = { .kinds = {
                                        [AUTH_REFRESH] = { .is_used = true, .came = shown } } };

    (void)state;
    request.cookies = &cookies;
    set_answer("rotated", "user");
    assert_true(refresh(STR_NONE, STR_NONE));
    assert_string_equal(given[0], refresh_token_hash(arena, shown));
    assert_null(call.outputs[SESSION_REFRESH_TOKEN]);
    assert_true(cookies.kinds[AUTH_REFRESH].is_set);
    assert_string_equal(given[1], refresh_token_hash(arena, cookies.kinds[AUTH_REFRESH].text));
    assert_in_range(cookies.kinds[AUTH_REFRESH].seconds, 1890, 1900);
}

static void
test_revoke(void **state)
{
    (void)state;
    answer = (struct rows){ 1, { "1800000000" } };
    assert_true(call_with(session_revoke_token, STR_NONE, shown));
    assert_true(str_starts_with(str_from(asked), STR("account_revoke(")));
    assert_string_equal(given[0], refresh_token_hash(arena, shown));
    assert_true(str_is(call.outputs[SESSION_REVOKED]->text, "1800000000"));
    answer = (struct rows){ 1, { NULL } };
    assert_false(call_with(session_revoke_token, STR_NONE, shown));
    assert_error(ERROR_TOKEN_INVALID, "Invalid refresh token");
}

static bool
open_session(struct resolver_call *with)
{
    struct session_grant grant = { .token = { .user_id = STR("7"), .login = 1000 } };

    if (!session_open(with, STR("$argon2id$verified"), &grant))
        return false;
    if (request.has_sessions) {
        assert_true(str_is(grant.token.session, SESSION));
        assert_true(str_is(grant.token.role, "user"));
        assert_int_equal(grant.ends, 2900);
        assert_string_equal(given[1], refresh_token_hash(arena, grant.refresh_token));
    } else {
        assert_null(grant.token.session.ptr);
        assert_null(grant.refresh_token.ptr);
        assert_int_equal(grant.ends, 3000);
    }
    return true;
}

static void
test_open(void **state)
{
    (void)state;
    request.user_agent = STR("A browser");
    answer = (struct rows){ 1, { SESSION, "2900", "user" } };
    assert_true(call_with(open_session, STR_NONE, STR_NONE));
    assert_string_equal(given[0], "7");
    assert_string_equal(given[2], "A browser");
    assert_string_equal(given[3], "1000");
    assert_string_equal(given[6], "$argon2id$verified");
    request.user_agent = STR_NONE;
    assert_true(call_with(open_session, STR_NONE, STR_NONE));
    assert_null(given[2]);
    answer.cells[2] = "nothing";
    assert_false(call_with(open_session, STR_NONE, STR_NONE));
    assert_error(ERROR_INTERNAL, "Internal server error.");
    answer = (struct rows){ 1, { NULL, "2900", "user" } };
    assert_false(call_with(open_session, STR_NONE, STR_NONE));
    assert_error(ERROR_INTERNAL, "Internal server error.");
    answer = (struct rows){ 0 };
    assert_false(call_with(open_session, STR_NONE, STR_NONE));
    assert_error(ERROR_UNAUTHENTICATED, "Please enter valid credentials");
    request.has_sessions = false;
    assert_true(call_with(open_session, STR_NONE, STR_NONE));
}

/* However long the database takes, the first token lives from the login on. */
static bool
answer_slowly(struct resolver_call *with)
{
    int64_t login = time(NULL) - 5;
    struct session_grant grant = { .token = { .user_id = STR("7"),
                                              .username = STR("Ada"),
                                              .role = STR("user"),
                                              .login = login,
                                              .issued = login } };
    struct token_claims token;

    assert_true(session_open(with, STR("$argon2id$verified"), &grant) &&
                session_answer(with, &grant));
    assert_int_equal(token_read(arena, &auth, with->outputs[SESSION_TOKEN]->text, login, &token),
                     TOKEN_GOOD);
    assert_int_equal(token.issued, login);
    assert_int_equal(token.expires - token.login, 900);
    return true;
}

static void
test_one_moment(void **state)
{
    (void)state;
    answer = (struct rows){ 1, { SESSION, "2900", "user" } };
    assert_true(call_with(answer_slowly, STR_NONE, STR_NONE));
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_refresh_token),   TEST(test_rotated),     TEST(test_shared),
        TEST(test_refused),         TEST(test_not_asked),   TEST(test_impossible),
        TEST(test_by_access_token), TEST(test_clock_ahead), TEST(test_cookies),
        TEST(test_revoke),          TEST(test_open),        TEST(test_one_moment),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
