/*
 * sensitive_name.c - which names say that there are secrets.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sensitive/sensitive.h"

#include "catalog/catalog.h"

enum { WORDS = 16, WORD_LENGTH = 31 };

/* A name as words in lower case, without the rest of a very long one. */
struct words {
    char text[WORDS][WORD_LENGTH + 1];
    int count;
};

/* Words that follow each other in a name. */
struct sensitive_words {
    const char *words; /* separated by a space */
    const char *what;
    bool may_be_number;
};

static const struct sensitive_words sensitive_words[] = {
    { "password", "a password, by its name", false },
    { "passwd", "a password, by its name", false },
    { "passwort", "a password, by its name", false },
    { "passphrase", "a password, by its name", false },
    { "passcode", "a password, by its name", true },
    { "pwd", "a password, by its name", false },
    { "pass", "a password, by its name", false },
    { "secret", "a secret, by its name", false },
    { "credential", "a secret, by its name", false },
    { "token", "a token, by its name", false },
    { "jwt", "a token, by its name", false },
    { "csrf", "a token, by its name", false },
    { "session id", "a session, by its name", false },
    { "session key", "a session, by its name", false },
    { "session data", "a session, by its name", false },
    { "session cookie", "a session, by its name", false },
    { "api key", "a key, by its name", false },
    { "private key", "a key, by its name", false },
    { "access key", "a key, by its name", false },
    { "signing key", "a key, by its name", false },
    { "encryption key", "a key, by its name", false },
    { "auth key", "a key, by its name", false },
    { "hash", "a hash, by its name", false },
    { "digest", "a hash, by its name", false },
    { "hmac", "a hash, by its name", false },
    { "salt", "a hash, by its name", false },
    { "encrypted", "something encrypted, by its name", false },
    { "crypted", "something encrypted, by its name", false },
    { "ciphertext", "something encrypted, by its name", false },
    { "reset", "a way to reset a password, by its name", false },
    { "recovery code", "a way to reset a password, by its name", true },
    { "recovery key", "a way to reset a password, by its name", false },
    { "backup code", "a second factor, by its name", true },
    { "verification code", "a second factor, by its name", true },
    { "confirmation code", "a second factor, by its name", true },
    { "security code", "a second factor, by its name", true },
    { "security answer", "a second factor, by its name", false },
    { "otp", "a second factor, by its name", true },
    { "totp", "a second factor, by its name", true },
    { "mfa", "a second factor, by its name", true },
    { "2fa", "a second factor, by its name", true },
    { "pin", "a second factor, by its name", true },
    { "ssn", "a number of a person, by its name", true },
    { "social security", "a number of a person, by its name", true },
    { "passport number", "a number of a person, by its name", true },
    { "iban", "a number of an account, by its name", true },
    { "account number", "a number of an account, by its name", true },
    { "routing number", "a number of an account, by its name", true },
    { "card number", "a number of a card, by its name", true },
    { "credit card", "a number of a card, by its name", true },
    { "cc number", "a number of a card, by its name", true },
    { "cvv", "a number of a card, by its name", true },
    { "cvc", "a number of a card, by its name", true },
};

/* As people write several words without anything between. */
static const struct {
    const char *word, *split;
} joined_words[] = {
    { "apikey", "api key" },
    { "apitoken", "api token" },
    { "accesskey", "access key" },
    { "accesstoken", "access token" },
    { "authkey", "auth key" },
    { "authtoken", "auth token" },
    { "cardnumber", "card number" },
    { "ccnumber", "cc number" },
    { "creditcard", "credit card" },
    { "passwordhash", "password hash" },
    { "passwordsalt", "password salt" },
    { "privatekey", "private key" },
    { "refreshtoken", "refresh token" },
    { "resettoken", "reset token" },
    { "secretkey", "secret key" },
    { "sessionid", "session id" },
    { "sessionkey", "session key" },
    { "sessiontoken", "session token" },
};

