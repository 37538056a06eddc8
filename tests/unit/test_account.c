/*
 * test_account.c - signing up, signing in, and asking what a token says.
 *
 * SPDX-License-Identifier: MIT
 */
#include "event/clock.h"
#include "account_case.h"

#include "account/sign_in.h"

/* --- tokenAuth --- */

static void
test_sign_in(void **state)
{
    struct token_claims token;
    int64_t now = time(NULL), seconds;

    (void)state;
    assert_true(sign_in(STR("ada"), STR("correct horse")));
    assert_string_equal(database.asked, "delay(ada,192.0.2.1) find(ada) succeeded(7,192.0.2.1)");
    assert_int_equal(token_read(arena, &auth, call.outputs[0]->text, now, &token), TOKEN_GOOD);
    assert_true(str_is(token.user_id, "7") && str_is(token.username, "Ada"));
    assert_true(str_is(token.role, "user"));
    assert_in_range(token.issued, now, now + 5);
    assert_int_equal(token.login, token.issued);

    struct str payload = str_format(arena, "{\"username\":\"Ada\",\"exp\":%lld,\"origIat\":%lld}",
                                    (long long)token.expires, (long long)token.login);
    assert_string_equal(json_of(call.outputs[1]), payload.ptr);
    assert_int_equal(call.outputs[2]->kind, VALUE_INT);
    assert_true(str_read_int64(call.outputs[2]->text, &seconds));
    assert_int_equal(seconds, token.login + 1209600);
    assert_null(call.outputs[SESSION_REFRESH_TOKEN]); /* the database has no sessions */
    assert_true(str_is(call.outputs[SIGN_IN_USER]->text, "7"));
    assert_true(str_is(call.viewer.user_id, "7") && str_is(call.viewer.role, "user") &&
                str_is(call.viewer.database_role, "pg_user"));

    database.role = "staff";
    assert_true(sign_in(STR("ada"), STR("correct horse")));
    assert_true(str_is(call.viewer.role, "staff") && str_is(call.viewer.database_role, "pg_staff"));
}

/* The database knows a role that the configuration does not: the operator is told. */
static void
test_sign_in_unknown_role(void **state)
{
    (void)state;
    database.role = "keeper";
    assert_false(sign_in(STR("ada"), STR("correct horse")));
    assert_error(ERROR_INTERNAL, "Internal server error.");

    /* Not before the password is known to be right. */
    assert_false(sign_in(STR("ada"), STR("wrong horse")));
    assert_error(ERROR_UNAUTHENTICATED, "Please enter valid credentials");
}

/* Whatever is wrong: the same answer, after the same questions. */
static void
test_sign_in_refused(void **state)
{
    static const char refusal[] = "Please enter valid credentials";

    (void)state;
    assert_false(sign_in(STR("ada"), STR("wrong horse")));
    assert_error(ERROR_UNAUTHENTICATED, refusal);
    assert_string_equal(database.asked, "delay(ada,192.0.2.1) find(ada) failed(ada,192.0.2.1)");

    assert_false(sign_in(STR("eve"), STR("correct horse")));
    assert_error(ERROR_UNAUTHENTICATED, refusal);
    assert_string_equal(database.asked, "delay(eve,192.0.2.1) find(eve) failed(eve,192.0.2.1)");

    database.is_disabled = "true";
    assert_false(sign_in(STR("ada"), STR("correct horse")));
    assert_error(ERROR_UNAUTHENTICATED, refusal);
    assert_string_equal(database.asked, "delay(ada,192.0.2.1) find(ada) failed(ada,192.0.2.1)");

    database.is_disabled = "false";
    database.hash = NULL;
    assert_false(sign_in(STR("ada"), STR("correct horse")));
    assert_error(ERROR_UNAUTHENTICATED, refusal);
    assert_string_equal(database.asked, "delay(ada,192.0.2.1) find(ada) failed(ada,192.0.2.1)");
}

