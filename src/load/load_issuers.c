/*
 * load_issuers.c - who else issues tokens, from the configuration and the files that it names.
 *
 * SPDX-License-Identifier: MIT
 */
#include "load/load_issuers.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/log.h"
#include "catalog/catalog.h"
#include "auth/auth_settings.h"
#include "auth/issuer.h"
#include "config/config.h"
#include "jose/jwks.h"
#include "jose/token_key.h"

/* Log a fault of the section; false. */
static bool
refuse(const struct config_issuer *section, const char *option, const char *message)
{
    log_error("[issuer %.*s]: %s %s", STR_PRINT(section->name), option, message);
    return false;
}

/* The words of a list, each without spaces. */
static struct issuer_list
read_list(struct arena *a, const char *text)
{
    struct str rest = str_from(text), word;
    struct str *words = ARENA_ARRAY(a, struct str, rest.len / 2 + 1);
    struct issuer_list list = { words, 0 };

    while (str_next_word(&rest, &word))
        words[list.count++] = word;
    return list;
}

/* The offset of the last `c`, or `s.len`. */
static size_t
find_last(struct str s, char c)
{
    for (size_t i = s.len; i > 0; i--)
        if (s.ptr[i - 1] == c)
            return i - 1;
    return s.len;
}

/* Words of two parts; the first `mark` of a word is between them, or the last.  False when a word
 * lacks one. */
static bool
read_pairs(struct arena *a, const char *text, char mark, bool is_last, struct issuer_pairs *pairs)
{
    struct issuer_list list = read_list(a, text);
    struct issuer_pair *all = ARENA_ARRAY(a, struct issuer_pair, (size_t)list.count);

    for (int i = 0; i < list.count; i++) {
        struct str word = list.words[i];
        size_t at = is_last ? find_last(word, mark) : str_find(word, mark);
        if (at == 0 || at + 1 >= word.len)
            return false;
        all[i] = (struct issuer_pair){ { word.ptr, at }, { word.ptr + at + 1, word.len - at - 1 } };
    }
    *pairs = (struct issuer_pairs){ all, list.count };
    return true;
}

/* Is it a part of the name of a setting, such as PostgreSQL takes? */
static bool
is_setting(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!(c >= 'a' && c <= 'z') && c != '_' && !(i > 0 && str_is_digit(c)))
            return false;
    }
    return name.len <= 40;
}

static bool
read_claim_rules(struct arena *a, const struct config_issuer *section, const struct auth *auth,
                 struct issuer *issuer)
{
    issuer->subject = str_from(section->subject);
    issuer->role = str_from(section->role);
    issuer->lifetime = section->lifetime;
    issuer->trusts_subjects = section->trusted_subjects;
    if (!read_pairs(a, section->require, '=', false, &issuer->required))
        return refuse(section, "require", "must be words such as azp=web");
    if (!read_pairs(a, section->settings, ':', false, &issuer->settings) ||
        issuer->settings.count > TOKEN_SETTINGS)
        return refuse(section, "settings",
                      "must be at most 8 words such as tenant:app_metadata.tenant");
    for (int i = 0; i < issuer->settings.count; i++)
        if (!is_setting(issuer->settings.pairs[i].name))
            return refuse(section, "settings",
                          "must have names of lower-case letters, digits and _");
    if (!read_pairs(a, section->roles, ':', true, &issuer->roles))
        return refuse(section, "roles", "must be words such as admin:staff");
    for (int i = 0; i < issuer->roles.count; i++)
        if (!auth_find_role(auth, issuer->roles.pairs[i].value))
            return refuse(section, "roles", "grants a role that the setting `roles` does not have");
    if ((issuer->roles.count > 0) != (issuer->role.len > 0))
        return refuse(section, "roles", "and role go together");
    return true;
}

/* Is there a key for an algorithm that is accepted? */
static bool
has_key(const struct issuer *issuer)
{
    int count;
    const struct token_key *keys = jwks_keys(issuer->jwks, &count);

    for (int i = 0; i < count; i++)
        if (issuer->algorithms[keys[i].algorithm])
            return true;
    return false;
}