/* A last word that says: this is only about it. */
static const struct str harmless_ends =
    STR_INIT("algo algorithm at attempt by color colour count date enabled expire expiry "
             "failure flag frequency kind label length limit method name on policy required size "
             "state status symbol time title type until version");

static bool
is_letter(char c, char first, char last)
{
    return c >= first && c <= last;
}

/* `APIKey` is two words: an upper-case letter begins one behind a lower-case letter or a digit,
 * and in front of a lower-case letter. */
static bool
begins_word(struct str name, size_t i)
{
    bool is_upper = is_letter(name.ptr[i], 'A', 'Z');

    if (!is_upper || i == 0)
        return false;
    return !is_letter(name.ptr[i - 1], 'A', 'Z') ||
           (i + 1 < name.len && is_letter(name.ptr[i + 1], 'a', 'z'));
}

static bool
is_of_word(char c)
{
    return is_letter(c, 'a', 'z') || is_letter(c, 'A', 'Z') || str_is_digit(c) || (c & 0x80);
}

/* Add a word, or the words that it is made of. */
static void
add_word(struct words *words, const char *word, size_t len)
{
    struct str rest = { word, len }, part;

    for (size_t i = 0; i < ARRAY_LENGTH(joined_words); i++)
        if (str_is(rest, joined_words[i].word)) {
            rest = str_from(joined_words[i].split);
            break;
        }
    while (words->count < WORDS && str_next_word(&rest, &part)) {
        char *to = words->text[words->count++];
        for (size_t i = 0; i < part.len; i++)
            to[i] = part.ptr[i];
        to[part.len] = '\0';
    }
}

static void
split_name(struct words *words, struct str name)
{
    char word[WORD_LENGTH];
    size_t len = 0;

    words->count = 0;
    for (size_t i = 0; i <= name.len; i++) {
        bool is_end = i == name.len || !is_of_word(name.ptr[i]);
        if ((is_end || begins_word(name, i)) && len > 0) {
            add_word(words, word, len);
            len = 0;
        }
        if (!is_end && len < WORD_LENGTH)
            word[len++] =
                is_letter(name.ptr[i], 'A', 'Z') ? (char)(name.ptr[i] | 0x20) : name.ptr[i];
    }
}

/* Is it the word, or its plural? */
static bool
is_word(const char *text, struct str word)
{
    struct str s = str_from(text);

    if (str_equal(s, word))
        return true;
    if (s.len < word.len || !str_starts_with(s, word))
        return false;
    s.ptr += word.len;
    s.len -= word.len;
    return str_is(s, "s") || str_is(s, "es");
}

/* Are the words one behind the other in the name? */
static bool
has_words(const struct words *words, const char *wanted)
{
    for (int i = 0; i < words->count; i++) {
        struct str rest = str_from(wanted), word;
        int j = i;
        while (str_next_word(&rest, &word) && j < words->count && is_word(words->text[j], word))
            j++;
        if (word.len == 0)
            return true;
    }
    return false;
}

/* `token_count` counts tokens. */
static bool
is_only_about(const struct words *words)
{
    struct str rest = harmless_ends, end;

    while (words->count > 1 && str_next_word(&rest, &end))
        if (is_word(words->text[words->count - 1], end))
            return true;
    return false;
}

static const struct sensitive_words *
find_words(struct str name)
{
    struct words words;

    split_name(&words, name);
    if (is_only_about(&words))
        return NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(sensitive_words); i++)
        if (has_words(&words, sensitive_words[i].words))
            return &sensitive_words[i];
    return NULL;
}

const char *
sensitive_name(struct str name)
{
    const struct sensitive_words *found = find_words(name);

    return found ? found->what : NULL;
}

static bool
is_number(enum column_kind kind)
{
    switch (kind) {
    case COLUMN_INT2:
    case COLUMN_INT4:
    case COLUMN_INT8:
    case COLUMN_FLOAT4:
    case COLUMN_FLOAT8:
    case COLUMN_NUMERIC:
    case COLUMN_OID:
    case COLUMN_MONEY:
        return true;
    default:
        return false;
    }
}

