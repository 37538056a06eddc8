/*
 * load.c - what commands and workers load: files, the contract, the catalog.
 *
 * SPDX-License-Identifier: MIT
 */
#include "load/load.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "language/source.h"
#include "database/db.h"
#include "catalog/audit.h"
#include "catalog/catalog.h"
#include "catalog/catalog_load.h"
#include "codec/cursor.h"
#include "binder_base/trust.h"
#include "contract/contract.h"
#include "contract/contract_orders.h"
#include "contract/contract_roles.h"
#include "trial/trial.h"
#include "execution/resolver.h"
#include "account/account.h"
#include "account/subject.h"
#include "auth/auth_settings.h"
#include "config/config.h"
#include "load/load_file.h"
#include "load/load_issuers.h"

static const char catalog_suffix[] = ".catalog";

/* Bytes that are read at once. */
enum { PIECE = 16384 };

static bool
read_all(FILE *in, struct buf *b)
{
    size_t got;
    do {
        got = fread(buf_reserve(b, PIECE), 1, PIECE, in);
        buf_advance(b, got);
    } while (got > 0);
    return !ferror(in) && !b->failed;
}

/* False, with errno set. */
static bool
read_text(struct arena *a, const char *path, struct str *text)
{
    FILE *in = path ? fopen(path, "re") : stdin;
    struct buf b = { 0 };
    bool is_read = in && read_all(in, &b);
    int error = errno;

    if (is_read)
        *text = buf_copy(a, &b);
    if (in && path)
        fclose(in);
    buf_free(&b);
    errno = error;
    return is_read;
}

bool
load_text(struct arena *a, const char *path, struct str *text)
{
    const char *file = path && strcmp(path, "-") != 0 ? path : NULL;
    bool is_read = read_text(a, file, text);

    if (!is_read)
        fprintf(stderr, "%s: %s\n", file ? file : "standard input", strerror(errno));
    return is_read;
}

bool
load_text_or_log(struct arena *a, const char *path, struct str *text)
{
    bool is_read = read_text(a, path, text);

    if (!is_read)
        log_error("%s: %s", path, strerror(errno));
    return is_read;
}

void
load_complain(FILE *out, const char *file, const struct errors *errors)
{
    for (const struct error *e = errors->first; e; e = e->next) {
        const char *sort = e->is_note ? "note: " : "";
        if (e->places)
            fprintf(out, "%s:%u:%u: %s%.*s\n", file, e->places->line, e->places->column, sort,
                    STR_PRINT(e->message));
        else
            fprintf(out, "%s: %s%.*s\n", file, sort, STR_PRINT(e->message));
    }
}

void
load_log_misfits(const char *file, const struct errors *errors)
{
    for (const struct error *e = errors->first; e; e = e->next)
        if (!e->is_note && e->places)
            log_error("%s:%u:%u: %.*s", file, e->places->line, e->places->column,
                      STR_PRINT(e->message));
        else if (!e->is_note)
            log_error("%.*s", STR_PRINT(e->message));
}

struct contract *
load_contract(struct arena *a, const struct config *config, FILE *out)
{
    struct str text;
    if (!load_text(a, config->contract, &text))
        return NULL;
    struct errors errors = { .arena = a };
    struct contract *contract = contract_build(a, str_from(config->contract), text, &errors);
    bool is_built = contract && load_views(a, config, contract, &errors);
    if (!is_built)
        load_complain(out, config->contract, &errors);
    return is_built ? contract : NULL;
}

bool
load_views(struct arena *a, const struct config *config, struct contract *contract,
           struct errors *errors)
{
    struct str rest = str_from(config->roles);
    struct str *names = ARENA_ARRAY(a, struct str, rest.len);
    struct config_role role;
    int count = 0;

    while (config_next_role(&rest, &role))
        names[count++] = role.name;
    return contract_roles_build(a, contract, names, count, errors);
}