/* One hash for each login that is tried, whoever it is; none for one that is not. */
static void
test_hashes(void **state)
{
    (void)state;
    assert_true(sign_in(STR("ada"), STR("correct horse")));
    assert_int_equal(hash_count, 1);
    assert_false(sign_in(STR("ada"), STR("wrong horse")));
    assert_int_equal(hash_count, 1);
    assert_false(sign_in(STR("eve"), STR("wrong horse")));
    assert_int_equal(hash_count, 1);
    database.is_disabled = "true";
    assert_false(sign_in(STR("ada"), STR("correct horse")));
    assert_int_equal(hash_count, 1);
    database.hash = NULL;
    assert_false(sign_in(STR("ada"), STR("correct horse")));
    assert_int_equal(hash_count, 1);
    database.delay = "4";
    assert_false(sign_in(STR("ada"), STR("correct horse")));
    assert_int_equal(hash_count, 0);

    assert_true(sign_up(STR("bob"), STR("good pony"), STR("bob@example.com")));
    assert_int_equal(hash_count, 1);
    database.may_create = "60";
    assert_false(sign_up(STR("bob"), STR("good pony"), STR("bob@example.com")));
    assert_int_equal(hash_count, 0);
    database.may_create = NULL; /* as when the name is taken: PostgreSQL refuses */
    assert_false(sign_up(STR("bob"), STR("good pony"), STR("bob@example.com")));
    assert_int_equal(hash_count, 0);
}

/* What can be nobody's is not asked for. */
static void
test_sign_in_impossible(void **state)
{
    char bomb[513];

    (void)state;
    memset(bomb, 'x', sizeof(bomb));
    const struct str usernames[] = {
        STR(""), STR("a b"), STR("ada\0x"), STR("a'b"), { bomb, 151 }
    };
    for (size_t i = 0; i < ARRAY_LENGTH(usernames); i++) {
        assert_false(sign_in(usernames[i], STR("correct horse")));
        assert_error(ERROR_UNAUTHENTICATED, "Please enter valid credentials");
        assert_string_equal(database.asked, "");
    }
    assert_false(sign_in(STR("ada"), (struct str){ bomb, 513 }));
    assert_error(ERROR_UNAUTHENTICATED, "Please enter valid credentials");
    assert_string_equal(database.asked, "");
}

static void
test_sign_in_limited(void **state)
{
    (void)state;
    database.delay = "4";
    assert_false(sign_in(STR("ada"), STR("correct horse")));
    assert_error(ERROR_RATE_LIMITED, "Too many attempts; try again later.");
    assert_int_equal(errors.first->retry_after, 4);
    assert_string_equal(database.asked, "delay(ada,192.0.2.1)");

    /* Others were faster: what the password was is not said, either way. */
    database.delay = "0";
    database.failed = database.succeeded = "900";
    assert_false(sign_in(STR("ada"), STR("correct horse")));
    assert_error(ERROR_RATE_LIMITED, "Too many attempts; try again later.");
    assert_false(sign_in(STR("ada"), STR("wrong horse")));
    assert_error(ERROR_RATE_LIMITED, "Too many attempts; try again later.");
    assert_int_equal(errors.first->retry_after, 900);
}

/* A token that shows who signs in goes to the database: one of this key, that may have expired, not
 * older than a login may be refreshed. */
static void
test_sign_in_shown(void **state)
{
    int64_t now = time(NULL);
    struct token_claims token = {
        .user_id = STR("7"), .username = STR("ada"), .role = STR("user"), .login = now - 1000
    };
    struct token_claims oldest = token, older = token;
    const struct token_key other_key = SECRET_KEY("another key, which is as long as it has to be");
    const struct auth other = { .ring = { &other_key, 1 },
                                .issuer = auth.issuer,
                                .audience = auth.audience,
                                .token_time = 900,
                                .refresh_time = 1209600,
                                .refresh_idle_time = 1209600,
                                .roles = test_roles,
                                .role_count = 2 };

    (void)state;
    struct str shown =
        str_format(arena, "delay(ada,192.0.2.1,7,%lld) find(ada) succeeded(7,192.0.2.1,7,%lld)",
                   (long long)token.login, (long long)token.login);
    request.token = token_issue(arena, &auth, now, &token);
    assert_true(sign_in(STR("ada"), STR("correct horse")));
    assert_string_equal(database.asked, shown.ptr);
    request.token = token_issue(arena, &auth, now - 950, &token);
    assert_true(sign_in(STR("ada"), STR("correct horse")));
    assert_string_equal(database.asked, shown.ptr);
    assert_false(sign_in(STR("ada"), STR("wrong horse")));
    assert_non_null(strstr(database.asked, "failed(ada,192.0.2.1,7,"));

    oldest.login = now - 1209600 + 60;
    request.token = token_issue(arena, &auth, oldest.login, &oldest);
    assert_true(sign_in(STR("ada"), STR("correct horse")));
    assert_non_null(strstr(database.asked, "delay(ada,192.0.2.1,7,"));
    older.login = now - 1209600 - 1;
    const struct str others[] = { token_issue(arena, &auth, older.login, &older),
                                  token_issue(arena, &other, now, &token), STR("x"), STR("a.b.c") };
    for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
        assert_non_null(others[i].ptr);
        request.token = others[i];
        assert_true(sign_in(STR("ada"), STR("correct horse")));
        assert_string_equal(database.asked,
                            "delay(ada,192.0.2.1) find(ada) succeeded(7,192.0.2.1)");
    }
}

