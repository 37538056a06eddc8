/*
 * config.h - every setting of the program, from one table.
 *
 * A setting is an option `--listen S`, a variable LINNET_LISTEN or a line
 * `listen = S` of the file, and holds in this order; below them is the default.
 * The bounds on hostile input are settings too: `limit_body` and so on, from
 * base/limits.h.  docs/configuration.md is printed from the table
 * (config_print.c).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>

#include "base/limits.h"
#include "base/str.h"

enum config_mode { MODE_DEVELOPMENT, MODE_PRODUCTION };

/* Who may ask for the schema, in production. */
enum config_introspection {
    INTROSPECTION_OFF,  /* nobody */
    INTROSPECTION_ON,   /* everybody */
    INTROSPECTION_USER, /* signed-in users */
    INTROSPECTION_STAFF /* users whose role is not the first of `roles` */
};

/* What becomes of requests for documents that are not trusted. */
enum config_documents_only {
    DOCUMENTS_ANY,    /* they are answered */
    DOCUMENTS_LOGGED, /* and logged */
    DOCUMENTS_TRUSTED /* they are refused, and logged */
};

/* Which requests may set cookies, and by which names. */
enum config_cookie_secure {
    COOKIE_SECURE_AUTO, /* over https, or over http on this machine */
    COOKIE_SECURE_ON    /* all: somebody in front does https, and does not say so */
};

/* Whether browsers that open the endpoint get GraphiQL. */
enum config_graphiql { GRAPHIQL_AUTO /* in development */, GRAPHIQL_ON, GRAPHIQL_OFF };

/* In development: whether what changes is taken up by itself. */
enum config_watch { WATCH_OFF, WATCH_ON };

/* What stands between us and PostgreSQL (database/db_settings.h). */
enum config_pooler { POOLER_NONE, POOLER_SESSION, POOLER_TRANSACTION };

/* Whether statements are prepared once, under names. */
enum config_prepared { PREPARED_OFF, PREPARED_ON };

/* The file that is read from the current folder when no other is named. */
#define CONFIG_FILE "linnet.conf"

/* clang-format off */

/*  member, type, default, least, most, sentence.  Least and most bound the bytes of a text or
 *  path, or the value of a number; the default of a choice is one of its words. */