bool
load_bind(struct arena *a, const struct config *config, struct contract *contract,
          const struct catalog *catalog, struct errors *errors)
{
    return contract_bind(a, contract, catalog, resolver_signatures(a, account_resolvers), errors) &&
           contract_orders_fit(contract, config->limits.order_terms, errors);
}

bool
load_has_single_role(const struct config *config)
{
    return !*config->role;
}

void
load_roles(struct arena *a, const struct config *config, struct auth *auth)
{
    const char *const fallbacks[] = { config->role_user, config->role_staff };
    struct str rest = str_from(config->roles);
    struct config_role role;
    struct auth_role *roles = ARENA_ARRAY(a, struct auth_role, rest.len);
    int count = 0;

    while (config_next_role(&rest, &role)) {
        const char *fallback = fallbacks[count > 0];
        struct str database_role = role.database_role.ptr ? role.database_role
                                   : *fallback            ? str_from(fallback)
                                                          : STR_NONE;
        roles[count++] =
            (struct auth_role){ role.name,
                                load_has_single_role(config) ? STR_NONE : database_role };
    }
    auth->roles = roles;
    auth->role_count = count;
}

static bool
load_user_key(const struct config *config, struct auth *auth)
{
    struct str name = str_from(config->user_key);
    enum column_kind kind = column_kind_find(name);

    if (name.len == 0)
        return true;
    auth->user_key = (struct column_type){ .name = name, .kind = kind };
    if (kind != COLUMN_OTHER && kind != COLUMN_ENUM && kind != COLUMN_ARRAY)
        return true;
    log_error(
        "user_key must be a type of PostgreSQL by its full name, such as integer, bigint, uuid "
        "or text");
    return false;
}

/* The keys of tokens: the one that signs, then those that only verify. */
static bool
load_ring(struct arena *a, const struct config *config, struct ring *ring)
{
    struct str paths = str_format(a, "%s %s", config->key_file, config->old_key_files), path;
    struct token_key *keys = ARENA_ARRAY(a, struct token_key, paths.len);
    struct str message;

    ring->keys = keys;
    while (str_next_word(&paths, &path)) {
        const struct token_key *key = token_key_read(a, str_copy_c(a, path), &message);
        if (!key) {
            log_error("%.*s", STR_PRINT(message));
            return false;
        }
        keys[ring->count++] = *key;
    }
    if (ring->count > 0 && (!*config->key_file || !token_key_may_sign(&keys[0]))) {
        log_error("key_file must name a key that can sign tokens: a secret or a private key");
        return false;
    }
    return true;
}

static bool
load_password_rules(struct arena *a, const struct config *config, struct password_rules *rules)
{
    const char *words = config->password_rules;
    struct str message;

    *rules = (struct password_rules){ .least = config->password_length,
                                      .may_be_similar = !config_has_word(words, STR("similar")),
                                      .may_be_common = !config_has_word(words, STR("common")),
                                      .may_be_numeric = !config_has_word(words, STR("numeric")) };
    if (!*config->password_list ||
        password_rules_read_list(a, config->password_list, &rules->list, &message))
        return true;
    log_error("%.*s", STR_PRINT(message));
    return false;
}

/* A secret for cursors, which must not be tokens; NULL after saying why not. */
static const struct token_key *
read_cursor_key(struct arena *a, const struct ring *ring, struct str path)
{
    struct str message;
    const struct token_key *key = token_key_read(a, str_copy_c(a, path), &message);

    if (!key) {
        log_error("%.*s", STR_PRINT(message));
        return NULL;
    }
    bool is_good = key->algorithm == TOKEN_KEY_HS256;
    for (int i = 0; i < ring->count; i++)
        is_good &= !token_key_equal(&ring->keys[i], key);
    if (!is_good)
        log_error("cursor_key_file must name a secret that is not a key of tokens");
    return is_good ? key : NULL;
}