static void
test_database_away(void **state)
{
    (void)state;
    database.succeeded = NULL;
    assert_false(sign_in(STR("ada"), STR("correct horse")));
    assert_error(ERROR_SERVICE_UNAVAILABLE, "The database is not available.");
    database.failed = NULL;
    assert_false(sign_in(STR("ada"), STR("wrong horse")));
    assert_error(ERROR_SERVICE_UNAVAILABLE, "The database is not available.");
    database.delay = NULL;
    assert_false(sign_in(STR("ada"), STR("correct horse")));
    assert_error(ERROR_SERVICE_UNAVAILABLE, "The database is not available.");
    database.created = NULL;
    assert_false(sign_up(STR("bob"), STR("good pony"), STR("bob@example.com")));
    assert_error(ERROR_SERVICE_UNAVAILABLE, "The database is not available.");
    database.may_create = NULL;
    assert_false(sign_up(STR("bob"), STR("good pony"), STR("bob@example.com")));
    assert_error(ERROR_SERVICE_UNAVAILABLE, "The database is not available.");
    assert_string_equal(database.asked, "may_create(bob,192.0.2.1,20,3600)");
}

/* A hash of another cost is made anew; the login stands even when that fails. */
static void
test_rehash(void **state)
{
    static const char old[] = "$argon2id$v=19$m=4096,t=3,p=1$"; /* libsodium's least */
    char other[crypto_pwhash_STRBYTES];

    (void)state;
    assert_int_equal(crypto_pwhash_str(other, "correct horse", 13, 3, 4096 * 1024), 0);
    assert_memory_equal(other, old, sizeof(old) - 1);
    database.hash = other;
    assert_true(sign_in(STR("ada"), STR("correct horse")));
    assert_string_equal(database.asked,
                        "delay(ada,192.0.2.1) find(ada) succeeded(7,192.0.2.1) set_hash(7)");
    assert_int_equal(password_verify(&unbound, str_from(database.new_hash), STR("correct horse")),
                     PASSWORD_RIGHT);
    assert_false(password_needs_rehash(str_from(database.new_hash)));
    database.created = NULL;
    assert_true(sign_in(STR("ada"), STR("correct horse")));
    assert_false(sign_in(STR("ada"), STR("wrong horse")));
    assert_string_equal(database.new_hash, "");
}

/* A hash of Django is verified by its own means, and made anew by ours. */
static void
test_foreign_hash(void **state)
{
    static const char django[] =
        "pbkdf2_sha256$1000$saltofpbkdf2$PwpcJFR8Qhd3cIA7lSpr2yHzIjR7QvCTX0WdGxyYXhY=";

    (void)state;
    database.hash = django;
    assert_true(sign_in(STR("ada"), STR("correct horse")));
    assert_int_equal(hash_count, 1); /* the new one */
    assert_string_equal(database.asked,
                        "delay(ada,192.0.2.1) find(ada) succeeded(7,192.0.2.1) set_hash(7)");
    assert_int_equal(password_verify(&unbound, str_from(database.new_hash), STR("correct horse")),
                     PASSWORD_RIGHT);
    assert_false(sign_in(STR("ada"), STR("wrong horse")));
    assert_error(ERROR_UNAUTHENTICATED, "Please enter valid credentials");
    assert_int_equal(hash_count, 0);
    assert_string_equal(database.asked, "delay(ada,192.0.2.1) find(ada) failed(ada,192.0.2.1)");
}