static bool
read_keys(struct arena *a, const struct config_issuer *section, const struct auth *auth,
          struct issuer *issuer)
{
    struct issuer_list names = read_list(a, section->algorithms);
    enum token_key_algorithm algorithm;
    bool has_pairs = false;
    struct str message;

    for (int i = 0; i < names.count; i++) {
        if (!token_key_algorithm_find(names.words[i], &algorithm))
            return refuse(section, "algorithms",
                          "must be one or several of RS256, ES256, EdDSA and HS256");
        issuer->algorithms[algorithm] = true;
        has_pairs |= algorithm != TOKEN_KEY_HS256;
    }
    if (has_pairs != (*section->jwks != '\0'))
        return refuse(section, "jwks", "is needed for RS256, ES256 and EdDSA, and only for these");
    if (issuer->algorithms[TOKEN_KEY_HS256] != (*section->secret_file != '\0'))
        return refuse(section, "secret_file", "is needed for HS256, and only for it");
    if (*section->jwks && !(issuer->jwks = jwks_open(a, section->jwks, &message))) {
        log_error("%.*s", STR_PRINT(message));
        return false;
    }
    if (issuer->jwks && !has_key(issuer))
        return refuse(section, "jwks", "has no key for one of its algorithms");
    if (!*section->secret_file)
        return true;
    issuer->secret = token_key_read(a, section->secret_file, &message);
    if (!issuer->secret) {
        log_error("%.*s", STR_PRINT(message));
        return false;
    }
    if (issuer->secret->algorithm != TOKEN_KEY_HS256)
        return refuse(section, "secret_file", "is not a secret");
    for (int i = 0; i < auth->ring.count; i++)
        if (token_key_equal(&auth->ring.keys[i], issuer->secret))
            return refuse(section, "secret_file", "has a key that verifies our own tokens");
    return true;
}

static bool
read_issuer(struct arena *a, const struct config_issuer *section, const struct auth *auth,
            struct issuer *issuer)
{
    *issuer = (struct issuer){ .name = section->name,
                               .issuer = str_from(section->issuer),
                               .audience = str_from(section->audience_claim),
                               .audiences = read_list(a, section->audience),
                               .types = read_list(a, section->types) };
    if (issuer->issuer.len == 0)
        return refuse(section, "issuer", "is needed");
    if (issuer->audiences.count == 0)
        return refuse(section, "audience", "is needed");
    if (str_equal(issuer->issuer, auth->issuer))
        return refuse(section, "issuer", "is the issuer of our own tokens; use another one");
    for (int i = 0; i < auth->issuer_count; i++)
        if (str_equal(issuer->issuer, auth->issuers[i].issuer))
            return refuse(section, "issuer", "is also in another section");
    return read_claim_rules(a, section, auth, issuer) && read_keys(a, section, auth, issuer);
}

bool
load_issuers(struct arena *a, const struct config *config, struct auth *auth)
{
    int count = 0;

    for (const struct config_issuer *section = config->issuers; section; section = section->next)
        count++;
    struct issuer *issuers = ARENA_ARRAY(a, struct issuer, (size_t)count);
    auth->issuers = issuers;
    auth->issuer_count = 0;
    for (const struct config_issuer *section = config->issuers; section; section = section->next) {
        if (!read_issuer(a, section, auth, &issuers[auth->issuer_count]))
            return false;
        auth->issuer_count++;
    }
    return true;
}

bool
load_issuers_fit(const struct config *config, const struct catalog *catalog, struct errors *errors)
{
    const struct function *function = catalog_find_function(catalog, STR("account_of_subject"));
    bool fits = true;

    for (const struct config_issuer *section = config->issuers; section; section = section->next) {
        if (section->trusted_subjects || (function && function->parameter_count == 2))
            continue;
        errors_add(
            errors, ERROR_INTERNAL,
            "[issuer %.*s] needs the function account_of_subject(issuer, subject), which the "
            "database does not have; create it, or set trusted_subjects = yes.",
            STR_PRINT(section->name));
        fits = false;
    }
    return fits;
}

bool
load_issuers_ask(const struct config *config)
{
    for (const struct config_issuer *section = config->issuers; section; section = section->next)
        if (!section->trusted_subjects)
            return true;
    return false;
}