/* Cursors must not be broken by another key of tokens: they have secrets of their own. */
static bool
load_cursor_keys(struct arena *a, const struct config *config, struct auth *auth)
{
    struct str paths =
                   str_format(a, "%s %s", config->cursor_key_file, config->old_cursor_key_files),
               path;
    struct cursor_key *keys = ARENA_ARRAY(a, struct cursor_key, paths.len);

    if (!*config->cursor_key_file && *config->old_cursor_key_files) {
        log_error("old_cursor_key_files needs a cursor_key_file");
        return false;
    }
    auth->cursor_keys.list = keys;
    while (str_next_word(&paths, &path)) {
        const struct token_key *key = read_cursor_key(a, &auth->ring, path);
        if (!key)
            return false;
        if (auth->cursor_keys.count == 0)
            auth->cursor_key = key;
        keys[auth->cursor_keys.count++] = cursor_key_derive(key->secret);
    }
    return true;
}

bool
load_auth(struct arena *a, const struct config *config, struct auth *auth)
{
    *auth = (struct auth){
        .issuer = str_from(config->issuer),
        .audience = str_from(config->audience),
        .token_time = config->token_time,
        .refresh_time = config->refresh_time,
        .refresh_idle_time = config->refresh_idle_time,
        .sign_ups = config->sign_ups,
        .sign_up_time = config->sign_up_time,
    };
    load_roles(a, config, auth);
    if (!load_user_key(config, auth) || !load_password_rules(a, config, &auth->password_rules))
        return false;
    return load_ring(a, config, &auth->ring) && load_cursor_keys(a, config, auth) &&
           load_issuers(a, config, auth);
}

/* The same as a JSON array, with the role of everybody; `[]` in single-role mode. */
static struct str
roles_json(struct arena *a, const struct config *config)
{
    struct buf *b = buf_new(a);
    struct auth auth = { 0 };

    if (load_has_single_role(config))
        return STR("[]");
    buf_byte(b, '[');
    json_write_string(b, str_from(config->role));
    load_roles(a, config, &auth);
    for (int i = 0; i < auth.role_count; i++)
        if (auth.roles[i].database_role.ptr) {
            buf_byte(b, ',');
            json_write_string(b, auth.roles[i].database_role);
        }
    buf_byte(b, ']');
    return buf_str(b);
}

const struct audit *
load_findings(struct arena *a, const struct config *config, const struct contract *contract,
              struct db *db, bool is_script_wanted, struct str *message)
{
    const struct trust trust = trust_collect(a, contract->schema);
    const struct audit_scope scope = { .has_single_role = load_has_single_role(config),
                                       .roles = roles_json(a, config),
                                       .for_all = trust.for_all,
                                       .trusted = trust.functions,
                                       .is_script_wanted = is_script_wanted };

    return audit_run(a, db, &scope, message);
}

bool
load_audit(struct arena *a, const struct config *config, const struct contract *contract,
           struct db *db)
{
    struct str message;
    const struct audit *audit = load_findings(a, config, contract, db, false, &message);

    if (!audit) {
        log_error("the database cannot be audited: %.*s", STR_PRINT(message));
        return false;
    }
    for (const struct audit_finding *finding = audit->first; finding; finding = finding->next)
        if (!finding->is_note)
            log_error("%.*s (linnet check says what to do)", STR_PRINT(finding->message));
    return audit->misfit_count == 0;
}

const char *
load_snapshot_path(struct arena *a, const struct config *config)
{
    struct str contract = str_from(config->contract);
    if (str_ends_with(contract, STR(".graphql")))
        contract.len -= sizeof(".graphql") - 1;
    return str_format(a, "%.*s%s", STR_PRINT(contract), catalog_suffix).ptr;
}

const struct catalog *
load_snapshot(struct arena *a, const struct config *config, const struct contract *contract)
{
    const char *path = load_snapshot_path(a, config);
    struct source source = { .name = str_from(path) };
    struct errors errors = { .arena = a, .maximum = 1 };

    if (load_file(a, path, SIZE_MAX - 1, NULL, &source.text) ||
        !str_ends_with(source.text, STR(LOAD_SNAPSHOT_END)))
        return NULL;
    const struct catalog *catalog = catalog_parse(a, &source, &errors);
    load_log_misfits(path, &errors);
    return catalog && str_equal(catalog->hash, contract->hash) ? catalog : NULL;
}