/* Kinds that no secret has. */
static bool
is_harmless(enum column_kind kind)
{
    switch (kind) {
    case COLUMN_BOOLEAN:
    case COLUMN_DATE:
    case COLUMN_TIME:
    case COLUMN_TIMETZ:
    case COLUMN_TIMESTAMP:
    case COLUMN_TIMESTAMPTZ:
    case COLUMN_INTERVAL:
    case COLUMN_ENUM:
        return true;
    default:
        return false;
    }
}

/* What the column refers to; NULL: nothing.  A key of several columns is looked at in this one. */
static const struct column *
referred(const struct table *table, const struct column *column, const struct table **to)
{
    for (int i = 0; i < table->foreign_key_count; i++)
        for (int j = 0; j < table->foreign_keys[i].count; j++)
            if (table->foreign_keys[i].from_columns[j] == column) {
                *to = table->foreign_keys[i].to;
                return table->foreign_keys[i].to_columns[j];
            }
    return NULL;
}

static const char *
judge_column(const struct column *column)
{
    const struct sensitive_words *found =
        is_harmless(column->kind) ? NULL : find_words(column->name);

    return found && (found->may_be_number || !is_number(column->kind)) ? found->what : NULL;
}

const char *
sensitive_column(const struct table *table, const struct column *column)
{
    const struct table *to;
    const struct column *target = referred(table, column, &to);

    if (!target)
        return judge_column(column);
    if (is_number(target->kind))
        return NULL;
    /* The key of a session may be what signs in. */
    return judge_column(target) ? judge_column(target) : sensitive_table(to);
}

/* --- tables --- */

/* What frameworks keep for themselves, or to let users in. */
static const struct str framework_tables =
    STR_INIT("schema_migrations ar_internal_metadata django_migrations django_session "
             "django_admin_log django_content_type auth_permission auth_group_permissions "
             "auth_user_user_permissions knex_migrations knex_migrations_lock _prisma_migrations "
             "sequelizemeta alembic_version flyway_schema_history databasechangelog "
             "databasechangeloglock schema_version goose_db_version gorp_migrations migrations "
             "doctrine_migration_versions phinxlog __efmigrationshistory linnet_migrations "
             "linnet_requests password_resets password_reset_tokens personal_access_tokens "
             "oauth_access_grants oauth_access_tokens oauth_refresh_tokens oauth_auth_codes "
             "oauth_applications oauth_clients failed_jobs delayed_jobs sessions_store");

/* Words that a table of secrets has in its name; `sessions` may be of a conference. */
static const char *const secret_tables[] = {
    "token",  "api key",  "private key", "access key", "credential",
    "secret", "password", "otp",         "mfa",
};

static const struct str session_columns =
    STR_INIT("data session_data sess sid session_key session_token token payload ip_address "
             "user_agent expire expires expires_at expire_date last_activity");

static bool
is_of_sessions(const struct table *table)
{
    for (int i = 0; i < table->column_count; i++)
        if (str_has_word(session_columns, table->columns[i].name))
            return true;
    return false;
}

static bool
is_known_table(struct str name)
{
    struct str rest = framework_tables, word;

    while (str_next_word(&rest, &word))
        if (str_equal_nocase(word, name))
            return true;
    return false;
}

const char *
sensitive_table(const struct table *table)
{
    struct words words;

    if (is_known_table(table->local_name))
        return "a table of a framework, by its name";
    split_name(&words, table->local_name);
    if (is_only_about(&words))
        return NULL;
    for (size_t i = 0; i < ARRAY_LENGTH(secret_tables); i++)
        if (has_words(&words, secret_tables[i]))
            return "a table of secrets, by its name";
    if (has_words(&words, "session") && is_of_sessions(table))
        return "a table of sessions, by its name and columns";
    return NULL;
}