#define CONFIG_OPTIONS(X)                                                                          \
    X(config, PATH, "", 0, 4095,                                                                   \
      "The configuration file. Default: `linnet.conf` in the current folder, if there is one.")    \
    X(listen, PATH, "", 0, 107,                                                                    \
      "The Unix socket that the web server connects to. Not needed when a listening socket is "    \
      "inherited.")                                                                                \
    X(socket_group, TEXT, "", 0, 64,                                                               \
      "The group that may connect to the socket. Empty: the group of the process.")                \
    X(user, TEXT, "", 0, 64,                                                                       \
      "The user of the workers, when root starts the server. `linnet serve` as root refuses to "   \
      "start without it.")                                                                         \
    X(workers, NUMBER, "0", 0, 1024,                                                               \
      "The number of worker processes. 0: one per core, and at least two. If the socket is "       \
      "descriptor 0, 0 means one, since a process manager then starts several.")                   \
    X(connections, NUMBER, "4", 1, 64,                                                             \
      "How many connections to PostgreSQL a worker opens at most. Each request has one of them "   \
      "for itself, or shares it with other cheap queries. Every worker has one connection more "   \
      "for signing up and in.")                                                                    \
    X(database, TEXT, "", 0, 4096,                                                                 \
      "The connection string for libpq. What it leaves out has libpq's own defaults.")             \
    X(pooler, POOLER, "none", 0, 0,                                                                \
      "What is between the server and PostgreSQL. `none`: nothing. `session`: a pooler that "      \
      "gives our connection to nobody else as long as we have it. `transaction`: a pooler that "   \
      "may give it to others after each transaction, so that nothing is set for longer than a "    \
      "transaction. See poolers.md.")                                                              \
    X(prepared, PREPARED, "on", 0, 0,                                                              \
      "`on`: PostgreSQL prepares a statement once for each connection. `off`: it prepares a "      \
      "statement each time, for poolers that cannot keep prepared statements, such as PgBouncer "  \
      "before 1.21.")                                                                              \
    X(owner, TEXT, "", 0, 63,                                                                      \
      "PostgreSQL's role as which `linnet user` and `linnet import` log in: the owner of the "     \
      "tables. Empty: the role of `database`.")                                                    \
    X(role, TEXT, "linnet_anon", 0, 63,                                                            \
      "PostgreSQL's role for requests that are not signed in. Empty: roles are never switched "    \
      "(single-role mode).")                                                                       \
    X(role_user, TEXT, "linnet_user", 0, 63,                                                       \
      "PostgreSQL's role for requests of signed-in users.")                                        \
    X(role_staff, TEXT, "linnet_staff", 0, 63,                                                     \
      "PostgreSQL's role for requests of users whose role is not the first of `roles`.")           \
    X(roles, ROLES, "user staff", 1, 1023,                                                         \
      "The roles that a token may have, separated by spaces; new users have the first one. A "     \
      "role of PostgreSQL may follow after a colon, as in `editor:app_editor`. Without it, the "   \
      "first role uses `role_user`, and the others use `role_staff`.")                             \
    X(contract, PATH, "schema.graphql", 1, 4095,                                                   \
      "The contract.")                                                                             \
    X(documents, PATHS, "", 0, 4096,                                                               \
      "Trusted documents, which clients may ask for by id: manifests in JSON, files that end in "  \
      "`.graphql`, or folders of such files, separated by spaces. See documents.md.")              \
    X(documents_only, DOCUMENTS_ONLY, "off", 0, 0,                                                 \
      "What happens to requests for other documents. `off`: they are answered. `log`: they are "   \
      "answered and logged. `on`: they are refused and logged.")                                   \
    X(migrations, PATH, "", 0, 4095,                                                               \
      "The folder of numbered SQL files for `linnet migrate`. Empty: the contract's folder.")      \
    X(key_file, PATH, "", 0, 4095,                                                                 \
      "The file with the key that signs tokens: a secret of at least 32 bytes, or a private key "  \
      "that `linnet key new` has written. Only the master must be able to read it. Empty: "        \
      "nobody can sign in.")                                                                       \
    X(old_key_files, PATHS, "", 0, 4096,                                                           \
      "Files with keys that no longer sign tokens, but still verify them, separated by spaces. "   \
      "They may be public keys.")                                                                  \
    X(key_overlap, NUMBER, "86400", 0, 86400,                                                      \
      "For how many seconds at most a key is still accepted after a reload has replaced it. (It "  \
      "is accepted for `token_time`, if that is less.) 0: not at all, which is for a key that "    \
      "somebody has stolen.")                                                                      \
    X(cursor_key_file, PATH, "", 0, 4095,                                                          \
      "The file with the secret for cursors of pages, at least 32 bytes. It must be another "      \
      "secret than that of tokens, and stays when the keys of tokens change. Empty: a constant "   \
      "that is the same in every server.")                                                         \
    X(old_cursor_key_files, PATHS, "", 0, 4096,                                                    \
      "Files with earlier secrets for cursors, separated by spaces. Cursors that were made with "  \
      "them can still be read.")                                                                   \
    X(publish_keys, SWITCH, "no", 0, 0,                                                            \
      "`yes`: `/.well-known/jwks.json` shows the public keys that verify tokens, for other "       \
      "programs.")                                                                                 \
    X(issuer, TEXT, "linnet", 1, 255,                                                              \
      "The issuer of tokens: their claim `iss`.")                                                  \
    X(audience, TEXT, "linnet", 1, 255,                                                            \
      "The audience of tokens: their claim `aud`. Servers that share a key must differ in it.")    \
    X(user_key, TEXT, "", 0, 63,                                                                   \
      "The type of a user's key, such as `bigint` or `uuid`. A token is refused if its claim "     \
      "`sub` is not a value of this type. Empty: the type that `account_succeeded()` takes, if "   \
      "there is this function.")                                                                   \
    X(token_time, NUMBER, "900", 10, 86400,                                                        \
      "The lifetime of a token, in seconds.")                                                      \
    X(refresh_time, NUMBER, "2592000", 60, 31536000,                                               \
      "For how many seconds after a login its tokens may be refreshed. For so long, they also "    \
      "let the user sign in although others have guessed at the password.")                        \
    X(refresh_idle_time, NUMBER, "1209600", 60, 31536000,                                          \
      "For how many seconds after a login, or after the last refresh, its tokens may be "          \
      "refreshed.")                                                                                \
    X(sign_ups, NUMBER, "20", 1, 1000000000,                                                       \
      "How many accounts one client address (for IPv6, one /64 network) may create within "        \
      "`sign_up_time`. Further ones are refused with `RATE_LIMITED`.")                             \
    X(sign_up_time, NUMBER, "3600", 1, 31536000,                                                   \
      "The time for `sign_ups`, in seconds.")                                                      \
    X(password_length, NUMBER, "8", 8, 64,                                                         \
      "The minimum length of a new password, in characters.")                                      \
    X(password_rules, RULES, "similar common numeric", 0, 255,                                     \
      "What a new password must not be, separated by spaces: `similar` to the username or the "    \
      "e-mail address, `common`, or `numeric`, which means only digits.")                          \
    X(password_list, PATH, "", 0, 4095,                                                            \
      "A file with more common passwords: one per line, in lower case, sorted by bytes "           \
      "(`LC_ALL=C sort -u`).")                                                                     \
    X(mode, MODE, "production", 0, 0,                                                              \
      "What differs between a developer's machine and a server: see [Modes](#modes).")             \
    X(introspection, INTROSPECTION, "off", 0, 0,                                                   \
      "Who may query the schema (`__schema`, `__type`) in production: `off` nobody, `on` "         \
      "everybody, `user` signed-in users, `staff` users whose role is not the first of "           \
      "`roles`.")                                                                                  \
    X(origins, ORIGINS, "", 0, 4096,                                                               \
      "The origins whose pages may send requests, such as `https://example.org`, separated by "    \
      "spaces. They are compared exactly. nginx needs them, too: see `linnet print origins` in "   \
      "deployment.md.")                                                                            \
    X(allowed_headers, HEADERS, "", 0, 4096,                                                       \
      "Headers that pages of `origins` may send besides the usual ones (\"Browsers\" in "          \
      "deployment.md), such as `X-Tenant`, separated by spaces. Linnet does not read them.")       \
    X(hosts, HOSTS, "", 0, 4096,                                                                   \
      "In development: names by which the server may be called, in the header `Host`, besides "    \
      "`localhost`, `127.0.0.1` and `[::1]`; without ports, separated by spaces. Other names "     \
      "are refused with 421. nginx needs them, too: see `linnet print hosts` in deployment.md.")   \
    X(graphiql, GRAPHIQL, "auto", 0, 0,                                                            \
      "Whether a browser that opens the endpoint gets GraphiQL, a page to write operations in: "   \
      "`on`, `off`, or `auto`, which is `on` in development and `off` in production.")             \
    X(graphiql_page, PATH, "", 0, 4095,                                                            \
      "The path of GraphiQL's `index.html`, as it was built in `graphiql/`. It is read again at "  \
      "a reload. Empty: there is no GraphiQL.")                                                    \
    X(graphiql_url, URL_PATH, "", 0, 255,                                                          \
      "The path at which browsers find GraphiQL's folder, such as `/static/graphiql`. Empty: "     \
      "`graphiql` beside the endpoint.")                                                           \
    X(watch, WATCH, "on", 0, 0,                                                                    \
      "In development: `on` loads by itself what changes in the configuration, the contract, "     \
      "trusted documents and the database. If something does not fit, every answer says so. See "  \
      "\"While you write\" in contract.md.")                                                       \
    X(cookie_secure, COOKIE_SECURE, "auto", 0, 0,                                                  \
      "When tokens may be cookies. `auto`: over https, and also, with other names, over http at "  \
      "an address of the same machine. `on`: always as over https, for a proxy in front that "     \
      "has the certificate.")                                                                      \
    X(cookie_path, URL_PATH, "", 0, 255,                                                           \
      "The path by which browsers know the endpoint, such as `/api/graphql`; they send the "       \
      "cookies only there. Empty: the path that the web server names (SCRIPT_NAME). Needed "       \
      "where paths are rewritten.")                                                                \
    X(log, LEVEL, "info", 0, 0,                                                                    \
      "The least severe level that is logged.")                                                    \
    X(log_file, PATH, "", 0, 4095,                                                                 \
      "The file to which the log is appended, in place of standard error. It is created before "   \
      "the workers switch to `user`, and opened again at a reload. Empty: standard error.")        \
    X(slow_statement, NUMBER, "200", 0, 600000,                                                    \
      "A statement that takes this many milliseconds or more is slow. Then a line of the log "     \
      "has its text, and now and then another line has PostgreSQL's plan. 0: no statement is "     \
      "slow. See monitoring.md.")                                                                  \
    X(trace_sql, SWITCH, "no", 0, 0,                                                               \
      "`yes`: if the header `traceparent` of a request says that it is sampled, PostgreSQL gets "  \
      "its trace as `application_name` of the transactions: `linnet/` and the trace's id.")        \
    X(connect_time, NUMBER, "3000", 100, 60000,                                                    \
      "Milliseconds to wait for a connection to PostgreSQL.")                                      \
    X(peer_time, NUMBER, "1000", 50, 60000,                                                        \
      "Milliseconds that the web server may take to send a piece of a request. It may take ten "   \
      "times as long to read a piece of a response, since its client may be slow.")                \
    X(request_time, NUMBER, "8000", 10, 600000,                                                    \
      "Milliseconds that a request may take. What is not finished by then is answered with an "    \
      "error.")                                                                                    \
    X(drain_time, NUMBER, "10000", 0, 600000,                                                      \
      "Milliseconds that workers have for finishing their requests when the server stops.")