/* The contract as the role sees it; NULL: there is none yet. */
static const struct contract *
seen_by(const struct contract *contract, struct str role)
{
    return contract ? contract_seen_by(contract, role) : NULL;
}

/* PostgreSQL's roles: that of everybody, and those of signed-in users; each once for what those who
 * have it see of the contract, which may be NULL. */
static int
list_trial_roles(const struct config *config, const struct auth *auth,
                 const struct contract *contract, struct trial_role *roles)
{
    bool is_single = load_has_single_role(config);
    int count = 0;

    roles[count++] = (struct trial_role){ is_single ? STR_NONE : str_from(config->role), is_single,
                                          seen_by(contract, STR_NONE) };
    for (int i = 0; i < auth->role_count; i++) {
        const struct trial_role role = { auth->roles[i].database_role, true,
                                         seen_by(contract, auth->roles[i].name) };
        bool is_known = !role.name.ptr && role.contract == roles[0].contract;
        for (int j = 0; j < count; j++)
            is_known |= str_equal(roles[j].name, role.name) && roles[j].contract == role.contract;
        if (!is_known)
            roles[count++] = role;
    }
    return count;
}

const struct catalog *
load_catalog(struct arena *a, const struct config *config, struct db *db, struct str *message)
{
    struct auth auth = { 0 };
    int count = 0;

    load_roles(a, config, &auth);
    struct trial_role *roles = ARENA_ARRAY(a, struct trial_role, (size_t)auth.role_count + 1);
    struct str *names = ARENA_ARRAY(a, struct str, (size_t)auth.role_count + 1);
    if (!load_has_single_role(config))
        count = list_trial_roles(config, &auth, NULL, roles);
    for (int i = 0; i < count; i++)
        names[i] = roles[i].name;
    return catalog_load(a, db, names, count, message);
}

/* What the server sends besides documents and C functions. */
static const struct resolver_statement *
list_own_statements(struct arena *a, const struct config *config)
{
    struct resolver_statement *statements = ARENA_ARRAY(a, struct resolver_statement, 3);
    int count = 0;

    statements[count++] = account_before_mutation;
    if (load_issuers_ask(config))
        statements[count++] = (struct resolver_statement){ .sql = subject_sql };
    statements[count] = (struct resolver_statement){ .sql = NULL };
    return statements;
}

bool
load_try(struct arena *a, const struct config *config, const struct contract *contract,
         struct db *db, struct errors *findings, struct str *message)
{
    struct auth auth = { 0 };

    load_roles(a, config, &auth);
    struct trial_role *roles = ARENA_ARRAY(a, struct trial_role, (size_t)auth.role_count + 1);
    const struct trial_options options = { .contract = contract,
                                           .roles = roles,
                                           .role_count =
                                               list_trial_roles(config, &auth, contract, roles),
                                           .statements = list_own_statements(a, config) };

    return trial_run(a, db, &options, findings, message);
}

static const struct catalog *
read_database(struct arena *a, const struct config *config)
{
    const struct db_settings settings = load_settings(config);
    struct db *db = db_open(&settings, NULL);
    if (!db)
        return NULL;
    struct str message;
    const struct catalog *catalog = load_catalog(a, config, db, &message);
    if (!catalog)
        fprintf(stderr, "linnet: cannot read the database's catalog: %.*s\n", STR_PRINT(message));
    db_close(db);
    return catalog;
}

bool
load_binding(struct arena *a, const struct config *config, struct contract *contract)
{
    const struct catalog *catalog = load_snapshot(a, config, contract);
    if (!catalog)
        catalog = read_database(a, config);
    if (!catalog)
        return false;
    struct errors errors = { .arena = a };
    bool is_bound = load_bind(a, config, contract, catalog, &errors);
    if (!is_bound)
        load_complain(stderr, config->contract, &errors);
    return is_bound;
}