/* One that costs too much, or is of no known kind, costs what a user who is not there does. */
static void
test_refused_hash(void **state)
{
    static const char *const hashes[] = {
        "!",
        "md5$salt$5f4dcc3b5aa765d61d8327deb882cf99",
        "pbkdf2_sha256$1000000000$saltofpbkdf2$PwpcJFR8Qhd3cIA7lSpr2yHzIjR7QvCTX0WdGxyYXhY=",
        "$argon2id$v=19$m=4194304,t=2,p=1$c2FsdG9mYXJnb24y$+W8g3m49vXYEBE+XvAX6gA",
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(hashes); i++) {
        database.hash = hashes[i];
        assert_false(sign_in(STR("ada"), STR("correct horse")));
        assert_error(ERROR_UNAUTHENTICATED, "Please enter valid credentials");
        assert_int_equal(hash_count, 1);
        assert_string_equal(database.asked, "delay(ada,192.0.2.1) find(ada) failed(ada,192.0.2.1)");
    }
}

static void
test_no_key(void **state)
{
    (void)state;
    auth.ring = no_ring;
    assert_false(sign_in(STR("ada"), STR("correct horse")));
    assert_error(ERROR_INTERNAL, "Internal server error.");
}

static void
test_busy(void **state)
{
    struct password_gate gate;

    (void)state;
    assert_true(password_gate_open(&gate, 1));
    gate.slots = gate.queue = 0;
    auth.gate = &gate;
    assert_false(sign_in(STR("ada"), STR("correct horse")));
    assert_error(ERROR_SERVICE_UNAVAILABLE, "Too many passwords are being checked; try again.");
    assert_int_equal(errors.first->retry_after, 2);
    assert_string_equal(database.asked, "delay(ada,192.0.2.1) find(ada)"); /* nothing is counted */
    assert_false(sign_up(STR("bob"), STR("good pony"), STR("bob@example.com")));
    assert_error(ERROR_SERVICE_UNAVAILABLE, "Too many passwords are being checked; try again.");
    assert_string_equal(database.asked, "may_create(bob,192.0.2.1,20,3600) not_created(192.0.2.1)");
    auth.gate = NULL;
    password_gate_close(&gate);
}

/* For a client that has gone nothing is hashed and nothing is counted. */
static void
test_gone(void **state)
{
    (void)state;
    is_gone = true;
    assert_false(sign_in(STR("ada"), STR("correct horse")));
    assert_error(ERROR_SERVICE_UNAVAILABLE, "The client has disconnected.");
    assert_int_equal(hash_count, 0);
    assert_string_equal(database.asked, "delay(ada,192.0.2.1) find(ada)");
    assert_false(sign_up(STR("bob"), STR("good pony"), STR("bob@example.com")));
    assert_error(ERROR_SERVICE_UNAVAILABLE, "The client has disconnected.");
    assert_string_equal(database.asked, "may_create(bob,192.0.2.1,20,3600) not_created(192.0.2.1)");
}

/* --- createUser --- */

static void
test_sign_up(void **state)
{
    (void)state;
    assert_true(sign_up(STR("bob"), STR("good pony"), STR("bob@example.com")));
    assert_string_equal(database.asked, "may_create(bob,192.0.2.1,20,3600) create(bob)");
    assert_int_equal(password_verify(&unbound, str_from(database.new_hash), STR("good pony")),
                     PASSWORD_RIGHT);
    assert_true(str_is(call.outputs[0]->text, "8"));
    assert_true(str_is(call.viewer.user_id, "8") && str_is(call.viewer.role, "user") &&
                str_is(call.viewer.database_role, "pg_user"));
}

static void
test_sign_up_limited(void **state)
{
    (void)state;
    database.may_create = "1200";
    assert_false(sign_up(STR("bob"), STR("good pony"), STR("bob@example.com")));
    assert_error(ERROR_RATE_LIMITED, "Too many attempts; try again later.");
    assert_int_equal(errors.first->retry_after, 1200);
    assert_string_equal(database.asked, "may_create(bob,192.0.2.1,20,3600)");
}

