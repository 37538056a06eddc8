/*
 * test_sensitive.c - which names and values look like secrets.
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/arena.h"
#include "base/error.h"
#include "language/source.h"
#include "catalog/catalog.h"
#include "sensitive/sensitive.h"
#include "tests/unit/unit.h"

static struct arena *arena;

static int
set_up(void **state)
{
    (void)state;
    arena = arena_new("test");
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const char *const secret_names[] = {
    "password",
    "PASSWORD",
    "encrypted_password",
    "passwordHash",
    "user_passwd",
    "pwd",
    "secret",
    "client_secret",
    "secrets",
    "api_key",
    "apiKey",
    "APIKey",
    "apikey",
    "private_key",
    "token",
    "refresh_token",
    "accessToken",
    "OAuthTokenValue",
    "reset_password_code",
    "reset_token",
    "password_digest",
    "digest",
    "hash",
    "file-hash",
    "salt",
    "otp_secret",
    "totp",
    "mfa_code",
    "ssn",
    "customer ssn",
    "iban",
    "card_number",
    "creditCardNumber",
    "cvv",
    "pin",
    "session_id",
    "encrypted_notes",
    "2fa_backup",
    "password_hint",
    "social_security_no",
    "recovery_codes",
    "user.password",
    "\xc3\xa9_token",
};

static const char *const plain_names[] = {
    "",
    "name",
    "passwordless",
    "token_count",
    "hashtag",
    "tokenized",
    "secretary",
    "pinned",
    "spin",
    "assalt",
    "session",
    "session_name",
    "sessions_held",
    "token_type",
    "password_policy",
    "compass",
    "passenger",
    "hash_algorithm",
    "key",
    "primary_key",
    "preset",
    "digestible",
    "card",
    "token_symbol",
    "opinion",
    "secretion",
    "saltwater",
    "pinterest",
    "password_changed_at",
};

static void
test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(secret_names); i++)
        if (!sensitive_name(str_from(secret_names[i])))
            fail_msg("not seen: %s", secret_names[i]);
    for (size_t i = 0; i < ARRAY_LENGTH(plain_names); i++)
        if (sensitive_name(str_from(plain_names[i])))
            fail_msg("taken for a secret: %s", plain_names[i]);
}

/* Names may be as long as PostgreSQL has them, or longer. */
static void
test_long_names(void **state)
{
    char name[400];

    (void)state;
    for (size_t i = 0; i < sizeof(name); i++)
        name[i] = i % 2 ? '_' : 'a';
    assert_null(sensitive_name((struct str){ name, sizeof(name) }));
    for (size_t i = 0; i < sizeof(name); i++)
        name[i] = 'a';
    assert_null(sensitive_name((struct str){ name, sizeof(name) }));
}

static const char *const secret_values[] = {
    "$2b$12$KIXQJ4vZ9fJ0R8nE5bq0Ue",
    "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA",
    "pbkdf2_sha256$600000$abc$def",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
    "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
    "d41d8cd98f00b204e9800998ecf8427e",
    "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709",
    "\\xda39a3ee5e6b4b0d3255bfef95601890afd80709",
    "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "ghp_0123456789abcdefghij0123456789abcdef",
    "AKIAIOSFODNN7EXAMPLE",
    "  {SSHA}WTT3B9Jjr8gOt0Q7WMs9/XvukyhTQj0Ns0jMKQ==",
};

static const char *const plain_values[] = {
    "",
    "hello",
    "eyJ is how JSON begins in Base64",
    "12345678901234567890123456789012",
    "550e8400-e29b-41d4-a716-446655440000",
    "sk-learn is a library of Python",
    "d41d8cd98f00b204e9800998ecf8427",
    "$2 for each",
    "deadbeef",
    "ASIA",
};

static void
test_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LENGTH(secret_values); i++)
        if (!sensitive_value(str_from(secret_values[i])))
            fail_msg("not seen: %s", secret_values[i]);
    for (size_t i = 0; i < ARRAY_LENGTH(plain_values); i++)
        if (sensitive_value(str_from(plain_values[i])))
            fail_msg("taken for a secret: %s", plain_values[i]);
}

static void
test_within(void **state)
{
    (void)state;
    assert_non_null(sensitive_within(STR("{\"a\": [1, \"sk_live_4eC39HqLyjWDarjtT1zdp7dc\"]}")));
    assert_non_null(sensitive_within(STR("{x,d41d8cd98f00b204e9800998ecf8427e}")));
    assert_non_null(sensitive_within(STR("{\"p\":\"{SSHA}WTT3B9Jjr8gOt0Q7WMs9/XvukyhTQj0\"}")));
    assert_non_null(sensitive_within(STR("<k>-----BEGIN PRIVATE KEY-----</k>")));
    assert_null(sensitive_within(STR("{\"a\": [1, \"plain\"], \"b\": null}")));
    assert_null(sensitive_within(STR("{}")));
    assert_null(sensitive_within(STR("")));
}

static const char tables[] = "table users\n"
                             "column id integer not null\n"
                             "column pin integer\n"
                             "column token integer\n"
                             "column reset_sent_at timestamp with time zone\n"
                             "column secret boolean\n"
                             "column password text\n"
                             "column visit text\n"
                             "column token_id integer\n"
                             "primary key id\n"
                             "foreign key visit references web_sessions sid\n"
                             "foreign key token_id references users id\n"
                             "table web_sessions\n"
                             "column sid text not null\n"
                             "column data jsonb\n"
                             "primary key sid\n"
                             "table sessions\n"
                             "column id integer not null\n"
                             "column speaker text\n"
                             "primary key id\n"
                             "table api_keys\n"
                             "column id integer not null\n"
                             "table schema_migrations\n"
                             "column version text\n"
                             "table token_types\n"
                             "column id integer\n";

static const struct catalog *
catalog(void)
{
    struct errors errors = { .arena = arena };
    struct source *source = ARENA_NEW(arena, struct source);
    *source = (struct source){ .name = STR("test.catalog"), .text = str_from(tables) };
    const struct catalog *c = catalog_parse(arena, source, &errors);

    if (!c)
        fail_msg("%.*s", STR_PRINT(errors.first->message));
    return c;
}

static bool
is_sensitive(const struct table *table, const char *column)
{
    return sensitive_column(table, table_find_column(table, str_from(column))) != NULL;
}

static void
test_columns(void **state)
{
    const struct table *users = catalog_find_table(catalog(), STR("users"));

    (void)state;
    assert_true(is_sensitive(users, "pin"));
    assert_true(is_sensitive(users, "password"));
    assert_true(is_sensitive(users, "visit")); /* the key of what signs in */
    assert_false(is_sensitive(users, "token"));
    assert_false(is_sensitive(users, "reset_sent_at"));
    assert_false(is_sensitive(users, "secret"));
    assert_false(is_sensitive(users, "token_id"));
    assert_false(is_sensitive(users, "id"));
}

static void
test_tables(void **state)
{
    const struct catalog *c = catalog();

    (void)state;
    assert_non_null(sensitive_table(catalog_find_table(c, STR("web_sessions"))));
    assert_non_null(sensitive_table(catalog_find_table(c, STR("api_keys"))));
    assert_non_null(sensitive_table(catalog_find_table(c, STR("schema_migrations"))));
    assert_null(sensitive_table(catalog_find_table(c, STR("sessions"))));
    assert_null(sensitive_table(catalog_find_table(c, STR("token_types"))));
    assert_null(sensitive_table(catalog_find_table(c, STR("users"))));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_within),
        cmocka_unit_test_setup_teardown(test_columns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_tables, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