/*  The settings of one section `[issuer NAME]`, as above. */
#define CONFIG_ISSUER_OPTIONS(X)                                                                   \
    X(issuer, TEXT, "", 0, 1023,                                                                   \
      "The claim `iss` of its tokens, exactly. Required.")                                         \
    X(audience, TEXT, "", 0, 1023,                                                                 \
      "The audiences that are accepted, separated by spaces: the claim `aud` must be one of them " \
      "or a list with one of them. Required.")                                                     \
    X(audience_claim, TEXT, "aud", 1, 255,                                                         \
      "The path of the claim that is compared with `audience`, for an issuer that has the "        \
      "client elsewhere, such as in `client_id` or `azp`.")                                        \
    X(algorithms, TEXT, "RS256", 1, 255,                                                           \
      "The algorithms that are accepted, separated by spaces: `RS256`, `ES256`, `EdDSA` or "       \
      "`HS256`.")                                                                                  \
    X(jwks, PATH, "", 0, 4095,                                                                     \
      "The file with the issuer's public keys, a JSON Web Key Set. It is read again when it "      \
      "changes.")                                                                                  \
    X(secret_file, PATH, "", 0, 4095,                                                              \
      "The file with the secret of `HS256`: at least 32 bytes.")                                   \
    X(types, TEXT, "JWT at+jwt", 1, 255,                                                           \
      "The values of the header's `typ` that are accepted, in any case. A token without `typ` "    \
      "counts as `JWT`.")                                                                          \
    X(lifetime, NUMBER, "86400", 10, 31536000,                                                     \
      "How many seconds there may be at most from `iat` to `exp`. A token with a longer life is "  \
      "refused.")                                                                                  \
    X(require, TEXT, "", 0, 4095,                                                                  \
      "Claims that a token must have, as `path=value`, separated by spaces.")                      \
    X(subject, TEXT, "sub", 1, 255,                                                                \
      "The path of the claim that says who the user is.")                                          \
    X(trusted_subjects, SWITCH, "no", 0, 0,                                                        \
      "`yes`: the subject itself is the user's key. `no`: the function "                           \
      "`account_of_subject(issuer, subject)` returns the user's key.")                             \
    X(role, TEXT, "", 0, 255,                                                                      \
      "The path of the claim with the user's roles there: a list, or words in a text.")            \
    X(roles, TEXT, "", 0, 4095,                                                                    \
      "What those roles are here, as `theirs:ours`, separated by spaces. The first pair whose "    \
      "left side the token has decides. If there is none, the user has the first role of the "     \
      "server's setting `roles`.")                                                                 \
    X(settings, TEXT, "", 0, 4095,                                                                 \
      "Claims that policies may read, as `name:path`, separated by spaces: "                       \
      "`current_setting('linnet.claim.name', true)`. At most 8.")