static void
test_sign_up_arguments(void **state)
{
    char many[256];

    (void)state;
    memset(many, 'x', sizeof(many));
    struct str longest = str_format(arena, "a@%.*s", 252, many);
    struct str longer = str_format(arena, "a@%.*s", 253, many);
    const struct {
        struct str username, password, email;
        const char *argument; /* that is refused; NULL: none */
    } cases[] = {
        { { many, 150 }, STR("good pony"), STR("a@b"), NULL },
        { { many, 151 }, STR("good pony"), STR("a@b"), "username" },
        { STR(""), STR("good pony"), STR("a@b"), "username" },
        { STR("aZ09@.+-_"), STR("good pony"), STR("a@b"), NULL },
        { STR("\xC3\xA9t\xC3\xA9"), STR("good pony"), STR("a@b"), NULL },
        { STR("a b"), STR("good pony"), STR("a@b"), "username" },
        { STR(" ab"), STR("good pony"), STR("a@b"), "username" },
        { STR("ab\n"), STR("good pony"), STR("a@b"), "username" },
        { STR("a\0b"), STR("good pony"), STR("a@b"), "username" },
        { STR("a/b"), STR("good pony"), STR("a@b"), "username" },
        { STR("a\"b"), STR("good pony"), STR("a@b"), "username" },
        { STR("a<b"), STR("good pony"), STR("a@b"), "username" },
        { STR("a\x7F"), STR("good pony"), STR("a@b"), "username" },
        { STR("bob"), STR("1234567"), STR("a@b"), "password" },
        { STR("bob-the-builder"), STR("Bob-The-Builder"), STR("a@b"), "password" },
        { STR("bob"), STR("good pony"), longest, NULL },
        { STR("bob"), STR("good pony"), longer, "email" },
        { STR("bob"), STR("good pony"), STR(""), "email" },
        { STR("bob"), STR("good pony"), STR("@"), "email" },
        { STR("bob"), STR("good pony"), STR("a@"), "email" },
        { STR("bob"), STR("good pony"), STR("@b"), "email" },
        { STR("bob"), STR("good pony"), STR("ab"), "email" },
        { STR("bob"), STR("good pony"), STR("a@b@c"), "email" },
        { STR("bob"), STR("good pony"), STR("a b@c"), "email" },
        { STR("bob"), STR("good pony"), STR("a@b\r\nTo: c"), "email" },
        { STR("bob"), STR("good pony"), STR("a@b\0c"), "email" },
    };
    for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
        bool is_done = sign_up(cases[i].username, cases[i].password, cases[i].email);
        if (is_done != !cases[i].argument)
            fail_msg("case %zu", i);
        if (is_done)
            continue;
        assert_int_equal(errors.first->code, ERROR_BAD_USER_INPUT);
        assert_true(str_is(errors.first->argument, cases[i].argument));
        assert_string_equal(database.asked, ""); /* and so not hashed either */
    }
}

/* --- verifyToken --- */

static void
test_verify(void **state)
{
    struct token_claims token = {
        .user_id = STR("7"), .username = STR("ada"), .role = STR("user"), .login = time(NULL) - 1000
    };
    int64_t now = time(NULL);

    (void)state;
    struct str good = token_issue(arena, &auth, now, &token);
    struct str payload = str_format(arena, "{\"username\":\"ada\",\"exp\":%lld,\"origIat\":%lld}",
                                    (long long)token.expires, (long long)token.login);
    assert_true(verify(good));
    assert_string_equal(json_of(call.outputs[0]), payload.ptr);
    assert_string_equal(database.asked, "");
    assert_null(call.viewer.user_id.ptr); /* it signs nobody in */

    /* Without one: that of the request; and an argument counts before it. */
    assert_false(verify(STR_NONE));
    assert_error(ERROR_BAD_USER_INPUT, "Token is required");
    assert_true(str_is(errors.first->argument, "token"));
    request.token = good;
    assert_true(verify(STR_NONE));
    assert_string_equal(json_of(call.outputs[0]), payload.ptr);
    assert_false(verify(STR("x")));
    assert_error(ERROR_TOKEN_INVALID, "Invalid token");
    assert_false(verify(STR("")));
    assert_error(ERROR_TOKEN_INVALID, "Invalid token");
    assert_false(verify(token_issue(arena, &auth, now - 900, &token)));
    assert_error(ERROR_TOKEN_EXPIRED, "Signature has expired");
}

int
main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_sign_in),
        TEST(test_sign_in_unknown_role),
        TEST(test_sign_in_refused),
        TEST(test_hashes),
        TEST(test_sign_in_impossible),
        TEST(test_sign_in_limited),
        TEST(test_sign_in_shown),
        TEST(test_database_away),
        TEST(test_rehash),
        TEST(test_foreign_hash),
        TEST(test_refused_hash),
        TEST(test_no_key),
        TEST(test_busy),
        TEST(test_gone),
        TEST(test_sign_up),
        TEST(test_sign_up_limited),
        TEST(test_sign_up_arguments),
        TEST(test_verify),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