/* clang-format on */

#define CONFIG_TYPE_PATH           const char *
#define CONFIG_TYPE_PATHS          const char *
#define CONFIG_TYPE_TEXT           const char *
#define CONFIG_TYPE_ORIGINS        const char *
#define CONFIG_TYPE_HOSTS          const char *
#define CONFIG_TYPE_HEADERS        const char *
#define CONFIG_TYPE_ROLES          const char *
#define CONFIG_TYPE_URL_PATH       const char *
#define CONFIG_TYPE_RULES          const char *
#define CONFIG_TYPE_NUMBER         int
#define CONFIG_TYPE_MODE           int /* enum config_mode */
#define CONFIG_TYPE_LEVEL          int /* enum log_level */
#define CONFIG_TYPE_INTROSPECTION  int /* enum config_introspection */
#define CONFIG_TYPE_DOCUMENTS_ONLY int /* enum config_documents_only */
#define CONFIG_TYPE_SWITCH         int /* 0: no, 1: yes */
#define CONFIG_TYPE_COOKIE_SECURE  int /* enum config_cookie_secure */
#define CONFIG_TYPE_GRAPHIQL       int /* enum config_graphiql */
#define CONFIG_TYPE_WATCH          int /* enum config_watch */
#define CONFIG_TYPE_POOLER         int /* enum config_pooler */
#define CONFIG_TYPE_PREPARED       int /* enum config_prepared */

/* Somebody else who issues tokens: a section of the file. */
struct config_issuer {
#define CONFIG_MEMBER(member, type, value, least, most, sentence) CONFIG_TYPE_##type member;
    CONFIG_ISSUER_OPTIONS(CONFIG_MEMBER)
#undef CONFIG_MEMBER
    struct str name; /* of the section */
    struct config_issuer *next;
};

struct config {
#define CONFIG_MEMBER(member, type, value, least, most, sentence) CONFIG_TYPE_##type member;
    CONFIG_OPTIONS(CONFIG_MEMBER)
#undef CONFIG_MEMBER
    struct limits limits;
    struct config_issuer *issuers; /* in the order of the file */
};

/* A role that a token may carry, from the option `roles`. */
struct config_role {
    struct str name;          /* what the token says, and linnet.role */
    struct str database_role; /* that requests take on; STR_NONE: role_user for the first role,
                                 role_staff for the others */
};

/* Take the next role from a list: begin with `rest` = str_from(config->roles); false at the end.
 * There is at least one, their names differ, and the first is that of new users. */
bool config_next_role(struct str *rest, struct config_role *role) MUST_CHECK;

/* Is it a path of plain characters: `/`, then letters, digits and -._~/? */
bool config_is_url_path(struct str path);

/* Is the word in a list of words that are separated by spaces? */
bool config_has_word(const char *list, struct str word);

/* Do browsers that open the endpoint get GraphiQL, where it is there? */
bool config_has_graphiql(const struct config *config);

/* Is what changes taken up by itself, and what does not fit shown? */
bool config_is_watching(const struct config *config);

/* Why somebody must not ask for the schema, or NULL.  `is_user`: who is signed in; `is_staff`:
 * and has another role than the first of `roles`. */
const char *config_refuse_introspection(const struct config *config, bool is_user, bool is_staff);

#endif
